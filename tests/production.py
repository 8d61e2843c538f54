"""The three URLs of a production set-up, on a real broker and a real database."""

from __future__ import annotations

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
