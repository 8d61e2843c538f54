"""What a web process says again goes out from the document that said it first, as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from muara_kernel.documents.sqlite import SqliteDocuments
from muara_kernel.events import OpdRegistered
from muara_kernel.observability.metrics import Metrics
from muara_kernel.worker.again import say_again
from muara_kernel.worker.outbox import Outbox
from muara_kernel.worker.unit import ANNOUNCED, Unit, speaking

OPD = speaking("opd")
DINKES = OpdRegistered(
    opd="dinkes",
    revision=1,
    name="Dinas Kesehatan",
    short_name="DINKES",
    kode_skpd="1.02.0.00.0.00.01.0000",
    bidang_urusan=("1.02",),
    contact="dinkes@lumajang.example",
    valid_from="2017-01-01",
)


class Heard:
    """A bus that keeps what it is told."""

    def __init__(self) -> None:
        self.records: list[object] = []

    def publish(self, topic: str, records: list[object]) -> None:
        self.records += records


@pytest.fixture
def documents(tmp_path: Path) -> SqliteDocuments:
    documents = SqliteDocuments(tmp_path / "documents.db")
    for collection in (ANNOUNCED, OPD):
        documents.declare(collection)
    unit = Unit(documents, source="catalog", grace=0)
    unit.write(OPD, "dinkes", {"opd": "dinkes"}, announce=[DINKES])
    unit.flush()
    return documents


def sweep(documents: SqliteDocuments) -> list[object]:
    heard = Heard()
    Outbox(documents, heard, Metrics("catalog"), collections=[OPD]).sweep()  # type: ignore[arg-type]
    return heard.records


def test_the_same_bytes_go_out_once_more_and_the_document_is_as_it_was(documents: SqliteDocuments) -> None:
    first, before = sweep(documents), documents.get(OPD, "dinkes")
    say_again(documents, OPD, "dinkes", DINKES.id)
    assert sweep(documents) == first
    assert sweep(documents) == []
    after = documents.get(OPD, "dinkes")
    assert before and after and after.body == before.body


def test_what_still_waits_is_said_once(documents: SqliteDocuments) -> None:
    say_again(documents, OPD, "dinkes", DINKES.id)
    assert len(sweep(documents)) == 1


def test_what_was_never_said_cannot_be_said_again(documents: SqliteDocuments) -> None:
    sweep(documents)
    say_again(documents, OPD, "dinkes", "another-event")
    say_again(documents, OPD, "dispora", DINKES.id)
    assert sweep(documents) == []


def test_it_is_said_again_though_somebody_changes_the_document_meanwhile(
    documents: SqliteDocuments, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = sweep(documents)
    replace, raced = documents.replace, []

    def late(collection, id_or_stored, body):  # type: ignore[no-untyped-def]
        if not raced:
            raced.append(1)
            unit = Unit(documents, source="catalog", grace=0)
            unit.write(OPD, "dinkes", {"opd": "dinkes", "contact": "baru@lumajang.example"})
            unit.flush()
        return replace(collection, id_or_stored, body)

    monkeypatch.setattr(documents, "replace", late)
    say_again(documents, OPD, "dinkes", DINKES.id)
    assert sweep(documents) == first
    stored = documents.get(OPD, "dinkes")
    assert stored and stored.body["contact"] == "baru@lumajang.example"
