"""The loop that reads: a batch together where it can, one by one where it must, and nothing is ever lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from muara_kernel.bus import BusUnavailable, Record
from muara_kernel.bus.sqlite import SqliteBus
from muara_kernel.documents import Conflict, DocumentsUnavailable, DocumentTooLarge
from muara_kernel.events import OpdRegistered, SubmissionHeld, SubmissionReceived
from muara_kernel.worker.dead_letters import record_of
from muara_kernel.worker.errors import Unprocessable
from muara_kernel.worker.loop import ATTEMPTS, DEATHS
from muara_kernel.worker.unit import Unit

PENDUDUK = "35.08/jumlah-penduduk"
Fail = Callable[[Exception], Callable[[], None]]
React = Callable[[Unit, SubmissionReceived], None]


def count(world: Any) -> React:
    def note(unit: Unit, event: SubmissionReceived) -> None:
        world.ledger.Ledger(unit).note(event)

    return note


def but(world: Any, submission: str, error: Exception, times: list[int] | None = None) -> React:
    """Counts every submission but one, which raises (where ``times`` is given, until that runs out)."""

    def note(unit: Unit, event: SubmissionReceived) -> None:
        if event.submission == submission and (times is None or times):
            if times:
                times.pop()
            raise error
        world.ledger.Ledger(unit).note(event)

    return note


def read_all(reader: Any, most: int = 50) -> None:
    for _ in range(most):
        if not reader.turn(0):
            return
    raise AssertionError("the reader never comes to an end")


def outcomes(world: Any) -> dict[str, float]:
    counted: dict[str, float] = {}
    for metric in world.metrics.events_read.collect():
        for sample in metric.samples:
            if sample.name.endswith("_total"):
                outcome = sample.labels["outcome"]
                counted[outcome] = counted.get(outcome, 0) + sample.value
    return counted


def newer(world: Any, number: int = 1) -> Record:
    record = world.told(world.received(number))
    body = {**json.loads(record.value), "type": "id.muara.submission.received.v2"}
    headers = {**record.headers, "type": body["type"]}
    return Record(record.key, json.dumps(body).encode(), headers)


def test_with_nothing_to_read_a_turn_says_so(world: Any) -> None:
    assert world.reader().turn(0) is False


def test_a_batch_is_written_together(world: Any) -> None:
    world.publish(*(world.received(number) for number in range(1, 8)))
    reader = world.reader()
    assert reader.turn(0) is True
    stored = world.documents.get(world.ledger.LEDGERS, PENDUDUK)
    # One write for the seven changes, one to clear the seven announcements.
    assert (stored.body["total"], stored.version) == (7, 2)
    assert [json.loads(record.value)["subject"] for record in world.said()] == [f"S{n}" for n in range(1, 8)]


def test_what_was_handled_is_committed_before_the_next_poll(world: Any) -> None:
    world.publish(world.received(1))
    reader = world.reader()
    reader.turn(0)
    reader.close()
    assert world.unread() == 0


def test_a_repeat_changes_nothing_and_says_the_same_again(world: Any) -> None:
    world.publish(world.received(1))
    reader = world.reader()
    read_all(reader)
    world.publish(world.received(1))
    read_all(reader)
    first, second = world.said()
    assert first == second
    assert world.totals() == {PENDUDUK: 1}


def test_a_repeat_in_the_same_batch_changes_nothing(world: Any) -> None:
    world.publish(world.received(1), world.received(1))
    read_all(world.reader())
    assert len({record.value for record in world.said()}) == 1
    assert world.totals() == {PENDUDUK: 1}


def test_one_bad_event_among_many_is_the_only_dead_letter(world: Any) -> None:
    bad = Record(PENDUDUK, b"\xff not json", {"type": "id.muara.submission.received.v1", "id": "bad"})
    world.publish(world.received(1), world.received(2), bad, world.received(3))
    reader = world.reader()
    read_all(reader)
    (letter,) = world.letters().all()
    assert record_of(letter) == bad
    assert (letter.id, letter.body["topic"], letter.body["opd"]) == ("ledger/bad", "muara.ingest", "lain")
    assert letter.body["reason"].startswith("UnreadableEvent")
    assert world.totals() == {PENDUDUK: 3}
    reader.close()
    assert world.unread() == 0


@pytest.mark.parametrize("error", [Unprocessable("never"), DocumentTooLarge("17 MiB")])
def test_what_is_hopeless_is_buried_at_once(world: Any, error: Exception) -> None:
    world.publish(world.received(1), world.received(2))
    read_all(world.reader(world.carrier_with(but(world, "S1", error))))
    (letter,) = world.letters().all()
    assert (letter.body["attempts"], letter.body["opd"]) == (1, "dukcapil")
    assert world.totals() == {PENDUDUK: 1}


def test_what_fails_for_another_reason_is_tried_again_with_growing_pauses(world: Any) -> None:
    world.publish(world.received(1))
    read_all(world.reader(world.carrier_with(but(world, "S1", KeyError("oops")))))
    (letter,) = world.letters().all()
    assert letter.body["attempts"] == ATTEMPTS
    assert letter.body["reason"] == "KeyError: 'oops'"
    assert world.stop.waits[: ATTEMPTS - 1] == sorted(world.stop.waits[: ATTEMPTS - 1])
    assert len(world.stop.waits) == ATTEMPTS - 1


def test_what_fails_for_a_while_is_not_buried(world: Any) -> None:
    world.publish(world.received(1))
    read_all(world.reader(world.carrier_with(but(world, "S1", KeyError("oops"), [1, 1, 1]))))
    assert world.letters().all() == []
    assert world.totals() == {PENDUDUK: 1}


def test_a_failed_batch_leaves_nothing_of_the_bad_event_behind(world: Any) -> None:
    def note(unit: Unit, event: SubmissionReceived) -> None:
        world.ledger.Ledger(unit).note(event)
        if event.submission == "S2":
            raise Unprocessable("after it had changed a document")

    world.publish(world.received(1), world.received(2), world.received(3))
    read_all(world.reader(world.carrier_with(note)))
    assert [json.loads(record.value)["subject"] for record in world.said()] == ["S1", "S3"]
    assert world.totals() == {PENDUDUK: 2}


def test_a_fact_without_reaction_is_skipped_and_counted(world: Any) -> None:
    held = SubmissionHeld(
        submission="S1",
        dataset=PENDUDUK,
        opd="dukcapil",
        period="2024",
        sequence=1,
        asks=5,
        received_at=world.received().received_at,
    )
    world.publish(held, Record(PENDUDUK, world.told(held).value, {}))
    read_all(world.reader())
    assert outcomes(world) == {"skipped": 2}
    assert world.letters().all() == []


def test_a_type_never_heard_of_is_skipped_and_counted(world: Any) -> None:
    body = json.loads(world.told(world.received()).value)
    unheard = json.dumps({**body, "type": "id.muara.submission.dreamt.v1"}).encode()
    foreign = json.dumps({**body, "type": "com.example.thing"}).encode()
    world.publish(Record("k", unheard, {}), Record("k", foreign, {"type": "com.example.thing"}))
    read_all(world.reader())
    assert outcomes(world) == {"unknown": 2}
    assert world.letters().all() == []


def test_a_newer_major_of_a_fact_without_reaction_is_skipped(world: Any) -> None:
    record = newer(world)
    carrier = world.carrier({OpdRegistered: lambda event: None})
    world.publish(record, Record(record.key, record.value, {}))
    read_all(world.reader(carrier))
    assert outcomes(world) == {"skipped": 2}


def test_a_newer_major_waits_and_says_so_and_what_came_before_it_is_done(world: Any) -> None:
    world.publish(world.received(1), newer(world, 2), world.received(3))
    reader = world.reader()
    for _ in range(10):
        assert reader.turn(0) is True
    assert reader.waits_for == "NewerMajor: submission.received v2; this release knows v1"
    assert world.letters().all() == []
    assert world.totals() == {PENDUDUK: 1}
    assert len(world.said()) == 1
    reader.close()
    assert world.unread() == 2


def test_the_release_that_knows_the_newer_major_goes_on_from_there(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.publish(world.received(1), newer(world, 2), world.received(3))
    old = world.reader()
    for _ in range(3):
        old.turn(0)
    old.close()
    monkeypatch.setitem(SubmissionReceived.registered, ("submission.received", 2), SubmissionReceived)
    read_all(world.reader())
    assert world.totals() == {PENDUDUK: 3}
    assert world.letters().all() == []


@pytest.mark.parametrize(
    ("store", "call", "error"),
    [
        ("bus", "publish", BusUnavailable("no broker")),
        ("documents", "write", DocumentsUnavailable("no primary")),
        ("documents", "get", DocumentsUnavailable("no primary")),
    ],
)
@pytest.mark.parametrize("when", ["before", "after"])
def test_what_is_lost_for_a_while_is_waited_for_and_buries_nobody(
    world: Any, failing: Fail, store: str, call: str, error: Exception, when: str
) -> None:
    world.publish(*(world.received(number) for number in (1, 2, 3)))
    reader = world.reader()
    getattr(getattr(world, store), when)[call] = [failing(error) for _ in range(10)]
    assert reader.turn(0) is True
    assert reader.waits_for == f"{type(error).__name__}: {error}"
    read_all(reader)
    assert reader.waits_for is None
    assert world.letters().all() == []
    assert world.totals() == {PENDUDUK: 3}
    assert len({record.value for record in world.said()}) == 3
    reader.close()
    assert world.unread() == 0


def test_the_longer_it_waits_the_longer_are_the_pauses(world: Any) -> None:
    world.publish(newer(world))
    reader = world.reader()
    for _ in range(8):
        reader.turn(0)
    assert world.stop.waits == sorted(world.stop.waits)
    assert (world.stop.waits[0], world.stop.waits[-1]) == (0.1, 1.0)


def test_a_commit_that_fails_is_made_up_for_without_handling_twice(world: Any, failing: Fail) -> None:
    world.publish(world.received(1))
    reader = world.reader()
    reader._subscription = door = type(world.bus)(reader._subscription)
    door.before["commit"] = [failing(BusUnavailable("gone")), failing(BusUnavailable("gone"))]
    read_all(reader)
    assert len(world.said()) == 1
    reader.close()
    assert world.unread() == 0


def test_a_conflict_with_somebody_else_is_handled_all_over_again(world: Any) -> None:
    world.publish(world.received(1))

    def elsewhere() -> None:
        world.documents.insert(world.ledger.LEDGERS, PENDUDUK, {"total": 40, "answers": {}})

    # The first write is the mark, the second the batch.
    world.documents.before["write"] = [lambda: None, elsewhere]
    read_all(world.reader())
    assert world.totals() == {PENDUDUK: 41}


def test_a_conflict_that_never_ends_waits_and_is_not_buried(world: Any) -> None:
    world.publish(world.received(1))
    reader = world.reader(world.carrier_with(but(world, "S1", Conflict("always another"))))
    for _ in range(10):
        assert reader.turn(0)
    assert reader.waits_for == "Conflict: always another"
    assert world.letters().all() == []
    reader.close()
    assert world.unread() == 1


def test_asked_to_stop_while_it_waits_it_commits_nothing(world: Any) -> None:
    def stop_and_fail(unit: Unit, event: SubmissionReceived) -> None:
        world.stop.set()
        raise KeyError("oops")

    world.publish(world.received(1))
    reader = world.reader(world.carrier_with(stop_and_fail))
    assert reader.turn(0) is False
    reader.close()
    assert world.unread() == 1
    assert world.letters().all() == []
    world.stop.clear()
    read_all(world.reader())
    assert world.totals() == {PENDUDUK: 1}


def test_many_clean_stops_with_one_event_bury_nobody(world: Any) -> None:
    world.publish(newer(world))
    for _ in range(DEATHS + 2):
        reader = world.reader()
        reader.turn(0)
        reader.turn(0)
        reader.close()
    assert world.letters().all() == []


def test_closing_while_the_store_is_away_still_frees_the_partitions(world: Any, failing: Fail) -> None:
    world.publish(newer(world), world.received(1, dataset="35.08/lain"))
    reader = world.reader(world.carrier_with(but(world, "S1", Conflict("always"))))
    reader.turn(0)
    reader._marks.start(world.delivery(0))
    world.documents.before["write"] = [failing(DocumentsUnavailable("gone"))]
    reader.close()
    assert world.unread() == 2


class Death(BaseException):
    """Takes the process away in the middle; what ``finally`` would write stays in its memory."""


def die_with(world: Any, submission: str) -> React:
    def note(unit: Unit, event: SubmissionReceived) -> None:
        if event.submission == submission:
            raise Death
        world.ledger.Ledger(unit).note(event)

    return note


def test_a_record_that_kills_the_process_again_and_again_is_buried_wherever_it_stands(world: Any) -> None:
    world.publish(*(world.received(number) for number in (1, 2, 3, 4)))
    deaths = 0
    for _ in range(10):
        reader = world.reader(world.carrier_with(die_with(world, "S3")))
        try:
            read_all(reader)
            break
        except Death:
            deaths += 1
            reader._subscription.close()  # as the others do once its session is over
    (letter,) = world.letters().all()
    assert (letter.body["reason"], letter.body["attempts"]) == (f"killed the process: {DEATHS} times", DEATHS)
    assert deaths == 1 + DEATHS  # once in the batch, then alone
    assert world.totals() == {PENDUDUK: 3}
    assert {json.loads(record.value)["subject"] for record in world.said()} == {"S1", "S2", "S4"}


def test_what_was_tried_one_by_one_is_committed_one_by_one(world: Any) -> None:
    world.publish(*(world.received(number) for number in (1, 2, 3, 4)))
    for left in (4, 2):
        reader = world.reader(world.carrier_with(die_with(world, "S3")))
        with pytest.raises(Death):
            read_all(reader)
        reader._subscription.close()
        assert world.unread() == left


@pytest.fixture
def two(open_world: Callable[..., Any]) -> SimpleNamespace:
    """Two members of one group, on buses of their own whose clocks the test moves."""
    world = open_world()
    clock = SimpleNamespace(now=1000.0)
    buses = [
        SqliteBus(world.directory / "bus.db", session=10.0, monotonic=lambda: clock.now) for _ in range(2)
    ]
    return SimpleNamespace(world=world, clock=clock, buses=buses)


def pass_seconds(clock: SimpleNamespace, reader: Any, seconds: int) -> None:
    """Time goes by, and only ``reader`` stirs."""
    for _ in range(seconds):
        clock.now += 1
        reader.turn(0)


def test_while_one_waits_long_its_partitions_move_and_nobody_is_buried(two: SimpleNamespace) -> None:
    world = two.world
    world.publish(world.received(1), newer(world, 2), world.received(3))
    one, other = (world.reader(bus=bus) for bus in two.buses)
    one.turn(0)
    other.turn(0)
    pass_seconds(two.clock, other, 30)
    assert other.waits_for and one.waits_for
    for _ in range(10):  # both believe that the batch is theirs
        one.turn(0)
        other.turn(0)
    assert world.letters().all() == []
    assert world.totals() == {PENDUDUK: 1}
    for bus in two.buses:
        bus.close()


def test_what_two_members_handle_in_turn_is_done_once_and_said_in_the_same_bytes(
    two: SimpleNamespace,
) -> None:
    world, kept_waiting = two.world, [1] * 6
    world.publish(*(world.received(number) for number in (1, 2, 3)))
    waits = world.carrier_with(but(world, "S2", DocumentsUnavailable("for this one only"), kept_waiting))
    one, other = world.reader(waits, bus=two.buses[0]), world.reader(bus=two.buses[1])
    one.turn(0)
    assert one.waits_for
    pass_seconds(two.clock, other, 30)
    assert world.totals() == {PENDUDUK: 3}
    world.publish(world.received(4))
    read_all(other)
    while kept_waiting:
        one.turn(0)
    read_all(one)
    read_all(other)
    assert world.totals() == {PENDUDUK: 4}
    assert len({record.value for record in world.said()}) == 4
    for bus in two.buses:
        bus.close()
    assert world.unread() == 0
