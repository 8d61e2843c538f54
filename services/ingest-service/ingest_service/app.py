"""The composition root of ingest: the only place where its parts are built."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial

from flask import Flask

from ingest_service import handlers
from ingest_service.api import lanes as lanes_api
from ingest_service.api import submissions as submissions_api
from ingest_service.api.quota import Quota
from ingest_service.jobs.relay import Asking, Relay
from ingest_service.keys import keys
from ingest_service.settings import Settings
from ingest_service.storage import (
    CLEARED_WITH_PENDING,
    COLLECTIONS,
    INTEGRATIONS,
    Acceptance,
    DocumentIntegrations,
    DocumentLanes,
    DocumentSubmissions,
    candidate,
)
from muara_kernel.documents import Documents
from muara_kernel.events import DatasetRegistered, OpdRegistered, Text
from muara_kernel.ground import Ground, Reactions
from muara_kernel.settings import read
from muara_kernel.web.app import Limits
from muara_kernel.worker.copies import COPIES, Copies, CopiesRead
from muara_kernel.worker.process import Loop
from muara_kernel.worker.unit import SWEEP_AFTER, Unit

# What a push waits in a quiet lane is most of what it takes to go on, so the pauses are short.
LANE_PAUSES = (0.01, 0.02)

TITLE = Text("Muara: penerimaan data OPD", "Muara: intake of OPD data")


def build(settings: Settings) -> Ground:
    return Ground.of("ingest", settings, COLLECTIONS, cleared_with=CLEARED_WITH_PENDING)


def create_app(settings: Settings | None = None) -> Flask:
    settings = settings or read(Settings)
    ground = build(settings)
    app, api, desk = ground.web(TITLE, import_name=__package__, limits=Limits(body=settings.largest))
    lanes = DocumentLanes(ground.documents)
    door = submissions_api.Door(
        acceptance=Acceptance(ground.documents),
        payloads=ground.payloads,
        integrations=DocumentIntegrations(ground.documents),
        dataset=partial(ground.copies().get, DatasetRegistered),
        quota=Quota(settings.quota, count=lanes.waiting_of),
        desk=desk,
        now=lambda: datetime.now(UTC),
    )
    api.register_blueprint(submissions_api.blueprint(door))
    api.register_blueprint(lanes_api.blueprint(lanes, desk, partial(_registered, ground.copies())))
    return app


def reactions(unit: Unit) -> Reactions:
    """The REACTIONS table, each handler with what it needs."""
    given: Mapping[Callable[..., None], Mapping[str, object]] = {
        handlers.keep_copy: {"copies": Copies(unit)},
        handlers.note_publication: {"submissions": DocumentSubmissions(unit)},
        handlers.note_return: {"submissions": DocumentSubmissions(unit)},
        handlers.note_review: {"submissions": DocumentSubmissions(unit)},
    }
    return {event: partial(handle, **given[handle]) for event, handle in handlers.REACTIONS.items()}


def run_worker(settings: Settings | None = None) -> int:
    settings = settings or read(Settings)
    ground = build(settings)
    turning = Loop(asking(ground, settings).turn, idle=(min(1.0, settings.first_ask / 10),))
    return ground.work(
        reactions, jobs={"relay": Loop(relay(ground, settings).turn, idle=LANE_PAUSES), "asking": turning}
    )


def run_keys(documents: Documents, argv: Sequence[str]) -> int:
    documents.declare(INTEGRATIONS)
    documents.declare(COPIES)
    return keys(DocumentIntegrations(documents), partial(_registered, CopiesRead(documents)), argv)


def _registered(copies: CopiesRead, opd: str) -> bool:
    return copies.get(OpdRegistered, opd) is not None


def relay(ground: Ground, settings: Settings) -> Relay:
    unit = ground.unit(grace=SWEEP_AFTER)
    return Relay(
        DocumentLanes(ground.documents),
        DocumentSubmissions(unit),
        candidate,
        unit=unit,
        outbox=ground.outbox(),
        metrics=ground.metrics,
        width=settings.width,
        total=settings.total,
        first_ask=settings.first_ask,
    )


def asking(ground: Ground, settings: Settings) -> Asking:
    unit = ground.unit(grace=SWEEP_AFTER)
    return Asking(
        DocumentLanes(ground.documents),
        DocumentSubmissions(unit),
        unit=unit,
        outbox=ground.outbox(),
        metrics=ground.metrics,
        asks=settings.asks,
        first_ask=settings.first_ask,
        bus_answers=ground.bus.check,
        now=lambda: datetime.now(UTC),
    )
