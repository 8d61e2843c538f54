"""What is done, and what must hold at the end, where a process is killed at a named place of the code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from history import check
from system import System, table, until

Places = tuple[str, ...]
INGEST: Places = (
    "ingest.after_payload_before_document",
    "ingest.after_document_before_answer",
    "lanes.after_claim_before_publish",
    "lanes.after_publish_before_clear",
)
WORKER: Places = (
    "worker.after_mark",
    "worker.after_write_before_publish",
    "worker.after_publish_before_commit",
)
CHECKS: Places = ("checks.claimed", "checks.child_killed", "checks.report_stored_before_done")
OUTCOMES: Places = (
    "editions.after_todo",
    "deliveries.after_started_before_data",
    "deliveries.after_accepted_before_record",
)
IN_A_DIRECTORY: Places = ("payloads.after_file_before_rename",)
IN_GRIDFS: Places = ("payloads.mid_gridfs_upload", "payloads.after_file_before_pointer")
LOST: Places = ("documents.batch_partial", "documents.write_unknown", "lanes.answer_lost")

KILLED = {"ingest": INGEST, "worker": WORKER, "checks": CHECKS, "outcomes": OUTCOMES}
"""A process dies once at each place of a group, one after the other in one run."""
OF_SERVERS = {"records": ("lanes.after_publish_before_clear", *WORKER), "gridfs": IN_GRIDFS}
"""Those at which broker and database matter most; `make chaos` takes each of KILLED there too, alone."""

QUICK = {"MUARA_SESSION_SECONDS": "2", "MUARA_LEASE_SECONDS": "2", "MUARA_INGEST_FIRST_ASK_SECONDS": "1"}
LARGE = 70_000
"""More bytes than a payload may have to be a row, so that it becomes a file."""


def killed_at(places: Places, start: Callable[..., System], counts: Path) -> None:
    """One process dies at each place once; ``counts`` is a directory to be made."""
    system = _armed([f"{place}=kill*1" for place in places], start, counts)
    everything_happens(system)
    statuses = check(system)
    assert {status["state"] for status in statuses} == {"diterbitkan", "dikembalikan"}
    returned = [status for status in statuses if status["state"] == "dikembalikan"]
    until(lambda: len(_letters(system)) >= len(returned), 30, lambda: f"{_letters(system)}, not {returned}")
    assert len(_letters(system)) == len(returned)
    until(lambda: not _unreached(places, counts), 60, lambda: f"never reached: {_unreached(places, counts)}")


def lost_at(places: Places, start: Callable[..., System], counts: Path) -> None:
    """What is to be done at each place is left out three times."""
    system = _armed([f"{place}=lose*3" for place in places], start, counts)
    everything_happens(system)
    check(system)
    assert not _unreached(places, counts)


def _unreached(places: Places, counts: Path) -> list[str]:
    fired = [path.name for path in counts.iterdir()]
    stems = {place: "".join(letter if letter.isalnum() else "-" for letter in place) for place in places}
    return [place for place, stem in stems.items() if not any(name.startswith(stem) for name in fired)]


def everything_happens(system: System) -> None:
    """Good and bad files, small and large, two OPD, and repairs in the same and in another edition."""
    for year in (2021, 2022, 2023):
        system.push("dinkes", table(year), period=str(year))
    bad = system.push("dinkes", table("buruk"), period="2024")
    system.push("dinkes", table(1, 2), period="2024", repairs=bad["submission"])
    wrong_period = system.push("dinsos", table(5), period="2024-13")
    system.push("dinsos", table(5), period="2024", repairs=wrong_period["submission"])
    system.push("dinsos", table(*range(LARGE // 8)), period="2020")


def _armed(failpoints: Sequence[str], start: Callable[..., System], counts: Path) -> System:
    counts.mkdir()
    armed = {"MUARA_FAILPOINTS": ";".join(failpoints), "MUARA_FAILPOINTS_DIR": str(counts)}
    return start("dinkes", "dinsos", settings=QUICK | armed)


def _letters(system: System) -> list[str]:
    return sorted(path.name for path in (system.live.place.root / "outbox").glob("*.eml"))
