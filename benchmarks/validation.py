"""Validation: a million rows beside frictionless, dataframely and a bare read of polars; small files; growth.

``MUARA_BENCH_TEN_MILLION=1`` adds ten million rows to the line of growth (1.2 GB on the disk, some minutes).
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from benchmarks import validation_table as table
from benchmarks.validation_peers import judged

Run = Mapping[str, float]
MILLION = 1_000_000
ROUNDS = 5
SMALL_ROWS = 20
SMALL_FOR = 5.0
PEERS = {"frictionless": 80.0, "dataframely": 1.2, "read": 0.55}
"""What Muara wants to be, in times of each."""


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="muara-bench-") as directory:
        _one_million(Path(directory))
        _growth(Path(directory))
    _small()


def _one_million(directory: Path) -> None:
    path = _table(directory, MILLION)
    print(f"  {MILLION:,} rows x {len(table.NAMES)} columns, {path.stat().st_size / 1e6:.0f} MB")
    runs: dict[str, list[Run]] = {"muara": [], "read": [], "dataframely": []}
    for _ in range(ROUNDS):
        for name, told in runs.items():
            told.append(_run(name, path))
    runs["frictionless"] = [_run("frictionless", path)]
    ours = runs["muara"]
    for name, told in runs.items():
        _print(name, told)
    for name, goal in PEERS.items():
        beside = runs[name] if len(runs[name]) == ROUNDS else runs[name] * ROUNDS
        ratios = [theirs["seconds"] / own["seconds"] for theirs, own in zip(beside, ours, strict=True)]
        by_cpu = statistics.median(
            theirs["cpu"] / own["cpu"] for theirs, own in zip(beside, ours, strict=True)
        )
        span = f"{min(ratios):.2f}-{max(ratios):.2f}"
        print(
            f"  times {name:<14}{statistics.median(ratios):8.2f} ({span}; by CPU {by_cpu:.2f}; goal {goal})"
        )
    memory = max(run["mb"] for run in ours) / runs["frictionless"][0]["mb"]
    print(f"  memory of frictionless {memory:5.2f} (goal 1.0)", flush=True)


def _print(name: str, told: Sequence[Run]) -> None:
    seconds = statistics.median(run["seconds"] for run in told)
    cpu = statistics.median(run["cpu"] for run in told)
    exact = ""
    if "found" in told[0]:
        exact = f"   found {told[0]['found']}, missed {told[0]['missed']}, extra {told[0]['extra']}"
    peak = max(run["mb"] for run in told)
    print(f"  {name:<14}{seconds:8.2f} s   CPU {cpu:6.2f} s   {peak:5.0f} MB{exact}", flush=True)


def _growth(directory: Path) -> None:
    """Time and memory for each row; were the cost linear, the first would only fall to a floor."""
    heights = [10_000, 100_000, MILLION]
    if os.environ.get("MUARA_BENCH_TEN_MILLION"):
        heights.append(10 * MILLION)
    for height in heights:
        runs = [_run("muara", _table(directory, height)) for _ in range(3)]
        cpu = statistics.median(run["cpu"] for run in runs)
        seconds = statistics.median(run["seconds"] for run in runs)
        peak = max(run["mb"] for run in runs)
        print(
            f"  {height:>10,} rows   {seconds / height * 1e6:6.3f} s and {cpu / height * 1e6:6.3f} s of CPU"
            f" for each million   {peak:5.0f} MB",
            flush=True,
        )


def _small() -> None:
    """Tables of 20 rows, one after the other in a process on one core, as a checking process does them."""
    core = min(os.sched_getaffinity(0))
    subprocess.run(
        [sys.executable, "-c", f"from benchmarks.validation import _small_ones; _small_ones({core})"],
        env=os.environ | {"POLARS_MAX_THREADS": "1"},
        check=True,
    )


def _small_ones(core: int) -> None:
    os.sched_setaffinity(0, {core})
    judge = judged()
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "small.csv"
        for shown, bad in (("all well", 0), ("one bad cell", 1)):
            table.write(path, SMALL_ROWS, bad)
            data = path.read_bytes()
            told = [_how_often(judge, data) for _ in range(ROUNDS)]
            by_clock, by_cpu, floor = (max(each) for each in zip(*told, strict=True))
            print(
                f"  {SMALL_ROWS} rows, {shown:<14}{by_clock:6,.0f} checks/s,"
                f" {by_cpu:6,.0f} for each second of CPU; a bare read {floor:,.0f}",
                flush=True,
            )


def _how_often(judge: Callable[[bytes], object], data: bytes) -> tuple[float, float, float]:
    """Checks a second, and for each second of CPU; and bare reads for each second of CPU."""
    import polars as pl

    by_clock, by_cpu = _rates(lambda: judge(data))
    _, floor = _rates(lambda: pl.read_csv(data, infer_schema=False))
    return by_clock, by_cpu, floor


def _rates(run: Callable[[], object]) -> tuple[float, float]:
    for _ in range(50):
        run()
    began, cpu, runs = time.perf_counter(), time.process_time(), 0
    while time.perf_counter() - began < SMALL_FOR / ROUNDS:
        run()
        runs += 1
    return runs / (time.perf_counter() - began), runs / (time.process_time() - cpu)


def _table(directory: Path, height: int) -> Path:
    path = directory / f"{height}.csv"
    if not path.exists():
        table.write(path, height)
    return path


def _run(name: str, path: Path) -> Run:
    command = [sys.executable, "-m", "benchmarks.validation_peers", name, str(path)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    told: Run = json.loads(ran.stdout.splitlines()[-1])
    return told


if __name__ == "__main__":
    main()
