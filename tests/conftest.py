"""What tests across services share: a small region made for the test, and the whole system running on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest
from production import Production, production_settings
from servers.fixtures import own_kafka
from servers.kafka import Kafka
from servers.mongo import Mongod
from servers.mongo_fixtures import own_mongod
from system import System, small_region

__all__ = ["own_kafka", "own_mongod"]

Start = Callable[..., System]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start the eight processes for these OPD, each with a dataset ``<opd>-angka``; stop them at the end."""
    with ExitStack() as stack:

        def _start(
            *opd: str, settings: Mapping[str, str] | None = None, publication: str = "langsung"
        ) -> System:
            region = small_region(tmp_path / "region", opd, publication=publication)
            return stack.enter_context(System.started(tmp_path / "data", region, settings or {}))

        yield _start


@pytest.fixture
def production(own_kafka: Kafka, own_mongod: Mongod) -> Production:
    """The settings for a broker and a database of this test alone."""
    return production_settings(own_kafka, own_mongod)


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
