"""What validation does when data arrived: a check waits from now on, or its answer is said again."""

from __future__ import annotations

from collections.abc import Callable

from muara_kernel.events import (
    CodelistAdopted,
    DatasetRegistered,
    Event,
    OpdRegistered,
    StandardAdopted,
    SubmissionReceived,
    SubmissionValidated,
)
from muara_kernel.worker.copies import Copies
from validation_service.model.life import Check, Checks, Reports, dismissed
from validation_service.model.report import unable


def receive_submission(event: SubmissionReceived, *, checks: Checks) -> None:
    check = checks.get(event.submission)
    if check is None:
        checks.save(Check(event, queued=checks.now()))
    elif check.answer:
        checks.say_again(check.answer)


def dismiss_submission(event: SubmissionReceived, reason: str, *, checks: Checks, reports: Reports) -> None:
    check = checks.get(event.submission) or Check(event, queued=checks.now())
    if check.answer:
        checks.say_again(check.answer)
        return
    check.conclude(reports.keep(unable(dismissed(reason))))
    checks.save(check)


def keep_copy(event: OpdRegistered | DatasetRegistered, *, copies: Copies) -> None:
    copies.keep(event)


REACTIONS: dict[type[Event], Callable[..., None]] = {
    SubmissionReceived: receive_submission,
    OpdRegistered: keep_copy,
    DatasetRegistered: keep_copy,
}

ANNOUNCES: tuple[type[Event], ...] = (SubmissionValidated, StandardAdopted, CodelistAdopted)
