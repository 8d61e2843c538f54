"""The three URLs of a production set-up, on a real broker and a real database."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from servers.kafka import Kafka
from servers.mongo import Mongod
from system import System, table, until

from muara_kernel.bus.connect import topics

OPD = ("dinkes", "dinsos", "dpmd")

Production = Mapping[str, str]


def production_settings(kafka: Kafka, mongod: Mongod) -> Production:
    """With the topics in place; sessions and leases short, so that tests need not wait long."""
    _apply_topics(kafka.url)
    return {
        "MUARA_BUS": kafka.url,
        "MUARA_DOCUMENTS": mongod.url("muara_{service}"),
        "MUARA_PAYLOADS": f"gridfs+{mongod.url('muara_payloads')}",
        "MUARA_SESSION_SECONDS": "3",
        "MUARA_LEASE_SECONDS": "2",
    }


RECOVERS_WITHIN = 2.0
"""Seconds between a server being back and every process being ready again, as is promised."""


def recovers(system: System, *, within: float = 2 * RECOVERS_WITHIN) -> None:
    """Every process is ready again within the time promised, or twice that where the machine is busy.

    `make chaos` holds it to that; `make test`, which keeps every core busy, only to a deadline.
    """
    back = time.monotonic()
    until(lambda: set(system.readiness().values()) == {200}, 60, lambda: str(system.readiness()))
    took = time.monotonic() - back
    print(f"ready again after {took:.2f} s")
    assert took < within


def _apply_topics(url: str) -> None:
    admin = topics(url)
    assert admin
    try:
        admin.apply()
        assert not admin.differences()
    finally:
        admin.close()


@contextmanager
def load(system: System, how_many: int) -> Iterator[Callable[[int], None]]:
    """Push from three OPD while the block runs; the block may wait until so many are acknowledged."""

    def push(number: int) -> None:
        numbers = ("buruk",) if number % 7 == 0 else (number,)
        system.push(OPD[number % 3], table(*numbers), period=str(2000 + number % 20))

    with ThreadPoolExecutor(4) as pool:
        pushes: list[Future[None]] = [pool.submit(push, number) for number in range(how_many)]

        def passed(count: int) -> None:
            until(lambda: len(system.receipts) >= min(count, how_many - 1), 90)

        yield passed
        for each in pushes:
            each.result()
