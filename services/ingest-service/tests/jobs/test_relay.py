from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from ingest_service.storage import DocumentLanes, DocumentSubmissions
from muara_kernel.documents import DocumentsUnavailable

DATASETS = ("35.08/rumah-sakit", "35.08/puskesmas")
THEIRS = {"opd": "dispendukcapil", "dataset": "35.08/jumlah-penduduk"}


def slots(house: Any) -> list[str]:
    return [each.body["slot"] for each in house.stored() if "slot" in each.body]


def until_quiet(turn: Callable[[], bool]) -> None:
    for _ in range(200):
        if not turn():
            return
    raise AssertionError("it turns and turns")


class Meddled(DocumentLanes):
    """Lanes between whose reading and releasing something happens, once."""

    def __init__(self, house: Any, meanwhile: Callable[[], None]) -> None:
        super().__init__(house.ground.documents)
        self._meanwhile = [meanwhile]

    def taken(self) -> tuple[dict[str, set[int]], set[str]]:
        found = super().taken()
        while self._meanwhile:
            self._meanwhile.pop()()
        return found


def test_what_waits_is_released_and_announced_once(house: Any) -> None:
    id = house.push().json["submission"]
    relay = house.relay()
    assert relay.turn()
    assert not relay.turn()
    assert house.released() == [id]
    assert slots(house) == ["dinkes/0"]


def test_a_lane_lets_out_no_more_than_its_width_and_an_outcome_lets_the_next_go(
    make_house: Callable[..., Any], events: Any
) -> None:
    house = make_house(width=2)
    ids = [house.accept(f"K{n}") for n in range(3)]
    relay = house.relay()
    until_quiet(relay.turn)
    assert house.released() == ids[:2]
    house.hear(events.published(ids[0]))
    until_quiet(relay.turn)
    assert house.released() == ids
    assert slots(house) == ["dinkes/0", "dinkes/1"] or slots(house) == ["dinkes/1", "dinkes/0"]


def test_all_lanes_together_let_out_no_more_than_the_total(make_house: Callable[..., Any]) -> None:
    house = make_house(width=4, total=3)
    for number in range(4):
        house.accept(f"K{number}")
        house.accept(f"K{number}", **THEIRS)
    until_quiet(house.relay().turn)
    assert len(slots(house)) == 3


@pytest.mark.parametrize("outcome", ["published", "returned", "review"])
def test_every_outcome_frees_the_slot(outcome: str, house: Any, events: Any) -> None:
    id = house.accept("K1")
    house.relay().turn()
    house.hear(getattr(events, outcome)(id))
    assert slots(house) == []


