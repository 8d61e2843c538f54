"""How often somebody may guess."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable


class Throttle:
    """Counts failures in a sliding window, per address and over all; kept in memory, for one process."""

    def __init__(
        self,
        *,
        per_address: int = 5,
        overall: int = 100,
        window: float = 300.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._per_address = per_address
        self._window = window
        self._clock = clock
        # Never longer than what is allowed over all, so an attacker cannot make us remember more.
        self._failures: deque[tuple[float, str]] = deque(maxlen=overall)
        self._turn = threading.Lock()

    def wait(self, address: str) -> int:
        """Seconds this address has to wait before it may try; 0 when it may try now."""
        with self._turn:
            now = self._clock()
            while self._failures and self._failures[0][0] <= now - self._window:
                self._failures.popleft()
            own = [moment for moment, who in self._failures if who == address]
            first = own[-self._per_address] if len(own) >= self._per_address else None
            if first is None and len(self._failures) == self._failures.maxlen:
                first = self._failures[0][0]
            return 0 if first is None else int(first + self._window - now) + 1

    def failed(self, address: str) -> None:
        """Somebody at this address guessed wrong."""
        with self._turn:
            self._failures.append((self._clock(), address))
