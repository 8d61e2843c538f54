"""Real servers as pytest fixtures: skipped with the reason where they cannot be had, unless they must be."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from servers.kafka import Kafka, NoKafka, shared


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Kafka:
    """The broker that all tests of this run share; make topics of your own, and leave it running."""
    return _or_skip(lambda: shared(_of_this_run(tmp_path_factory) / "kafka"))


@pytest.fixture(scope="module")
def own_kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    """A broker of this module alone, to be stopped and killed; leave it running for the next test."""
    with ExitStack() as stack:
        directory = tmp_path_factory.mktemp("own-kafka")
        yield _or_skip(lambda: stack.enter_context(Kafka.started(directory)))


def _of_this_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


def _or_skip(start: Callable[[], Kafka]) -> Kafka:
    try:
        return start()
    except NoKafka as error:
        reason = f"Kafka: {' '.join(str(error).split())}"
    if os.environ.get("CI") == "true" or os.environ.get("TEST_KAFKA_REQUIRED") == "1":
        pytest.fail(f"{reason} (it was expected: CI=true or TEST_KAFKA_REQUIRED=1)", pytrace=False)
    pytest.skip(reason)
