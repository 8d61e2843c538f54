"""A process killed at each place alone, on Kafka with MongoDB; tests/test_failpoints.py takes groups."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from pathlib import Path

import pytest
from failpoints import IN_GRIDFS, KILLED, killed_at
from production import ON_SERVERS
from system import System


@ON_SERVERS
@pytest.mark.parametrize("place", [*chain.from_iterable(KILLED.values()), *IN_GRIDFS])
def test_killed_on_servers_at(place: str, start: Callable[..., System], tmp_path: Path) -> None:
    killed_at((place,), start, tmp_path / "fired")
