"""Real servers as pytest fixtures: skipped with the reason where they cannot be had, unless they must be."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar

import pytest

from servers import kafka as kafka_server
from servers import mongo as mongo_server
from servers.kafka import Kafka
from servers.mongo import Mongod, database
from servers.server import NoServer

T = TypeVar("T")


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Kafka:
    """The broker that all tests of this run share; make topics of your own, and leave it running."""
    return or_skip(lambda: kafka_server.shared(_of_this_run(tmp_path_factory) / "kafka"))


@pytest.fixture(scope="session")
def kafka_of_this_worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    """A broker whose topics no other test has at the same time; leave it running."""
    with ExitStack() as stack:
        directory = tmp_path_factory.mktemp("kafka-of-this-worker")
        yield or_skip(lambda: stack.enter_context(Kafka.started(directory)))


@pytest.fixture(scope="module")
def own_kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    """A broker of this module alone, to be stopped and killed; leave it running for the next test."""
    with ExitStack() as stack:
        directory = tmp_path_factory.mktemp("own-kafka")
        yield or_skip(lambda: stack.enter_context(Kafka.started(directory)))


@pytest.fixture(scope="session")
def mongodb(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of the server that all tests of this run share; make a database of your own."""
    return or_skip(lambda: mongo_server.shared(_of_this_run(tmp_path_factory) / "mongo"))


@pytest.fixture
def mongo_url(mongodb: str) -> Iterator[str]:
    """A new, empty database of the shared server."""
    with database(mongodb) as url:
        yield url


@pytest.fixture
def own_mongod(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mongod]:
    """A server of this test alone, to be stopped and killed."""
    with ExitStack() as stack:
        directory = tmp_path_factory.mktemp("own-mongod")
        yield or_skip(lambda: stack.enter_context(Mongod.started(directory)))


@pytest.fixture
def guarded_mongod(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mongod]:
    """A server of this test alone that asks for user and password."""
    with ExitStack() as stack:
        directory = tmp_path_factory.mktemp("guarded-mongod")
        yield or_skip(lambda: stack.enter_context(Mongod.started(directory, guarded=True)))


def or_skip(start: Callable[[], T]) -> T:
    """What ``start`` gives; where the server cannot be had, the test is skipped, but in CI it fails."""
    try:
        return start()
    except NoServer as error:
        reason = f"{error.kind}: {' '.join(str(error).split())}"
        required = f"TEST_{error.kind.upper()}_REQUIRED"
    if os.environ.get("CI") == "true" or os.environ.get(required) == "1":
        pytest.fail(f"{reason} (it was expected: CI=true or {required}=1)", pytrace=False)
    pytest.skip(reason)


def _of_this_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
