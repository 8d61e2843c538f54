"""Whose check is next: in turn by OPD, and never every checker for one of them."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from typing import Protocol

import structlog

from validation_service.model.life import Claim, Queue, Shelf

log = structlog.get_logger(__name__)


class Leases(Protocol):
    @property
    def owner(self) -> str: ...

    def abandoned(self) -> list[str]: ...

    def bury(self, owner: str) -> None: ...


class Rota:
    """Shared by the checkers of one worker. Of several, one is always left for another OPD."""

    def __init__(self, queue: Queue, leases: Leases, *, checkers: int) -> None:
        self._queue = queue
        self._leases = leases
        self._most = max(1, checkers - 1)
        self._lock = threading.Lock()
        self._busy: Counter[str] = Counter()
        self._held: set[str] = set()
        self._last = ""

    def next(self) -> Claim | None:
        with self._lock:
            waiting = self._queue.waiting()
            for opd in self._in_turn(waiting):
                claim = self._queue.claim(opd, self._leases.owner)
                if claim:
                    self._last = opd
                    self._busy[opd] += 1
                    self._held.add(claim.check.id)
                    return claim
        return None

    def done(self, claim: Claim) -> None:
        with self._lock:
            self._busy[claim.check.received.opd] -= 1
            self._held.discard(claim.check.id)

    def free_the_abandoned(self) -> bool:
        """Claims of dead workers, and those of ours that a lost database made us forget, wait again."""
        self._free_forgotten()
        gone = set(self._leases.abandoned())
        for owner, lives in self._queue.owners().items():
            if owner in gone or not lives:
                log.warning(
                    "checks of a lost worker wait again", owner=owner, checks=self._queue.release(owner)
                )
        for owner in gone:
            self._leases.bury(owner)
        return bool(gone)

    def _free_forgotten(self) -> None:
        with self._lock:  # nothing is claimed meanwhile, so what is not held was forgotten
            for claim in self._queue.claimed_by(self._leases.owner):
                if claim.check.id not in self._held:
                    claim.check.hand_back(start_counts=False)
                    self._queue.keep(claim)

    def _in_turn(self, waiting: Mapping[str, int]) -> list[str]:
        lanes = sorted(waiting)
        first = bisect_right(lanes, self._last)
        return [opd for opd in (*lanes[first:], *lanes[:first]) if self._busy[opd] < self._most]


class References:
    """Lets checks go on whose standard, code list, dataset or OPD has arrived."""

    def __init__(self, queue: Queue, shelf: Shelf) -> None:
        self._queue = queue
        self._shelf = shelf

    def turn(self) -> bool:
        arrived = [lack for lack in self._queue.lacking() if self._shelf.has(lack)]
        for lack in arrived:
            self._queue.take_up(lack)
        return bool(arrived)
