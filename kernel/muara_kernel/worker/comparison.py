"""Whether the topics are as declared: a loop of its own in every worker on Kafka."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from muara_kernel.bus import BusError, TopicsAdmin

log = structlog.get_logger(__name__)


class Comparison:
    """Says at the start, and whenever it changes, how the topics differ from what is declared.

    It is a warning and no more: all goes on as well as it can. Who may not ask is told that, once.
    """

    def __init__(self, topics: TopicsAdmin) -> None:
        self._topics = topics
        self._said: Sequence[str] = ()

    def turn(self) -> bool:
        try:
            differences = self._topics.differences()
        except BusError as error:
            differences = [f"topik tidak dapat dibandingkan / topics cannot be compared: {error}"]
        for sentence in differences:
            if sentence not in self._said:
                log.warning("topics", error=sentence)
        self._said = differences
        return False
