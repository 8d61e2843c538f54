"""What was announced leaves here: published, kept as a stored answer, only then cleared from its document.

A process that dies anywhere in between leaves the announcement pending; a sweep of any worker of the
service finds it. It may so be published twice, with the same id and the same bytes.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

import structlog

from muara_kernel.bus import BusClosed, BusError, BusUnavailable, EventBus, RecordTooLarge
from muara_kernel.documents import AtMost, Collection, Conflict, Documents, Insert, Replace, Stored, Write
from muara_kernel.observability.metrics import Metrics
from muara_kernel.worker.unit import ANNOUNCED, Said, thaw

SWEPT_AT_ONCE = 200
AGAIN_AFTER = 15.0
"""Seconds until a sweep tries again what the bus refused: somebody may have raised its limit since."""

log = structlog.get_logger(__name__)


class Outbox:
    """The announcements of one service. ``cleared_with`` names fields that go with the pending mark."""

    def __init__(
        self,
        documents: Documents,
        bus: EventBus,
        metrics: Metrics,
        *,
        collections: Sequence[Collection],
        cleared_with: Sequence[str] = (),
        now: Callable[[], float] = time.time,
    ) -> None:
        self._documents = documents
        self._bus = bus
        self._metrics = metrics
        self._collections = collections
        self._cleared_with = cleared_with
        self._now = now
        self._refused: set[str] = set()

    def publish(self, said: Sequence[Said]) -> None:
        """Durable on the bus when it returns; order is kept within a topic, but for what the bus refuses.

        That holds nobody else up: it is logged, ``clear`` leaves it pending, and a sweep tries it again.
        """
        by_topic: dict[str, list[Said]] = defaultdict(list)
        for one in said:
            by_topic[one.topic].append(one)
        for topic, those in by_topic.items():
            try:
                self._publish(topic, those)
            except RecordTooLarge:
                self._one_by_one(topic, those)

    def clear(self, said: Sequence[Said]) -> None:
        """Keep each that was published as a stored answer, then take it out of its document."""
        refused = [one for one in said if one.event in self._refused]
        held = [one for one in said if one.collection is not None and one.event not in self._refused]
        if held:
            self._take_out(held, [Insert(ANNOUNCED, one.event, one.frozen()) for one in held])
        self._postpone(refused)
        self._refused.difference_update(one.event for one in said)

    def sweep(self) -> bool:
        """Publish what somebody left pending; True when something went out."""
        said = [one for collection in self._collections for one in self._pending(collection)]
        if not said:
            return False
        self.publish(said)
        went_out = any(one.event not in self._refused for one in said)
        self.clear(said)
        return went_out

    def waiting(self) -> int:
        """How many documents hold something unpublished."""
        return sum(
            self._documents.count(each, {"pending": AtMost(self._now() + 3600)}) for each in self._collections
        )

    def _publish(self, topic: str, those: Sequence[Said]) -> None:
        """Raises RecordTooLarge, since the others may go out without it; what else is refused is all."""
        try:
            self._bus.publish(topic, [one.record for one in those])
        except (BusUnavailable, BusClosed, RecordTooLarge):
            raise
        except BusError as error:
            self._refuse(those, error)
            return
        self._refused.difference_update(one.event for one in those)
        for type, count in Counter(one.record.headers.get("type", "lain") for one in those).items():
            self._metrics.published(type, count)

    def _one_by_one(self, topic: str, those: Sequence[Said]) -> None:
        for one in those:
            try:
                self._publish(topic, [one])
            except RecordTooLarge as error:
                self._refuse([one], error)

    def _refuse(self, those: Sequence[Said], error: BusError) -> None:
        self._refused.update(one.event for one in those)
        events = [one.event for one in those]
        log.error("cannot be published yet", topic=those[0].topic, events=events[:10], error=str(error))

    def _postpone(self, refused: Sequence[Said]) -> None:
        """Behind all others that wait, so that however many are refused, a sweep finds those that are not."""
        documents = {(one.collection, one.document) for one in refused}
        for collection, id in documents:
            stored = self._documents.get(collection, id) if collection and id else None
            if collection and stored and "outbox" in stored.body:
                body = {**stored.body, "pending": self._now() + AGAIN_AFTER}
                self._documents.write([Replace(collection, stored.id, stored.version, body)])

    def _pending(self, collection: Collection) -> list[Said]:
        due = {"pending": AtMost(self._now())}
        found = self._documents.find(collection, due, order=[("pending", 1)], limit=SWEPT_AT_ONCE)
        return [
            thaw(event, frozen, collection, stored)
            for stored in found
            for event, frozen in stored.body.get("outbox", {}).items()
        ]

    def _take_out(self, held: Sequence[Said], kept: Sequence[Insert]) -> None:
        """Keep the answers and remove the entries; a document that somebody changed meanwhile is read again.

        In one batch, the answers first: a batch is applied in its order, so none leaves its document
        before it is kept.
        """
        gone: dict[tuple[Collection, str], set[str]] = defaultdict(set)
        seen: dict[tuple[Collection, str], Stored] = {}
        for one in held:
            if one.collection is not None and one.document is not None:
                place = one.collection, one.document
                gone[place].add(one.event)
                if one.stored and (place not in seen or seen[place].version < one.stored.version):
                    seen[place] = one.stored
        while gone:
            batch: list[Write] = list(kept)
            kept = ()
            for (collection, id), events in list(gone.items()):
                stored = seen.pop((collection, id), None) or self._documents.get(collection, id)
                if stored is None or not events & set(stored.body.get("outbox", {})):
                    del gone[collection, id]
                    continue
                batch.append(self._without(collection, stored, events))
            if not batch:
                return
            for write, fate in zip(batch, self._documents.write(batch), strict=True):
                if not isinstance(fate, Conflict):
                    gone.pop((write.collection, write.id), None)

    def _without(self, collection: Collection, stored: Stored, events: set[str]) -> Replace:
        body = dict(stored.body)
        body["outbox"] = {event: frozen for event, frozen in body["outbox"].items() if event not in events}
        if not body["outbox"]:
            for name in ("outbox", "pending", *self._cleared_with):
                body.pop(name, None)
        return Replace(collection, stored.id, stored.version, body)
