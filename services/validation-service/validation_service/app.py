"""The composition root of validation: the only place where its parts are built."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import Any

from flask import Flask

from muara_kernel.events import DatasetRegistered, SubmissionReceived, Text
from muara_kernel.events.moments import WIB
from muara_kernel.ground import Dismissals, Ground, Reactions
from muara_kernel.settings import read
from muara_kernel.worker.copies import Copies
from muara_kernel.worker.leases import Leases
from muara_kernel.worker.process import Loop
from muara_kernel.worker.unit import SWEEP_AFTER, Unit
from validation_service import handlers
from validation_service.api.buckets import Buckets
from validation_service.api.shares import Shares
from validation_service.jobs.child import MIB, Limits
from validation_service.jobs.crew import Crew
from validation_service.jobs.rota import References, Rota
from validation_service.jobs.sandbox import Sandbox
from validation_service.jobs.slot import Desk, Slot
from validation_service.settings import Settings
from validation_service.storage import COLLECTIONS
from validation_service.storage.checks import (
    DocumentChecks,
    DocumentEditions,
    DocumentQueue,
    PayloadReports,
)
from validation_service.storage.dossiers import Dossiers
from validation_service.storage.library import Library
from validation_service.storage.shelf import DocumentShelf
from validation_service.storage.trials import Trials

TITLE = Text("Muara: pemeriksaan data", "Muara: checking data")

# What a check waits in the queue is most of what a small file takes, so the pauses are short.
QUEUE_PAUSES = (0.01, 0.02, 0.03)


def build(settings: Settings) -> Ground:
    return Ground.of("validation", settings, COLLECTIONS)


def create_app(settings: Settings | None = None, *, sandbox: Sandbox | None = None) -> Flask:
    # polars starts threads when it is imported, so not before the web process has forked.
    from validation_service.api import checks, codelists, proposals, reports, standards
    from validation_service.pages import reports as laporan
    from validation_service.pages import tries

    settings = settings or read(Settings)
    ground = build(settings)
    app, api, desk = ground.web(TITLE, import_name=__package__)
    library = Library(ground.documents, ground.payloads, ground.unit)
    copies = ground.copies()

    def tertutup(dataset: str) -> bool:
        entry = copies.get(DatasetRegistered, dataset)
        return entry is not None and entry.access == "tertutup"

    api.register_blueprint(standards.blueprint(library, desk, region=settings.region, tertutup=tertutup))
    api.register_blueprint(codelists.blueprint(library, desk))
    dossiers = Dossiers(ground.documents, ground.payloads)
    api.register_blueprint(reports.blueprint(dossiers))
    app.register_blueprint(laporan.blueprint(dossiers))

    trials = Trials(library, copies, DocumentEditions(ground.documents), region=settings.region)
    sandbox = sandbox or Sandbox(
        lambda: Crew(settings.payloads, _sandbox_limits(settings)), places=settings.sandbox_checkers
    )
    app.extensions["sandbox"] = sandbox
    buckets, shares = Buckets(settings.sandbox_per_minute), Shares(settings.sandbox_checkers)
    door = checks.Door(trials, sandbox, buckets, shares, today=_today)
    api.register_blueprint(checks.blueprint(door, desk))
    api.register_blueprint(proposals.blueprint(library, sandbox, desk, today=_today))
    app.register_blueprint(
        tries.blueprint(
            lambda at_the_desk: trials.datasets(at_the_desk=at_the_desk),
            desk,
            lambda at_the_desk: door.tried(at_the_desk=at_the_desk),
        )
    )
    return app


def _today() -> date:
    return datetime.now(WIB).date()


def _sandbox_limits(settings: Settings) -> Limits:
    return Limits(
        memory=settings.sandbox_memory * MIB, deadline=settings.sandbox_deadline, recycle=settings.recycle
    )


def reactions(unit: Unit) -> Reactions:
    """The REACTIONS table, each handler with what it needs."""
    given: dict[Any, dict[str, Any]] = {
        handlers.receive_submission: {"checks": DocumentChecks(unit)},
        handlers.keep_copy: {"copies": Copies(unit)},
    }
    return {event: partial(handle, **given[handle]) for event, handle in handlers.REACTIONS.items()}


def run_worker(settings: Settings | None = None) -> int:
    settings = settings or read(Settings)
    ground = build(settings)
    leases = Leases(ground.documents, length=settings.lease)
    crew = Crew(settings.payloads, _limits(settings))
    crew.start()

    def dismissals(unit: Unit) -> Dismissals:
        reports = PayloadReports(ground.documents, ground.payloads)
        dismiss = partial(handlers.dismiss_submission, checks=DocumentChecks(unit), reports=reports)
        return {SubmissionReceived: dismiss}

    return ground.work(
        reactions,
        dismissals=dismissals,
        jobs=jobs(ground, settings, leases, crew),
        leases=leases,
        close=crew.close,
    )


def jobs(ground: Ground, settings: Settings, leases: Leases, crew: Crew) -> dict[str, Loop]:
    """The loops that work checks off, one for each checker, and those that look after the queue."""
    queue = DocumentQueue(ground.documents, partial(ground.unit, grace=SWEEP_AFTER), ground.outbox())
    shelf = DocumentShelf(
        Library(ground.documents, ground.payloads, ground.unit),
        ground.copies(),
        DocumentEditions(ground.documents),
    )
    rota = Rota(queue, leases, checkers=settings.checkers)
    desk = Desk(
        rota=rota,
        crew=crew,
        queue=queue,
        shelf=shelf,
        reports=PayloadReports(ground.documents, ground.payloads),
        metrics=ground.metrics,
        region=settings.region,
        starts=settings.starts,
        stop=ground.stop,
    )
    names = [f"checker-{number}" for number in range(1, settings.checkers + 1)]
    slots = {name: Slot(desk, partial(ground.pulse.beat, name)) for name in names}
    return {
        **{name: Loop(slot.turn, idle=QUEUE_PAUSES) for name, slot in slots.items()},
        "references": Loop(References(queue, shelf).turn),
        "abandoned": Loop(rota.free_the_abandoned, idle=(min(1.0, settings.lease / 5),)),
    }


def _limits(settings: Settings) -> Limits:
    return Limits(memory=settings.memory * MIB, deadline=settings.deadline, recycle=settings.recycle)
