"""Where files are only tried: checking processes of the web's own, started with the first file."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
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
from validation_service.model.trial import Busy, Trial, without_outcome

log = structlog.get_logger(__name__)


class Sandbox:
    """At most ``places`` files at once; what comes then is turned away and not queued.

    Nothing is started before the first file: a process that forks later would not take it along.
    """

    def __init__(self, make_crew: Callable[[], Crew], *, places: int) -> None:
        self._make_crew = make_crew
        self._places = threading.BoundedSemaphore(places)
        self._turn = threading.Lock()
        self._crew: Crew | None = None
        self._idle: list[Child] = []

    def check(self, trial: Trial, data: bytes) -> bytes:
        """The JSON of the report, which is kept nowhere. Raises Busy, BadStandard or PayloadsUnavailable."""
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
            crew, self._crew = self._crew, None
            self._idle.clear()
        if crew:
            crew.close()

    def _check(self, trial: Trial, data: bytes) -> bytes:
        answer = self._ask(to_trial(trial), data)
        if isinstance(answer, Failed):
            return self._without_outcome(answer)
        if "refused" in answer:
            raise BadStandard([Problem(place, Text(id, en)) for place, id, en in answer["refused"]])
        return str(answer["report"]).encode()

    def _ask(self, request: dict[str, Any], data: bytes) -> dict[str, Any] | Failed:
        crew = self._started()
        child = self._child(crew)
        survived = False
        try:
            answer = child.ask(request, data)
            survived = not isinstance(answer, Failed) and not child.is_spent()
        finally:
            self._let_go(crew, child, survived)
        return answer

    def _without_outcome(self, failed: Failed) -> bytes:
        log.warning("a try came to nothing", failure=failed.failure, detail=failed.detail)
        return without_outcome(failed.failure).to_json()

    def _started(self) -> Crew:
        with self._turn:
            if self._crew is None:
                self._crew = self._make_crew()
                self._crew.start()
            return self._crew

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
