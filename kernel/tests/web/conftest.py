from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client import CollectorRegistry

from muara_kernel.events.finding import Text
from muara_kernel.web.app import Limits, make_app

TITLE = Text("Layanan percobaan", "Trial service")


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
def app(registry: CollectorRegistry) -> Flask:
    app, _ = make_app(
        "percobaan",
        title=TITLE,
        version="1.0",
        limits=Limits(body=2000),
        parts_ready=lambda: {"bus": None},
        registry=registry,
    )
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def raising(app: Flask) -> Callable[[Exception], FlaskClient]:
    """A client for an app whose ``/v1/buruk`` and ``/buruk`` raise the given error."""

    def make(error: Exception) -> FlaskClient:
        def view() -> str:
            raise error

        app.add_url_rule("/v1/buruk", "buruk", view, methods=["GET", "POST"])
        app.add_url_rule("/buruk", "halaman_buruk", view)
        return app.test_client()

    return make
