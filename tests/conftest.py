"""What tests across services share: a small region made for the test, and the whole system running on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest
from production import PRODUCTION, Production, guarded_settings, production_settings, shared_settings
from servers.fixtures import guarded_mongod, kafka_of_this_worker, mongodb, own_kafka, own_mongod
from servers.kafka import Kafka
from servers.mongo import Mongod
from system import System, small_region

__all__ = ["guarded_mongod", "kafka_of_this_worker", "mongodb", "own_kafka", "own_mongod"]

Start = Callable[..., System]


@pytest.fixture
def backing(request: pytest.FixtureRequest) -> Iterator[Mapping[str, str]]:
    """The settings that say what the eight processes stand on: nothing but files, unless marked ON_BOTH."""
    if getattr(request, "param", "") != PRODUCTION:
        yield {}
        return
    kafka, mongodb = map(request.getfixturevalue, ("kafka_of_this_worker", "mongodb"))
    with shared_settings(kafka, mongodb) as settings:
        yield settings


@pytest.fixture
def start(tmp_path: Path, backing: Mapping[str, str]) -> Iterator[Start]:
    """Start the eight processes for these OPD, each with a dataset ``<opd>-angka``; stop them at the end."""
    with ExitStack() as stack:

        def _start(
            *opd: str, settings: Mapping[str, str] | None = None, publication: str = "langsung"
        ) -> System:
            region = small_region(tmp_path / "region", opd, publication=publication)
            told = {**backing, **(settings or {})}
            return stack.enter_context(System.started(tmp_path / "data", region, told))

        yield _start


@pytest.fixture
def production(own_kafka: Kafka, own_mongod: Mongod) -> Production:
    """The settings for a broker and a database of this test alone."""
    return production_settings(own_kafka, own_mongod)


@pytest.fixture
def guarded(kafka_of_this_worker: Kafka, guarded_mongod: Mongod) -> Production:
    """The settings where the broker and the database ask for user and password, the broker over TLS."""
    return guarded_settings(kafka_of_this_worker, guarded_mongod)


@pytest.fixture
def examples() -> Path:
    return Path(__file__).parent.parent / "examples"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--chaos-cycles", type=int, default=0, help="kills at random places; 0 leaves tests/chaos out"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--chaos-cycles"):
        chaos = Path(__file__).parent / "chaos"
        for item in items:
            if chaos in item.path.parents:
                item.add_marker(pytest.mark.skip(reason="long: `make chaos` runs it"))
