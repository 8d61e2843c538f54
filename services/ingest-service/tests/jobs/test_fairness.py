"""A flood waits in its own lane: what the catalog answers first was released first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

THEIRS = {"opd": "dispendukcapil", "dataset": "35.08/jumlah-penduduk"}
FLOOD = 500


def release_all(relay: Any) -> None:
    turns = sum(iter(relay.turn, False))
    assert turns <= FLOOD


def answered_until(house: Any, events: Any, last: str) -> list[str]:
    """Outcomes come one by one in the order of release, until that of ``last``."""
    relay, answered = house.relay(), []
    while last not in answered:
        release_all(relay)
        next_one = house.released()[len(answered)]
        house.hear(events.published(next_one))
        answered.append(next_one)
    return answered


def test_an_opd_that_pushed_500_delays_anothers_single_one_by_no_more_than_its_width(
    house: Any, events: Any
) -> None:
    flood = [house.accept(f"K{n}", dataset=f"35.08/d{n % 3}") for n in range(FLOOD)]
    release_all(house.relay())
    single = house.accept("TUNGGAL", **THEIRS)
    before = answered_until(house, events, single)[:-1]
    assert set(before) <= set(flood)
    assert len(before) <= house.settings.width


def test_where_all_lanes_share_few_slots_the_single_one_still_has_its_turn(
    make_house: Callable[..., Any], events: Any
) -> None:
    house = make_house(width=4, total=4)
    for opd in ("bappeda", "dinkes", "dpmptsp"):
        for number in range(20):
            house.accept(f"K{number}", opd=opd, dataset=f"35.08/{opd}-{number % 3}")
    release_all(house.relay())
    single = house.accept("TUNGGAL", **THEIRS)
    assert len(answered_until(house, events, single)) <= 4 + 4
