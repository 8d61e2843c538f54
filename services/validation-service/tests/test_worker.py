"""The worker as it is deployed: a process of its own, ended in every way there is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from muara_kernel.events import encode


@pytest.fixture
def start(settings, tmp_path):
    started = []

    def run(**more: str) -> subprocess.Popen[bytes]:
        told = {
            "MUARA_REGION": settings.region,
            "MUARA_BUS": settings.bus,
            "MUARA_DOCUMENTS": settings.documents,
            "MUARA_PAYLOADS": settings.payloads,
            "MUARA_DESK_TOKEN": settings.desk_token,
            "MUARA_LEASE_SECONDS": "0.5",
            "MUARA_SESSION_SECONDS": "1",
            **more,
        }
        command = [sys.executable, "-m", "validation_service", "worker"]
        log = (tmp_path / "worker.log").open("ab")
        process = subprocess.Popen(command, env={**os.environ, **told}, stderr=log)
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.wait()


def children_of(pid: int) -> list[int]:
    return [
        int(entry.name)
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit() and parent_of(int(entry.name)) == pid
    ]


def parent_of(pid: int) -> int | None:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, IndexError):
        return None


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_worker_checks_what_it_hears_and_stops_cleanly(house, start, until):
    house.knows_everything()
    house.ground.outbox().sweep()
    worker = start()
    house.ground.bus.publish("muara.ingest", [record(house.received("S-1"))])
    (verdict,) = until(house.said)
    assert verdict.verdict == "lulus"
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=60) == 0


@pytest.mark.parametrize("place", ["checks.claimed", "checks.report_stored_before_done"])
def test_a_worker_that_is_killed_leaves_its_checks_to_the_next(house, start, until, tmp_path, place):
    house.knows_everything()
    house.ground.outbox().sweep()
    house.ground.bus.publish("muara.ingest", [record(house.received("S-1"))])
    armed = {"MUARA_FAILPOINTS": f"{place}=kill*1", "MUARA_FAILPOINTS_DIR": str(tmp_path)}
    assert start(**armed).wait(timeout=60) == -signal.SIGKILL
    start(**armed)
    assert [each.verdict for each in until(house.said)] == ["lulus"]


def test_the_checking_processes_die_with_their_worker(start, until):
    worker = start()
    children = until(lambda: len(found := children_of(worker.pid)) >= 3 and found)
    worker.kill()
    until(lambda: not any(lives(pid) for pid in children))


def record(event):
    return encode(event, source="ingest", time=datetime.now(UTC))
