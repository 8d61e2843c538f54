"""Dead letters: kept with their bytes, decided by people, and never more of them than a fault of ours."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from muara_kernel.bus import BusUnavailable, Record
from muara_kernel.documents import DocumentsUnavailable, Stored
from muara_kernel.events import SubmissionHeld, SubmissionReceived
from muara_kernel.worker.dead_letters import (
    BURIALS,
    DISMISS,
    DISMISSED,
    IN_A_ROW,
    REPLAY,
    REPLAYED,
    WAITING,
    NoSuchLetter,
    record_of,
)
from muara_kernel.worker.errors import StopRule, Unprocessable
from muara_kernel.worker.replays import Replays
from muara_kernel.worker.unit import Unit

PENDUDUK = "35.08/jumlah-penduduk"
OPD = ("dukcapil", "dinkes", "disdik", "bps-mitra")
Fail = Callable[[Exception], Callable[[], None]]


def bury(world: Any, number: int, opd: str = "dukcapil") -> None:
    record = world.told(world.received(number, opd=opd))
    world.letters().bury(world.delivery(number, record=record), "KeyError: oops", attempts=5)


def bury_many(world: Any, count: int, opd: tuple[str, ...] = OPD) -> None:
    for number in range(count):
        bury(world, number, opd[number % len(opd)])


def letter(world: Any) -> Stored:
    (stored,) = world.letters().all()
    assert isinstance(stored, Stored)
    return stored


def test_a_letter_keeps_everything_a_replay_needs(world: Any) -> None:
    record = Record("35.08/é", b"\x00\xff bytes", {"id": "E1", "type": "x", "asal": "Lumajang é"})
    world.letters().bury(world.delivery(7, partition=2, record=record), "KeyError: oops", attempts=5)
    stored = letter(world)
    assert record_of(stored) == record
    assert stored.id == "ledger/E1"
    assert {name: stored.body[name] for name in ("group", "topic", "partition", "offset", "state")} == {
        "group": "ledger",
        "topic": "muara.ingest",
        "partition": 2,
        "offset": 7,
        "state": WAITING,
    }
    assert world.letters().waiting() == 1


def test_one_without_an_id_goes_by_its_place(world: Any) -> None:
    world.letters().bury(world.delivery(7, record=Record("k", b"?")), "UnreadableEvent: ?", attempts=1)
    assert letter(world).id == "ledger/muara.ingest-0-7"


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"\xff\xfe\xfd",
        b"[]",
        b'{"data": 5}',
        b'{"data": {"opd": null}}',
        b"[" * 100000,
        json.dumps({"data": {"opd": "�"}}).encode(),
        json.dumps({"data": {"opd": "x" * 9999}}).encode(),
    ],
)
def test_whatever_the_bytes_are_they_can_be_buried(world: Any, value: bytes) -> None:
    delivery = world.delivery(7, record=Record("k", value))
    world.letters().bury(delivery, "UnreadableEvent: half a character \ud800", attempts=1)
    assert record_of(letter(world)).value == value
    assert len(letter(world).body["opd"]) <= 40


def test_one_too_large_to_be_kept_is_a_letter_all_the_same_and_says_where_its_bytes_are(world: Any) -> None:
    record = Record("k", b"\xff" * 13 * 2**20, {"id": "E1"})
    world.letters().bury(world.delivery(7, partition=2, record=record), "UnreadableEvent: ?", attempts=1)
    reason = letter(world).body["reason"]
    assert reason.startswith("UnreadableEvent: ?")
    assert "muara.ingest, partisi 2, offset 7" in reason
    world.letters().ask("ledger/E1", REPLAY)
    Replays(world.carrier(), world.letters()).turn()
    assert letter(world).body["state"] == WAITING
    assert "partisi 2, offset 7" in letter(world).body["reason"]


def test_burying_the_same_again_is_one_letter_and_counts_once(world: Any) -> None:
    bury(world, 1)
    bury(world, 1)
    assert letter(world).version == 1
    assert world.documents.get(BURIALS, "ledger").body["in_a_row"] == 1


def test_many_burials_in_a_row_over_several_opd_stop_the_worker(world: Any) -> None:
    bury_many(world, IN_A_ROW)
    with pytest.raises(StopRule, match="10 burials in a row over 4 OPD"):
        bury(world, 99)
    assert world.letters().waiting() == IN_A_ROW


def test_the_rule_holds_over_restarts(world: Any) -> None:
    bury_many(world, IN_A_ROW)
    for _ in range(3):
        with pytest.raises(StopRule):
            bury(world, 99)


def test_one_opd_alone_never_stops_the_others(world: Any) -> None:
    bury_many(world, 3 * IN_A_ROW, opd=("dukcapil", "dinkes"))
    assert world.letters().waiting() == 3 * IN_A_ROW


def test_a_record_that_went_well_resets_the_rule(world: Any) -> None:
    bury_many(world, IN_A_ROW)
    world.letters().lived()
    bury(world, 99)
    assert world.documents.get(BURIALS, "ledger").body == {"in_a_row": 1, "opd": ["dukcapil"]}


def test_the_reader_stops_before_it_empties_the_topic_into_the_dead_letters(world: Any) -> None:
    def broken(unit: Unit, event: SubmissionReceived) -> None:
        raise Unprocessable("a broken release")

    world.publish(*(world.received(number, opd=OPD[number % 4]) for number in range(1, 31)))
    for _ in range(2):
        reader = world.reader(world.carrier_with(broken))
        with pytest.raises(StopRule):
            reader.turn(0)
        reader.close()
    assert world.letters().waiting() == IN_A_ROW
    assert world.unread() == 30 - IN_A_ROW
    mended = world.reader()
    while mended.turn(0):
        pass
    assert world.totals() == {PENDUDUK: 30 - IN_A_ROW}


def test_what_is_only_skipped_does_not_reset_the_rule(world: Any) -> None:
    def broken(unit: Unit, event: SubmissionReceived) -> None:
        raise Unprocessable("a broken release")

    def held(number: int) -> SubmissionHeld:
        of = world.received(number)
        return SubmissionHeld(
            submission=of.submission,
            dataset=of.dataset,
            opd=of.opd,
            period=of.period,
            sequence=number,
            asks=5,
            received_at=of.received_at,
        )

    for number in range(1, 31):
        world.publish(world.received(number, opd=OPD[number % 4]), held(number))
    with pytest.raises(StopRule):
        world.reader(world.carrier_with(broken)).turn(0)


@pytest.fixture
def buried(world: Any) -> Stored:
    """A submission whose handler failed, as a letter that waits."""
    bury(world, 1)
    return letter(world)


def replays(world: Any, react: Callable[[Unit, SubmissionReceived], None] | None = None) -> Replays:
    carrier = world.carrier_with(react) if react else world.carrier()
    return Replays(carrier, world.letters())


def test_with_nothing_asked_nothing_is_replayed(world: Any, buried: Stored) -> None:
    assert replays(world).turn() is False
    assert letter(world) == buried


def test_a_replay_goes_through_the_handler_of_this_group_and_not_over_the_bus(
    world: Any, buried: Stored
) -> None:
    world.letters().ask(buried.id, REPLAY)
    assert replays(world).turn() is True
    assert world.totals() == {PENDUDUK: 1}
    assert world.said("muara.ingest") == []
    assert len(world.said()) == 1
    assert letter(world).body["state"] == REPLAYED


def test_what_is_settled_cannot_be_asked_for_again(world: Any, buried: Stored) -> None:
    world.letters().ask(buried.id, REPLAY)
    replays(world).turn()
    for state in (REPLAY, DISMISS):
        with pytest.raises(NoSuchLetter):
            world.letters().ask(buried.id, state)
    with pytest.raises(NoSuchLetter):
        world.letters().ask("ledger/nobody", REPLAY)


def test_a_replay_that_fails_again_stays_with_its_new_reason(world: Any, buried: Stored) -> None:
    def fail_anew(unit: Unit, event: SubmissionReceived) -> None:
        raise ValueError("another fault")

    world.letters().ask(buried.id, REPLAY)
    replays(world, fail_anew).turn()
    assert (letter(world).body["state"], letter(world).body["reason"]) == (
        WAITING,
        "ValueError: another fault",
    )


def test_a_replay_whose_store_is_lost_is_done_when_it_is_back(
    world: Any, buried: Stored, failing: Fail
) -> None:
    world.letters().ask(buried.id, REPLAY)
    world.bus.before["publish"] = [failing(BusUnavailable("gone"))]
    with pytest.raises(BusUnavailable):
        replays(world).turn()
    assert replays(world).turn() is True
    assert letter(world).body["state"] == REPLAYED
    assert world.totals() == {PENDUDUK: 1}


def test_a_letter_that_kills_the_process_does_not_do_so_at_every_start(world: Any, buried: Stored) -> None:
    class Death(BaseException):
        pass

    def die(unit: Unit, event: SubmissionReceived) -> None:
        raise Death

    world.letters().ask(buried.id, REPLAY)
    with pytest.raises(Death):
        replays(world, die).turn()
    assert letter(world).body["state"] == WAITING
    assert replays(world, die).turn() is False


def test_a_letter_asked_for_again_while_it_is_replayed_is_no_fault(world: Any, buried: Stored) -> None:
    def ask_again(unit: Unit, event: SubmissionReceived) -> None:
        world.letters().ask(buried.id, REPLAY)

    world.letters().ask(buried.id, REPLAY)
    assert replays(world, ask_again).turn() is True
    assert letter(world).body["state"] == REPLAY
    replays(world).turn()
    assert letter(world).body["state"] == REPLAYED


def test_of_two_workers_one_replays(world: Any, buried: Stored) -> None:
    world.letters().ask(buried.id, REPLAY)
    other = replays(world)

    def meanwhile() -> None:
        assert other.turn() is True

    world.documents.before["replace"] = [meanwhile]
    assert replays(world).turn() is True
    assert letter(world).body["state"] == REPLAYED
    assert len(world.said()) == 1


def test_a_dismissal_answers_with_the_reason(world: Any, buried: Stored) -> None:
    heard: list[tuple[str, str]] = []
    carrier = world.carrier(
        dismissals={SubmissionReceived: lambda event, reason: heard.append((event.submission, reason))}
    )
    world.letters().ask(buried.id, DISMISS, because="berkas rusak")
    Replays(carrier, world.letters()).turn()
    assert heard == [("S1", "berkas rusak")]
    assert letter(world).body["state"] == DISMISSED


def test_what_cannot_be_decoded_is_dismissed_all_the_same(world: Any) -> None:
    world.letters().bury(world.delivery(7, record=Record("k", b"?")), "UnreadableEvent: ?", attempts=1)
    world.letters().ask(letter(world).id, DISMISS, because="bukan peristiwa")
    replays(world).turn()
    assert letter(world).body["state"] == DISMISSED


def test_a_store_lost_before_the_letter_is_kept_loses_no_letter(world: Any, failing: Fail) -> None:
    def broken(unit: Unit, event: SubmissionReceived) -> None:
        raise Unprocessable("never")

    world.publish(world.received(1))
    reader = world.reader(world.carrier_with(broken))
    world.documents.before["insert"] = [failing(DocumentsUnavailable("gone")) for _ in range(4)]
    world.documents.after["insert"] = [failing(DocumentsUnavailable("who knows")) for _ in range(2)]
    while reader.turn(0):
        pass
    assert letter(world).body["reason"] == "Unprocessable: never"
    reader.close()
    assert world.unread() == 0
