"""What ingest does when the catalog has spoken: the outcome frees the lane."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ingest_service.model.submission import OutcomeState, Submissions
from muara_kernel import failpoints
from muara_kernel.events import (
    DatasetPublished,
    DatasetRegistered,
    Event,
    OpdRegistered,
    ReviewRequested,
    SubmissionHeld,
    SubmissionReceived,
    SubmissionReturned,
)
from muara_kernel.events.base import dump
from muara_kernel.worker.copies import Copies

Outcome = DatasetPublished | SubmissionReturned | ReviewRequested


def note_publication(event: DatasetPublished, *, submissions: Submissions) -> None:
    _settle(submissions, event, "diterbitkan", version=event.version, rows=event.rows, report=event.report)


def note_return(event: SubmissionReturned, *, submissions: Submissions) -> None:
    told = dump(event)
    more = {name: told.get(name) for name in ("reason", "decided_by", "rows", "errors", "report", "findings")}
    _settle(submissions, event, "dikembalikan", **more)


def note_review(event: ReviewRequested, *, submissions: Submissions) -> None:
    _settle(submissions, event, "menunggu_pemeriksaan", reason=event.reason, report=event.report)


def keep_copy(event: OpdRegistered | DatasetRegistered, *, copies: Copies) -> None:
    copies.keep(event)


def _settle(submissions: Submissions, event: Outcome, state: OutcomeState, **more: Any) -> None:
    if failpoints.reached("lanes.answer_lost", event.submission):
        return
    submission = submissions.get(event.submission)
    if submission:  # one we never accepted has no lane to free
        submission.settle(state, submissions.happened_at(), **more)
        submissions.save(submission)


REACTIONS: dict[type[Event], Callable[..., None]] = {
    DatasetPublished: note_publication,
    SubmissionReturned: note_return,
    ReviewRequested: note_review,
    OpdRegistered: keep_copy,
    DatasetRegistered: keep_copy,
}

ANNOUNCES: tuple[type[Event], ...] = (SubmissionReceived, SubmissionHeld)
