"""The durable accept beside the same server doing nothing: both by gunicorn, one process, 16 threads."""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.load import Load, Request, drive
from benchmarks.served import nothing_served, system

ROUNDS = 3
REQUESTS = 1500
CONNECTIONS = 16


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as directory,
        system(Path(directory)) as live,
        nothing_served() as nothing,
    ):
        live.system.freeze(
            "ingest-worker"
        )  # nothing goes on, so that the accept is measured and not the rest
        durable: list[Load] = []
        floor: list[Load] = []
        for round_ in range(ROUNDS):  # interleaved, so that what the machine does meanwhile hits both
            requests = [live.request(period=str(1950 + n % 75)) for n in range(REQUESTS)]
            durable.append(drive(live.ingest, requests, connections=CONNECTIONS, expect=202))
            floor.append(drive(nothing, _nothing(requests), connections=CONNECTIONS, expect=202))
            print(f"round {round_ + 1}: durable accept {durable[-1]}; nothing {floor[-1]}", file=sys.stderr)
        best, bare = _median(durable), _median(floor)
        print(f"durable accept    {best}")
        print(f"same, nothing     {bare}")
        print(
            f"ratio             {best.per_second / bare.per_second:8.2f} of nothing's rate, "
            f"p99 {best.p99 / bare.p99:.2f} of nothing's"
        )


def _nothing(requests: list[Request]) -> list[Request]:
    return [(method, "/v1/nothing", body, headers) for method, _, body, headers in requests]


def _median(loads: list[Load]) -> Load:
    middle = statistics.median_low([load.per_second for load in loads])
    return next(load for load in loads if load.per_second == middle)
