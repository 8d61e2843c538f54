"""Whether the topics are as declared: a loop of its own in every worker on Kafka."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from muara_kernel.bus import BusError, TopicsAdmin
from muara_kernel.observability.metrics import Metrics

log = structlog.get_logger(__name__)


class Comparison:
    """Says at the start, and whenever it changes, how the topics differ from what is declared, and counts it.

    It is a warning and no more: all goes on as well as it can. Who may not ask is told that, once, and the
    count stays as it was.
    """

    def __init__(self, topics: TopicsAdmin, metrics: Metrics) -> None:
        self._topics = topics
        self._metrics = metrics
        self._said: Sequence[str] = ()

    def turn(self) -> bool:
        try:
            differences = self._topics.differences()
            self._metrics.topics_differ(len(differences))
        except BusError as error:
            differences = [f"topik tidak dapat dibandingkan / topics cannot be compared: {error}"]
        for sentence in differences:
            if sentence not in self._said:
                log.warning("topics", error=sentence)
        self._said = differences
        return False
