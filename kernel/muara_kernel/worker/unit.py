"""The documents that one batch of events touches: each read once, changed in memory, written together.

What a handler announces is frozen here, into the very document whose change it announces, so that both
are one write (rule 1 of delivery). A repeat asks for its stored answer again (rule 2).

    body = unit.read(EDITIONS, id)
    unit.write(EDITIONS, id, changed, announce=[event])
    said = unit.flush()    # one durable commit for everything
    outbox.publish(said)   # only now does anybody hear of it
    outbox.clear(said)     # kept as a stored answer, and taken out of its document
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from muara_kernel.bus import Record
from muara_kernel.documents import (
    Body,
    Collection,
    Conflict,
    Documents,
    Duplicate,
    Insert,
    OneOf,
    Replace,
    Stored,
    Write,
)
from muara_kernel.events import Envelope, Event, encode

ANNOUNCED = Collection("announced")
"""What was announced and published, under its event id: the stored answers."""

SWEEP_AFTER = 5.0
"""Seconds that the process which wrote an announcement has to publish it before a sweep does."""


Reads = Callable[[Event], Iterable[tuple[Collection, str]]]
"""What handling an event will read."""


def speaking(
    name: str, *, unique: Sequence[tuple[str, ...]] = (), indexes: Sequence[tuple[str, ...]] = ()
) -> Collection:
    """A collection whose documents announce things: it also finds those that still wait to be published."""
    return Collection(name, tuple(unique), (*indexes, ("pending",)))


@dataclass(frozen=True)
class Said:
    """One announcement on its way out, and the document that holds it (None: it comes from the archive).

    ``stored`` is that document as it was last seen; somebody may have changed it since.
    """

    event: str
    topic: str
    record: Record
    collection: Collection | None
    document: str | None
    stored: Stored | None = field(default=None, compare=False, repr=False)

    def frozen(self) -> Body:
        return {
            "topic": self.topic,
            "key": self.record.key,
            "value": self.record.value.decode(),
            "headers": dict(self.record.headers),
        }


def thaw(
    event: str, frozen: Body, collection: Collection | None = None, stored: Stored | None = None
) -> Said:
    """As it was frozen into ``stored`` of ``collection``, or into the archive."""
    record = Record(frozen["key"], frozen["value"].encode(), frozen["headers"])
    return Said(event, frozen["topic"], record, collection, stored.id if stored else None, stored)


@dataclass
class _Held:
    stored: Stored | None
    body: Body | None
    pending: float | None
    outbox: dict[str, Body] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)
    changed: bool = False


class Unit:
    """A unit of work over one service's documents. Not for use by two threads at once.

    ``grace`` is how long a sweep leaves what this unit announced to its own process, in seconds: 0
    where nobody but a sweep will publish it (a web process).
    """

    def __init__(
        self,
        documents: Documents,
        *,
        source: str,
        grace: float = SWEEP_AFTER,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._documents = documents
        self._source = source
        self._grace = grace
        self.now = now
        self.because: Envelope | None = None
        self.traceparent: str | None = None
        self._held: dict[tuple[str, str], _Held] = {}
        self._collections: dict[str, Collection] = {}
        self._again: list[str] = []
        self._foreseen: list[Reads] = []

    def foresee(self, reads: Reads) -> None:
        """Say what handling an event will read, as far as that is known before; ``look_ahead`` uses it."""
        self._foreseen.append(reads)

    def look_ahead(self, events: Sequence[Event]) -> None:
        """Read what these will read, one look a collection where it is more than one document of it."""
        wanted: dict[Collection, dict[str, None]] = {}
        for collection, id in (each for event in events for reads in self._foreseen for each in reads(event)):
            if (collection.name, id) not in self._held:
                wanted.setdefault(collection, {})[id] = None
        for collection, ids in wanted.items():
            if len(ids) > 1:
                found = self._documents.find(collection, {"id": OneOf(tuple(ids))})
                by_id = {stored.id: stored for stored in found}
                for id in ids:
                    self._hold(collection, id, by_id.get(id))

    def clear(self) -> None:
        """Forget everything that was not flushed."""
        self.because = None
        self._held.clear()
        self._again.clear()

    def read(self, collection: Collection, id: str) -> Body | None:
        """The body as this unit sees it; the caller may change it, and writes it to make that count."""
        held = self._held.get((collection.name, id))
        if held is None:
            held = self._hold(collection, id, self._documents.get(collection, id))
        return held.body

    def adopt(self, collection: Collection, stored: Stored) -> Body:
        """Take in a document that was found by a query; guarded by the version it was found in.

        What this unit already holds of it stands: it may have been changed here since.
        """
        held = self._held.get((collection.name, stored.id)) or self._hold(collection, stored.id, stored)
        assert held.body is not None
        return held.body

    def write(self, collection: Collection, id: str, body: Body, *, announce: Sequence[Event] = ()) -> None:
        """Make ``body`` the document, and freeze what is announced into it."""
        self.read(collection, id)
        held = self._held[collection.name, id]
        held.body, held.changed = body, True
        for event in announce:
            record = encode(
                event,
                source=self._source,
                time=self.now(),
                causation=self.because.id if self.because else None,
                traceparent=self.because.traceparent if self.because else self.traceparent,
            )
            said = Said(event.id, event.topic.name, record, collection, id)
            held.outbox[event.id] = said.frozen()
            held.said.append(said)

    def again(self, event_ids: Sequence[str]) -> None:
        """Send these stored answers once more, after the flush."""
        self._again.extend(event_ids)

    def flush(self) -> list[Said]:
        """Write everything durably; returns what is to be published, in the order it was said.

        Raises Conflict when any document was changed by somebody else meanwhile (or its unique key
        taken); a part may then be written, so the whole batch is to be handled again.
        """
        changed = [(key, held) for key, held in self._held.items() if held.changed]
        fates = self._documents.write([self._write(key, held) for key, held in changed]) if changed else []
        said: list[Said] = []
        refused: Exception | None = None
        for (_, held), fate in zip(changed, fates, strict=True):
            if isinstance(fate, Duplicate | Conflict):
                refused = refused or fate
            else:
                assert fate is not None  # it was no delete
                said.extend(replace(one, stored=fate) for one in held.said)
                held.stored, held.changed, held.said = fate, False, []
        if refused:
            self.clear()
            raise Conflict(str(refused)) from refused
        said.extend(self._repeated())
        self._again.clear()
        return said

    def _hold(self, collection: Collection, id: str, stored: Stored | None) -> _Held:
        self._collections[collection.name] = collection
        body = dict(stored.body) if stored else None
        outbox = dict(body.pop("outbox", {})) if body is not None else {}
        pending = body.pop("pending", None) if body is not None else None
        held = self._held[collection.name, id] = _Held(stored, body, pending, outbox)
        return held

    def _write(self, key: tuple[str, str], held: _Held) -> Write:
        collection, id = self._collections[key[0]], key[1]
        body = dict(held.body or {})
        if held.outbox:
            body["outbox"] = held.outbox
            due = self.now().timestamp() + self._grace
            # What somebody left pending is not to wait longer because its document goes on changing.
            body["pending"] = due if held.pending is None else min(due, held.pending)
        if held.stored is None:
            return Insert(collection, id, body)
        return Replace(collection, id, held.stored.version, body)

    def _repeated(self) -> list[Said]:
        """Stored answers: still in a document of this unit, or else in the archive."""
        found: list[Said] = []
        for event in dict.fromkeys(self._again):
            for (name, _), held in self._held.items():
                if event in held.outbox:
                    found.append(thaw(event, held.outbox[event], self._collections[name], held.stored))
                    break
            else:
                stored = self._documents.get(ANNOUNCED, event)
                if stored:
                    found.append(thaw(event, stored.body))
        return found