def test_outcomes_that_come_together_are_read_in_one_look(
    house: Any, events: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [house.accept(f"K{n}", dataset=dataset) for n, dataset in enumerate(DATASETS)]
    until_quiet(house.relay().turn)
    monkeypatch.setattr(house.ground.documents, "get", lambda *asked: pytest.fail(f"alone: {asked}"))
    house.hear(*(events.published(id) for id in ids))
    assert {each.body["state"] for each in house.stored()} == {"selesai"}


def test_of_one_dataset_they_go_in_the_order_of_their_sequence(house: Any) -> None:
    ids = [house.accept(f"K{n}", dataset=DATASETS[n % 2]) for n in range(10)]
    until_quiet(house.relay().turn)
    out = house.released()
    assert sorted(out) == sorted(ids)
    for first in (0, 1):
        assert [id for id in out if id in ids[first::2]] == ids[first::2]


def test_a_paused_lane_keeps_what_comes_and_others_go_on(house: Any) -> None:
    lanes = DocumentLanes(house.ground.documents)
    ours, theirs = house.accept("K1"), house.accept("K1", **THEIRS)
    lanes.pause("dinkes", True)
    relay = house.relay()
    until_quiet(relay.turn)
    assert house.released() == [theirs]
    lanes.pause("dinkes", False)
    until_quiet(relay.turn)
    assert house.released() == [theirs, ours]


def test_what_a_paused_opd_left_behind_does_not_stop_the_new_opd_of_its_dataset(house: Any) -> None:
    """A dataset that went to another OPD while the old one is paused with all its slots in use."""
    old = [house.accept(f"LAMA{n}") for n in range(2)]
    relay = house.relay()
    relay.turn()
    DocumentLanes(house.ground.documents).pause("dinkes", True)
    new = house.accept("BARU", opd="dinkesppkb")
    until_quiet(relay.turn)
    assert house.released() == [old[0], new]


# --- more than one relay, and relays that die ------------------------------------------------


def test_two_relays_at_once_double_nothing_and_leave_nothing_to_a_sweep(
    make_house: Callable[..., Any], events: Any
) -> None:
    house = make_house(width=5, total=8)
    ids = {house.accept(f"K{n}", dataset=f"35.08/d{n % 7}") for n in range(40)}
    ids |= {house.accept(f"K{n}", opd="dispendukcapil", dataset=f"35.08/p{n % 7}") for n in range(40)}
    stop, most = threading.Event(), [0]

    def run() -> None:
        relay = house.relay()
        while not stop.is_set():
            if not relay.turn():
                time.sleep(0.001)

    relays = [threading.Thread(target=run) for _ in range(2)]
    for each in relays:
        each.start()
    settled: set[str] = set()
    deadline = time.monotonic() + 30
    while settled != ids and time.monotonic() < deadline:
        taken = slots(house)
        assert len(taken) == len(set(taken))
        most[0] = max(most[0], len([slot for slot in taken if slot.startswith("dinkes/")]))
        out = set(house.released()) - settled
        if out:
            house.hear(*(events.published(id) for id in out))
            settled |= out
    stop.set()
    for each in relays:
        each.join()
    assert settled == ids
    assert most[0] <= 5
    assert not house.sweep_later()


def test_a_relay_that_was_slower_with_one_lane_still_sends_the_other(house: Any) -> None:
    lanes = DocumentLanes(house.ground.documents)
    ours, theirs = house.accept("K1"), house.accept("L1", **THEIRS)

    def another_relay_takes_ours() -> None:
        lanes.pause(THEIRS["opd"], True)
        assert house.relay().turn()

    house.relay(Meddled(house, another_relay_takes_ours)).turn()
    assert sorted(house.released()) == sorted([ours, theirs])
    assert not house.sweep_later()


def test_a_slot_taken_while_a_relay_was_looking_is_not_given_twice(house: Any) -> None:
    first = house.accept("K1", dataset=DATASETS[0])
    second: list[str] = []

    def another_relay_takes_the_slot() -> None:
        second.append(house.accept("K2", dataset=DATASETS[1]))
        unit = house.ground.unit()
        submissions = DocumentSubmissions(unit)
        taking = submissions.get(second[0])
        assert taking
        taking.release(0, unit.now())
        submissions.save(taking)
        unit.flush()

    relay = house.relay(Meddled(house, another_relay_takes_the_slot))
    relay.turn()
    assert slots(house) == ["dinkes/0"]
    until_quiet(relay.turn)
    house.sweep_later()
    assert sorted(slots(house)) == ["dinkes/0", "dinkes/1"]
    assert sorted(house.released()) == sorted([first, *second])


def test_a_relay_killed_before_it_published_is_finished_by_another(house: Any) -> None:
    first, second = house.accept("K1"), house.accept("K2")
    house.dies_in_a_relay("lanes.after_claim_before_publish")
    assert house.released() == []
    assert not house.relay().turn(), "the next of this dataset waits until the first is out"
    assert house.sweep_later()
    assert house.released() == [first]
    assert house.relay().turn()
    assert house.released() == [first, second]


def test_a_relay_killed_after_it_published_says_the_same_bytes_again(house: Any) -> None:
    id = house.accept("K1")
    house.dies_in_a_relay("lanes.after_publish_before_clear")
    assert house.sweep_later()
    first, again = house.announced()
    assert first == again
    assert first.event.submission == id
    assert not house.sweep_later()


def test_an_outcome_before_the_clearing_stops_nobody(house: Any, events: Any) -> None:
    first, second = house.accept("K1"), house.accept("K2")
    theirs = house.accept("L1", **THEIRS)
    house.dies_in_a_relay("lanes.after_publish_before_clear")
    later = house.accept("L2", opd="dispendukcapil", dataset="35.08/kelahiran")
    house.hear(events.published(first))
    relay = house.relay()
    assert relay.turn()
    assert not relay.turn(), "it neither jams nor turns in vain"
    assert set(house.released()) == {first, theirs, later}
    house.sweep_later()
    assert relay.turn()
    assert house.released()[-1] == second


def test_a_store_lost_in_the_middle_of_a_release_loses_nothing(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = {house.accept(f"K{n}", dataset=f"35.08/d{n}") for n in range(6)}
    monkeypatch.setenv("MUARA_FAILPOINTS", "documents.batch_partial~submissions=lose")
    with pytest.raises(DocumentsUnavailable):
        house.relay().turn()
    monkeypatch.delenv("MUARA_FAILPOINTS")
    until_quiet(house.relay().turn)
    house.sweep_later()
    assert sorted(house.released()) == sorted(ids)
