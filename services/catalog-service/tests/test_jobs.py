"""A repair whose period was wrong before: two editions, closed one after the other."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable
from typing import Any

import pytest

from catalog_service import app
from muara_kernel.events import SubmissionValidated
from muara_kernel.failpoints import Armed

Validated = Callable[..., SubmissionValidated]
DATASET = "35.08/jumlah-penduduk"


def repaired_with_another_period(world: Any, validated: Validated) -> None:
    world.registers()
    world.hears(validated(1, "gagal", period="2024-S3"))
    world.hears(validated(2, period="2024-S2", repairs="S1", repairs_period="2024-S3"))


def states(world: Any) -> dict[str, str]:
    editions = [world.work().editions.of(DATASET, period) for period in ("2024-S2", "2024-S3")]
    return {name: entry["state"] for edition in editions for name, entry in edition.entries.items()}


def test_the_other_edition_is_closed_by_the_job(world: Any, validated: Validated) -> None:
    repaired_with_another_period(world, validated)
    assert states(world) == {"S1": "dikembalikan", "S2": "diterbitkan"}
    todos = app.todos(world.ground)
    assert todos.turn()
    assert states(world) == {"S1": "digantikan", "S2": "diterbitkan"}
    assert not todos.turn()


def test_a_process_that_dies_after_the_first_write_leaves_it_to_the_next(
    world: Any, validated: Validated, monkeypatch: pytest.MonkeyPatch
) -> None:
    repaired_with_another_period(world, validated)
    with monkeypatch.context() as armed:
        armed.setenv("MUARA_FAILPOINTS", "editions.after_todo=raise")
        with pytest.raises(Armed):
            app.todos(world.ground).turn()
    assert states(world)["S1"] == "dikembalikan"
    app.todos(world.ground).turn()
    assert states(world)["S1"] == "digantikan"


def test_a_worker_killed_there_is_followed_by_one_that_finishes(
    world: Any, validated: Validated, worker: Callable[..., subprocess.Popen[bytes]]
) -> None:
    repaired_with_another_period(world, validated)
    assert worker(MUARA_FAILPOINTS="editions.after_todo=kill").wait(60) == -signal.SIGKILL
    assert states(world)["S1"] == "dikembalikan"
    worker()
    deadline = time.monotonic() + 60
    while states(world)["S1"] != "digantikan" and time.monotonic() < deadline:
        time.sleep(0.05)
    assert states(world) == {"S1": "digantikan", "S2": "diterbitkan"}


def test_the_second_write_may_be_done_twice(world: Any, validated: Validated) -> None:
    repaired_with_another_period(world, validated)
    todos = app.todos(world.ground)
    work = world.work()
    edition = work.editions.of(DATASET, "2024-S3")
    edition.close("S1", "S2")
    work.editions.save(edition)
    work.flush()
    assert todos.turn()
    assert states(world)["S1"] == "digantikan"
    assert not todos.turn()


def test_what_comes_late_to_the_other_edition_is_closed_there(world: Any, validated: Validated) -> None:
    world.registers()
    world.hears(validated(2, period="2024-S2", repairs="S1", repairs_period="2024-S3"))
    app.todos(world.ground).turn()
    world.hears(validated(1, period="2024-S3"))
    assert states(world) == {"S1": "digantikan", "S2": "diterbitkan"}
