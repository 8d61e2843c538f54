"""What is done, and what must hold at the end, where a process is killed at a named place of the code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from history import check
from system import System, table, until

KILLED = [
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
    "deliveries.after_started_before_data",
    "deliveries.after_accepted_before_record",
]
LOST = ["documents.batch_partial", "documents.write_unknown", "lanes.answer_lost"]
IN_A_DIRECTORY = ["payloads.after_file_before_rename"]
IN_GRIDFS = ["payloads.mid_gridfs_upload", "payloads.after_file_before_pointer"]

OF_SERVERS = [
    "lanes.after_publish_before_clear",
    "worker.after_mark",
    "worker.after_write_before_publish",
    "worker.after_publish_before_commit",
    *IN_GRIDFS,
]
"""Those at which broker and database matter most; `make chaos` takes the others of KILLED there too."""

QUICK = {"MUARA_SESSION_SECONDS": "2", "MUARA_LEASE_SECONDS": "2", "MUARA_INGEST_FIRST_ASK_SECONDS": "1"}
LARGE = 70_000
"""More bytes than a payload may have to be a row, so that it becomes a file."""


def killed_at(place: str, start: Callable[..., System], counts: Path) -> None:
    """One process dies there once; ``counts`` is a directory to be made."""
    system = _armed(f"{place}=kill*1", start, counts)
    everything_happens(system)
    statuses = check(system)
    assert {status["state"] for status in statuses} == {"diterbitkan", "dikembalikan"}
    returned = [status for status in statuses if status["state"] == "dikembalikan"]
    until(lambda: len(_letters(system)) >= len(returned), 30, lambda: f"{_letters(system)}, not {returned}")
    assert len(_letters(system)) == len(returned)
    until(lambda: bool(list(counts.iterdir())), 10, lambda: f"{place} was never reached")


def lost_at(place: str, start: Callable[..., System], counts: Path) -> None:
    """What is to be done there is left out three times."""
    system = _armed(f"{place}=lose*3", start, counts)
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


def _armed(failpoints: str, start: Callable[..., System], counts: Path) -> System:
    counts.mkdir()
    armed = {"MUARA_FAILPOINTS": failpoints, "MUARA_FAILPOINTS_DIR": str(counts)}
    return start("dinkes", "dinsos", settings=QUICK | armed)


def _letters(system: System) -> list[str]:
    return sorted(path.name for path in (system.live.place.root / "outbox").glob("*.eml"))
