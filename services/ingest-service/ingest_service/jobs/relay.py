"""The relay releases what waits, lane by lane. Any relay may finish any release (rule 5 of delivery)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from muara_kernel import failpoints
from muara_kernel.documents import Conflict, Stored
from muara_kernel.observability.metrics import Metrics
from muara_kernel.worker.outbox import Outbox
from muara_kernel.worker.unit import Unit

from ingest_service.model.lanes import Candidate, Release, next_releases
from ingest_service.model.submission import Submission


class Lanes(Protocol):
    """What a relay must know of the lanes."""

    def waiting(self) -> dict[str, int]: ...

    def in_lane(self, opd: str, most: int) -> list[Stored]: ...

    def lowest(self, dataset: str) -> list[Stored]: ...

    def taken(self) -> tuple[dict[str, set[int]], set[str]]: ...

    def unanswered(self, now: float, most: int) -> list[Stored]: ...

    def paused(self) -> set[str]: ...


class Adopting(Protocol):
    def adopt(self, stored: Stored) -> Submission: ...

    def save(self, submission: Submission) -> None: ...


class Relay:
    """One relay of one worker process."""

    def __init__(
        self,
        lanes: Lanes,
        submissions: Adopting,
        candidate: Callable[[Stored], Candidate],
        *,
        unit: Unit,
        outbox: Outbox,
        metrics: Metrics,
        width: int,
        total: int,
        first_ask: float,
    ) -> None:
        self._lanes = lanes
        self._submissions = submissions
        self._candidate = candidate
        self._unit = unit
        self._outbox = outbox
        self._metrics = metrics
        self._width = width
        self._total = total
        self._first_ask = first_ask
        self._round = 0

    def turn(self) -> bool:
        """Release what may go; True when anything went, or should be looked at again at once."""
        waiting = self._lanes.waiting()
        for opd in self._lanes.paused():
            waiting.pop(opd, None)
        if not waiting:
            return False
        found, releases = self._choose(waiting)
        if not releases:
            return False
        self._unit.clear()
        now = self._unit.now()
        for release in releases:
            submission = self._submissions.adopt(found[release.submission])
            submission.release(release.slot, now, first_ask=self._first_ask)
            self._submissions.save(submission)
            self._metrics.job("release", "released", 0.0, release.opd)
        return self._send()

    def _choose(self, waiting: dict[str, int]) -> tuple[dict[str, Stored], list[Release]]:
        taken, sending = self._lanes.taken()
        self._round += 1
        found: dict[str, Stored] = {}
        candidates: dict[str, list[Candidate]] = {}
        for opd in waiting:
            free = self._width - len(taken.get(opd, ()))
            lane = self._lanes.in_lane(opd, free) if free > 0 else []
            first = [each for stored in lane for each in self._lanes.lowest(stored.body["dataset"])]
            found |= {stored.id: stored for stored in (*lane, *first)}
            unique = {stored.id: stored for stored in (*lane, *first)}
            candidates[opd] = [self._candidate(stored) for stored in unique.values()]
        return found, next_releases(
            candidates, taken, sending, width=self._width, total=self._total, first=self._round
        )

    def _send(self) -> bool:
        try:
            said = self._unit.flush()
        except Conflict:
            return True  # another relay was faster; what it left is seen at the next turn
        failpoints.reached("lanes.after_claim_before_publish")
        self._outbox.publish(said)
        failpoints.reached("lanes.after_publish_before_clear")
        self._outbox.clear(said)
        return True


class Asking:
    """Asks again for outcomes that did not come, and gives up on a submission so that its lane goes on."""

    def __init__(
        self,
        lanes: Lanes,
        submissions: Adopting,
        *,
        unit: Unit,
        outbox: Outbox,
        metrics: Metrics,
        asks: int,
        first_ask: float,
        now: Callable[[], datetime],
    ) -> None:
        self._lanes = lanes
        self._submissions = submissions
        self._unit = unit
        self._outbox = outbox
        self._metrics = metrics
        self._asks = asks
        self._first_ask = first_ask
        self._now = now

    def turn(self) -> bool:
        now = self._now()
        late = self._lanes.unanswered(now.timestamp(), most=100)
        self._unit.clear()
        for stored in late:
            submission = self._submissions.adopt(stored)
            submission.ask_again(now, most=self._asks, first=self._first_ask)
            self._submissions.save(submission)
            self._metrics.job("ask", submission.state, 0.0, submission.delivery.opd)
        if late:
            try:
                said = self._unit.flush()
            except Conflict:
                return True  # its outcome came at this very moment
            self._outbox.publish(said)
            self._outbox.clear(said)
        return bool(late)
