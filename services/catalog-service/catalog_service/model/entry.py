"""What an edition keeps: plain JSON, since it may see thousands of submissions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, NotRequired, TypedDict

from muara_kernel.events.dataset import Access
from muara_kernel.events.submission import Authority, Verdict

EntryState = Literal["diterbitkan", "dikembalikan", "menunggu_pemeriksaan", "digantikan"]
Decision = Literal["setuju", "kembalikan"]

OPEN_ACCESS: tuple[Access, ...] = ("terbuka", "terbatas")
ALL_ACCESS: tuple[Access, ...] = (*OPEN_ACCESS, "tertutup")


class Entry(TypedDict):
    """What became of one submission.

    ``answers`` are the ids of what was announced; ``asked`` is the request for review as it was
    announced, there only while it waits.
    """

    sequence: int
    state: EntryState
    verdict: Verdict
    opd: str
    report: str
    rows: int
    received_at: str
    answers: list[str]
    repairs: NotRequired[str]
    reason: NotRequired[str]
    decided_by: NotRequired[Authority]
    decision: NotRequired[Decision]
    version: NotRequired[int]
    superseded_by: NotRequired[str]
    asked: NotRequired[dict[str, Any]]


class Version(TypedDict):
    """A published version; it never changes."""

    number: int
    submission: str
    sequence: int
    payload: str
    report: str
    rows: int
    size: int
    media_type: str
    filename: str
    published_at: str


class Todo(TypedDict):
    """A submission of another edition that is still to be closed: its period, and its repair."""

    period: str
    by: str


@dataclass(frozen=True)
class Outcome:
    """What a decision of the walidata came to."""

    submission: str
    outcome: Literal["diterbitkan", "dikembalikan"]
    version: int | None = None


def may_be_listed(access: Access, *, at_the_desk: bool) -> bool:
    return at_the_desk or access in OPEN_ACCESS


def may_be_downloaded(access: Access, *, at_the_desk: bool) -> bool:
    return at_the_desk or access == "terbuka"
