"""What is full or too large while all runs: said in a sentence, nothing is lost, and it goes on by itself."""

from __future__ import annotations

import json
import random
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from disks import MIB, Disk, small_disk
from history import check
from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType
from production import Production, empty_topics
from servers.fixtures import or_skip
from servers.kafka import Kafka
from servers.mongo import Mongod, database
from system import System, table, until

from catalog_service.app import reactions
from catalog_service.storage import COLLECTIONS, DATASETS, EDITIONS
from muara.http import Door, Refused
from muara_kernel.bus import BusUnavailable, Record
from muara_kernel.bus.connect import connect as connect_bus
from muara_kernel.bus.sqlite import SqliteBus
from muara_kernel.documents import Collection, Documents, DocumentsUnavailable, DocumentTooLarge
from muara_kernel.documents.connect import connect as connect_documents
from muara_kernel.events import DatasetRegistered, SubmissionValidated, encode
from muara_kernel.events.base import dump
from muara_kernel.events.topics import INGEST
from muara_kernel.ground import OURS
from muara_kernel.observability.metrics import Metrics
from muara_kernel.worker.carrier import Carrier
from muara_kernel.worker.dead_letters import DeadLetters
from muara_kernel.worker.loop import Reader
from muara_kernel.worker.marks import Marks
from muara_kernel.worker.outbox import Outbox
from muara_kernel.worker.unit import Unit

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """Where the eight processes keep everything but their logs, which go to another one in production too."""
    (tmp_path / "logs").mkdir()
    with small_disk(tmp_path / "data", 48 * MIB) as disk:
        (disk.place / "logs").symlink_to(tmp_path / "logs")
        yield disk


def refusal(system: System, opd: str) -> Refused:
    """Push until it is refused: what room a database had set aside for itself is used up first."""
    impatient = Door(system.live.doors.ingest.address, system.keys[opd], patience=0.0)
    for number in range(200):
        metadata = {"dataset": f"35.08/{opd}-angka", "period": str(2000 + number % 20)}
        data = table(*range(number * 100, number * 100 + 1000))
        try:
            receipt = impatient.submit(metadata, "angka.csv", data, "text/csv", key=f"penuh-{number}")
        except Refused as refused:
            return refused
        system.receipts.append(receipt)
    raise AssertionError("it never was full")


def parts(system: System, process: str) -> Mapping[str, str]:
    try:
        with urllib.request.urlopen(f"{system.live.addresses[process]}/health/ready", timeout=10) as answer:
            told = json.load(answer)
    except urllib.error.HTTPError as error:
        told = json.load(error)
    found: Mapping[str, str] = told["parts"]
    return found


def logged(system: System, process: str) -> str:
    log = system.live.place.root / "logs" / f"{process}.log"
    return log.read_text() if log.exists() else ""


def metric(system: System, process: str, name: str) -> float:
    with urllib.request.urlopen(f"{system.live.addresses[process]}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(f"{name}{{"))


def limit(kafka: Kafka, topic: str, size: int) -> None:
    """What the operator does."""
    client = KafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    told = {"max.message.bytes": str(size)}
    client.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, configs=told)])
    client.close()


def test_a_full_disk_is_said_to_sender_and_ops_and_all_goes_on_once_there_is_room(
    disk: Disk, start: Callable[..., System]
) -> None:
    system = start("dinkes", "dinsos")
    for number in range(10):
        system.push("dinkes", table(number), period=str(2010 + number))
    disk.fill()
    refused = refusal(system, "dinsos")
    assert (refused.status, refused.body["code"]) == (503, "disk-penuh")
    assert refused.body["setting"] in ("MUARA_DOCUMENTS", "MUARA_PAYLOADS")
    answer: Any = refused.__cause__
    assert answer.headers["Retry-After"]
    assert answer.headers["Content-Type"] == "application/problem+json"
    told = {process: parts(system, process) for process in system.live.addresses}
    for process, each in told.items():
        for part, setting in (
            ("bus", "MUARA_BUS"),
            ("documents", "MUARA_DOCUMENTS"),
            ("payloads", "MUARA_PAYLOADS"),
        ):
            assert f"{setting}: disk penuh" in each[part], process
            assert str(disk.place) in each[part]
    disk.empty()
    until(lambda: set(system.readiness().values()) == {200}, 60, lambda: str(system.readiness()))
    system.push("dinsos", table(1), period="2024")
    assert {status["state"] for status in check(system)} == {"diterbitkan"}


