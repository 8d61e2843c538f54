"""Two faults of kafka-python 3.0.12 in joining a group, made good from outside. Look again when it changes.

A poll may end while the brokers still share out the partitions. What they answer before the next poll is
thrown away and asked for once more, which makes the whole group begin again: members that poll in turns can
go on so for ever. And when the joining began because the topics had changed, it is not finished at all: the
member then sits outside the group, without heartbeats, until it is forgotten.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kafka.structs import MemberState


class Answered:
    """An answer that came between two polls, in the form of one that is still awaited."""

    is_done = False

    def __init__(self, assignment: bytes) -> None:
        self._assignment = assignment

    def add_callback(self, tell: Callable[[bytes], object]) -> None:
        tell(self._assignment)

    def add_errback(self, tell: Callable[[BaseException], object]) -> None:
        """There is no error to tell of."""


def finish_joining(consumer: Any, *, since_last_poll: float, session: float) -> None:
    """Before each poll: let it take up what the last one left."""
    coordinator = consumer._coordinator
    if coordinator.state != MemberState.REBALANCING:
        return
    coordinator.request_rejoin()
    join = coordinator._join_task
    # While it waits to be taken up no heartbeats go out, so an old answer may be for a place long lost.
    if join is not None and join.is_done and join.succeeded() and since_last_poll < session / 2:
        coordinator._join_task = Answered(join.value)
