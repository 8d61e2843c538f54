"""The ground every service stands on: its connections, and the worker that the four have in common.

A service's composition root builds one Ground from its settings and says what is its own: the
collections, the reactions, the jobs.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

import structlog
from flask import Flask, request
from flask_smorest import Api
from werkzeug.middleware.proxy_fix import ProxyFix

from muara_kernel.addresses import Addresses
from muara_kernel.bus import EventBus
from muara_kernel.bus.connect import connect as connect_bus
from muara_kernel.bus.connect import topics as connect_topics
from muara_kernel.documents import Collection, Documents, DocumentsUnavailable
from muara_kernel.documents.connect import connect as connect_documents
from muara_kernel.events import Event, Text
from muara_kernel.observability import logs
from muara_kernel.observability.health import Pulse, make_health_app
from muara_kernel.observability.metrics import Metrics
from muara_kernel.payloads import Payloads
from muara_kernel.payloads.connect import connect as connect_payloads
from muara_kernel.settings import SettingsError, Shared
from muara_kernel.web import navigation, pages
from muara_kernel.web.app import Limits, make_app
from muara_kernel.web.copies import copies_blueprint
from muara_kernel.web.desk import Desk
from muara_kernel.web.health_server import serve_health
from muara_kernel.worker.carrier import Carrier, Dismissal, Handler
from muara_kernel.worker.comparison import Comparison
from muara_kernel.worker.copies import COPIES, CopiesRead
from muara_kernel.worker.dead_letters import BURIALS, DEAD_LETTERS, DeadLetters
from muara_kernel.worker.leases import OWNERS, Leases
from muara_kernel.worker.loop import NOBODYS_FAULT, Reader
from muara_kernel.worker.marks import MARKS, Marks
from muara_kernel.worker.outbox import Outbox
from muara_kernel.worker.process import Loop, run
from muara_kernel.worker.region import REGION, demand_region
from muara_kernel.worker.replays import Replays
from muara_kernel.worker.unit import ANNOUNCED, SWEEP_AFTER, Unit

OURS = (ANNOUNCED, COPIES, DEAD_LETTERS, BURIALS, MARKS, OWNERS, REGION)
TOPICS_COMPARED_EVERY = 60.0

log = structlog.get_logger(__name__)

Reactions = Mapping[type[Event], Handler]
Dismissals = Mapping[type[Event], Dismissal]


@dataclass
class Ground:
    """One service's connections. Those of ``collections`` whose documents announce things have a ``pending``.

    A server that is away when the process starts is waited for: nothing of the service runs, and it is not
    ready, before its collections are declared.
    """

    service: str
    settings: Shared
    bus: EventBus
    documents: Documents
    payloads: Payloads
    metrics: Metrics
    collections: Sequence[Collection]
    cleared_with: Sequence[str] = ()
    declared: bool = False
    waits: dict[str, str] = field(default_factory=dict)
    stop: threading.Event = field(default_factory=threading.Event)
    pulse: Pulse = field(init=False)

    def __post_init__(self) -> None:
        self.pulse = Pulse(on_change=self.metrics.turns)

    @classmethod
    def of(
        cls,
        service: str,
        settings: Shared,
        collections: Sequence[Collection],
        *,
        cleared_with: Sequence[str] = (),
    ) -> Ground:
        ground = cls(
            service=service,
            settings=settings,
            bus=connect_bus(settings.bus, session=settings.session),
            documents=connect_documents(settings.documents),
            payloads=connect_payloads(settings.payloads),
            metrics=Metrics(service),
            collections=collections,
            cleared_with=cleared_with,
        )
        try:
            ground._declare()
        except DocumentsUnavailable as error:
            log.warning("waiting", error=str(error))
        return ground

    # --- what both processes build on ------------------------------------------------------------

    def declare(self) -> None:
        """Declare the collections, once; raises DocumentsUnavailable while their store is away.

        Likewise where it came back and holds the documents of another region: we run already, so we wait.
        """
        try:
            self._declare()
        except SettingsError as error:
            raise DocumentsUnavailable(str(error)) from error

    def _declare(self) -> None:
        if not self.declared:
            for collection in (*OURS, *self.collections):
                self.documents.declare(collection)
            demand_region(self.documents, self.settings.region)
            self.declared = True

    def unit(self, *, grace: float = 0.0) -> Unit:
        """A unit of work whose announcements a sweep publishes, at once unless ``grace`` is given."""
        return Unit(self.documents, source=self.service, grace=grace)

    @property
    def speaking(self) -> Sequence[Collection]:
        """The collections whose documents announce things."""
        return [each for each in self.collections if ("pending",) in each.indexes]

    def outbox(self) -> Outbox:
        return Outbox(
            self.documents, self.bus, self.metrics, collections=self.speaking, cleared_with=self.cleared_with
        )

    def copies(self) -> CopiesRead:
        return CopiesRead(self.documents)

    def desk(self) -> Desk:
        return Desk(self.settings.desk_token)

    def dead_letters(self) -> DeadLetters:
        return DeadLetters(self.documents, self.service, self.metrics)

    def close(self) -> None:
        self.bus.close()
        self.documents.close()
        self.payloads.close()

    # --- the web process -----------------------------------------------------------------------

    def web(self, title: Text, *, import_name: str, limits: Limits | None = None) -> tuple[Flask, Api, Desk]:
        """A Flask app with everything the four have in common; the service registers its own blueprints."""
        logs.configure(self.service, "web")
        app, api = make_app(
            self.service,
            title=title,
            version="1",
            limits=limits or Limits(),
            parts_ready=self.ready,
            registry=self.metrics.registry,
            import_name=import_name,
        )
        if self.settings.proxies:
            hops = self.settings.proxies
            app.wsgi_app = ProxyFix(app.wsgi_app, hops, hops, hops, 0, hops)  # type: ignore[method-assign]
        pages.install(app, self.settings.region_name or self.settings.region)
        app.before_request(self._declare_before_views)
        desk = self.desk()
        desk.install(app)
        navigation.install(app, self.service, Addresses.of(self.settings.public_url), desk.is_signed_in)
        app.register_blueprint(copies_blueprint(self.copies(), desk))
        return app, api, desk

    def ready(self) -> dict[str, str | None]:
        """Each part, with None when it answers and a sentence when it does not."""
        checks = {"bus": self.bus.check, "documents": self._check_documents, "payloads": self.payloads.check}
        with ThreadPoolExecutor(len(checks)) as pool:  # each may wait some seconds for a server that is away
            return dict(zip(checks, pool.map(_sentence, checks.values()), strict=True))

    def _check_documents(self) -> None:
        self.declare()
        self.documents.check()

    def _declare_before_views(self) -> None:
        """No view meets a collection without its unique keys; health answers all the same."""
        if request.blueprint != "health":
            self.declare()

    # --- the worker process ----------------------------------------------------------------------

    def work(
        self,
        reactions: Callable[[Unit], Reactions],
        *,
        dismissals: Callable[[Unit], Dismissals] = lambda unit: {},
        jobs: Mapping[str, Loop] | None = None,
        leases: Leases | None = None,
        close: Callable[[], None] = lambda: None,
    ) -> int:
        """Run the worker until it is asked to stop; returns the exit code of the process."""
        logs.configure(self.service, "worker")
        reader = self._reader(reactions, dismissals)
        replays = Replays(self._carrier(reactions, dismissals), self.dead_letters())

        def waiting() -> dict[str, str | None]:
            return {"reader": reader.waits_for, **self.waits}

        self.metrics.loops_wait(lambda: sum(sentence is not None for sentence in waiting().values()))
        app = make_health_app(lambda: {**self.ready(), **waiting()}, self.metrics.registry, self.pulse)
        health = serve_health(app, self.settings.health_bind)
        loops = {
            "reader": Loop(reader.turn, idle=(0.0,)),
            "outbox": Loop(self.outbox().sweep),
            "letters": Loop(replays.turn, idle=(0.5,)),
            "gauges": Loop(self._gauges, idle=(5.0,)),
            **(jobs or {}),
        }
        if leases:
            loops["leases"] = Loop(leases.beat, idle=(self.settings.lease / 5,))
        loops = {name: self._once_declared(loop) for name, loop in loops.items()}
        topics = connect_topics(self.settings.bus)
        if topics:
            loops["topics"] = Loop(Comparison(topics, self.metrics).turn, idle=(TOPICS_COMPARED_EVERY,))
        try:
            return run(loops, stop=self.stop, pulse=self.pulse, close=reader.close, waits=self.waits)
        finally:
            with ExitStack() as leaving:  # each of them, though one before it cannot reach its store any more
                for leave in (
                    self.close,
                    health.close,
                    topics.close if topics else None,
                    leases.resign if leases else None,
                    close,
                ):
                    if leave:
                        leaving.callback(_quietly, leave)

    def _reader(
        self, reactions: Callable[[Unit], Reactions], dismissals: Callable[[Unit], Dismissals]
    ) -> Reader:
        topics = sorted({event.topic.name for event in reactions(self.unit())})
        return Reader(
            self.bus.subscribe(topics, group=self.service),
            self._carrier(reactions, dismissals),
            marks=Marks(self.documents, self.service),
            dead_letters=self.dead_letters(),
            metrics=self.metrics,
            stop=self.stop,
        )

    def _carrier(
        self, reactions: Callable[[Unit], Reactions], dismissals: Callable[[Unit], Dismissals]
    ) -> Carrier:
        unit = self.unit(grace=SWEEP_AFTER)
        return Carrier(
            reactions(unit),
            unit=unit,
            outbox=self.outbox(),
            metrics=self.metrics,
            dismissals=dismissals(unit),
        )

    def _once_declared(self, loop: Loop) -> Loop:
        def turn() -> bool:
            self.declare()
            return loop.turn()

        return replace(loop, turn=turn)

    def _gauges(self) -> bool:
        self.metrics.waiting(dead_letters=self.dead_letters().waiting(), outbox=self.outbox().waiting())
        return False


def _quietly(leave: Callable[[], object]) -> None:
    try:
        leave()
    except NOBODYS_FAULT as error:
        log.warning("left without a word", error=str(error))


def _sentence(check: Callable[[], None]) -> str | None:
    try:
        check()
    except NOBODYS_FAULT as error:
        return str(error)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None
