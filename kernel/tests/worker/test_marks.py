"""The mark before a batch: what kills the process is known afterwards, and nobody else is blamed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from muara_kernel.documents import Conflict, DocumentsUnavailable
from muara_kernel.worker.marks import MARKS, Marks

Fail = Callable[[Exception], Callable[[], None]]


@pytest.fixture
def after_a_death(world: Any) -> Callable[[], Marks]:
    """The marks as the next process finds them."""
    return lambda: Marks(world.documents, "ledger")


@pytest.fixture
def marks(after_a_death: Callable[[], Marks]) -> Marks:
    return after_a_death()


def test_a_new_batch_was_not_tried_before(world: Any, marks: Marks) -> None:
    assert not marks.begin([world.delivery(0), world.delivery(1)])
    assert not marks.begin([world.delivery(2)])


def test_a_batch_that_comes_again_was_tried(
    world: Any, marks: Marks, after_a_death: Callable[[], Marks]
) -> None:
    marks.begin([world.delivery(0), world.delivery(1)])
    assert after_a_death().begin([world.delivery(1), world.delivery(2)])


def test_partitions_are_marked_apart(world: Any, marks: Marks, after_a_death: Callable[[], Marks]) -> None:
    marks.begin([world.delivery(5, partition=0), world.delivery(9, partition=1)])
    later = after_a_death()
    assert not later.begin([world.delivery(6, partition=0), world.delivery(10, partition=1)])
    assert later.begin([world.delivery(7, partition=0), world.delivery(9, partition=1)])


def test_another_group_has_its_own_marks(world: Any, marks: Marks) -> None:
    marks.begin([world.delivery(0)])
    assert not Marks(world.documents, "katalog").begin([world.delivery(0)])


def test_what_a_batch_died_with_is_tried_alone_however_few_come_back_at_once(
    world: Any, marks: Marks, after_a_death: Callable[[], Marks]
) -> None:
    marks.begin([world.delivery(offset) for offset in range(10, 20)])
    later = after_a_death()
    for offset in range(10, 20):
        assert later.begin([world.delivery(offset)])
        later.start(world.delivery(offset))
        later.survived(world.delivery(offset))
        later = after_a_death()
    assert not later.begin([world.delivery(20), world.delivery(21)])


def test_a_bus_that_was_lost_and_begins_anew_is_soon_read_in_batches_again(
    world: Any, marks: Marks, after_a_death: Callable[[], Marks]
) -> None:
    marks.begin([world.delivery(70_000)])
    later = after_a_death()
    assert later.begin([world.delivery(0), world.delivery(1)])
    for offset in (0, 1):
        later.start(world.delivery(offset))
        later.survived(world.delivery(offset))
    assert not later.begin([world.delivery(2), world.delivery(3)])


def test_each_death_with_a_record_is_counted(
    world: Any, marks: Marks, after_a_death: Callable[[], Marks]
) -> None:
    assert marks.start(world.delivery(3)) == 0
    assert after_a_death().start(world.delivery(3)) == 1
    assert after_a_death().start(world.delivery(3)) == 2
    assert after_a_death().start(world.delivery(4)) == 0


def test_what_was_survived_is_no_death(world: Any, marks: Marks) -> None:
    for _ in range(5):
        assert marks.start(world.delivery(3)) == 0
        marks.survived(world.delivery(3))


def test_a_clean_stop_blames_nobody(world: Any, marks: Marks, after_a_death: Callable[[], Marks]) -> None:
    marks.start(world.delivery(3))
    marks.survived(world.delivery(3))
    marks.release()
    assert after_a_death().start(world.delivery(3)) == 0


def test_releasing_without_a_start_writes_nothing(world: Any, marks: Marks) -> None:
    marks.begin([world.delivery(0)])
    marks.release()
    assert [stored.version for stored in world.documents.find(MARKS)] == [1]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_store_that_is_lost_while_marking_is_no_death(
    world: Any, marks: Marks, failing: Fail, when: str
) -> None:
    lost = failing(DocumentsUnavailable("gone"))
    for _ in range(5):
        getattr(world.documents, when)["write"] = [lost]
        with pytest.raises(DocumentsUnavailable):
            marks.start(world.delivery(3))
    assert start_in_the_end(marks, world.delivery(3)) == 0


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_store_that_is_lost_at_the_batch_mark_costs_at_most_the_batch(
    world: Any, marks: Marks, failing: Fail, when: str
) -> None:
    getattr(world.documents, when)["write"] = [failing(DocumentsUnavailable("gone"))]
    with pytest.raises(DocumentsUnavailable):
        marks.begin([world.delivery(0)])
    marks.begin([world.delivery(0)])
    assert not marks.begin([world.delivery(1)])


def test_where_another_member_held_the_partition_its_mark_is_the_truth(
    world: Any, marks: Marks, after_a_death: Callable[[], Marks]
) -> None:
    marks.begin([world.delivery(0)])
    other = after_a_death()
    other.begin([world.delivery(1), world.delivery(2)])
    with pytest.raises(Conflict):
        marks.begin([world.delivery(1)])
    assert marks.begin([world.delivery(1)])
    assert not marks.begin([world.delivery(3)])


def test_a_conflict_in_one_partition_does_not_unsettle_the_mark_of_another(
    world: Any, marks: Marks, after_a_death: Callable[[], Marks]
) -> None:
    marks.begin([world.delivery(0, partition=0), world.delivery(0, partition=1)])
    after_a_death().begin([world.delivery(1, partition=0)])
    with pytest.raises(Conflict):
        marks.begin([world.delivery(2, partition=0), world.delivery(1, partition=1)])
    assert not marks.begin([world.delivery(2, partition=1)])


def start_in_the_end(marks: Marks, delivery: Any) -> int:
    """As the reader does: a conflict with one's own lost write is looked at once more."""
    try:
        return marks.start(delivery)
    except Conflict:
        return marks.start(delivery)
