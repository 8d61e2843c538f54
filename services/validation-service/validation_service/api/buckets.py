"""How often one address may ask for work that costs us some."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from math import ceil


class Buckets:
    """A bucket of tokens for each address, filled again all the time; kept in memory, for one process."""

    def __init__(
        self, per_minute: int, *, most: int = 10_000, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._full = float(per_minute)
        self._per_second = per_minute / 60
        self._most = most
        self._clock = clock
        self._held: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._turn = threading.Lock()

    def take(self, address: str) -> int:
        """0 and one token fewer; or the seconds until there is one again."""
        whose, now = network_of(address), self._clock()
        with self._turn:
            tokens, since = self._held.pop(whose, (self._full, now))
            tokens = min(self._full, tokens + (now - since) * self._per_second)
            wait = 0 if tokens >= 1 else ceil((1 - tokens) / self._per_second)
            self._held[whose] = (tokens if wait else tokens - 1, now)
            # Who asked longest ago has the fullest bucket and loses least.
            while len(self._held) > self._most:
                self._held.popitem(last=False)
        return wait


def network_of(address: str) -> str:
    """Of IPv6 the network: whoever has one address has 2^64 of them."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped) if mapped else parsed.exploded[:19]
    return address
