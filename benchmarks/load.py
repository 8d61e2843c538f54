"""A small load generator: keep-alive connections that send their next request once the last is answered."""

from __future__ import annotations

import http.client
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

Request = tuple[str, str, bytes, dict[str, str]]


@dataclass(frozen=True)
class Load:
    """Answers a second, and how long each took, in milliseconds."""

    per_second: float
    took: Sequence[float]

    @property
    def p50(self) -> float:
        return percentile(self.took, 50)

    @property
    def p99(self) -> float:
        return percentile(self.took, 99)

    def __str__(self) -> str:
        return f"{self.per_second:8.0f}/s   p50 {self.p50:6.1f} ms   p99 {self.p99:6.1f} ms"


def percentile(values: Sequence[float], rank: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[rank - 1]


def drive(address: str, requests: Sequence[Request], *, connections: int, expect: int) -> Load:
    """Send all requests over so many connections; any other status than ``expect`` is an error."""
    place = urlsplit(address)
    queue = iter(requests)
    lock = threading.Lock()
    took: list[float] = []
    failures: list[str] = []

    def work() -> None:
        connection = http.client.HTTPConnection(place.hostname or "", place.port)
        while True:
            with lock:
                request = next(queue, None)
            if request is None or failures:
                return
            began = time.perf_counter()
            connection.request(request[0], request[1], request[2], request[3])
            answer = connection.getresponse()
            body = answer.read()
            took.append((time.perf_counter() - began) * 1000)
            if answer.status != expect:
                failures.append(f"{answer.status}: {body[:300]!r}")

    began = time.perf_counter()
    _together(work, connections)
    elapsed = time.perf_counter() - began
    if failures:
        raise RuntimeError(failures[0])
    return Load(len(took) / elapsed, took)


def _together(work: Callable[[], None], how_many: int) -> None:
    threads = [threading.Thread(target=work) for _ in range(how_many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
