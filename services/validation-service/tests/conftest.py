"""A validation service on real SQLite files, and facts one remembers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from muara_kernel.bus import Subscription
from muara_kernel.events import (
    DatasetRegistered,
    Event,
    OpdRegistered,
    SubmissionReceived,
    SubmissionValidated,
    decode,
    encode,
)
from muara_kernel.ground import Ground
from muara_kernel.worker.carrier import Carrier
from muara_kernel.worker.leases import Leases
from validation_service.app import build, jobs, reactions
from validation_service.jobs.child import Limits
from validation_service.jobs.crew import Crew
from validation_service.settings import Settings
from validation_service.storage.library import Library

PATIENCE = 60.0
GOOD = b"kode,jumlah\nA,3\nB,5\n"


def standard() -> dict[str, Any]:
    return {
        "satudata:konsep": "Rumah sakit",
        "satudata:definisi": "Sarana pelayanan kesehatan rujukan.",
        "satudata:klasifikasi": "Jenis",
        "satudata:ukuran": "Jumlah",
        "satudata:satuan": "Unit",
        "fields": [
            {"name": "kode", "type": "string", "constraints": {"required": True}},
            {"name": "jumlah", "type": "integer", "constraints": {"required": True, "minimum": 0}},
        ],
        "primaryKey": ["kode"],
        "missingValues": [""],
    }


def opd(id: str = "dinkes") -> OpdRegistered:
    return OpdRegistered(
        opd=id,
        revision=1,
        name="Dinas Kesehatan",
        short_name="Dinkes",
        kode_skpd="1.02.2.14.0.00.05.0000",
        bidang_urusan=("1.02", "2.14"),
        contact="dinkes@lumajang.example",
        valid_from="2017-01-01",
    )


def dataset(opd: str = "dinkes", id: str = "35.08/rumah-sakit") -> DatasetRegistered:
    return DatasetRegistered(
        dataset=id,
        revision=1,
        title="Rumah sakit",
        description="Jumlah rumah sakit menurut jenis",
        opd=opd,
        bidang_urusan="1.02",
        frequency="tahunan",
        access="terbuka",
        publication="langsung",
        level="kabupaten",
    )


@dataclass
class House:
    """The service without its processes: it hears, turns its loops when it is told to, and is listened to."""

    settings: Settings
    ground: Ground
    leases: Leases
    heard: Subscription
    crew: Crew | None = None
    verdicts: list[SubmissionValidated] = field(default_factory=list)

    @property
    def library(self) -> Library:
        return Library(self.ground.documents, self.ground.payloads, self.ground.unit)

    def hear(self, *events: Event) -> None:
        unit = self.ground.unit()
        outbox, metrics = self.ground.outbox(), self.ground.metrics
        carrier = Carrier(reactions(unit), unit=unit, outbox=outbox, metrics=metrics)
        now = datetime.now(UTC)
        carrier.carry([(event.topic.name, encode(event, source="test", time=now)) for event in events])

    def knows_everything(self, *opds: str) -> None:
        """Standard, dataset and OPD are here; each further OPD has a dataset named after it."""
        self.library.adopt_standard("35.08/rumah-sakit", standard(), ())
        self.hear(dataset(), *(opd(id) for id in opds or ("dinkes",)))
        for other in opds[1:]:
            self.library.adopt_standard(f"35.08/{other}", standard(), ())
            self.hear(dataset(other, f"35.08/{other}"))

    def received(
        self,
        submission: str,
        data: bytes = GOOD,
        *,
        opd: str = "dinkes",
        filename: str = "rumah-sakit.csv",
        dataset: str = "35.08/rumah-sakit",
        sequence: int = 1,
    ) -> SubmissionReceived:
        return SubmissionReceived(
            submission=submission,
            dataset=dataset,
            opd=opd,
            period="2024",
            sequence=sequence,
            payload=self.ground.payloads.put_many([data])[0],
            size=len(data),
            media_type="text/csv",
            filename=filename,
            received_at=datetime(2026, 3, 2, 5, 0, tzinfo=UTC),
        )

    def works_until(self, done: Callable[[], object], *loops: str) -> None:
        """Turn these loops (all, when none is named) until ``done`` or the end of patience."""
        all_loops = self.loops()
        until = time.monotonic() + PATIENCE
        while not done():
            assert time.monotonic() < until, self.said()
            for name in loops or all_loops:
                all_loops[name].turn()

    def loops(self) -> dict[str, Any]:
        if self.crew is None:
            self.crew = Crew(self.settings.payloads, Limits())
            self.crew.start()
        return jobs(self.ground, self.settings, self.leases, self.crew)

    def said(self) -> list[SubmissionValidated]:
        """Every verdict so far, in the order of the bus."""
        for delivery in self.heard.poll(500, 0.05):
            event = decode(delivery.record.value).event
            if isinstance(event, SubmissionValidated):
                self.verdicts.append(event)
        return self.verdicts

    def answers(self, count: int) -> list[SubmissionValidated]:
        """Work until so many verdicts were said."""
        self.works_until(lambda: len(self.said()) >= count)
        return self.verdicts


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        region="35.08",
        bus=f"sqlite:///{tmp_path}/bus.db",
        documents=f"sqlite:///{tmp_path}/validation.db",
        payloads=f"file://{tmp_path}/payloads",
        desk_token="meja-walidata-lumajang",
        lease=0.5,
    )


@pytest.fixture
def house(settings: Settings) -> Iterator[House]:
    ground = build(settings)
    heard = ground.bus.subscribe(["muara.validation"], group="test")
    house = House(settings, ground, Leases(ground.documents, length=settings.lease), heard)
    yield house
    if house.crew:
        house.crew.close()
    heard.close()
    ground.close()


@pytest.fixture
def facts() -> Any:
    """The makers of facts, for tests that import nothing from here."""
    return SimpleNamespace(opd=opd, dataset=dataset, standard=standard())


@pytest.fixture
def until() -> Callable[[Callable[[], Any]], Any]:
    """Ask again and again until the answer is true, and give it back."""

    def wait(ask: Callable[[], Any]) -> Any:
        end = time.monotonic() + PATIENCE
        while not (answer := ask()):
            assert time.monotonic() < end, "out of patience"
            time.sleep(0.01)
        return answer

    return wait
