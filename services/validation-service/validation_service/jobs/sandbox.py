"""Where files are only tried: checking processes of the web's own, started with the first file."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import structlog

from muara_kernel.events import Text
from validation_service.jobs.child import Child, Failed, StartFailed
from validation_service.jobs.crew import Crew
from validation_service.jobs.request import to_sample, to_trial
from validation_service.model.life import WHY
from validation_service.model.problem import Problem
from validation_service.model.sample_file import NoProposal, SampleFile
from validation_service.model.standard import BadStandard
from validation_service.model.trial import Busy, Trial, Tried, without_outcome

REST_AFTER = 300.0
"""Seconds without a file after which the processes are ended, the spare one too."""

log = structlog.get_logger(__name__)


class Sandbox:
    """At most ``places`` files at once; what comes then is turned away and not queued.

    Nothing is started before the first file: a process that forks later would not take it along. What was
    started ends when nothing was tried for ``rest`` seconds; the next file starts it anew.
    """

    def __init__(self, make_crew: Callable[[], Crew], *, places: int, rest: float = REST_AFTER) -> None:
        self._make_crew = make_crew
        self._places = threading.BoundedSemaphore(places)
        self._rest = rest
        self._turn = threading.Condition()
        self._crew: Crew | None = None
        self._idle: list[Child] = []
        self._at_work = 0
        self._last = 0.0

    def check(self, trial: Trial, data: bytes) -> Tried:
        """What came of it, which is kept nowhere. Raises Busy, BadStandard or PayloadsUnavailable."""
        if not self._places.acquire(blocking=False):
            raise Busy
        try:
            return self._check(trial, data)
        finally:
            self._places.release()

    def propose(self, sample: SampleFile, data: bytes) -> Mapping[str, Any]:
        """The proposed standard as it is told. Raises Busy, NoProposal or PayloadsUnavailable."""
        if not self._places.acquire(blocking=False):
            raise Busy
        try:
            answer = self._ask(to_sample(sample), data)
        finally:
            self._places.release()
        if isinstance(answer, Failed):
            log.warning("a proposal came to nothing", failure=answer.failure, detail=answer.detail)
            raise NoProposal(WHY[answer.failure])
        if "unreadable" in answer:
            raise NoProposal(Text(*answer["unreadable"]))
        told: dict[str, Any] = answer["proposal"]
        return told

    def close(self) -> None:
        with self._turn:
            crew = self._crew
            self._forget()
        if crew:
            crew.close()

    def _forget(self) -> None:
        self._crew = None
        self._idle.clear()
        self._turn.notify_all()

    def _check(self, trial: Trial, data: bytes) -> Tried:
        answer = self._ask(to_trial(trial), data)
        if isinstance(answer, Failed):
            return self._without_outcome(answer)
        if "refused" in answer:
            raise BadStandard([Problem(place, Text(id, en)) for place, id, en in answer["refused"]])
        return Tried(str(answer["report"]).encode(), answer.get("table"), answer.get("format", ""))

    def _ask(self, request: dict[str, Any], data: bytes) -> dict[str, Any] | Failed:
        with self._at_work_with_crew() as crew:
            child = self._child(crew)
            survived = False
            try:
                answer = child.ask(request, data)
                survived = not isinstance(answer, Failed) and not child.is_spent()
            finally:
                self._let_go(crew, child, survived)
            return answer

    def _without_outcome(self, failed: Failed) -> Tried:
        log.warning("a try came to nothing", failure=failed.failure, detail=failed.detail)
        return Tried(without_outcome(failed.failure).to_json())

    @contextmanager
    def _at_work_with_crew(self) -> Iterator[Crew]:
        """Nobody sends the crew to rest meanwhile."""
        with self._turn:
            crew = self._crew or self._start()
            self._at_work += 1
        try:
            yield crew
        finally:
            with self._turn:
                self._at_work -= 1
                self._last = time.monotonic()
                self._turn.notify_all()

    def _start(self) -> Crew:
        crew = self._crew = self._make_crew()
        crew.start()
        threading.Thread(target=self._end_when_idle, args=(crew,), name="sandbox", daemon=True).start()
        return crew

    def _end_when_idle(self, crew: Crew) -> None:
        with self._turn:
            while self._crew is crew:
                left = self._last + self._rest - time.monotonic()
                if not self._at_work and left <= 0:
                    self._forget()
                    break
                self._turn.wait(None if self._at_work else left)
            else:
                return  # it was closed
        crew.close()
        log.info("no file was tried for a while; the checking processes have ended")

    def _child(self, crew: Crew) -> Child:
        with self._turn:
            child = self._idle.pop() if self._idle else None
        if child is not None and child.is_spent():
            crew.dismiss(child)
            child = None
        try:
            return child or crew.hire()
        except StartFailed as error:
            log.error("no process to try a file with", error=str(error))
            raise Busy from error

    def _let_go(self, crew: Crew, child: Child, survived: bool) -> None:
        with self._turn:
            if survived and crew is self._crew:
                self._idle.append(child)
                return
        crew.dismiss(child)
