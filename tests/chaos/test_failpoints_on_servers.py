"""The places of tests/test_failpoints.py that it leaves out on Kafka with MongoDB."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from failpoints import KILLED, OF_SERVERS, killed_at
from production import ON_SERVERS
from system import System


@ON_SERVERS
@pytest.mark.parametrize("place", [place for place in KILLED if place not in OF_SERVERS])
def test_killed_on_servers_at(place: str, start: Callable[..., System], tmp_path: Path) -> None:
    killed_at(place, start, tmp_path / "fired")
