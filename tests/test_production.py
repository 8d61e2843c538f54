"""The same system on Apache Kafka and MongoDB: the same outcomes, while workers and the broker come and go.

What is promised on files too is tested on both at once (ON_BOTH). Here the servers are guarded, or stopped
and killed. tests/chaos has more.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from history import check
from production import OPD, Production, load, recovers
from servers.kafka import Kafka
from system import System, until

from muara.place import SERVICES

ROOT = Path(__file__).parent.parent

pytestmark = pytest.mark.timeout(600)


def test_the_demo_has_the_same_table_where_servers_ask_for_passwords(
    guarded: Production, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "muara", "demo", "--region", "kediri", "--data", str(tmp_path / "data")]
    environment = {**os.environ, **guarded}
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=400)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_workers_come_and_go_under_load_and_nothing_is_lost_or_doubled(
    production: Production, start: Callable[..., System]
) -> None:
    system = start(*OPD, settings=production)
    with load(system, 150) as passed:
        seconds = [system.another_worker(service) for service in SERVICES]
        passed(40)
        for service in SERVICES:
            system.kill(f"{service}-worker")
        passed(80)
        ends = (signal.SIGTERM, signal.SIGKILL, signal.SIGTERM, signal.SIGKILL)
        for process, number in zip(seconds, ends, strict=True):
            process.send_signal(number)
    check(system, within=200)


def test_the_broker_goes_away_under_load_and_all_recovers_by_itself(
    own_kafka: Kafka, production: Production, start: Callable[..., System]
) -> None:
    system = start(*OPD, settings=production)
    with load(system, 90) as passed:
        passed(30)
        own_kafka.kill()
        until(lambda: 503 in system.readiness().values(), 60)
        own_kafka.start()
        recovers(system, within=60)
    check(system, within=200)
