"""The Flask app every service starts from: limits, problems, headers, health, metrics, correlation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

from flask import Flask, request
from flask.json.provider import DefaultJSONProvider
from flask_smorest import Api
from prometheus_client import CollectorRegistry

from muara_kernel.events.finding import Text
from muara_kernel.observability import health
from muara_kernel.observability.metrics import HttpMetrics
from muara_kernel.web import pages, passage, problems, security
from muara_kernel.web.body import BoundedRequest
from muara_kernel.web.openapi import MuaraApi

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """The most we take, in bytes: a whole body, one form field that is no file; and parts of a form."""

    body: int = 50 * MIB
    form_memory: int = MIB
    form_parts: int = 100


def make_app(
    name: str,
    *,
    title: Text,
    version: str,
    limits: Limits,
    parts_ready: Callable[[], Mapping[str, str | None]],
    registry: CollectorRegistry,
    import_name: str | None = None,
    pulse: health.Pulse | None = None,
) -> tuple[Flask, Api]:
    """``name`` is the service in metrics; ``import_name`` its package, where it has templates of its own.

    ``parts_ready`` says for each part None or, in a sentence, why it is not ready.
    """
    app = Flask(import_name or name)
    app.request_class = BoundedRequest
    app.config.from_mapping(_limits(limits), **_openapi(title, version))
    provider = cast(DefaultJSONProvider, app.json)
    provider.ensure_ascii = False
    provider.sort_keys = False
    passage.install(app, HttpMetrics(name, registry))
    app.before_request(_refuse_too_large)
    problems.install(app)
    security.install(app)
    pages.install(app)
    app.register_blueprint(health.blueprint(parts_ready, registry, pulse))
    return app, MuaraApi(app)


def _limits(limits: Limits) -> dict[str, int]:
    return {
        "MAX_CONTENT_LENGTH": limits.body,
        "MAX_FORM_MEMORY_SIZE": limits.form_memory,
        "MAX_FORM_PARTS": limits.form_parts,
    }


def _openapi(title: Text, version: str) -> dict[str, object]:
    return {
        "API_TITLE": title.id,
        "API_VERSION": version,
        "API_SPEC_OPTIONS": {"info": {"description": title.en}},
        "OPENAPI_VERSION": "3.1.0",
        "OPENAPI_URL_PREFIX": "/v1",
    }


def _refuse_too_large() -> None:
    cast(BoundedRequest, request).refuse_too_large()
