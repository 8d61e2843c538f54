"""How many of the places one address may hold at once, so that nobody takes them all."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from validation_service.api.buckets import network_of
from validation_service.model.trial import ShareTaken


class Shares:
    """Half of the places for each address, and one at least; kept in memory, for one process."""

    def __init__(self, places: int) -> None:
        self._share = max(1, places // 2)
        self._held: Counter[str] = Counter()
        self._turn = threading.Lock()

    @contextmanager
    def one(self, address: str) -> Iterator[None]:
        """Hold one more for as long as this lasts. Raises ShareTaken."""
        name = network_of(address)
        with self._turn:
            if self._held[name] >= self._share:
                raise ShareTaken
            self._held[name] += 1
        try:
            yield
        finally:
            with self._turn:
                self._held[name] -= 1
                self._held += Counter()  # those at zero are forgotten
