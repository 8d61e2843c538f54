"""Facts one remembers, and a notification service on real SQLite files in a directory of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from muara_kernel.documents import Documents
from muara_kernel.documents.connect import connect
from muara_kernel.events import (
    DatasetPublished,
    DatasetRegistered,
    Event,
    Finding,
    OpdRegistered,
    ReviewRequested,
    SubmissionHeld,
    SubmissionReturned,
    Text,
)
from muara_kernel.worker.copies import COPIES, Copies, CopiesRead
from muara_kernel.worker.leases import OWNERS
from muara_kernel.worker.unit import Unit
from notification_service.app import address_book, letters, reactions
from notification_service.jobs import Deliveries
from notification_service.model.composing import Policy
from notification_service.settings import Settings
from notification_service.storage import COLLECTIONS, DocumentClaims, DocumentInbox

TOKEN = "meja-walidata-lumajang"
NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
OF = {"dataset": "35.08/rumah-sakit", "opd": "dinkes", "period": "2025", "sequence": 7}
DELIVERED = {
    "payload": "a" * 64,
    "size": 912,
    "media_type": "text/csv",
    "filename": "rumah-sakit.csv",
    "received_at": NOON,
}


def finding(row: int | None = 5, column: str | None = "jumlah", **changes: Any) -> Finding:
    told: dict[str, Any] = {
        "rule": "SD-06",
        "principle": "standar_data",
        "severity": "galat",
        "legal": "Perpres 39/2019 Pasal 3 huruf a",
        "message": Text('"12,5" memakai koma.', '"12,5" uses a comma.'),
        "hint": Text("Tulis 12.5.", "Write 12.5."),
    }
    return Finding(row=row, column=column, **{**told, **changes})


def returned(submission: str = "KIRIM-1", **changes: Any) -> SubmissionReturned:
    told: dict[str, Any] = {
        "decided_by": "sistem",
        "reason": "Data tidak memenuhi standar.",
        "received_at": NOON,
        "rows": 12,
        "errors": 1,
        "findings": (finding(),),
    }
    return SubmissionReturned(submission=submission, **{**OF, **told, **changes})


def review(submission: str = "KIRIM-2", **changes: Any) -> ReviewRequested:
    told: dict[str, Any] = {
        "reason": "Dataset ini diperiksa walidata.",
        "report": "b" * 64,
        "rows": 12,
        "warnings": 2,
    }
    return ReviewRequested(submission=submission, **{**OF, **DELIVERED, **told, **changes})


def published(submission: str = "KIRIM-3", **changes: Any) -> DatasetPublished:
    told: dict[str, Any] = {
        "version": 4,
        "decided_by": "sistem",
        "report": "b" * 64,
        "rows": 12,
        "warnings": 0,
        "published_at": NOON,
    }
    return DatasetPublished(submission=submission, **{**OF, **DELIVERED, **told, **changes})


def held(submission: str = "KIRIM-4", **changes: Any) -> SubmissionHeld:
    return SubmissionHeld(submission=submission, **{**OF, "asks": 5, "received_at": NOON, **changes})


def opd(contact: str = "dinkes@lumajang.example", revision: int = 1, **changes: Any) -> OpdRegistered:
    told: dict[str, Any] = {
        "opd": "dinkes",
        "name": "Dinas Kesehatan",
        "short_name": "DINKES",
        "kode_skpd": "1.02.2.14.0.00.05.0000",
        "bidang_urusan": ("1.02", "2.14"),
        "valid_from": "2017-01-01",
    }
    return OpdRegistered(contact=contact, revision=revision, **{**told, **changes})


def dataset(**changes: Any) -> DatasetRegistered:
    told: dict[str, Any] = {
        "dataset": "35.08/rumah-sakit",
        "revision": 1,
        "title": "Jumlah rumah sakit",
        "description": "Rumah sakit menurut jenis.",
        "opd": "dinkes",
        "bidang_urusan": "1.02",
        "frequency": "tahunan",
        "access": "terbuka",
        "publication": "langsung",
        "level": "kabupaten",
    }
    return DatasetRegistered(**{**told, **changes})


@dataclass
class Clock:
    """A wall clock that goes only when it is told to."""

    at: datetime = NOON

    def __call__(self) -> datetime:
        return self.at

    def goes(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class Office:
    """The service without its processes: what it hears, and one worker's deliveries."""

    documents: Documents
    settings: Settings
    clock: Clock
    policy: Policy = field(default_factory=lambda: Policy("35.08.example"))
    counted: list[tuple[str, str]] = field(default_factory=list)

    @property
    def inbox(self) -> DocumentInbox:
        return DocumentInbox(self.documents)

    @property
    def folder(self) -> Path:
        return Path(self.settings.outbox)

    def unit(self) -> Unit:
        return Unit(self.documents, source="notification", now=self.clock)

    def hears(self, *events: Event) -> None:
        """All of them in one batch."""
        unit = self.unit()
        react = reactions(unit, policy=self.policy)
        for event in events:
            react[type(event)](event)
        unit.flush()

    def knows(self, *copies: OpdRegistered | DatasetRegistered) -> None:
        unit = self.unit()
        for copy in copies:
            Copies(unit).keep(copy)
        unit.flush()

    def worker(self, owner: str = "pekerja-1", **changes: Any) -> Deliveries:
        parts: dict[str, Any] = {
            "channels": {"surat": letters(self.settings)},
            "addresses": address_book(self.settings, CopiesRead(self.documents)),
            "owner": lambda: owner,
            "count": lambda outcome, seconds, opd: self.counted.append((outcome, opd)),
            "now": self.clock,
        }
        return Deliveries(DocumentClaims(self.documents), **{**parts, **changes})

    def letters(self) -> list[Path]:
        return sorted(self.folder.glob("*.eml"))


def settings_in(directory: Path, **changes: Any) -> Settings:
    told: dict[str, Any] = {
        "region": "35.08",
        "region_name": "Kabupaten Lumajang",
        "bus": f"sqlite:///{directory}/bus.db",
        "documents": f"sqlite:///{directory}/notification.db",
        "payloads": f"file:///{directory}/payloads",
        "desk_token": TOKEN,
        "outbox": str(directory / "surat-keluar"),
    }
    return Settings(**{**told, **changes})


def store_of(settings: Settings) -> Documents:
    documents = connect(settings.documents)
    for collection in (COPIES, OWNERS, *COLLECTIONS):
        documents.declare(collection)
    return documents


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path)


@pytest.fixture
def documents(settings: Settings) -> Iterator[Documents]:
    store = store_of(settings)
    yield store
    store.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(documents: Documents, settings: Settings, clock: Clock) -> Office:
    return Office(documents, settings, clock)


@pytest.fixture
def facts() -> SimpleNamespace:
    """The makers of events above."""
    return SimpleNamespace(
        finding=finding,
        returned=returned,
        review=review,
        published=published,
        held=held,
        opd=opd,
        dataset=dataset,
        every=(returned(), review(), published(), held()),
    )
