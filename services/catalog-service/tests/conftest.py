"""Memorable submissions of Lumajang, and a catalog on real embedded stores."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog_service import app
from catalog_service.settings import Settings
from catalog_service.storage import UnitOfWork
from muara_kernel.bus import Record
from muara_kernel.events import TOPICS, DatasetRegistered, Event, OpdRegistered, SubmissionValidated, encode
from muara_kernel.ground import Ground
from muara_kernel.worker.carrier import Carrier
from muara_kernel.worker.loop import Reader
from muara_kernel.worker.marks import Marks
from muara_kernel.worker.unit import SWEEP_AFTER

NOON = datetime(2025, 1, 6, 12, 0, tzinfo=UTC)
TOKEN = "meja-walidata-lumajang"
DATASET = "35.08/jumlah-penduduk"
CSV = b"kode_kecamatan,jumlah\n35.08.01,60123\n"

Validated = Callable[..., SubmissionValidated]


def make_validated(number: int, verdict: str = "lulus", **changes: Any) -> SubmissionValidated:
    """Submission ``S<number>`` as validation tells of it; its sequence is its number."""
    failed = verdict != "lulus"
    facts: dict[str, Any] = {
        "submission": f"S{number}",
        "dataset": DATASET,
        "opd": "dukcapil",
        "period": "2024-S1",
        "sequence": number,
        "payload": f"{number:064x}",
        "size": len(CSV),
        "media_type": "text/csv",
        "filename": "penduduk.csv",
        "received_at": NOON,
        "verdict": verdict,
        "report": f"{number + 1000:064x}",
        "rows": 21,
        "errors": 3 if failed else 0,
        "warnings": 1,
    }
    return SubmissionValidated(**(facts | changes))


@pytest.fixture(scope="session")
def validated() -> Validated:
    return make_validated


class World:
    """One catalog on SQLite: its web app, its worker's steps, and what it said on the bus."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(
            region="35.08",
            region_name="Kabupaten Lumajang",
            bus=f"sqlite:///{folder}/bus.db",
            documents=f"sqlite:///{folder}/catalog.db",
            payloads=f"file://{folder}/payloads",
            desk_token=TOKEN,
        )
        self.ground: Ground = app.build(self.settings)
        self._heard = self.ground.bus.subscribe(["muara.catalog", "muara.catalog.state"], group="test")

    def carrier(self) -> Carrier:
        unit = self.ground.unit(grace=SWEEP_AFTER)
        return Carrier(
            app.reactions(unit),
            unit=unit,
            outbox=self.ground.outbox(),
            metrics=self.ground.metrics,
            dismissals=app.dismissals(unit),
        )

    def hears(self, *events: Event) -> None:
        """The worker carries these events in one batch."""
        self.carrier().carry([(event.topic.name, told(event)) for event in events])

    def asks(self, *events: Event) -> None:
        """These events come over the bus to a reader, as in production."""
        for event in events:
            self.ground.bus.publish(event.topic.name, [told(event)])
        reader = Reader(
            self.ground.bus.subscribe(["muara.validation"], group="catalog"),
            self.carrier(),
            marks=Marks(self.ground.documents, "catalog"),
            dead_letters=self.ground.dead_letters(),
            metrics=self.ground.metrics,
            stop=self.ground.stop,
        )
        deadline = time.monotonic() + 60
        while not reader.turn(0.1) and time.monotonic() < deadline:
            pass
        reader.close()

    def sweep(self) -> bool:
        return self.ground.outbox().sweep()

    def work(self) -> UnitOfWork:
        return UnitOfWork(self.ground.unit())

    def said(self, at_least: int) -> list[Record]:
        """What the bus holds beyond what was read before, once there are ``at_least`` records."""
        found: list[Record] = []
        deadline = time.monotonic() + 60
        while len(found) < at_least and time.monotonic() < deadline:
            deliveries = self._heard.poll(100, 0.1)
            self._heard.commit(deliveries)
            found += [delivery.record for delivery in deliveries]
        return found

    def registers(self, dataset: str = DATASET, **changes: Any) -> None:
        """The OPD and one dataset of it."""
        work = self.work()
        if work.register.opd("dukcapil") is None:
            work.register.keep_opd(DUKCAPIL)
        held = work.register.dataset(dataset)
        facts = PENDUDUK | {"dataset": dataset, "revision": held.revision + 1 if held else 1} | changes
        work.register.keep_dataset(DatasetRegistered(**facts))
        work.flush()

    def publishes(self, number: int, **changes: Any) -> None:
        """A submission whose payload is really there passes its checks."""
        payload = self.ground.payloads.put(BytesIO(CSV))
        self.hears(make_validated(number, payload=payload, **changes))

    def close(self) -> None:
        self._heard.close()
        self.ground.close()


DUKCAPIL = OpdRegistered(
    opd="dukcapil",
    revision=1,
    name="Dinas Kependudukan dan Pencatatan Sipil",
    short_name="DUKCAPIL",
    kode_skpd="2.12.0.00.0.00.13.0000",
    bidang_urusan=("2.12",),
    contact="dukcapil@lumajang.example",
    valid_from="2017-01-01",
)

PENDUDUK: dict[str, Any] = {
    "title": "Jumlah Penduduk",
    "description": "Banyaknya penduduk menurut kecamatan.",
    "opd": "dukcapil",
    "bidang_urusan": "2.12",
    "frequency": "semesteran",
    "access": "terbuka",
    "publication": "langsung",
    "level": "kecamatan",
}


def told(event: Event) -> Record:
    """The record as another service would have published it."""
    assert event.topic.name in TOPICS
    return encode(event, source="validation", time=NOON)


def facts(record: Record) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(record.value)["data"]
    return data


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.close()


@pytest.fixture
def worker(world: World) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts the worker process of this world, with more environment if one likes."""
    started: list[subprocess.Popen[bytes]] = []
    own = {
        each.metadata["name"]: str(getattr(world.settings, each.name))
        for each in dataclasses.fields(world.settings)
        if each.metadata["name"] not in ("MUARA_BIND", "MUARA_HEALTH_BIND")
    }

    def start(**more: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "catalog_service", "worker"]
        clean = {name: value for name, value in os.environ.items() if not name.startswith("MUARA_")}
        process = subprocess.Popen(command, env=clean | own | more, stderr=subprocess.DEVNULL)
        started.append(process)
        return process

    yield start
    for process in started:
        process.terminate()
        process.wait(30)


@pytest.fixture
def flask_app(world: World) -> Flask:
    made = app.create_app(world.settings)
    made.testing = False
    return made


@pytest.fixture
def client(flask_app: Flask) -> FlaskClient:
    return flask_app.test_client()


@pytest.fixture
def desk(flask_app: Flask) -> FlaskClient:
    """A client that bears the desk token."""
    client = flask_app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {TOKEN}"
    return client


@pytest.fixture(scope="session")
def facts_of() -> Callable[[Record], dict[str, Any]]:
    return facts
