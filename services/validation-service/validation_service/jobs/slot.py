"""A checker's slot: a thread that claims a check, has its process look at the file, writes the outcome."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event as Flag
from typing import Protocol

import structlog

from muara_kernel import failpoints
from muara_kernel.observability.logs import bound
from validation_service.jobs.child import Abandoned, Child, Failed
from validation_service.jobs.crew import Crew
from validation_service.jobs.request import to_request
from validation_service.jobs.rota import Rota
from validation_service.model.life import Check, Claim, Lacks, Outcome, Queue, Reports, Shelf, given_up
from validation_service.model.report import unable

GRACE_AT_STOP = 8.0

log = structlog.get_logger(__name__)


class JobMetrics(Protocol):
    def job(self, job: str, outcome: str, seconds: float, opd: str | None = None) -> None: ...


@dataclass(frozen=True)
class Desk:
    """What all slots of a worker share."""

    rota: Rota
    crew: Crew
    queue: Queue
    shelf: Shelf
    reports: Reports
    metrics: JobMetrics
    region: str
    starts: int
    stop: Flag
    grace: float = GRACE_AT_STOP


class Slot:
    """``beat`` is called while a check goes on, so that a long one is not taken for a stuck thread."""

    def __init__(self, desk: Desk, beat: Callable[[], None] = lambda: None) -> None:
        self._desk = desk
        self._beat = beat
        self._child: Child | None = None
        self._stop_seen: float | None = None

    def turn(self) -> bool:
        """One check, if there is one; True when there was."""
        child = self._ready_child()  # before the claim: a process that does not start is no start of a check
        claim = self._desk.rota.next()
        if claim is None:
            return False
        check, began = claim.check, time.monotonic()
        try:
            with bound(correlation=check.id):
                failpoints.reached("checks.claimed", check.received.filename)
                result = self._work(child, claim)
                self._desk.metrics.job("check", result, time.monotonic() - began, check.received.opd)
        finally:
            self._desk.rota.done(claim)
        return True

    def _work(self, child: Child, claim: Claim) -> str:
        check = claim.check
        if check.starts > self._desk.starts:  # workers died with it
            check.starts -= 1
            self._give_up(check)
        else:
            try:
                self._try(child, check)
            except Lacks as lack:
                check.wait_for(str(lack))
            except Abandoned:
                self._let_go(child)
                check.hand_back(start_counts=False)
        return _told(check) if self._desk.queue.keep(claim) else "diambil_alih"

    def _try(self, child: Child, check: Check) -> None:
        references = self._desk.shelf.references(check.received)
        request = to_request(check.received, references, region=self._desk.region)
        result = child.check(request, look=self._look)
        if isinstance(result, Failed):
            self._note(check, result)
            return
        failpoints.reached("checks.report_stored_before_done", check.received.filename)
        check.conclude(references.used_in(result))

    def _note(self, check: Check, failed: Failed) -> None:
        log.warning(
            "a check came to nothing", failure=failed.failure, detail=failed.detail, start=check.starts
        )
        check.fail(failed.failure)
        if check.starts >= self._desk.starts:
            self._give_up(check)

    def _give_up(self, check: Check) -> None:
        outcome: Outcome = self._desk.reports.keep(unable(given_up(check)))
        failpoints.reached("checks.report_stored_before_done", check.received.filename)
        check.conclude(outcome)

    def _look(self) -> None:
        self._beat()
        if self._desk.stop.is_set():
            self._stop_seen = self._stop_seen or time.monotonic()
            if time.monotonic() - self._stop_seen > self._desk.grace:
                raise Abandoned

    def _ready_child(self) -> Child:
        if self._child is not None and self._child.is_spent():
            self._let_go(self._child)
        if self._child is None:
            self._child = self._desk.crew.hire()
        return self._child

    def _let_go(self, child: Child) -> None:
        self._desk.crew.dismiss(child)
        self._child = None


def _told(check: Check) -> str:
    if check.verdict:
        return check.verdict
    return "menunggu_acuan" if check.lacks else "dicoba_lagi"
