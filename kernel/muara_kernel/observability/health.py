"""Is the process alive, can it work, what has it counted: three addresses, one blueprint."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping

import structlog
from flask import Blueprint, Flask, Response, jsonify, request
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder

STALE_AFTER = 60.0

PartsReady = Callable[[], Mapping[str, str | None]]

log = structlog.get_logger(__name__)


class Pulse:
    """Loops say that they turn; a loop that beat once and not for ``seconds`` is stale."""

    def __init__(
        self,
        seconds: float = STALE_AFTER,
        *,
        on_change: Callable[[str, bool], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._seconds = seconds
        self._on_change = on_change or (lambda loop, up: None)
        self._clock = clock
        self._beats: dict[str, float] = {}
        self._turn = threading.Lock()

    def beat(self, loop: str) -> None:
        """The loop has turned."""
        with self._turn:
            self._beats[loop] = self._clock()
        self._on_change(loop, True)

    def stop(self, loop: str) -> None:
        """The loop ended as it should; nobody waits for it any more."""
        with self._turn:
            self._beats.pop(loop, None)
        self._on_change(loop, False)

    def stale(self) -> list[str]:
        """The loops that have not turned for too long."""
        with self._turn:
            limit = self._clock() - self._seconds
            stale = sorted(loop for loop, beat in self._beats.items() if beat < limit)
        for loop in stale:
            self._on_change(loop, False)
        return stale


def blueprint(parts_ready: PartsReady, registry: CollectorRegistry, pulse: Pulse | None = None) -> Blueprint:
    """/health/live, /health/ready and /metrics."""
    views = Blueprint("health", __name__)

    @views.get("/health/live")
    def live() -> Response:
        stale = pulse.stale() if pulse else []
        return _told({"live": not stale, "stale": stale}, not stale)

    @views.get("/health/ready")
    def ready() -> Response:
        parts = _asked(parts_ready)
        well = all(sentence is None for sentence in parts.values())
        return _told({"ready": well, "parts": {name: parts[name] or "ok" for name in parts}}, well)

    @views.get("/metrics")
    def metrics() -> Response:
        if pulse:
            pulse.stale()
        encode, content_type = choose_encoder(request.headers.get("Accept", ""))
        return Response(encode(registry), content_type=content_type)

    return views


def make_health_app(
    parts_ready: PartsReady, registry: CollectorRegistry, pulse: Pulse | None = None
) -> Flask:
    """The whole of what a worker answers over HTTP."""
    app = Flask(__name__, static_folder=None)
    app.register_blueprint(blueprint(parts_ready, registry, pulse))
    return app


def _asked(parts_ready: PartsReady) -> Mapping[str, str | None]:
    try:
        return parts_ready()
    except Exception:
        log.exception("the parts could not be asked whether they are ready")
        return {"parts": "could not be asked; see the log"}


def _told(body: dict[str, object], well: bool) -> Response:
    response = jsonify(body)
    response.status_code = 200 if well else 503
    response.headers["Cache-Control"] = "no-store"
    return response
