"""The composition root of catalog: the only place where its parts are built."""

from __future__ import annotations

from functools import partial

from flask import Flask, g

from catalog_service import handlers, pages
from catalog_service.api import blueprints
from catalog_service.api.door import Door
from catalog_service.api.reviews import data_of, decided
from catalog_service.jobs import Partings, Todos
from catalog_service.settings import Settings
from catalog_service.storage import (
    COLLECTIONS,
    DATASETS,
    OPD,
    DocumentEditions,
    DocumentRegister,
    DocumentShelf,
    UnitOfWork,
)
from muara_kernel.events import DatasetRegistered, Event, OpdRegistered, SubmissionValidated, Text
from muara_kernel.ground import Dismissals, Ground, Reactions
from muara_kernel.settings import read
from muara_kernel.web.app import MIB, Limits
from muara_kernel.worker.again import say_again
from muara_kernel.worker.copies import Copies
from muara_kernel.worker.process import Loop
from muara_kernel.worker.unit import Unit

TITLE = Text("Muara: katalog data daerah", "Muara: the region's catalog of data")
LARGEST_REQUEST = MIB
TODOS_IDLE = (0.1, 0.2, 0.5, 1.0)
PARTINGS_IDLE = (5.0,)


def build(settings: Settings) -> Ground:
    return Ground.of("catalog", settings, COLLECTIONS)


def create_app(settings: Settings | None = None) -> Flask:
    settings = settings or read(Settings)
    ground = build(settings)
    app, api, desk = ground.web(TITLE, import_name=__package__, limits=Limits(body=LARGEST_REQUEST))
    shelf = DocumentShelf(ground.documents)
    door = Door(
        shelf=shelf,
        payloads=ground.payloads,
        begin=lambda: _begin(ground),
        desk=desk,
        region=settings.region,
        again=partial(_say_again, ground),
    )
    for blueprint in blueprints(door):
        api.register_blueprint(blueprint)
    app.register_blueprint(pages.published.blueprint(shelf, desk))
    app.register_blueprint(
        pages.reviews.blueprint(
            shelf, ground.payloads, desk, decide=partial(decided, door), data=partial(data_of, door)
        )
    )
    return app


def _begin(ground: Ground) -> UnitOfWork:
    """A unit of work for one request; what it announces belongs to the trace of that request."""
    unit = ground.unit()
    unit.traceparent = g.get("traceparent")
    return UnitOfWork(unit)


def _say_again(ground: Ground, entry: OpdRegistered | DatasetRegistered) -> None:
    """A service that never heard of this entry, or lost it, hears of it now."""
    kept_in = OPD if isinstance(entry, OpdRegistered) else DATASETS
    say_again(ground.documents, kept_in, entry.subject, entry.id)


def reactions(unit: Unit) -> Reactions:
    """The REACTIONS table, each handler with what it needs."""
    given: dict[object, dict[str, object]] = {
        handlers.receive_verdict: {"editions": DocumentEditions(unit), "register": DocumentRegister(unit)},
        handlers.keep_copy: {"copies": Copies(unit)},
    }
    bound: dict[type[Event], partial[None]] = {
        event: partial(handle, **given[handle]) for event, handle in handlers.REACTIONS.items()
    }
    return bound


def dismissals(unit: Unit) -> Dismissals:
    return {SubmissionValidated: partial(handlers.dismiss_verdict, editions=DocumentEditions(unit))}


def todos(ground: Ground) -> Todos:
    return Todos(DocumentShelf(ground.documents), lambda: UnitOfWork(ground.unit()))


def partings(ground: Ground) -> Partings:
    return Partings(DocumentShelf(ground.documents), lambda: UnitOfWork(ground.unit()))


def run_worker(settings: Settings | None = None) -> int:
    ground = build(settings or read(Settings))
    jobs = {
        "todos": Loop(todos(ground).turn, idle=TODOS_IDLE),
        "partings": Loop(partings(ground).turn, idle=PARTINGS_IDLE),
    }
    return ground.work(reactions, dismissals=dismissals, jobs=jobs)
