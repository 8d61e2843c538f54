"""Topics that are not as declared are said once and counted; a broker that is away changes no count."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from structlog.testing import capture_logs

from muara_kernel.bus import BusUnavailable
from muara_kernel.observability.metrics import Metrics
from muara_kernel.worker.comparison import Comparison


class Brokers:
    """Whose topics differ in these ways; None: they cannot be asked."""

    ways: Sequence[str] | None = ()

    def differences(self) -> Sequence[str]:
        if self.ways is None:
            raise BusUnavailable("no broker")
        return self.ways

    def apply(self, *, replication: int = 1) -> Sequence[str]:
        raise NotImplementedError

    def alter(self, *, configs: bool, partitions: bool) -> Sequence[str]:
        raise NotImplementedError

    def close(self) -> None: ...


@pytest.fixture
def metrics() -> Metrics:
    return Metrics("catalog")


def counted(metrics: Metrics) -> float | None:
    return metrics.registry.get_sample_value("muara_topics_differing", {"service": "catalog"})


def test_ways_in_which_topics_differ_are_said_once_and_counted(metrics: Metrics) -> None:
    brokers = Brokers()
    comparison = Comparison(brokers, metrics)
    with capture_logs() as said:
        for brokers.ways in (["retensi", "partisi"], ["retensi", "partisi"], ["partisi"]):
            assert comparison.turn() is False
    assert [each["error"] for each in said] == ["retensi", "partisi"]
    assert counted(metrics) == 1
    brokers.ways = ()
    comparison.turn()
    assert counted(metrics) == 0


def test_brokers_that_cannot_be_asked_leave_the_count_as_it_was(metrics: Metrics) -> None:
    brokers = Brokers()
    comparison = Comparison(brokers, metrics)
    brokers.ways = None
    comparison.turn()
    assert counted(metrics) is None
    brokers.ways = ["retensi"]
    comparison.turn()
    brokers.ways = None
    comparison.turn()
    assert counted(metrics) == 1
