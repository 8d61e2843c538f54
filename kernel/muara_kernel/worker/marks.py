"""The mark before a batch: it says what is being tried, so that what kills the process is known afterwards.

One small document a partition. Offsets only grow, so a mark is never cleared: a record at or below a
mark that comes again was tried before and not finished. Only where the bus was lost do they begin anew, far
below it: what is then tried alone takes the mark back with it. A start that was written by ourselves is no
death, whatever became of the write: we live.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from muara_kernel.bus import Delivery
from muara_kernel.documents import Collection, Conflict, Documents, Duplicate, Insert, Replace, Stored, Write

MARKS = Collection("worker_marks")
FAR = 10_000
"""Offsets below a mark, more than any batch has: what died with it comes back nearer."""


@dataclass
class _Mark:
    stored: Stored | None
    last: int = -1
    alone: int = -1
    starts: int = 0

    def take_in(self, offset: int) -> None:
        """Those of its batch stay below the mark, for they may come back few at a time."""
        self.last = offset if self.last - offset > FAR else max(self.last, offset)


class Marks:
    """The marks of one group in one service's documents."""

    def __init__(self, documents: Documents, group: str) -> None:
        self._documents = documents
        self._group = group
        self._me = uuid4().hex
        self._marks: dict[str, _Mark] = {}

    def begin(self, deliveries: Sequence[Delivery]) -> bool:
        """Mark the whole batch as tried, durably; True when any of it was tried before."""
        spans: dict[str, list[int]] = {}
        for delivery in deliveries:
            spans.setdefault(self._place(delivery), []).append(delivery.offset)
        marks = {place: self._read(place) for place in spans}
        repeated = any(min(offsets) <= marks[place].last for place, offsets in spans.items())
        if not repeated:
            for place, offsets in spans.items():
                marks[place].last = max(offsets)
            self._save(marks)
        return repeated

    def start(self, delivery: Delivery) -> int:
        """Mark one record, tried alone; returns how many times in a row a process died with it."""
        place = self._place(delivery)
        mark = self._read(place)
        died = mark.starts if mark.alone == delivery.offset else 0
        mark.take_in(delivery.offset)
        mark.alone, mark.starts = delivery.offset, died + 1
        self._save({place: mark})
        return died

    def survived(self, delivery: Delivery) -> None:
        """The process is alive after all; noted in memory, and durable with the next mark or at the end."""
        mark = self._read(self._place(delivery))
        if mark.alone == delivery.offset:
            mark.starts = 0

    def release(self) -> None:
        """A clean end, or a wait: nothing that was under way is to be blamed, and others are to know."""
        left = {
            place: mark
            for place, mark in self._marks.items()
            if mark.stored and mark.stored.body.get("starts")
        }
        for mark in left.values():
            mark.starts = 0
        self._save(left)

    def _place(self, delivery: Delivery) -> str:
        return f"{self._group}/{delivery.topic}/{delivery.partition}"

    def _read(self, place: str) -> _Mark:
        if place not in self._marks:
            stored = self._documents.get(MARKS, place)
            body = stored.body if stored else {}
            starts = 0 if body.get("by") == self._me else body.get("starts", 0)
            self._marks[place] = _Mark(stored, body.get("last", -1), body.get("alone", -1), starts)
        return self._marks[place]

    def _save(self, marks: dict[str, _Mark]) -> None:
        batch: list[Write] = []
        for place, mark in marks.items():
            body = {"last": mark.last, "alone": mark.alone, "starts": mark.starts, "by": self._me}
            if mark.stored is None:
                batch.append(Insert(MARKS, place, body))
            else:
                batch.append(Replace(MARKS, place, mark.stored.version, body))
        for place in marks:
            # What is stored is the truth, until this write is known to have taken its place.
            self._marks.pop(place, None)
        refused: dict[str, Exception] = {}
        for (place, mark), fate in zip(marks.items(), self._documents.write(batch), strict=True):
            if isinstance(fate, Duplicate | Conflict):
                refused[place] = fate  # another member held the partition in between
            else:
                mark.stored, self._marks[place] = fate, mark
        if refused:
            raise Conflict(f"marks of {', '.join(refused)}: another member was here")
