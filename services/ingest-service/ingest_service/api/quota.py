"""How much of one OPD may wait."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

COUNTED_EVERY = 1.0


class Quota:
    """Counting takes as long as the lane is long: so once a second, and what comes in between is added."""

    def __init__(
        self,
        most: int,
        *,
        count: Callable[[str], int],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most = most
        self._count = count
        self._clock = clock
        self._counted: dict[str, tuple[float, int]] = {}
        self._turn = Lock()

    def over(self, opd: str) -> int | None:
        """How many wait, where that is the most that may; None where there is room, which one then takes."""
        with self._turn:
            since, waiting = self._counted.get(opd, (0.0, 0))
            now = self._clock()
            if opd not in self._counted or now - since >= COUNTED_EVERY:
                since, waiting = now, self._count(opd)
            over = waiting >= self._most
            self._counted[opd] = (since, waiting if over else waiting + 1)
            return waiting if over else None
