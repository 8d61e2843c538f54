"""Submissions per second and the time from push to outcome, through all four services, embedded.

Beside it each stage alone: with the others frozen, the same submissions go through one process after
the other, so that the slowest one is known. The ratio says how much of it the whole chain reaches.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from system import until

from benchmarks.load import drive, percentile
from benchmarks.served import Measured, system
from muara_kernel.bus.connect import connect

MANY = 1000
QUIET = 100
IDLE = 10.0
WORKERS = ("ingest-worker", "validation-worker", "catalog-worker", "notification-worker")
During = Callable[[str, float, str], AbstractContextManager[None]]
"""Around a part of the run: what it is, and by how many of which unit to divide what is counted."""

UNBOUNDED = {"MUARA_INGEST_WIDTH": str(2 * MANY), "MUARA_INGEST_TOTAL": str(8 * MANY)}


def main() -> None:
    rate = chain({})
    slowest = _stages_alone()
    print(f"ratio             {rate / slowest:8.2f} of the slowest stage alone")


@contextmanager
def uncounted(what: str, each: float, unit: str) -> Iterator[None]:
    yield


def chain(settings: Mapping[str, str], during: During = uncounted) -> float:
    """Submissions a second through all four services with these settings; prints what they took."""
    with tempfile.TemporaryDirectory() as directory, system(Path(directory), settings) as live:
        with during("one at a time", QUIET, "a submission"):
            quiet = _latencies(live, QUIET, connections=1)
        _show("one at a time", quiet, "from push to outcome")
        with during("as fast as it goes", MANY, "a submission"):
            began = time.time()
            loaded = _outcomes(live, drive_all(live, MANY))
            rate = MANY / (max(_time(each["outcome"]["at"]) for each in loaded) - began)
        print(f"as fast as it goes{rate:8.0f}/s")
        _show("", _took(loaded), "queueing included")
        if during is not uncounted:
            time.sleep(IDLE / 2)
            with during("idle", IDLE, "a second"):
                time.sleep(IDLE)
    return rate


def _show(what: str, took: Sequence[float], note: str) -> None:
    print(f"{what:<18}p50 {percentile(took, 50):6.1f} ms   p99 {percentile(took, 99):6.1f} ms   {note}")


def drive_all(live: Measured, how_many: int, *, connections: int = 8) -> list[str]:
    """Push so many; the idempotency keys, in order."""
    requests = [live.request(period=str(1950 + number % 75)) for number in range(how_many)]
    drive(live.ingest, requests, connections=connections, expect=202)
    return [headers["Idempotency-Key"] for _, _, _, headers in requests]


def _outcomes(live: Measured, keys: Sequence[str]) -> list[Mapping[str, Any]]:
    from benchmarks.served import OPD
    from ingest_service.model.submission import submission_id

    first = live.pushed - len(keys)
    receipts = [
        {"submission": id, "status": f"/v1/submissions/{id}"}
        for number, key in enumerate(keys)
        for id in [submission_id(OPD[(first + number) % len(OPD)], key)]
    ]
    return live.system.outcomes(receipts, within=300)


def _latencies(live: Measured, how_many: int, *, connections: int) -> list[float]:
    keys: list[str] = []
    for _ in range(how_many):
        keys += drive_all(live, 1, connections=connections)
        _outcomes(live, keys[-1:])
    return _took(_outcomes(live, keys))


def _took(statuses: Sequence[Mapping[str, Any]]) -> list[float]:
    return [(_time(each["outcome"]["at"]) - _time(each["received_at"])) * 1000 for each in statuses]


def _time(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()


def _stages_alone() -> float:
    with tempfile.TemporaryDirectory() as directory, system(Path(directory), UNBOUNDED) as live:
        for worker in WORKERS:
            live.system.freeze(worker)
        requests = [live.request(period=str(1950 + number % 75)) for number in range(MANY)]
        rates = {"ingest-web": drive(live.ingest, requests, connections=8, expect=202).per_second}
        count = _counter(live)
        for worker, type in zip(WORKERS, ("received", "validated", "published", None), strict=True):
            live.system.thaw(worker)
            began = time.perf_counter()
            done = (
                (lambda t=type: count(f"id.muara.{_SUBJECT[t]}.{t}.v1") >= MANY)
                if type
                else (lambda: len(live.system.inbox()) >= MANY)
            )
            until(done, 300)
            rates[worker] = MANY / (time.perf_counter() - began)
            if type:
                live.system.freeze(worker)
        for name, rate in rates.items():
            print(f"  alone: {name:<20}{rate:8.0f}/s")
        return min(rates.values())


_SUBJECT = {"received": "submission", "validated": "submission", "published": "dataset"}


def _counter(live: Measured) -> Callable[[str], int]:
    """How many events of a type have been published since the start, read as a group of its own."""
    bus = connect(f"sqlite:///{live.system.live.place.root.resolve()}/bus/events.db")
    subscription = bus.subscribe(["muara.ingest", "muara.validation", "muara.catalog"], group="benchmark")
    seen: dict[str, set[str]] = {}

    def count(type: str) -> int:
        for delivery in subscription.poll(1000, 0.02):
            headers = delivery.record.headers
            seen.setdefault(headers["type"], set()).add(headers["id"])
        return len(seen.get(type, ()))

    return count
