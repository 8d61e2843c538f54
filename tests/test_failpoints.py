"""A process killed at once at each named place of the code: nothing is lost, and nothing doubled.

docs/delivery.md names the places, those too that only a service's own tests can reach. Each test
arms one for a single firing, in every process that reaches it, sends what makes it fire, and checks
the history at the end. tests/chaos kills on Kafka with MongoDB at the places that are left out here.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from failpoints import IN_A_DIRECTORY, KILLED, LOST, OF_SERVERS, killed_at, lost_at
from production import ON_BOTH, ON_SERVERS
from system import System


@pytest.mark.parametrize("place", KILLED + IN_A_DIRECTORY)
def test_killed_at(place: str, start: Callable[..., System], tmp_path: Path) -> None:
    killed_at(place, start, tmp_path / "fired")


@ON_SERVERS
@pytest.mark.parametrize("place", OF_SERVERS)
def test_killed_on_servers_at(place: str, start: Callable[..., System], tmp_path: Path) -> None:
    killed_at(place, start, tmp_path / "fired")


@ON_BOTH
@pytest.mark.parametrize("place", LOST)
def test_lost_at(place: str, start: Callable[..., System], tmp_path: Path) -> None:
    lost_at(place, start, tmp_path / "fired")
