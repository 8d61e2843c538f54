"""The three URLs of a production set-up, on a real broker and a real database."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from urllib.parse import quote
from uuid import uuid4

import pytest
from kafka import KafkaAdminClient
from pymongo import MongoClient
from pymongo.errors import PyMongoError
from servers import kafka as kafka_server
from servers import mongo as mongo_server
from servers.kafka import Kafka
from servers.mongo import Mongod
from system import System, table, until

from muara.place import SERVICES
from muara_kernel.bus import BusUnavailable, TopicsAdmin
from muara_kernel.bus.connect import topics
from muara_kernel.events.topics import TOPICS

OPD = ("dinkes", "dinsos", "dpmd")

EMBEDDED, PRODUCTION = "embedded", "kafka+mongodb"
ON_BOTH = pytest.mark.parametrize("backing", [EMBEDDED, PRODUCTION], indirect=True)
"""Marks what is promised whatever the eight processes stand on; ``start`` starts them there."""
ON_SERVERS = pytest.mark.parametrize("backing", [PRODUCTION], indirect=True)
"""Marks what is promised of Kafka with MongoDB alone, or costs too much to be tried on both."""

Production = Mapping[str, str]


def production_settings(kafka: Kafka, mongod: Mongod) -> Production:
    """With new topics, as yet empty; sessions and leases short, so that tests need not wait long."""
    empty_topics(kafka)
    return _settings(kafka.url, mongod.url("muara_{service}"), mongod.url("muara_payloads"))


def guarded_settings(kafka: Kafka, mongod: Mongod) -> Production:
    """The same where everybody must say who they are, with passwords full of what a URL cannot hold."""
    empty_topics(kafka)
    to_kafka = _userinfo(kafka_server.USER, kafka_server.PASSWORD)
    to_mongo = _userinfo(mongo_server.USER, mongo_server.PASSWORD)
    return _settings(
        kafka.secure_url(to_kafka),
        mongod.secure_url(to_mongo, "muara_{service}"),
        mongod.secure_url(to_mongo, "muara_payloads"),
    )


@contextmanager
def shared_settings(kafka: Kafka, mongodb: str) -> Iterator[Production]:
    """The same on servers that stay: new topics, and databases of one's own that are dropped at the end."""
    empty_topics(kafka)
    name = f"muara-test-{uuid4().hex[:12]}"
    place, mark, options = mongodb.partition("?")

    def url(of: str) -> str:
        return f"{place.rstrip('/')}/{name}-{of}{mark}{options}"

    try:
        yield _settings(kafka.url, url("{service}"), url("payloads"))
    finally:
        with suppress(PyMongoError), MongoClient[dict[str, object]](mongodb) as client:
            for each in (*SERVICES, "payloads"):
                client.drop_database(f"{name}-{each}")


def _settings(bus: str, documents: str, payloads: str) -> Production:
    return {
        "MUARA_BUS": bus,
        "MUARA_DOCUMENTS": documents,
        "MUARA_PAYLOADS": f"gridfs+{payloads}",
        "MUARA_SESSION_SECONDS": "3",
        "MUARA_LEASE_SECONDS": "2",
    }


def _userinfo(user: str, password: str) -> str:
    return f"{quote(user, safe='')}:{quote(password, safe='')}"


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


def empty_topics(kafka: Kafka) -> None:
    """The declared topics, without what an earlier test left in them; its offsets go with them."""
    client = KafkaAdminClient(bootstrap_servers=kafka.bootstrap, bootstrap_timeout_ms=60_000)
    try:
        if old := set(TOPICS) & set(client.list_topics()):
            client.delete_topics(sorted(old))
            until(lambda: not old & set(client.list_topics()), 30)
    finally:
        client.close()
    admin = topics(kafka.url)
    assert admin
    try:
        until(lambda: _applied(admin), 90)
    finally:
        admin.close()


def _applied(admin: TopicsAdmin) -> bool:
    """A broker that was started just now, on a busy machine, may not answer in time."""
    try:
        admin.apply()
        return not admin.differences()
    except BusUnavailable:
        return False


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
