"""Leases: taken over only from somebody whom we ourselves watched standing still."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from muara_kernel.documents import DocumentsUnavailable
from muara_kernel.worker.leases import OWNERS, Leases

Fail = Callable[[Exception], Callable[[], None]]


class Clock:
    """Nobody else's: each worker has one of its own."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock(1000.0)


@pytest.fixture
def mine(world: Any, clock: Clock) -> Leases:
    return Leases(world.documents, length=5.0, monotonic=clock)


@pytest.fixture
def other(world: Any) -> Leases:
    return Leases(world.documents, length=5.0, monotonic=Clock(7.0))


def watch(leases: Leases, clock: Clock, seconds: int) -> list[str]:
    for _ in range(seconds):
        clock.now += 1
        leases.abandoned()
    return leases.abandoned()


def owners(world: Any) -> list[str]:
    return [stored.id for stored in world.documents.find(OWNERS)]


def test_an_owner_is_there_before_it_claims_anything(world: Any, mine: Leases) -> None:
    assert owners(world) == []
    claims_by = mine.owner
    assert owners(world) == [claims_by]
    assert mine.owner == claims_by


def test_every_process_is_an_owner_of_its_own(mine: Leases, other: Leases) -> None:
    assert mine.owner != other.owner


def test_one_who_stands_still_for_the_length_of_a_lease_is_abandoned(
    clock: Clock, mine: Leases, other: Leases
) -> None:
    other.owner  # noqa: B018
    mine.abandoned()
    assert watch(mine, clock, 4) == []
    assert watch(mine, clock, 1) == [other.owner]


def test_nobody_is_abandoned_at_first_sight(clock: Clock, mine: Leases, other: Leases) -> None:
    other.owner  # noqa: B018
    clock.now += 3600
    assert mine.abandoned() == []


def test_one_who_beats_is_never_abandoned(clock: Clock, mine: Leases, other: Leases) -> None:
    other.owner  # noqa: B018
    for _ in range(20):
        assert other.beat() is False
        assert watch(mine, clock, 4) == []


def test_nobody_abandons_oneself(clock: Clock, mine: Leases) -> None:
    mine.owner  # noqa: B018
    assert watch(mine, clock, 60) == []


def test_a_beat_without_an_owner_makes_none(world: Any, mine: Leases) -> None:
    mine.beat()
    assert owners(world) == []


def test_the_abandoned_are_buried_and_forgotten(
    world: Any, clock: Clock, mine: Leases, other: Leases
) -> None:
    other.owner  # noqa: B018
    mine.abandoned()
    (gone,) = watch(mine, clock, 5)
    mine.bury(gone)
    mine.bury(gone)
    assert owners(world) == []
    assert mine.abandoned() == []


def test_a_frozen_owner_that_comes_back_is_somebody_new(clock: Clock, mine: Leases, other: Leases) -> None:
    before = other.owner
    mine.abandoned()
    mine.bury(*watch(mine, clock, 5))
    other.beat()
    assert other.owner != before
    assert watch(mine, clock, 2) == []


def test_one_that_stirs_before_it_is_buried_lives(
    world: Any, clock: Clock, mine: Leases, other: Leases
) -> None:
    before = other.owner
    mine.abandoned()
    (gone,) = watch(mine, clock, 5)
    other.beat()
    mine.bury(gone)
    other.beat()
    assert other.owner == before
    assert owners(world) == [before]


def test_a_beat_of_unknown_outcome_does_not_make_us_somebody_else(
    world: Any, mine: Leases, failing: Fail
) -> None:
    before = mine.owner
    world.documents.after["replace"] = [failing(DocumentsUnavailable("who knows"))]
    with pytest.raises(DocumentsUnavailable):
        mine.beat()
    mine.beat()
    mine.beat()
    assert mine.owner == before


def test_a_clean_end_leaves_no_owner(world: Any, clock: Clock, mine: Leases, other: Leases) -> None:
    other.owner  # noqa: B018
    other.beat()
    other.resign()
    other.resign()
    assert owners(world) == []
    assert watch(mine, clock, 10) == []
