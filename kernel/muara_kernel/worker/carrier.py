"""What records do: handle, write durably, publish, clear. The same for a batch, one alone, or a replay."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from muara_kernel import failpoints
from muara_kernel.bus import Record
from muara_kernel.documents import Conflict
from muara_kernel.events import Envelope, Event, NewerMajor, UnknownEvent, UnreadableEvent, decode
from muara_kernel.events.envelope import type_of
from muara_kernel.observability.logs import bound
from muara_kernel.observability.metrics import Metrics
from muara_kernel.worker.outbox import Outbox
from muara_kernel.worker.unit import Unit

Handler = Callable[[Any], None]
Dismissal = Callable[[Any, str], None]
Heard = tuple[str, Record]
"""A record, and the topic it was read from."""

TRIES = 4

T = TypeVar("T")


class Carrier:
    """Carries records to the reactions of one service, and what these announce to the bus. For one thread."""

    def __init__(
        self,
        reactions: Mapping[type[Event], Handler],
        *,
        unit: Unit,
        outbox: Outbox,
        metrics: Metrics,
        dismissals: Mapping[type[Event], Dismissal] | None = None,
    ) -> None:
        self._reactions = reactions
        self._types = {event.type for event in reactions}
        self._dismissals = dismissals or {}
        self._unit = unit
        self._outbox = outbox
        self._metrics = metrics

    def carry(self, heard: Sequence[Heard]) -> bool:
        """All of them in one durable write; True when any met a reaction, False when all were skipped.

        Raises Conflict when others kept changing the same documents.
        """
        opened = [(topic, self._opened(topic, record)) for topic, record in heard]
        known = [(topic, envelope) for topic, envelope in opened if envelope]
        self._settle(lambda: self._react(known))
        return bool(known)

    def dismiss(self, record: Record, reason: str) -> None:
        """What cannot be handled is answered all the same, where the service has an answer for it."""
        try:
            envelope = decode(record.value)
        except (UnreadableEvent, UnknownEvent, NewerMajor):
            return
        dismissal = self._dismissals.get(type(envelope.event))
        if dismissal:
            self._settle(lambda: self._within(envelope, lambda event: dismissal(event, reason)))

    def _settle(self, step: Callable[[], T]) -> T:
        """Take the step, then write what it changed, publish what it announced, and clear that."""
        for tries_left in reversed(range(TRIES)):
            self._unit.clear()
            try:
                done = step()
                said = self._unit.flush()
                break
            except Conflict:  # a document was changed by somebody else: all over again
                if not tries_left:
                    raise
        failpoints.reached("worker.after_write_before_publish")
        self._outbox.publish(said)
        self._outbox.clear(said)
        failpoints.reached("worker.after_publish_before_commit")
        return done

    def _opened(self, topic: str, record: Record) -> Envelope | None:
        """None where there is no reaction to it."""
        known = type_of(record)
        if known and known[0] not in self._types:
            self._metrics.read(topic, known[0], "skipped")
            return None
        try:
            envelope = decode(record.value)
        except UnknownEvent:
            self._metrics.read(topic, "lain", "unknown")
            return None
        except NewerMajor as error:
            if error.name in self._types:
                raise
            self._metrics.read(topic, error.name, "skipped")
            return None
        if type(envelope.event) in self._reactions:
            return envelope
        self._metrics.read(topic, envelope.event.type, "skipped")
        return None

    def _react(self, known: Sequence[tuple[str, Envelope]]) -> None:
        self._unit.look_ahead([envelope.event for _, envelope in known])
        for topic, envelope in known:
            self._within(envelope, self._reactions[type(envelope.event)])
            self._metrics.read(topic, envelope.event.type, "handled", self._age(envelope))

    def _age(self, envelope: Envelope) -> float:
        return max(0.0, (self._unit.now() - envelope.time).total_seconds())

    def _within(self, envelope: Envelope, handle: Handler) -> None:
        self._unit.because = envelope
        with bound(correlation=envelope.correlation, event_id=envelope.id):
            handle(envelope.event)
