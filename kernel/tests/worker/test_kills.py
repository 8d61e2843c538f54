"""kill -9 at every step of the worker, and afterwards: nothing lost, nothing doubled, the same bytes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import muara_kernel
from muara_kernel.bus import Record
from muara_kernel.worker.dead_letters import BURIALS
from muara_kernel.worker.loop import DEATHS
from muara_kernel.worker.unit import ANNOUNCED

DATASETS = ("35.08/jumlah-penduduk", "35.08/angka-kemiskinan", "35.08/panjang-jalan")
DEADLY = "35.08/beracun"
KILLED = -9
MOST_RUNS = 12

Ledger = Callable[[str], list[int]]


@pytest.fixture
def run(world: Any, tmp_path: Path) -> Ledger:
    """The service in a process of its own, started again after each kill; its exit codes."""
    kernel = str(Path(muara_kernel.__file__).parents[1])
    script = str(Path(__file__).with_name("ledger.py"))

    def start(failpoints: str) -> list[int]:
        environ = {
            **os.environ,
            "PYTHONPATH": kernel,
            "MUARA_FAILPOINTS": failpoints,
            "MUARA_FAILPOINTS_DIR": str(tmp_path),
        }
        codes: list[int] = []
        while len(codes) < MOST_RUNS and codes[-1:] != [0]:
            ended = subprocess.run(
                [sys.executable, script, str(tmp_path), "ledger"],
                env=environ,
                capture_output=True,
                timeout=200,
            )
            assert ended.returncode in (0, KILLED), ended.stderr.decode()
            codes.append(ended.returncode)
        return codes

    return start


def publish(world: Any, each: int = 4) -> int:
    for number in range(1, each + 1):
        for dataset in DATASETS:
            world.publish(world.received(number, submission=f"{dataset}#{number}", dataset=dataset))
    return each * len(DATASETS)


def assert_history_holds(world: Any, each: int = 4) -> None:
    """Every submission counted once and answered; every repeat of an answer has its id and its bytes."""
    assert {name: world.totals()[name] for name in DATASETS} == dict.fromkeys(DATASETS, each)
    answers: dict[str, set[tuple[bytes, tuple[tuple[str, str], ...]]]] = defaultdict(set)
    for record in world.said():
        told = json.loads(record.value)
        assert told["id"] == record.headers["id"]
        answers[told["subject"]].add((record.value, tuple(record.headers.items())))
    expected = {f"{dataset}#{number}" for dataset in DATASETS for number in range(1, each + 1)}
    assert set(answers) == expected
    assert [len(told) for told in answers.values()] == [1] * len(expected)
    assert world.outbox().waiting() == 0
    kept = {stored.body["value"].encode() for stored in world.documents.find(ANNOUNCED)}
    assert kept == {value for told in answers.values() for value, _ in told}


@pytest.mark.parametrize(
    "place", ["worker.after_mark", "worker.after_write_before_publish", "worker.after_publish_before_commit"]
)
def test_killed_between_two_steps_it_goes_on_where_it_was(world: Any, run: Ledger, place: str) -> None:
    publish(world)
    assert run(f"{place}=kill*3") == [KILLED, KILLED, KILLED, 0]
    assert_history_holds(world)
    assert world.letters().all() == []
    assert world.unread() == 0


def test_killed_after_a_burial_it_buries_once(world: Any, run: Ledger) -> None:
    publish(world, each=2)
    world.publish(world.received(9, dataset=DATASETS[0], period="tidak-sah"))
    assert run("worker.after_dead_letter_before_commit=kill*2") == [KILLED, KILLED, 0]
    assert_history_holds(world, each=2)
    (letter,) = world.letters().all()
    assert letter.body["reason"] == "Unprocessable: there is no such period"
    assert world.documents.get(BURIALS, "ledger").body["in_a_row"] <= 1
    assert world.unread() == 0


@pytest.mark.parametrize(
    "failpoints",
    [
        "documents.batch_partial~ledgers=lose*3",
        "documents.batch_partial=lose*5",
        "documents.write_unknown~ledgers=lose*3",
        "documents.write_unknown=lose*9",
    ],
)
def test_a_store_lost_in_the_middle_of_a_write_loses_and_doubles_nothing(
    world: Any, run: Ledger, failpoints: str
) -> None:
    publish(world)
    assert run(failpoints) == [0]
    assert_history_holds(world)
    assert world.letters().all() == []


def test_killed_and_lost_together_the_history_still_holds(world: Any, run: Ledger) -> None:
    publish(world)
    codes = run(
        "documents.batch_partial~ledgers=lose*1;worker.after_mark=kill*1;"
        "documents.write_unknown~announced=lose*1;worker.after_publish_before_commit=kill*1;"
        "worker.after_write_before_publish=kill*1"
    )
    assert codes == [KILLED, KILLED, KILLED, 0]
    assert_history_holds(world)
    assert world.letters().all() == []


def test_what_kills_the_process_every_time_is_buried_and_the_others_go_on(world: Any, run: Ledger) -> None:
    publish(world, each=1)
    deadly: Record = world.told(world.received(9, submission="deadly", dataset=DEADLY))
    world.publish(deadly)
    publish_more = world.received(10, submission=f"{DATASETS[0]}#2", dataset=DATASETS[0])
    world.publish(publish_more)
    assert run(f"ledger.noting~{DEADLY}=kill") == [KILLED] * (1 + DEATHS) + [0]
    (letter,) = world.letters().all()
    assert letter.body["reason"] == f"killed the process: {DEATHS} times"
    assert world.totals() == {DATASETS[0]: 2, DATASETS[1]: 1, DATASETS[2]: 1}
    assert world.unread() == 0
