"""An outcome that does not come is asked for, and in the end the lane goes on without it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from muara_kernel.bus import BusUnavailable


@pytest.fixture
def house(make_house: Callable[..., Any]) -> Any:
    return make_house(first_ask=30.0, asks=3, width=1)


def test_nothing_is_asked_before_its_time(house: Any) -> None:
    house.accept("K1")
    house.relay().turn()
    assert not house.ask(later=29)
    assert len(house.announced()) == 1


def test_a_lost_answer_is_asked_for_with_the_same_bytes(
    house: Any, events: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = house.accept("K1")
    house.relay().turn()
    monkeypatch.setenv("MUARA_FAILPOINTS", f"lanes.answer_lost~{id}=lose")
    house.hear(events.published(id))
    monkeypatch.delenv("MUARA_FAILPOINTS")
    assert house.ask(later=31)
    first, again = house.announced()
    assert again == first
    house.hear(events.published(id))
    assert not house.ask(later=9999)


def test_each_wait_is_twice_as_long_as_the_one_before(house: Any) -> None:
    house.accept("K1")
    house.relay().turn()
    assert house.ask(later=31)
    assert not house.ask(later=31 + 59)
    assert house.ask(later=31 + 61)
    assert not house.ask(later=92 + 119)
    assert house.ask(later=92 + 121)


def test_after_the_last_ask_it_is_held_and_the_lane_goes_on(house: Any, events: Any) -> None:
    stuck, next_one = house.accept("K1"), house.accept("K2")
    relay = house.relay()
    relay.turn()
    for ask in range(4):
        assert house.ask(later=10_000 * (ask + 1))
    *asked, held = house.announced()
    assert [each.event.submission for each in asked] == [stuck] * 4
    assert (held.event.type, held.event.submission, held.event.asks) == ("submission.held", stuck, 3)
    assert relay.turn()
    assert house.released()[-1] == next_one
    assert not any(each.body.get("due", 0) and each.id == stuck for each in house.stored())
    house.hear(events.returned(stuck))
    (settled,) = [each.body for each in house.stored() if each.id == stuck]
    assert settled["state"] == "selesai"


def test_with_the_bus_away_no_ask_is_counted_in_vain(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    house.accept("K1")
    house.relay().turn()

    def away() -> None:
        raise BusUnavailable("away")

    monkeypatch.setattr(house.ground.bus, "check", away)
    for _ in range(9):
        with pytest.raises(BusUnavailable):
            house.ask(later=99_999)
    (stored,) = house.stored()
    assert (stored.body["state"], stored.body["asks"]) == ("dilepas", 0)


def test_an_outcome_at_the_moment_of_the_ask_wins_and_swallows_no_other_ask(
    make_house: Callable[..., Any], events: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = make_house(first_ask=30.0)
    settled, silent = house.accept("K1"), house.accept("L1", dataset="35.08/puskesmas")
    relay = house.relay()
    relay.turn()
    check = house.ground.bus.check

    def meanwhile() -> None:
        check()
        house.hear(events.published(settled))

    monkeypatch.setattr(house.ground.bus, "check", meanwhile)
    assert len(house.released()) == 2
    assert house.ask(later=31)
    assert house.released()[2:] == [silent]
    assert {each.id: each.body["state"] for each in house.stored()} == {settled: "selesai", silent: "dilepas"}
