from __future__ import annotations

from collections.abc import Mapping

from prometheus_client import CollectorRegistry

from muara_kernel.observability.health import Pulse, make_health_app
from muara_kernel.observability.metrics import Metrics


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_worker_is_alive_while_its_loops_turn() -> None:
    clock = Clock()
    metrics = Metrics("ingest")
    pulse = Pulse(60, clock=clock, on_change=metrics.turns)
    client = make_health_app(dict, metrics.registry, pulse).test_client()
    pulse.beat("events")
    pulse.beat("relay")
    clock.now = 59
    pulse.beat("relay")
    assert client.get("/health/live").status_code == 200

    clock.now = 61
    answer = client.get("/health/live")

    assert answer.status_code == 503
    assert answer.json == {"live": False, "stale": ["events"]}
    told = client.get("/metrics").text
    assert 'muara_worker_up{loop="events",service="ingest"} 0.0' in told
    assert 'muara_worker_up{loop="relay",service="ingest"} 1.0' in told


def test_a_loop_that_ended_as_it_should_is_not_missed() -> None:
    clock = Clock()
    pulse = Pulse(60, clock=clock)
    pulse.beat("events")
    pulse.stop("events")
    clock.now = 1000

    assert pulse.stale() == []


def test_not_ready_names_the_part_and_why() -> None:
    parts = {"bus": None, "documents": "no answer within 2 seconds"}
    answer = make_health_app(lambda: parts, CollectorRegistry()).test_client().get("/health/ready")

    assert answer.status_code == 503
    assert answer.json == {
        "ready": False,
        "parts": {"bus": "ok", "documents": "no answer within 2 seconds"},
    }
    assert answer.headers["Cache-Control"] == "no-store"


def test_parts_that_cannot_be_asked_are_not_ready() -> None:
    def broken() -> Mapping[str, str | None]:
        raise OSError("secret path")

    answer = make_health_app(broken, CollectorRegistry()).test_client().get("/health/ready")

    assert answer.status_code == 503
    assert "secret path" not in answer.text
