"""A request's way through the app: its correlation, its place in a trace, its count, its line in the log."""

from __future__ import annotations

import re
import time
import uuid

import structlog
from flask import Flask, Response, g, request

from muara_kernel.observability.metrics import HttpMetrics

_SANE = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_UNLOGGED = ("/health/", "/metrics", "/static/")

log = structlog.get_logger(__name__)


def install(app: Flask, metrics: HttpMetrics) -> None:
    """Views find ``g.correlation`` and ``g.traceparent``; a view may set ``g.opd`` for the metrics."""

    def leave(response: Response) -> Response:
        response.headers["X-Request-ID"] = g.correlation
        _count(metrics, response.status_code)
        return response

    app.before_request(_enter)
    app.after_request(leave)
    app.teardown_request(_forget)


def _enter() -> None:
    g.started = time.perf_counter()
    given = request.headers.get("X-Request-ID", "")
    g.correlation = given if _SANE.fullmatch(given) else uuid.uuid4().hex
    trace = request.headers.get("traceparent", "")
    g.traceparent = trace if _TRACEPARENT.fullmatch(trace) else None
    g.opd = None
    g.bound = structlog.contextvars.bind_contextvars(correlation=g.correlation)


def _forget(_: BaseException | None) -> None:
    # Threads outlive requests: what stayed bound would mark the next one.
    if "bound" in g:
        structlog.contextvars.reset_contextvars(**g.bound)


def _count(metrics: HttpMetrics, status: int) -> None:
    seconds = time.perf_counter() - g.started
    method = request.method if request.method in _METHODS else "lain"
    endpoint = request.endpoint or "-"
    metrics.answered(method, endpoint, status, g.opd, seconds)
    if not request.path.startswith(_UNLOGGED):
        milliseconds = round(seconds * 1000, 1)
        log.info("request", method=method, path=request.path, status=status, opd=g.opd, ms=milliseconds)
