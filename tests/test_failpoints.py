"""A process killed at once at each named place of the code: nothing is lost, and nothing doubled.

docs/delivery.md names the places, those too that only a service's own tests can reach. Each test
arms one for a single firing, in every process that
reaches it, sends what makes it fire, and checks the history at the end.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from history import check
from system import System, table, until

PLACES = [
    "ingest.after_payload_before_document",
    "ingest.after_document_before_answer",
    "lanes.after_claim_before_publish",
    "lanes.after_publish_before_clear",
    "worker.after_mark",
    "worker.after_write_before_publish",
    "worker.after_publish_before_commit",
    "checks.claimed",
    "checks.child_killed",
    "checks.report_stored_before_done",
    "editions.after_todo",
    "payloads.after_file_before_rename",
    "deliveries.after_started_before_data",
    "deliveries.after_accepted_before_record",
]
QUICK = {"MUARA_SESSION_SECONDS": "2", "MUARA_LEASE_SECONDS": "2", "MUARA_INGEST_FIRST_ASK_SECONDS": "1"}
LARGE = 70_000
"""More bytes than a payload may have to be a row, so that it becomes a file."""


@pytest.mark.parametrize("place", PLACES)
def test_killed_at(place: str, start: Callable[..., System], tmp_path: Path) -> None:
    counts = tmp_path / "fired"
    counts.mkdir()
    armed = {"MUARA_FAILPOINTS": f"{place}=kill*1", "MUARA_FAILPOINTS_DIR": str(counts)}
    system = start("dinkes", "dinsos", settings=QUICK | armed)
    everything_happens(system)
    statuses = check(system)
    assert {status["state"] for status in statuses} == {"diterbitkan", "dikembalikan"}
    letters = sorted(path.name for path in (system.live.place.root / "outbox").glob("*.eml"))
    returned = [status for status in statuses if status["state"] == "dikembalikan"]
    until(lambda: _letters(system) >= len(returned), 30, lambda: f"{letters} for {len(returned)} returns")
    assert _letters(system) == len(returned)
    until(lambda: bool(list(counts.iterdir())), 10, lambda: f"{place} was never reached")


@pytest.mark.parametrize("place", ["documents.batch_partial", "documents.write_unknown", "lanes.answer_lost"])
def test_lost_at(place: str, start: Callable[..., System], tmp_path: Path) -> None:
    counts = tmp_path / "fired"
    counts.mkdir()
    armed = {"MUARA_FAILPOINTS": f"{place}=lose*3", "MUARA_FAILPOINTS_DIR": str(counts)}
    system = start("dinkes", "dinsos", settings=QUICK | armed)
    everything_happens(system)
    check(system)
    assert list(counts.iterdir()), f"{place} was never reached"


def everything_happens(system: System) -> None:
    """Good and bad files, small and large, two OPD, and repairs in the same and in another edition."""
    for year in (2021, 2022, 2023):
        system.push("dinkes", table(year), period=str(year))
    bad = system.push("dinkes", table("buruk"), period="2024")
    system.push("dinkes", table(1, 2), period="2024", repairs=bad["submission"])
    wrong_period = system.push("dinsos", table(5), period="2024-13")
    system.push("dinsos", table(5), period="2024", repairs=wrong_period["submission"])
    system.push("dinsos", table(*range(LARGE // 8)), period="2020")


def _letters(system: System) -> int:
    return len(list((system.live.place.root / "outbox").glob("*.eml")))
