"""A real MongoDB as pytest fixtures: skipped with the reason where none can be had; in CI an error."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar

import pytest

from servers.mongo import Mongod, NoMongo, database, shared

T = TypeVar("T")


@pytest.fixture(scope="session")
def mongodb(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of the server that all tests of this run share; make a database of your own."""
    base = tmp_path_factory.getbasetemp()
    of_this_run = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    return _or_skip(lambda: shared(of_this_run / "mongo"))


@pytest.fixture
def mongo_url(mongodb: str) -> Iterator[str]:
    """A new, empty database of the shared server."""
    with database(mongodb) as url:
        yield url


@pytest.fixture
def own_mongod(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mongod]:
    """A server of this test alone, to be stopped and killed."""
    with ExitStack() as stack:
        directory: Path = tmp_path_factory.mktemp("own-mongod")
        yield _or_skip(lambda: stack.enter_context(Mongod.started(directory)))


def _or_skip(start: Callable[[], T]) -> T:
    try:
        return start()
    except NoMongo as error:
        reason = f"MongoDB: {' '.join(str(error).split())}"
    if os.environ.get("CI") == "true" or os.environ.get("TEST_MONGODB_REQUIRED") == "1":
        pytest.fail(f"{reason} (it was expected: CI=true or TEST_MONGODB_REQUIRED=1)", pytrace=False)
    pytest.skip(reason)
