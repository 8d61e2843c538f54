"""Every metric of the kernel, declared in one place; ``opd`` wherever a lane can be told from another."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

OTHERS = "lain"
NONE = "-"

_SLUG = re.compile(r"[a-z0-9-]{1,40}")
_MOST_OPD = 200
_QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_LONG = (0.01, 0.05, 0.1, 0.5, 1, 5, 15, 30, 60, 300, 900, 3600)


class OpdLabels:
    """Bounds the label ``opd``: slugs only, at most 200 of them, so that no sender can fill the memory."""

    def __init__(self, most: int = _MOST_OPD) -> None:
        self._most = most
        self._known: set[str] = set()
        self._turn = threading.Lock()

    def label(self, opd: str | None) -> str:
        """The OPD itself, ``lain`` for what is no slug or one too many, ``-`` for none."""
        if opd is None:
            return NONE
        if opd in self._known:
            return opd
        with self._turn:
            if not _SLUG.fullmatch(opd) or len(self._known) >= self._most:
                return OTHERS
            self._known.add(opd)
            return opd


class Metrics:
    """What a process of ``service`` counts; ``registry`` is what /metrics shows."""

    def __init__(self, service: str, registry: CollectorRegistry | None = None) -> None:
        self.service = service
        self.registry = registry = registry or CollectorRegistry()
        self._opd = OpdLabels()
        one = ("service",)
        self.events_read = Counter(
            "muara_events_read_total",
            "Events read, by what became of them.",
            ("service", "topic", "type", "outcome"),
            registry=registry,
        )
        self.events_published = Counter(
            "muara_events_published_total", "Events published.", ("service", "type"), registry=registry
        )
        self.event_age = Histogram(
            "muara_event_age_seconds",
            "Age of an event when it was read.",
            one,
            registry=registry,
            buckets=_LONG,
        )
        self.batch_seconds = Histogram(
            "muara_batch_seconds",
            "Poll to commit of one batch.",
            one,
            registry=registry,
            buckets=_QUICK,
        )
        self.dead_letters = Counter(
            "muara_dead_letters_total",
            "Events that could not be read.",
            ("service", "reason", "opd"),
            registry=registry,
        )
        self.dead_letters_waiting = Gauge(
            "muara_dead_letters_waiting", "Dead letters nobody has decided on.", one, registry=registry
        )
        self.outbox_pending = Gauge(
            "muara_outbox_pending", "Announcements written and not yet published.", one, registry=registry
        )
        self.topics_differing = Gauge(
            "muara_topics_differing",
            "Ways in which topics are not as they were declared.",
            one,
            registry=registry,
        )
        self.jobs = Counter(
            "muara_jobs_total",
            "Jobs done, by outcome.",
            ("service", "job", "outcome", "opd"),
            registry=registry,
        )
        self.job_seconds = Histogram(
            "muara_job_seconds",
            "Claim to end of one job.",
            ("service", "job"),
            registry=registry,
            buckets=_LONG,
        )
        self.worker_up = Gauge(
            "muara_worker_up", "1 while the loop turns.", ("service", "loop"), registry=registry
        )

        self.loops_waiting = Gauge(
            "muara_loops_waiting",
            "Loops of a worker that wait for a server, or for somebody to act.",
            one,
            registry=registry,
        )
        self.loops_waiting.labels(service).set(0)

    def opd_label(self, opd: str | None) -> str:
        """``opd`` as a label, bounded; see OpdLabels."""
        return self._opd.label(opd)

    def read(self, topic: str, type: str, outcome: str, age: float | None = None) -> None:
        """An event was read; ``age`` in seconds since it happened."""
        self.events_read.labels(self.service, topic, type, outcome).inc()
        if age is not None:
            self.event_age.labels(self.service).observe(max(age, 0.0))

    def published(self, type: str, count: int = 1) -> None:
        self.events_published.labels(self.service, type).inc(count)

    def batch(self, seconds: float) -> None:
        self.batch_seconds.labels(self.service).observe(seconds)

    def buried(self, reason: str, opd: str | None = None) -> None:
        self.dead_letters.labels(self.service, reason, self.opd_label(opd)).inc()

    def waiting(self, *, dead_letters: int | None = None, outbox: int | None = None) -> None:
        """How many dead letters wait for a decision, how many announcements for the bus."""
        if dead_letters is not None:
            self.dead_letters_waiting.labels(self.service).set(dead_letters)
        if outbox is not None:
            self.outbox_pending.labels(self.service).set(outbox)

    def topics_differ(self, ways: int) -> None:
        """In how many ways the topics are not as declared; said only where they could be compared."""
        self.topics_differing.labels(self.service).set(ways)

    def job(self, job: str, outcome: str, seconds: float, opd: str | None = None) -> None:
        self.jobs.labels(self.service, job, outcome, self.opd_label(opd)).inc()
        self.job_seconds.labels(self.service, job).observe(seconds)

    def turns(self, loop: str, up: bool) -> None:
        """Whether a loop of this worker turns."""
        self.worker_up.labels(self.service, loop).set(1 if up else 0)

    def loops_wait(self, how_many: Callable[[], int]) -> None:
        """Asked whenever /metrics is."""
        self.loops_waiting.labels(self.service).set_function(how_many)


class HttpMetrics:
    """What the door counts; ``make_app`` declares it in the registry it is given."""

    def __init__(self, service: str, registry: CollectorRegistry) -> None:
        self.service = service
        self._opd = OpdLabels()
        self.requests = Counter(
            "muara_http_requests_total",
            "Requests answered.",
            ("service", "method", "endpoint", "status", "opd"),
            registry=registry,
        )
        self.seconds = Histogram(
            "muara_http_request_seconds",
            "First byte in to answer ready.",
            ("service", "method", "endpoint"),
            registry=registry,
            buckets=_QUICK,
        )

    def answered(self, method: str, endpoint: str, status: int, opd: str | None, seconds: float) -> None:
        self.requests.labels(self.service, method, endpoint, status, self._opd.label(opd)).inc()
        self.seconds.labels(self.service, method, endpoint).observe(seconds)
