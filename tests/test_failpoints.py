"""A process killed at once at each named place of the code: nothing is lost, and nothing doubled.

docs/delivery.md names the places, those too that only a service's own tests can reach. Each test
arms a group of them, every place for a single firing in whichever process reaches it first, sends what
makes them fire, and checks the history at the end. tests/chaos kills at each alone, on Kafka with MongoDB.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from failpoints import IN_A_DIRECTORY, KILLED, LOST, OF_SERVERS, Places, killed_at, lost_at
from production import ON_BOTH, ON_SERVERS
from system import System


@pytest.mark.parametrize("places", [*KILLED.values(), IN_A_DIRECTORY], ids=[*KILLED, "directory"])
def test_killed_at(places: Places, start: Callable[..., System], tmp_path: Path) -> None:
    killed_at(places, start, tmp_path / "fired")


@ON_SERVERS
@pytest.mark.parametrize("places", OF_SERVERS.values(), ids=OF_SERVERS)
def test_killed_on_servers_at(places: Places, start: Callable[..., System], tmp_path: Path) -> None:
    killed_at(places, start, tmp_path / "fired")


@ON_BOTH
def test_writes_and_answers_that_are_lost(start: Callable[..., System], tmp_path: Path) -> None:
    lost_at(LOST, start, tmp_path / "fired")
