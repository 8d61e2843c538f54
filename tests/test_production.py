"""The same system on Apache Kafka and MongoDB: the same outcomes, also while these go away and come back.

Each test has a broker and a database of its own, since it stops and kills them.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from history import check
from servers.kafka import Kafka
from servers.mongo import Mongod
from system import System, table, until

from muara.place import SERVICES
from muara_kernel.bus.connect import topics

ROOT = Path(__file__).parent.parent
OPD = ("dinkes", "dinsos", "dpmd")
RECOVERS_WITHIN = 2.0
"""Seconds between the server being back and every process being ready again (the issue asks for 2)."""

Production = Mapping[str, str]


@pytest.fixture
def production(own_kafka: Kafka, own_mongod: Mongod) -> Production:
    """The three URLs, on servers of this test alone, with the topics in place."""
    apply_topics(own_kafka.url)
    return settings(own_kafka, own_mongod)


def settings(kafka: Kafka, mongod: Mongod) -> Production:
    return {
        "MUARA_BUS": kafka.url,
        "MUARA_DOCUMENTS": mongod.url("muara_{service}"),
        "MUARA_PAYLOADS": f"gridfs+{mongod.url('muara_payloads')}",
        "MUARA_SESSION_SECONDS": "3",
        "MUARA_LEASE_SECONDS": "2",
    }


def apply_topics(url: str) -> None:
    admin = topics(url)
    assert admin
    try:
        admin.apply()
        assert not admin.differences()
    finally:
        admin.close()


@contextmanager
def load(system: System, how_many: int) -> Iterator[Callable[[int], None]]:
    """Push from three OPD while the block runs; the block may wait until so many are acknowledged."""

    def push(number: int) -> None:
        numbers = ("buruk",) if number % 7 == 0 else (number,)
        system.push(OPD[number % 3], table(*numbers), period=str(2000 + number % 20))

    with ThreadPoolExecutor(4) as pool:
        pushes: list[Future[None]] = [pool.submit(push, number) for number in range(how_many)]

        def passed(count: int) -> None:
            until(lambda: len(system.receipts) >= min(count, how_many - 1), 90)

        yield passed
        for each in pushes:
            each.result()


@pytest.mark.parametrize("region", ["lumajang", "kediri"])
def test_the_demo_has_the_same_table(region: str, production: Production, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "muara", "demo", "--region", region, "--data", str(tmp_path / "data")]
    ran = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **production}, capture_output=True, text=True, timeout=240
    )
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
        for process, number in zip(
            seconds, (signal.SIGTERM, signal.SIGKILL, signal.SIGTERM, signal.SIGKILL), strict=True
        ):
            process.send_signal(number)
    check(system)


@pytest.mark.parametrize("service", SERVICES)
def test_a_worker_frozen_beyond_its_session_does_no_harm(
    service: str, production: Production, start: Callable[..., System]
) -> None:
    system = start(*OPD, settings=production)
    second = system.another_worker(service)
    with load(system, 60) as passed:
        passed(15)
        second.send_signal(signal.SIGSTOP)
        began = time.monotonic()
        until(lambda: time.monotonic() > began + 5, 10)
        second.send_signal(signal.SIGCONT)
    check(system)


def test_the_broker_goes_away_under_load_and_all_recovers_by_itself(
    own_kafka: Kafka, production: Production, start: Callable[..., System]
) -> None:
    system = start(*OPD, settings=production)
    with load(system, 90) as passed:
        passed(30)
        own_kafka.kill()
        until(lambda: 503 in system.readiness().values(), 30)
        own_kafka.start()
        _recovers(system)
    check(system)


def test_the_database_goes_away_under_load_and_all_recovers_by_itself(
    own_mongod: Mongod, production: Production, start: Callable[..., System]
) -> None:
    system = start(*OPD, settings=production)
    with load(system, 90) as passed:
        passed(30)
        own_mongod.kill()
        until(lambda: 503 in system.readiness().values(), 30)
        own_mongod.start()
        _recovers(system)
    check(system)


def _recovers(system: System) -> None:
    """Every process is ready within the time promised, with as much again for a machine that is busy."""
    back = time.monotonic()
    until(lambda: set(system.readiness().values()) == {200}, 60, lambda: str(system.readiness()))
    assert time.monotonic() - back < 2 * RECOVERS_WITHIN