def test_an_event_that_the_broker_does_not_take_waits_and_holds_nobody_up(
    own_kafka: Kafka, production: Production, start: Callable[..., System]
) -> None:
    """A verdict with findings is larger than one without: the limit is put between the two."""
    limit(own_kafka, "muara.validation", 4_000)
    system = start("dinkes", "dinsos", settings=production)
    stuck = system.push("dinkes", table(*["buruk"] * 30), period="2021")
    until(lambda: "max.message.bytes" in logged(system, "validation-worker"), 60)
    others = [system.push(opd, table(1), period="2022") for opd in ("dinsos", "dinkes")]
    system.outcomes(others)
    assert system.status(stuck)["state"] == "diperiksa"
    assert "terlalu besar untuk topik muara.validation: naikkan max.message.bytes" in logged(
        system, "validation-worker"
    )
    until(lambda: metric(system, "validation-worker", "muara_outbox_pending") == 1, 60)
    assert metric(system, "validation-worker", "muara_dead_letters_waiting") == 0
    limit(own_kafka, "muara.validation", MIB)
    assert [status["state"] for status in check(system)] == ["dikembalikan", "diterbitkan", "diterbitkan"]
    until(lambda: metric(system, "validation-worker", "muara_outbox_pending") == 0, 60)


def test_a_broker_that_stops_on_a_full_disk_goes_on_with_all_that_it_acknowledged(tmp_path: Path) -> None:
    with ExitStack() as stack:
        disk = stack.enter_context(small_disk(tmp_path / "kafka", 96 * MIB))
        broker = or_skip(lambda: stack.enter_context(Kafka.started(disk.place / "broker")))
        empty_topics(broker)
        bus = connect_bus(broker.url)
        stack.callback(bus.close)
        acknowledged: list[str] = []

        def publish(number: int) -> None:
            bus.publish(INGEST.name, [Record(f"k{number}", f"{number:06d}".encode() * 20_000)])
            acknowledged.append(f"k{number}")

        publish(0)
        disk.fill()
        with pytest.raises(BusUnavailable) as refused:
            for number in range(1, 1000):
                publish(number)
        assert "kafka://127.0.0.1" in str(refused.value)
        disk.empty()
        broker.kill()  # it has stopped by itself, or is about to
        broker.start()
        until(lambda: succeeds(lambda: publish(1001), BusUnavailable), 60)
        reader = bus.subscribe([INGEST.name], group="katalog")
        there: set[str] = set()
        until(
            lambda: (
                bool(there.update(each.record.key for each in reader.poll(500, 0.5)))
                or set(acknowledged) <= there
            ),
            60,
        )


def test_a_database_that_stops_on_a_full_disk_goes_on_with_all_that_it_acknowledged(tmp_path: Path) -> None:
    kept = Collection("kept")
    with ExitStack() as stack:
        disk = stack.enter_context(small_disk(tmp_path / "mongo", 480 * MIB))
        server = or_skip(lambda: stack.enter_context(Mongod.started(disk.place / "mongod")))
        store = connect_documents(server.url("catalog"))
        stack.callback(store.close)
        store.declare(kept)
        acknowledged: list[str] = []

        def insert(number: int) -> None:
            text = random.Random(number).randbytes(500_000).hex()
            acknowledged.append(store.insert(kept, f"d{number}", {"text": text}).id)

        insert(0)
        disk.fill()
        with pytest.raises(DocumentsUnavailable, match="MUARA_DOCUMENTS"):
            for number in range(1, 1000):
                insert(number)
        disk.empty()
        server.kill()  # it has stopped by itself, or is about to
        server.start()
        until(lambda: succeeds(lambda: insert(1001), DocumentsUnavailable), 60)
        assert all(store.get(kept, id) for id in acknowledged)


