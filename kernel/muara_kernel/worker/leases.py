"""Leases: who works on what, so that as many workers as one starts share the jobs.

A job's document names its ``owner``; the owner's beat is one small document. A lease is taken over only
after watching that beat unchanged for ``length`` seconds on one's own monotonic clock: no promise rests
on two clocks agreeing.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from uuid import uuid4

from muara_kernel.documents import Collection, Conflict, Documents, Stored

OWNERS = Collection("worker_owners")


class Leases:
    """The leases of one worker process; its threads share them. A process that starts is a new owner."""

    def __init__(
        self,
        documents: Documents,
        *,
        length: float = 5.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._documents = documents
        self._length = length
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._mine: Stored | None = None
        self._watched: dict[str, tuple[int, float]] = {}
        self._looked: float | None = None

    @property
    def owner(self) -> str:
        """The name to claim jobs by; its beat is there before the first claim is."""
        with self._lock:
            if self._mine is None:
                self._mine = self._documents.insert(OWNERS, uuid4().hex, {"beat": 1})
            return self._mine.id

    def beat(self) -> bool:
        """Say that we live; call it several times a length. Always False, as a turn that wants its pause."""
        with self._lock:
            if self._mine is not None:
                beat = {"beat": self._mine.body["beat"] + 1}
                try:
                    self._mine = self._documents.replace(OWNERS, self._mine, beat)
                except Conflict:
                    # Still there: an earlier beat arrived without our hearing of it. Gone: we were frozen
                    # and somebody took over, so what we do now we do as a new owner.
                    self._mine = self._documents.get(OWNERS, self._mine.id)
        return False

    def abandoned(self) -> list[str]:
        """Owners whose beat stood still for the length of a lease while we watched."""
        now = self._monotonic()
        mine = self._mine.id if self._mine else None
        others = {stored.id: stored for stored in self._documents.find(OWNERS) if stored.id != mine}
        self._watched = {id: seen for id, seen in self._watched.items() if id in others}
        # A look counts for a quarter of the length at most: had we been frozen, all others would seem dead.
        step = min(now - self._looked, self._length / 4) if self._looked is not None else 0.0
        self._looked = now
        for id, stored in others.items():
            version, still = self._watched.get(id, (stored.version, -step))
            self._watched[id] = (stored.version, still + step if version == stored.version else 0.0)
        return [id for id, (_, still) in self._watched.items() if still >= self._length]

    def bury(self, owner: str) -> None:
        """Forget an abandoned owner, once nothing names it any more; one that stirred meanwhile stays."""
        stored = self._documents.get(OWNERS, owner)
        seen = self._watched.get(owner)
        if stored and (seen is None or seen[0] == stored.version):
            try:
                self._documents.delete(OWNERS, stored)
            except Conflict:
                pass  # it lives after all; its late writes are refused by the version of each job

    def resign(self) -> None:
        """A clean end: what we held is free for others at their next look."""
        with self._lock:
            if self._mine:
                self.bury(self._mine.id)
                self._mine = None
