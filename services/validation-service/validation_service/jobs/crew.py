"""The checking processes of one worker, started ahead, so that a killed one costs its successor no time."""

from __future__ import annotations

import threading
from collections import deque

from validation_service.jobs.child import Child, Limits, StartFailed

ATTEMPTS = 3


class Crew:
    """``hire`` hands out a warm process; ``spares`` more are always being made ready."""

    def __init__(self, payloads: str, limits: Limits, *, spares: int = 1) -> None:
        self._payloads = payloads
        self._limits = limits
        self._spares = spares
        self._changed = threading.Condition()
        self._shelf: deque[Child] = deque()
        self._hired: set[Child] = set()
        self._closed = False
        # One thread starts them all and outlives them: a child is told to die with the thread that made it.
        self._starter = threading.Thread(target=self._keep_spares, name="crew", daemon=True)

    def start(self) -> None:
        self._starter.start()

    def hire(self) -> Child:
        """A process that is ready; raises StartFailed when several in a row could not start."""
        for _ in range(ATTEMPTS - 1):
            try:
                return self._next()
            except StartFailed:
                continue
        return self._next()

    def dismiss(self, child: Child) -> None:
        child.kill()
        with self._changed:
            self._hired.discard(child)

    def close(self) -> None:
        """End them all."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._starter.join(timeout=5)
        for child in (*self._shelf, *self._hired):
            child.kill()

    def _next(self) -> Child:
        with self._changed:
            if not self._changed.wait_for(lambda: self._shelf or self._closed, timeout=30) or self._closed:
                raise StartFailed("no checking process was started")
            child = self._shelf.popleft()
            self._hired.add(child)
            self._changed.notify_all()
        try:
            child.wait_until_ready()
        except StartFailed:
            self.dismiss(child)
            raise
        return child

    def _keep_spares(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or len(self._shelf) < self._spares)
                if self._closed:
                    return
            child = Child(self._payloads, self._limits)
            with self._changed:
                self._shelf.append(child)
                self._changed.notify_all()
