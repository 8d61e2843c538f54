"""A small world for the worker: real SQLite stores, the tiny service, and doors that can be shut."""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from muara_kernel.bus import Delivery, Record
from muara_kernel.bus.sqlite import SqliteBus
from muara_kernel.documents.sqlite import SqliteDocuments
from muara_kernel.events import Event, SubmissionReceived, encode
from muara_kernel.observability.metrics import Metrics
from muara_kernel.worker.carrier import Carrier, Handler
from muara_kernel.worker.dead_letters import DeadLetters
from muara_kernel.worker.loop import Reader
from muara_kernel.worker.marks import Marks
from muara_kernel.worker.outbox import Outbox
from muara_kernel.worker.unit import Unit

PENDUDUK = "35.08/jumlah-penduduk"
RECEIVED_AT = datetime(2025, 1, 20, 8, 30, tzinfo=UTC)


class Unhurried(threading.Event):
    """Nobody waits for it; it remembers how long they meant to."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout)
        return self.is_set()


class Door:
    """Stands before a store. ``before`` a call and ``after`` it, what the test put there happens once."""

    def __init__(self, behind: Any) -> None:
        self._behind = behind
        self.before: dict[str, list[Callable[[], None]]] = {}
        self.after: dict[str, list[Callable[[], None]]] = {}

    def __getattr__(self, name: str) -> Any:
        step = getattr(self._behind, name)
        if not callable(step):
            return step

        def passed(*given: Any, **named: Any) -> Any:
            self._happen(self.before, name)
            answer = step(*given, **named)
            self._happen(self.after, name)
            return answer

        return passed

    def _happen(self, planned: dict[str, list[Callable[[], None]]], name: str) -> None:
        if planned.get(name):
            planned[name].pop(0)()


def fail(error: Exception) -> Callable[[], None]:
    def failing() -> None:
        raise error

    return failing


@dataclass
class World:
    directory: Path
    ledger: ModuleType
    session: float = 10.0
    stop: Unhurried = field(default_factory=Unhurried)

    def __post_init__(self) -> None:
        self.bus = Door(SqliteBus(self.directory / "bus.db", session=self.session))
        self.documents = Door(SqliteDocuments(self.directory / "documents.db"))
        self.metrics = Metrics("ledger")
        self.ledger.declare(self.documents)

    def received(self, number: int = 1, **changes: Any) -> SubmissionReceived:
        facts: dict[str, Any] = {
            "submission": f"S{number}",
            "dataset": PENDUDUK,
            "opd": "dukcapil",
            "period": "2024",
            "sequence": number,
            "payload": "ab" * 32,
            "size": 2048,
            "media_type": "text/csv",
            "filename": "penduduk-2024.csv",
            "received_at": RECEIVED_AT,
        }
        return SubmissionReceived(**{**facts, **changes})

    def told(self, event: Event) -> Record:
        return encode(event, source="ingest", time=RECEIVED_AT)

    def publish(self, *events: Event | Record) -> None:
        for event in events:
            record = self.told(event) if isinstance(event, Event) else event
            self.bus.publish("muara.ingest", [record])

    def delivery(self, offset: int = 0, *, partition: int = 0, record: Record | None = None) -> Delivery:
        return Delivery("muara.ingest", partition, offset, record or self.told(self.received(offset)))

    def unit(self, *, grace: float = 5.0, **more: Any) -> Unit:
        return Unit(self.documents, source="ledger", grace=grace, **more)

    def outbox(self, **more: Any) -> Outbox:
        return Outbox(self.documents, self.bus, self.metrics, collections=[self.ledger.LEDGERS], **more)

    def carrier(
        self,
        reactions: Mapping[type[Event], Handler] | None = None,
        *,
        unit: Unit | None = None,
        **more: Any,
    ) -> Carrier:
        unit = unit or self.unit()
        note = self.ledger.Ledger(unit).note
        return Carrier(
            reactions or {SubmissionReceived: note},
            unit=unit,
            outbox=self.outbox(),
            metrics=self.metrics,
            **more,
        )

    def carrier_with(self, react: Callable[[Unit, SubmissionReceived], None]) -> Carrier:
        """A carrier whose reaction is given the unit of work, as those of a service are."""
        unit = self.unit()
        return self.carrier({SubmissionReceived: lambda event: react(unit, event)}, unit=unit)

    def letters(self) -> DeadLetters:
        return DeadLetters(self.documents, "ledger", self.metrics, now=lambda: RECEIVED_AT)

    def reader(self, carrier: Carrier | None = None, *, bus: Any = None) -> Reader:
        return Reader(
            (bus or self.bus).subscribe(["muara.ingest"], group="ledger"),
            carrier or self.carrier(),
            marks=Marks(self.documents, "ledger"),
            dead_letters=self.letters(),
            metrics=self.metrics,
            stop=self.stop,
        )

    def totals(self) -> dict[str, int]:
        """What the service counted, by dataset."""
        return {stored.id: stored.body["total"] for stored in self.documents.find(self.ledger.LEDGERS)}

    def said(self, topic: str = "muara.validation") -> list[Record]:
        """Everything that was ever published on ``topic``."""
        heard = self.bus.subscribe([topic], group=f"listener-{uuid4().hex}")
        records: list[Record] = []
        while deliveries := heard.poll(500, 0):
            records += [delivery.record for delivery in deliveries]
        heard.close()
        return records

    def unread(self) -> int:
        """How many records of muara.ingest are not committed."""
        heard = self.bus.subscribe(["muara.ingest"], group="ledger")
        left = len(heard.poll(500, 0))
        heard.close()
        return left

    def close(self) -> None:
        self.bus.close()
        self.documents.close()


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Nobody reads these logs, and drawing their tracebacks would take longer than the tests."""
    with capture_logs():
        yield


@pytest.fixture(scope="session")
def ledger() -> ModuleType:
    spec = importlib.util.spec_from_file_location("ledger", Path(__file__).with_name("ledger.py"))
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def open_world(tmp_path: Path, ledger: ModuleType) -> Iterator[Callable[..., World]]:
    opened: list[World] = []

    def open(session: float = 10.0) -> World:
        opened.append(World(tmp_path, ledger, session))
        return opened[-1]

    yield open
    for world in opened:
        world.close()


@pytest.fixture
def world(open_world: Callable[..., World]) -> World:
    return open_world()


@pytest.fixture
def failing() -> Callable[[Exception], Callable[[], None]]:
    return fail
