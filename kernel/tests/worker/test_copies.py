"""Copies of other services' state: the newest revision of each thing, whatever the order they came in."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from muara_kernel.bus import Record
from muara_kernel.documents import DocumentsUnavailable
from muara_kernel.documents.sqlite import SqliteDocuments
from muara_kernel.events import DatasetRegistered, OpdRegistered, encode
from muara_kernel.worker.copies import COPIES, Copies, CopiesRead
from muara_kernel.worker.unit import Unit

PENDUDUK = "35.08/jumlah-penduduk"


def opd(revision: int, name: str = "", slug: str = "dinkes") -> OpdRegistered:
    return OpdRegistered(
        opd=slug,
        revision=revision,
        name=name or f"Dinas Kesehatan {revision}",
        short_name="Dinkes",
        kode_skpd="1.02.2.14.0.00.05.0000",
        bidang_urusan=("1.02", "2.14"),
        contact="dinkes@lumajang.example",
        valid_from="2017-01-01",
    )


def dataset(revision: int) -> DatasetRegistered:
    return DatasetRegistered(
        dataset=PENDUDUK,
        revision=revision,
        title="Jumlah penduduk",
        description="Penduduk menurut kecamatan",
        opd="dukcapil",
        bidang_urusan="2.12",
        frequency="tahunan",
        access="terbuka",
        publication="langsung",
        level="kecamatan",
    )


def keep(world: Any, *events: Any) -> None:
    unit = world.unit()
    for event in events:
        Copies(unit).keep(event)
    unit.flush()


def test_a_copy_comes_back_as_the_state_it_was(world: Any) -> None:
    keep(world, opd(1), dataset(1))
    read = CopiesRead(world.documents)
    assert read.get(OpdRegistered, "dinkes") == opd(1)
    assert read.get(DatasetRegistered, PENDUDUK) == dataset(1)


def test_what_never_came_is_none(world: Any) -> None:
    read = CopiesRead(world.documents)
    assert (read.get(OpdRegistered, "dinkes"), read.all(OpdRegistered), read.revisions()) == (None, [], {})


@pytest.mark.parametrize("order", list(itertools.permutations((1, 2, 3))))
def test_an_older_revision_never_replaces_a_newer_one(world: Any, order: tuple[int, ...]) -> None:
    for revision in order:
        keep(world, opd(revision))
    assert CopiesRead(world.documents).get(OpdRegistered, "dinkes") == opd(3)


def test_within_one_batch_the_newest_stands_too(world: Any) -> None:
    keep(world, opd(1), opd(3), opd(2))
    assert CopiesRead(world.documents).get(OpdRegistered, "dinkes") == opd(3)


def test_things_of_two_kinds_are_kept_apart(world: Any) -> None:
    keep(world, opd(1), opd(4, slug="disdik"), dataset(2))
    read = CopiesRead(world.documents)
    assert [copy.opd for copy in read.all(OpdRegistered)] == ["dinkes", "disdik"]
    assert read.revisions() == {
        "opd.registered": {"dinkes": 1, "disdik": 4},
        "dataset.registered": {PENDUDUK: 2},
    }


def test_a_batch_of_state_is_read_in_one_look(world: Any, failing: Any) -> None:
    keep(world, opd(1), opd(1, slug="disdik"), dataset(1))
    unit = world.unit()
    copies = Copies(unit)
    told = [opd(2), opd(2, slug="disdik"), dataset(2)]
    unit.look_ahead(told)
    world.documents.before["get"] = [failing(DocumentsUnavailable("nobody is to ask"))]
    for event in told:
        copies.keep(event)
    unit.flush()
    assert CopiesRead(world.documents).revisions() == {
        "opd.registered": {"dinkes": 2, "disdik": 2},
        "dataset.registered": {PENDUDUK: 2},
    }


def test_what_ended_is_told_by_the_newer_revision(world: Any) -> None:
    ended = OpdRegistered(**{**vars(opd(2)), "valid_until": "2024-12-31"})
    keep(world, ended)
    keep(world, opd(3))
    copy = CopiesRead(world.documents).get(OpdRegistered, "dinkes")
    assert copy is not None
    assert copy.valid_until is None


def test_copies_are_rebuilt_by_reading_the_topic_from_its_start(world: Any) -> None:
    def told(event: Any) -> Record:
        return encode(event, source="catalog", time=world.received().received_at)

    world.bus.publish("muara.catalog.state", [told(opd(revision)) for revision in (1, 2, 3)])
    world.bus.publish("muara.catalog.state", [told(dataset(1)), told(opd(1, slug="disdik"))])
    rebuilt = []
    for name in ("first.db", "second.db"):
        documents = SqliteDocuments(world.directory / name)
        world.ledger.declare(documents)
        world.documents = documents
        unit = Unit(documents, source="ledger")
        keep = Copies(unit).keep
        carrier = world.carrier({OpdRegistered: keep, DatasetRegistered: keep}, unit=unit)
        heard = world.bus.subscribe(["muara.catalog.state"], group=name)
        while deliveries := heard.poll(2, 0):
            carrier.carry([(delivery.topic, delivery.record) for delivery in deliveries])
            heard.commit(deliveries)
        rebuilt.append([(copy.id, copy.body) for copy in documents.find(COPIES)])
    assert rebuilt[0] == rebuilt[1]
    assert CopiesRead(world.documents).get(OpdRegistered, "dinkes") == opd(3)
