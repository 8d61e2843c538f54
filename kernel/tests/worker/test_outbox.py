"""The outbox: publish, keep, clear. Wherever it stops, a sweep completes it with the same bytes."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from structlog.testing import capture_logs

from muara_kernel.bus import BusUnavailable, Record, RecordTooLarge, UnknownTopic
from muara_kernel.documents import Conflict, DocumentsUnavailable
from muara_kernel.worker.outbox import AGAIN_AFTER
from muara_kernel.worker.unit import ANNOUNCED, Said

PENDUDUK = "35.08/jumlah-penduduk"
Fail = Callable[[Exception], Callable[[], None]]


def announce(world: Any, number: int = 1, dataset: str = PENDUDUK, **more: Any) -> list[Said]:
    """A document that holds one announcement, as a process leaves it that was killed after its write."""
    unit = world.unit(grace=0.0)
    body = unit.read(world.ledger.LEDGERS, dataset) or {"total": 0}
    answer = world.ledger.verdict(world.received(number, dataset=dataset))
    unit.write(world.ledger.LEDGERS, dataset, {**body, "total": body["total"] + 1, **more}, announce=[answer])
    said: list[Said] = unit.flush()
    return said


def document(world: Any, dataset: str = PENDUDUK) -> dict[str, Any]:
    body: dict[str, Any] = world.documents.get(world.ledger.LEDGERS, dataset).body
    return body


def test_what_was_published_is_kept_as_an_answer_and_gone_from_its_document(world: Any) -> None:
    (said,) = announce(world)
    outbox = world.outbox()
    outbox.publish([said])
    outbox.clear([said])
    assert world.said() == [said.record]
    assert world.documents.get(ANNOUNCED, said.event).body == said.frozen()
    assert document(world) == {"total": 1}
    assert outbox.waiting() == 0


def test_a_sweep_with_nothing_to_do_says_so(world: Any) -> None:
    assert world.outbox().sweep() is False


def test_killed_before_publishing_the_sweep_publishes_the_same_bytes(world: Any) -> None:
    (said,) = announce(world)
    assert world.outbox().waiting() == 1
    assert world.outbox().sweep() is True
    assert world.said() == [said.record]
    assert document(world) == {"total": 1}
    assert world.outbox().sweep() is False


def test_killed_after_publishing_the_sweep_says_it_once_more_in_the_same_bytes(world: Any) -> None:
    (said,) = announce(world)
    world.outbox().publish([said])
    world.outbox().sweep()
    assert world.said() == [said.record, said.record]
    assert world.documents.get(ANNOUNCED, said.event).body == said.frozen()


def test_killed_after_keeping_the_sweep_clears_the_document(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = announce(world)
    # The first half of the batch was applied: the answer is kept, its document was not reached.
    monkeypatch.setenv("MUARA_FAILPOINTS", "documents.batch_partial=lose")
    with pytest.raises(DocumentsUnavailable):
        world.outbox().clear(said)
    monkeypatch.delenv("MUARA_FAILPOINTS")
    assert world.documents.get(ANNOUNCED, said[0].event) is not None
    assert world.outbox().waiting() == 1
    world.outbox().sweep()
    assert document(world) == {"total": 1}


def test_no_answer_leaves_its_document_before_it_is_kept(world: Any, failing: Fail) -> None:
    said = announce(world)
    world.documents.before["write"] = [failing(DocumentsUnavailable("gone"))]
    with pytest.raises(DocumentsUnavailable):
        world.outbox().clear(said)
    assert said[0].event in document(world)["outbox"]


def test_a_lost_bus_leaves_everything_pending(world: Any, failing: Fail) -> None:
    (said,) = announce(world)
    world.bus.before["publish"] = [failing(BusUnavailable("gone"))]
    with pytest.raises(BusUnavailable):
        world.outbox().sweep()
    assert document(world)["outbox"]
    world.outbox().sweep()
    assert world.said() == [said.record]


def test_one_that_no_bus_takes_stays_pending_and_holds_nobody_up(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = [announce(world, number, f"35.08/dataset-{number}")[0] for number in (1, 2, 3)]
    publish = world.bus.publish

    def fits(topic: str, records: list[Record]) -> None:
        if said[1].record in records:
            raise RecordTooLarge("larger than any broker takes")
        publish(topic, records)

    monkeypatch.setattr(world.bus, "publish", fits, raising=False)
    assert world.outbox().sweep() is True
    assert {record.value for record in world.said()} == {said[0].record.value, said[2].record.value}
    assert world.outbox().sweep() is False
    assert world.outbox().waiting() == 1


def refusing(world: Any, monkeypatch: pytest.MonkeyPatch, *refused: Said) -> list[Record]:
    """A bus that does not take these until the list it returns is emptied."""
    left = [said.record for said in refused]
    publish = world.bus.publish

    def fits(topic: str, records: list[Record]) -> None:
        for record in records:
            if record in left:
                raise RecordTooLarge(f"too large for {topic}: raise max.message.bytes")
        publish(topic, records)

    monkeypatch.setattr(world.bus, "publish", fits, raising=False)
    return left


def test_what_is_refused_is_tried_again_later_and_goes_out_once_it_fits(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (said,) = announce(world)
    left = refusing(world, monkeypatch, said)
    now = [time.time()]
    outbox = world.outbox(now=lambda: now[0])
    with capture_logs() as lines:
        for _ in range(5):
            assert outbox.sweep() is False
    (line,) = [each for each in lines if each["log_level"] == "error"]
    assert line["topic"] == "muara.validation" and "max.message.bytes" in line["error"]
    assert outbox.waiting() == 1
    left.clear()
    assert outbox.sweep() is False
    now[0] += AGAIN_AFTER
    assert outbox.sweep() is True
    assert world.said() == [said.record]
    assert document(world) == {"total": 1}
    assert outbox.waiting() == 0


def test_however_many_are_refused_what_was_announced_after_them_goes_out(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("muara_kernel.worker.outbox.SWEPT_AT_ONCE", 5)
    said = [announce(world, number, f"35.08/dataset-{number}")[0] for number in range(1, 13)]
    refusing(world, monkeypatch, *said[:11])
    outbox = world.outbox()
    for _ in range(3):
        outbox.sweep()
    assert world.said() == [said[11].record]
    assert outbox.waiting() == 11


def test_a_worker_whose_answer_is_refused_buries_nothing_and_goes_on(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = world.told(world.ledger.verdict(world.received(2)))
    publish = world.bus.publish

    def fits(topic: str, records: list[Record]) -> None:
        if any(record.headers["id"] == large.headers["id"] for record in records):
            raise RecordTooLarge("too large: raise max.message.bytes")
        publish(topic, records)

    world.publish(*(world.received(number, dataset=f"35.08/dataset-{number}") for number in (1, 2, 3)))
    monkeypatch.setattr(world.bus, "publish", fits, raising=False)
    reader = world.reader()
    while reader.turn(0):
        pass
    assert len(world.said()) == 2
    assert world.letters().waiting() == 0
    assert world.unread() == 0
    assert world.outbox().waiting() == 1
    monkeypatch.undo()
    world.outbox(now=lambda: time.time() + AGAIN_AFTER).sweep()
    assert large.headers["id"] in {record.headers["id"] for record in world.said()}
    assert len(world.said()) == 3


def test_a_topic_that_is_missing_holds_up_no_other(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (verdict,) = announce(world)
    unit = world.unit(grace=0.0)
    unit.write(world.ledger.LEDGERS, "other", {"total": 0}, announce=[world.received(7)])
    (other,) = unit.flush()
    publish, asked = world.bus.publish, []

    def lacks(topic: str, records: list[Record]) -> None:
        asked.append(topic)
        if topic == verdict.topic:
            raise UnknownTopic(f"{topic}: run `muara topics apply`")
        publish(topic, records)

    monkeypatch.setattr(world.bus, "publish", lacks, raising=False)
    assert world.outbox().sweep() is True
    assert world.said(other.topic) == [other.record]
    assert sorted(asked) == sorted([verdict.topic, other.topic])
    assert world.outbox().waiting() == 1


def test_one_sweep_finds_the_announcements_of_many_documents_oldest_first(world: Any) -> None:
    said = [announce(world, number, f"35.08/dataset-{number}")[0] for number in range(1, 6)]
    world.outbox().sweep()
    assert sorted(record.key for record in world.said()) == [one.record.key for one in said]
    assert world.outbox().waiting() == 0


def test_several_announcements_of_one_document_go_out_in_their_order(world: Any) -> None:
    said = [announce(world, number)[0] for number in (1, 2, 3)]
    world.outbox().sweep()
    assert world.said() == [one.record for one in said]


def test_two_sweeps_at_once_are_harmless(world: Any) -> None:
    said = [announce(world, number, f"35.08/dataset-{number % 3}")[0] for number in range(9)]
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda _: world.outbox().sweep(), range(4)))
    assert world.outbox().waiting() == 0
    assert all("outbox" not in document(world, f"35.08/dataset-{number}") for number in range(3))
    heard = world.said()
    assert {record.value for record in heard} == {one.record.value for one in said}


def test_named_fields_go_with_the_pending_mark_and_not_before(world: Any) -> None:
    first = announce(world, 1, sending=PENDUDUK)
    second = announce(world, 2)
    outbox = world.outbox(cleared_with=["sending"])
    outbox.clear(first)
    assert document(world)["sending"] == PENDUDUK
    outbox.clear(second)
    assert document(world) == {"total": 2}


def test_what_was_just_written_is_cleared_without_being_read(world: Any, failing: Fail) -> None:
    said = announce(world)
    world.documents.before["get"] = [failing(DocumentsUnavailable("nobody is to ask"))]
    world.outbox().clear(said)
    world.documents.before.clear()
    assert document(world) == {"total": 1}


def test_what_a_sweep_found_is_cleared_without_being_read_again(world: Any, failing: Fail) -> None:
    announce(world, 1)
    announce(world, 2)
    world.documents.before["get"] = [failing(DocumentsUnavailable("nobody is to ask"))]
    assert world.outbox().sweep() is True
    world.documents.before.clear()
    assert document(world) == {"total": 2}


def test_a_document_that_changed_in_between_keeps_its_change(world: Any) -> None:
    said = announce(world)

    def change() -> None:
        unit = world.unit()
        unit.write(world.ledger.LEDGERS, PENDUDUK, {"total": 50})
        unit.flush()

    # Between the write that announced and the batch that keeps the answer and clears it.
    world.documents.before["write"] = [change]
    world.outbox().clear(said)
    assert document(world) == {"total": 50}


def test_a_document_that_announced_more_in_between_keeps_that(world: Any) -> None:
    first = announce(world, 1)
    world.documents.before["write"] = [lambda: announce(world, 2) and None]
    world.outbox().clear(first)
    second = world.ledger.verdict(world.received(2))
    assert list(document(world)["outbox"]) == [second.id]
    assert document(world)["total"] == 2
    assert "pending" in document(world)


def test_a_document_that_is_gone_in_between_is_no_trouble(world: Any) -> None:
    said = announce(world)
    stored = world.documents.get(world.ledger.LEDGERS, PENDUDUK)
    world.documents.delete(world.ledger.LEDGERS, stored)
    world.outbox().clear(said)
    assert world.documents.get(ANNOUNCED, said[0].event) is not None


def test_an_answer_from_the_archive_is_published_and_clears_nothing(world: Any) -> None:
    said = announce(world)
    world.outbox().clear(said)
    unit = world.unit()
    unit.again([said[0].event])
    again = unit.flush()
    world.outbox().publish(again)
    world.outbox().clear(again)
    assert world.said() == [said[0].record]


def test_the_first_kept_answer_stands(world: Any) -> None:
    said = announce(world)
    world.outbox().clear(said)
    world.outbox().clear(said)
    stored = world.documents.get(ANNOUNCED, said[0].event)
    assert (stored.version, stored.body) == (1, said[0].frozen())


def test_clearing_goes_on_through_conflicts(world: Any) -> None:
    said = announce(world)
    real, refused = world.documents._behind.write, [0]

    class Contended:
        def __getattr__(self, name: str) -> Any:
            return getattr(world.documents, name)

        def write(self, batch: Any) -> Any:
            if refused[0] < 3:
                refused[0] += 1
                kept = [write for write in batch if write.collection.name != "ledgers"]
                return [*real(kept), *(Conflict("ledgers") for _ in batch[len(kept) :])]
            return real(batch)

    outbox = world.outbox()
    outbox._documents = Contended()
    outbox.clear(said)
    assert refused == [3]
    assert document(world) == {"total": 1}
