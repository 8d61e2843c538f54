"""The relay releases what waits, lane by lane. Any relay may finish any release (rule 5 of delivery)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from ingest_service.model.lanes import Candidate, Release, next_releases
from ingest_service.model.submission import Submission
from muara_kernel import failpoints
from muara_kernel.documents import Conflict, Stored
from muara_kernel.observability.metrics import Metrics
from muara_kernel.worker.outbox import Outbox
from muara_kernel.worker.unit import Said, Unit


class Lanes(Protocol):
    """What a relay must know of the lanes."""

    def fronts(self, most: int) -> dict[str, list[Stored]]: ...

    def lowest(self, opd: str, dataset: str) -> list[Stored]: ...

    def taken(self) -> tuple[dict[str, set[int]], set[str]]: ...

    def unanswered(self, now: float, most: int) -> list[Stored]: ...

    def paused(self) -> set[str]: ...


class Adopting(Protocol):
    def get(self, id: str) -> Submission | None: ...

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
        self._last_served = ""

    def turn(self) -> bool:
        """Release what may go; True when anything went, or should be looked at again at once."""
        fronts = self._lanes.fronts(self._width)
        paused = self._lanes.paused() if fronts else set()
        found, releases = self._choose({opd: lane for opd, lane in fronts.items() if opd not in paused})
        if not releases:
            return False
        self._last_served = releases[-1].opd
        self._unit.clear()
        now = self._unit.now()
        for release in releases:
            submission = self._submissions.adopt(found[release.submission])
            submission.release(release.slot, now, first_ask=self._first_ask)
            self._submissions.save(submission)
        self._send(releases, now)
        return True

    def _choose(self, lanes: Mapping[str, list[Stored]]) -> tuple[dict[str, Stored], list[Release]]:
        if not lanes:
            return {}, []
        taken, sending = self._lanes.taken()
        found: dict[str, Stored] = {}
        candidates: dict[str, list[Candidate]] = {}
        for opd, lane in lanes.items():
            first = self._first(opd, lane, self._width - len(taken.get(opd, ())))
            found |= first
            candidates[opd] = [self._candidate(stored) for stored in first.values()]
        return found, next_releases(
            candidates, taken, sending, width=self._width, total=self._total, after=self._last_served
        )

    def _first(self, opd: str, lane: Sequence[Stored], free: int) -> dict[str, Stored]:
        """Those at the front for which there are slots, and what of their datasets must go before them."""
        front = lane[: max(0, free)]
        datasets = dict.fromkeys(stored.body["dataset"] for stored in front)
        if len(lane) < self._width:  # all that waits
            before = [stored for stored in lane if stored.body["dataset"] in datasets]
        else:
            before = [each for dataset in datasets for each in self._lanes.lowest(opd, dataset)]
        return {stored.id: stored for stored in (*front, *before)}

    def _send(self, releases: Sequence[Release], now: datetime) -> None:
        said = self._claimed(releases, now)
        out = {one.document for one in said}
        for release in (each for each in releases if each.submission in out):
            self._metrics.job("release", "released", 0.0, release.opd)
        failpoints.reached("lanes.after_claim_before_publish")
        self._outbox.publish(said)
        failpoints.reached("lanes.after_publish_before_clear")
        self._outbox.clear(said)

    def _claimed(self, releases: Sequence[Release], now: datetime) -> list[Said]:
        """What this relay may publish; where another one was faster, still what it was slower with."""
        try:
            return self._unit.flush()
        except Conflict:
            self._unit.clear()
            ours = [self._submissions.get(release.submission) for release in releases]
            self._unit.again([each.received().id for each in ours if each and each.released_at == now])
            return self._unit.flush()


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
        bus_answers: Callable[[], None],
        now: Callable[[], datetime],
    ) -> None:
        self._lanes = lanes
        self._submissions = submissions
        self._unit = unit
        self._outbox = outbox
        self._metrics = metrics
        self._asks = asks
        self._first_ask = first_ask
        self._bus_answers = bus_answers
        self._now = now

    def turn(self) -> bool:
        """One look; True when anything was late. Raises BusUnavailable before an ask is counted in vain."""
        now = self._now()
        late = self._lanes.unanswered(now.timestamp(), most=100)
        if late:
            self._bus_answers()
            said = [one for stored in late for one in self._ask(stored, now)]
            self._outbox.publish(said)
            self._outbox.clear(said)
        return bool(late)

    def _ask(self, stored: Stored, now: datetime) -> list[Said]:
        """One write each: what conflicts with one submission must not swallow the asks of others."""
        self._unit.clear()
        submission = self._submissions.adopt(stored)
        submission.ask_again(now, most=self._asks, first=self._first_ask)
        self._submissions.save(submission)
        try:
            said = self._unit.flush()
        except Conflict:
            return []  # its outcome came at this very moment, or another relay asks
        self._metrics.job("ask", submission.state, 0.0, submission.delivery.opd)
        return said
