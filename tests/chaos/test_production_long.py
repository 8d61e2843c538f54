"""Production for longer: workers frozen beyond their session, the database away under load."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable

import pytest
from history import check
from production import OPD, Production, load, recovers
from servers.kafka import Kafka
from servers.mongo import Mongod
from system import System, until

from muara.place import SERVICES

pytestmark = pytest.mark.timeout(900)


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
        until(lambda: time.monotonic() > began + 5, 60)
        second.send_signal(signal.SIGCONT)
    check(system, within=200)


def test_the_broker_goes_away_under_load_and_all_is_ready_again_at_once(
    own_kafka: Kafka, production: Production, start: Callable[..., System]
) -> None:
    system = start(*OPD, settings=production)
    with load(system, 90) as passed:
        passed(30)
        own_kafka.kill()
        until(lambda: 503 in system.readiness().values(), 60)
        own_kafka.start()
        recovers(system)
    check(system, within=200)


def test_the_database_goes_away_under_load_and_all_recovers_by_itself(
    own_mongod: Mongod, production: Production, start: Callable[..., System]
) -> None:
    system = start(*OPD, settings=production)
    with load(system, 90) as passed:
        passed(30)
        own_mongod.kill()
        until(lambda: 503 in system.readiness().values(), 60)
        own_mongod.start()
        recovers(system)
    check(system, within=300)
