"""The unit of work: read once, written together, announced from the very document that changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from muara_kernel.documents import Collection, Conflict, DocumentsUnavailable, Insert
from muara_kernel.events import decode
from muara_kernel.worker.unit import ANNOUNCED, Unit

PENDUDUK, KEMISKINAN = "35.08/jumlah-penduduk", "35.08/angka-kemiskinan"
NOON = datetime(2025, 1, 20, 12, tzinfo=UTC)


@pytest.fixture
def ledgers(world: Any) -> Collection:
    ledgers: Collection = world.ledger.LEDGERS
    return ledgers


@pytest.fixture
def unit(world: Any) -> Unit:
    unit: Unit = world.unit(now=lambda: NOON)
    return unit


def test_a_document_is_read_once_and_seen_as_the_unit_changed_it(
    world: Any, ledgers: Collection, unit: Unit
) -> None:
    world.documents.insert(ledgers, PENDUDUK, {"total": 1})
    assert unit.read(ledgers, PENDUDUK) == {"total": 1}
    unit.write(ledgers, PENDUDUK, {"total": 2})
    world.documents.insert(ledgers, KEMISKINAN, {"total": 9})
    assert unit.read(ledgers, PENDUDUK) == {"total": 2}
    assert world.documents.get(ledgers, PENDUDUK).body == {"total": 1}
    unit.flush()
    assert world.documents.get(ledgers, PENDUDUK).body == {"total": 2}


def looks_ahead(world: Any, ledgers: Collection, unit: Unit, *datasets: str) -> None:
    unit.foresee(lambda event: [(ledgers, event.key)])
    unit.look_ahead([world.received(number, dataset=dataset) for number, dataset in enumerate(datasets)])


def test_what_a_batch_will_read_is_read_in_one_look(
    world: Any, ledgers: Collection, unit: Unit, failing: Callable[[Exception], Callable[[], None]]
) -> None:
    world.documents.insert(ledgers, PENDUDUK, {"total": 1})
    world.documents.before["find"] = [lambda: None, failing(DocumentsUnavailable("one look is enough"))]
    looks_ahead(world, ledgers, unit, PENDUDUK, KEMISKINAN, PENDUDUK)
    world.documents.before["get"] = [failing(DocumentsUnavailable("nobody is to ask"))]
    assert unit.read(ledgers, PENDUDUK) == {"total": 1}
    assert unit.read(ledgers, KEMISKINAN) is None
    unit.write(ledgers, PENDUDUK, {"total": 2})
    unit.write(ledgers, KEMISKINAN, {"total": 7})
    unit.flush()
    world.documents.before.clear()
    assert world.totals() == {PENDUDUK: 2, KEMISKINAN: 7}


def test_looking_ahead_does_not_undo_what_the_unit_already_changed(
    world: Any, ledgers: Collection, unit: Unit
) -> None:
    world.documents.insert(ledgers, PENDUDUK, {"total": 1})
    unit.write(ledgers, PENDUDUK, {"total": 2})
    looks_ahead(world, ledgers, unit, PENDUDUK, KEMISKINAN)
    assert unit.read(ledgers, PENDUDUK) == {"total": 2}


@pytest.mark.parametrize("dataset", [PENDUDUK, KEMISKINAN])
def test_what_was_looked_at_ahead_and_changed_meanwhile_is_a_conflict(
    world: Any, ledgers: Collection, unit: Unit, dataset: str
) -> None:
    stored = world.documents.insert(ledgers, PENDUDUK, {"total": 1})
    looks_ahead(world, ledgers, unit, PENDUDUK, KEMISKINAN)
    world.documents.replace(ledgers, stored, {"total": 50})
    world.documents.insert(ledgers, KEMISKINAN, {"total": 50})
    unit.write(ledgers, dataset, {"total": 2})
    with pytest.raises(Conflict):
        unit.flush()
    assert unit.read(ledgers, dataset) == {"total": 50}


def test_what_is_absent_is_none_and_may_be_written(world: Any, ledgers: Collection, unit: Unit) -> None:
    assert unit.read(ledgers, PENDUDUK) is None
    unit.write(ledgers, PENDUDUK, {"total": 1})
    unit.flush()
    assert world.documents.get(ledgers, PENDUDUK).version == 1


def test_what_was_only_read_is_not_written(world: Any, ledgers: Collection, unit: Unit) -> None:
    world.documents.insert(ledgers, PENDUDUK, {"total": 1})
    body = unit.read(ledgers, PENDUDUK)
    assert body is not None
    body["total"] = 99
    assert unit.flush() == []
    assert world.documents.get(ledgers, PENDUDUK).version == 1


def test_many_changes_of_one_document_are_one_write(world: Any, ledgers: Collection, unit: Unit) -> None:
    for total in range(1, 6):
        unit.write(ledgers, PENDUDUK, {"total": total})
    unit.flush()
    assert world.documents.get(ledgers, PENDUDUK).version == 1


def test_an_announcement_is_frozen_into_the_document_whose_change_it_tells(
    world: Any, ledgers: Collection, unit: Unit
) -> None:
    answer = world.ledger.verdict(world.received())
    unit.write(ledgers, PENDUDUK, {"total": 1}, announce=[answer])
    (said,) = unit.flush()
    body = world.documents.get(ledgers, PENDUDUK).body
    assert body["outbox"][answer.id]["value"].encode() == said.record.value
    assert body["total"] == 1
    assert decode(said.record.value).event == answer


def test_an_announcement_says_what_caused_it(world: Any, ledgers: Collection, unit: Unit) -> None:
    cause = decode(world.told(world.received()).value)
    unit.because = cause
    unit.write(ledgers, PENDUDUK, {}, announce=[world.ledger.verdict(world.received())])
    (said,) = unit.flush()
    heard = decode(said.record.value)
    assert (heard.causation, heard.correlation, heard.source) == (cause.id, "S1", "/muara/ledger")


def test_a_reader_of_the_unit_never_sees_the_outbox(world: Any, ledgers: Collection, unit: Unit) -> None:
    unit.write(ledgers, PENDUDUK, {"total": 1}, announce=[world.ledger.verdict(world.received())])
    unit.flush()
    assert world.unit().read(ledgers, PENDUDUK) == {"total": 1}


def test_writing_again_keeps_what_still_waits_to_be_published(
    world: Any, ledgers: Collection, unit: Unit
) -> None:
    first, second = (world.ledger.verdict(world.received(number)) for number in (1, 2))
    unit.write(ledgers, PENDUDUK, {"total": 1}, announce=[first])
    unit.flush()
    later = world.unit()
    later.write(ledgers, PENDUDUK, {"total": 2}, announce=[second])
    assert [said.event for said in later.flush()] == [second.id]
    assert set(world.documents.get(ledgers, PENDUDUK).body["outbox"]) == {first.id, second.id}


def test_a_repeat_finds_its_answer_while_it_is_pending(world: Any, ledgers: Collection, unit: Unit) -> None:
    answer = world.ledger.verdict(world.received())
    unit.write(ledgers, PENDUDUK, {}, announce=[answer])
    (said,) = unit.flush()
    later = world.unit()
    later.read(ledgers, PENDUDUK)
    later.again([answer.id])
    assert later.flush() == [said]


def test_a_repeat_finds_its_answer_in_the_archive(world: Any, ledgers: Collection, unit: Unit) -> None:
    answer = world.ledger.verdict(world.received())
    unit.write(ledgers, PENDUDUK, {}, announce=[answer])
    said = unit.flush()
    world.outbox().clear(said)
    later = world.unit()
    later.read(ledgers, PENDUDUK)
    later.again([answer.id])
    (again,) = later.flush()
    assert (again.event, again.topic, again.record) == (answer.id, said[0].topic, said[0].record)


def test_a_repeat_of_what_was_never_said_says_nothing(unit: Unit) -> None:
    unit.again(["never"])
    assert unit.flush() == []


def test_an_answer_is_asked_for_only_once(world: Any, ledgers: Collection, unit: Unit) -> None:
    answer = world.ledger.verdict(world.received())
    unit.write(ledgers, PENDUDUK, {}, announce=[answer])
    unit.flush()
    unit.again([answer.id, answer.id])
    assert len(unit.flush()) == 1
    assert unit.flush() == []


def test_a_conflict_leaves_nothing_half_believed(world: Any, ledgers: Collection, unit: Unit) -> None:
    for dataset in (PENDUDUK, KEMISKINAN):
        stored = world.documents.insert(ledgers, dataset, {"total": 1})
        unit.write(ledgers, dataset, {"total": 2})
    world.documents.replace(ledgers, stored, {"total": 50})
    with pytest.raises(Conflict):
        unit.flush()
    assert unit.flush() == []
    assert unit.read(ledgers, PENDUDUK) == {"total": 2}
    assert unit.read(ledgers, KEMISKINAN) == {"total": 50}
    unit.write(ledgers, KEMISKINAN, {"total": 51})
    unit.flush()
    assert world.totals() == {PENDUDUK: 2, KEMISKINAN: 51}


def test_a_document_that_appeared_meanwhile_is_a_conflict(
    world: Any, ledgers: Collection, unit: Unit
) -> None:
    unit.write(ledgers, PENDUDUK, {"total": 1})
    world.documents.insert(ledgers, PENDUDUK, {"total": 7})
    with pytest.raises(Conflict):
        unit.flush()
    assert world.totals() == {PENDUDUK: 7}


def test_clear_forgets_what_was_not_flushed(world: Any, ledgers: Collection, unit: Unit) -> None:
    unit.write(ledgers, PENDUDUK, {"total": 1}, announce=[world.ledger.verdict(world.received())])
    unit.again(["something"])
    unit.clear()
    assert unit.flush() == []
    assert world.totals() == {}


def test_an_adopted_document_is_guarded_by_the_version_it_was_found_in(
    world: Any, ledgers: Collection, unit: Unit
) -> None:
    found = world.documents.insert(ledgers, PENDUDUK, {"total": 1})
    world.documents.replace(ledgers, found, {"total": 2})
    assert unit.adopt(ledgers, found) == {"total": 1}
    unit.write(ledgers, PENDUDUK, {"total": 10})
    with pytest.raises(Conflict):
        unit.flush()


def test_adopting_does_not_undo_what_the_unit_already_changed(
    world: Any, ledgers: Collection, unit: Unit
) -> None:
    found = world.documents.insert(ledgers, PENDUDUK, {"total": 1})
    answer = world.ledger.verdict(world.received())
    unit.write(ledgers, PENDUDUK, {"total": 2}, announce=[answer])
    assert unit.adopt(ledgers, found) == {"total": 2}
    assert [said.event for said in unit.flush()] == [answer.id]
    assert world.totals() == {PENDUDUK: 2}


@pytest.mark.parametrize(("grace", "due"), [(5.0, NOON.timestamp() + 5), (0.0, NOON.timestamp())])
def test_grace_is_how_long_a_sweep_leaves_it_alone(
    world: Any, ledgers: Collection, grace: float, due: float
) -> None:
    unit = world.unit(grace=grace, now=lambda: NOON)
    unit.write(ledgers, PENDUDUK, {}, announce=[world.ledger.verdict(world.received())])
    unit.flush()
    assert world.documents.get(ledgers, PENDUDUK).body["pending"] == due
    assert not world.outbox(now=lambda: due - 1).sweep()
    assert world.outbox(now=lambda: due).sweep()


def test_what_was_left_pending_does_not_wait_longer_because_its_document_goes_on_changing(
    world: Any, ledgers: Collection
) -> None:
    first = world.unit(grace=0.0, now=lambda: NOON)
    first.write(ledgers, PENDUDUK, {}, announce=[world.ledger.verdict(world.received())])
    first.flush()
    second = world.unit(grace=5.0, now=lambda: NOON)
    second.write(ledgers, PENDUDUK, {"total": 2})
    second.flush()
    assert world.outbox(now=NOON.timestamp).sweep()


def test_a_store_that_cuts_a_batch_leaves_whole_documents(
    world: Any, ledgers: Collection, unit: Unit, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setenv("MUARA_FAILPOINTS", "documents.batch_partial~ledgers=lose*1")
    monkeypatch.setenv("MUARA_FAILPOINTS_DIR", str(tmp_path))
    for number, dataset in enumerate((PENDUDUK, KEMISKINAN), start=1):
        answer = world.ledger.verdict(world.received(number, dataset=dataset))
        unit.write(ledgers, dataset, {"total": 1}, announce=[answer])
    with pytest.raises(DocumentsUnavailable):
        unit.flush()
    (written,) = world.documents.find(ledgers)
    assert written.body["total"] == 1
    assert len(written.body["outbox"]) == 1


def test_the_archive_holds_what_a_repeat_needs_and_no_more(
    world: Any, ledgers: Collection, unit: Unit, failing: Callable[[Exception], Callable[[], None]]
) -> None:
    answer = world.ledger.verdict(world.received())
    unit.write(ledgers, PENDUDUK, {}, announce=[answer])
    (said,) = unit.flush()
    world.documents.write([Insert(ANNOUNCED, said.event, said.frozen())])
    assert set(world.documents.get(ANNOUNCED, answer.id).body) == {"topic", "key", "value", "headers"}
