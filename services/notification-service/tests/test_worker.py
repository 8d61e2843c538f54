"""The processes as they are really started: a worker that hears from the bus, and its copies over HTTP."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from muara_kernel.bus.connect import connect
from muara_kernel.documents import Present
from muara_kernel.events import Event, encode
from notification_service.storage import ALERTS

ENVIRONMENT = {
    "MUARA_REGION": "35.08",
    "MUARA_REGION_NAME": "Kabupaten Lumajang",
    "MUARA_DESK_TOKEN": "meja-walidata-lumajang",
    "MUARA_LEASE_SECONDS": "1",
    "MUARA_SESSION_SECONDS": "2",
}


@pytest.fixture
def environment(settings: Any, tmp_path: Path) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MUARA_")}
    return {
        **clean,
        **ENVIRONMENT,
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "MUARA_BUS": settings.bus,
        "MUARA_DOCUMENTS": settings.documents,
        "MUARA_PAYLOADS": settings.payloads,
        "MUARA_NOTIFICATION_OUTBOX": settings.outbox,
        "MUARA_FAILPOINTS_DIR": str(tmp_path),
    }


@pytest.fixture
def say(settings: Any) -> Iterator[Callable[..., None]]:
    """Publish as the other services do."""
    bus = connect(settings.bus)

    def publish(*events: Event) -> None:
        for event in events:
            record = encode(event, source="catalog", time=datetime.now(UTC))
            bus.publish(event.topic.name, [record])

    yield publish
    bus.close()


@contextmanager
def running(environment: dict[str, str], number: int = 1) -> Iterator[list[subprocess.Popen[bytes]]]:
    command = [sys.executable, "-m", "notification_service", "worker"]
    started = [subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) for _ in range(number)]
    try:
        yield started
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(timeout=60)


def until(true: Callable[[], object], seconds: float = 60.0) -> bool:
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def test_facts_said_twice_to_two_workers_become_one_alert_and_one_letter_each(
    office: Any, environment: dict[str, str], say: Callable[..., None], facts: SimpleNamespace
) -> None:
    said = [facts.review(f"KIRIM-{number}", dataset=f"35.08/data-{number}") for number in range(12)]
    # Nobody dies, so no lease may run out, however slow the machine is.
    with running({**environment, "MUARA_LEASE_SECONDS": "600"}, 2):
        say(*said, *said)
        assert until(lambda: len(office.letters()) == 12)
        say(*said, facts.published("KIRIM-akhir"))
        assert until(lambda: office.inbox.get(facts.published("KIRIM-akhir").id))
        assert until(lambda: not office.documents.find(ALERTS, {"due": Present()}))
    assert office.documents.count(ALERTS) == 13
    assert len(office.letters()) == 12
    assert {delivery.attempts for fact in said for delivery in office.inbox.get(fact.id).deliveries} == {1}


@pytest.mark.parametrize(
    "place",
    [
        "worker.after_mark",
        "worker.after_write_before_publish",
        "worker.after_publish_before_commit",
        "deliveries.after_started_before_data",
        "deliveries.after_accepted_before_record",
    ],
)
def test_a_worker_killed_on_the_way_is_followed_by_one_that_ends_the_work(
    place: str,
    office: Any,
    environment: dict[str, str],
    say: Callable[..., None],
    facts: SimpleNamespace,
) -> None:
    with running({**environment, "MUARA_FAILPOINTS": f"{place}=kill"}) as (first,):
        say(facts.opd(), facts.dataset(), facts.returned())
        assert until(lambda: first.poll() is not None)
    with running(environment):
        assert until(lambda: _states(office, facts.returned()) == ["terkirim"])
    assert len(office.letters()) == 1
    assert office.documents.count(ALERTS) == 1


def _states(office: Any, fact: Event) -> list[str]:
    alert = office.inbox.get(fact.id)
    return [each.state for each in alert.deliveries] if alert else []


def test_a_setting_that_is_no_address_stops_the_process_with_a_sentence(environment: dict[str, str]) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "notification_service", "worker"],
        env={**environment, "MUARA_NOTIFICATION_SENDER": "muara@x.example\nBcc: semua@x.example"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 2
    assert "is no mail address" in ended.stderr
