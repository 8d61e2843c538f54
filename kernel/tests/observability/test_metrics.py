from __future__ import annotations

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from muara_kernel.observability.metrics import HttpMetrics, Metrics, OpdLabels


def test_what_happened_is_counted_by_service_and_opd() -> None:
    metrics = Metrics("ingest")
    metrics.read("muara.catalog", "id.muara.dataset.published.v1", "done", age=0.2)
    metrics.published("id.muara.submission.received.v1", 3)
    metrics.batch(0.004)
    metrics.buried("unreadable", "dinkes")
    metrics.waiting(dead_letters=1, outbox=0)
    metrics.job("release", "done", 0.01, "dinkes")
    metrics.turns("relay", True)

    told = generate_latest(metrics.registry).decode()
    for line in (
        'muara_events_read_total{outcome="done",service="ingest",topic="muara.catalog",'
        'type="id.muara.dataset.published.v1"} 1.0',
        'muara_events_published_total{service="ingest",type="id.muara.submission.received.v1"} 3.0',
        'muara_dead_letters_total{opd="dinkes",reason="unreadable",service="ingest"} 1.0',
        'muara_dead_letters_waiting{service="ingest"} 1.0',
        'muara_outbox_pending{service="ingest"} 0.0',
        'muara_jobs_total{job="release",opd="dinkes",outcome="done",service="ingest"} 1.0',
        'muara_worker_up{loop="relay",service="ingest"} 1.0',
        'muara_event_age_seconds_count{service="ingest"} 1.0',
        'muara_batch_seconds_count{service="ingest"} 1.0',
        'muara_job_seconds_count{job="release",service="ingest"} 1.0',
    ):
        assert line in told


def test_the_door_and_the_rest_fit_in_one_registry() -> None:
    registry = CollectorRegistry()

    Metrics("ingest", registry)
    HttpMetrics("ingest", registry)


@pytest.mark.parametrize("opd", ["Dinkes", "dinas kesehatan", "", "a" * 41, "dinkes\n", '"}'])
def test_what_is_no_slug_is_one_label(opd: str) -> None:
    assert Metrics("ingest").opd_label(opd) == "lain"


def test_no_sender_can_make_more_labels_than_bounded() -> None:
    labels = OpdLabels()
    for number in range(200):
        assert labels.label(f"opd-{number}") == f"opd-{number}"

    assert labels.label("one-more") == "lain"
    assert labels.label("opd-7") == "opd-7"
    assert labels.label(None) == "-"
