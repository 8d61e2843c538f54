"""Many kills at random moments, of any of the eight processes, while three OPD push."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from history import check
from production import ON_BOTH, OPD, load
from system import System

from muara.place import SERVICES

PROCESSES = [f"{service}-{kind}" for service in SERVICES for kind in ("web", "worker")]
PUSHES_A_KILL = 10


@ON_BOTH
@pytest.mark.timeout(3600)
def test_after_many_kills_nothing_is_lost_and_nothing_doubled(
    start: Callable[..., System], request: pytest.FixtureRequest
) -> None:
    cycles = request.config.getoption("--chaos-cycles")
    system = start(*OPD)
    chance = random.Random(16_2020)
    with load(system, cycles * PUSHES_A_KILL) as passed:
        for cycle in range(cycles):
            passed(cycle * PUSHES_A_KILL)
            system.kill(chance.choice(PROCESSES))
    check(system, within=600)