# --- a document that has grown to its limit --------------------------------------------------------------


@pytest.fixture(params=["sqlite", "mongodb"])
def documents(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Documents]:
    """The catalog's, on either store."""
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path}/catalog.db"
        if request.param == "mongodb":
            url = stack.enter_context(database(request.getfixturevalue("mongodb")))
        store = connect_documents(url)
        stack.callback(store.close)
        for collection in (*OURS, *COLLECTIONS):
            store.declare(collection)
        yield store


def verdict(dataset: str, number: int) -> SubmissionValidated:
    return SubmissionValidated(
        submission=f"KIRIM-{number}",
        dataset=dataset,
        opd="dinkes",
        period="2024",
        sequence=number,
        payload="ab" * 32,
        size=2048,
        media_type="text/csv",
        filename="angka.csv",
        received_at=datetime(2025, 1, 20, tzinfo=UTC),
        verdict="lulus",
        report="cd" * 32,
        rows=12,
        errors=0,
        warnings=0,
    )


def listed(dataset: str) -> DatasetRegistered:
    return DatasetRegistered(
        dataset=dataset,
        revision=1,
        title="Angka",
        description="",
        opd="dinkes",
        bidang_urusan="1.02",
        frequency="tahunan",
        access="terbuka",
        publication="langsung",
        level="kabupaten",
    )


def grown(documents: Documents, edition: str) -> None:
    """To what the store takes at most, but for less than one more submission needs."""
    stored = documents.get(EDITIONS, edition)
    assert stored
    size = 16 * MIB
    while True:
        try:
            documents.replace(EDITIONS, stored, {**stored.body, "closed": {"LAMA": "a" * size}})
            return
        except DocumentTooLarge:
            size -= 300


def test_an_edition_that_holds_no_more_buries_what_comes_with_a_sentence_and_others_go_on(
    documents: Documents, tmp_path: Path
) -> None:
    full, other = "35.08/penuh", "35.08/lain"
    bus = SqliteBus(tmp_path / "events.db")
    metrics, unit = Metrics("catalog"), Unit(documents, source="catalog")
    outbox = Outbox(documents, bus, metrics, collections=[EDITIONS])
    letters = DeadLetters(documents, "catalog", metrics)
    for dataset in (full, other):
        documents.insert(DATASETS, dataset, dump(listed(dataset)))

    def work(*events: SubmissionValidated) -> None:
        for event in events:
            bus.publish("muara.validation", [encode(event, source="validation", time=event.received_at)])
        reader = Reader(
            bus.subscribe(["muara.validation"], group="catalog"),
            Carrier(reactions(unit), unit=unit, outbox=outbox, metrics=metrics),
            marks=Marks(documents, "catalog"),
            dead_letters=letters,
            metrics=metrics,
            stop=Event(),
        )
        while reader.turn(0.1):
            pass
        reader.close()

    work(verdict(full, 1))
    grown(documents, f"{full}@2024")
    work(verdict(full, 2), verdict(other, 3))
    work(verdict(other, 4))
    (letter,) = letters.all()
    assert letter.body["reason"].startswith(f"DocumentTooLarge: editions: dokumen {full}@2024")
    edition = documents.get(EDITIONS, f"{other}@2024")
    assert edition and [version["number"] for version in edition.body["versions"]] == [1, 2]


def succeeds(step: Callable[[], object], error: type[Exception]) -> bool:
    try:
        step()
    except error:
        return False
    return True
