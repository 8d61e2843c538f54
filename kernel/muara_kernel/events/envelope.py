"""CloudEvents 1.0, structured JSON: one blob of bytes, the same on Kafka and in SQLite.

Specification: CloudEvents 1.0.2, JSON Event Format 1.0.2. ``id``, ``type`` and ``correlationid`` also
travel as headers, for tools and for bodies that cannot be read.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from marshmallow import ValidationError

from muara_kernel.bus.port import Record
from muara_kernel.events.base import Event, dump, load, newest_major

CONTENT_TYPE = "application/cloudevents+json"
TYPE = re.compile(r"id\.muara\.(?P<name>[a-z_.]+)\.v(?P<major>[0-9]{1,9})")


class UnreadableEvent(Exception):
    """The bytes are no event we could ever read: a dead letter at once."""


class UnknownEvent(Exception):
    """A fact this release has never heard of: skip and count."""


class NewerMajor(Exception):
    """A fact we know, ``name``, in a major we do not know yet: wait for the release that does."""

    def __init__(self, name: str, major: int, newest: int) -> None:
        super().__init__(f"{name} v{major}; this release knows v{newest}")
        self.name = name


@dataclass(frozen=True)
class Envelope:
    """An event with what the road added to it."""

    event: Event
    id: str
    source: str
    time: datetime
    correlation: str
    causation: str | None = None
    traceparent: str | None = None


def encode(
    event: Event, *, source: str, time: datetime, causation: str | None = None, traceparent: str | None = None
) -> Record:
    """The record that announces ``event``; ``source`` is the service that says it."""
    attributes: dict[str, Any] = {
        "specversion": "1.0",
        "id": event.id,
        "source": f"/muara/{source}",
        "type": event.full_type(),
        "subject": event.subject,
        "time": time.isoformat(),
        "datacontenttype": "application/json",
        "correlationid": event.correlation,
    }
    if causation:
        attributes["causationid"] = causation
    if traceparent:
        attributes["traceparent"] = traceparent
    attributes["data"] = dump(event)
    value = json.dumps(attributes, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {
        "content-type": CONTENT_TYPE,
        "id": event.id,
        "type": event.full_type(),
        "correlationid": event.correlation,
    }
    return Record(event.key, value, headers)


def type_of(record: Record) -> tuple[str, int] | None:
    """Type and major as the header says, without reading the body; None when the header does not help."""
    match = TYPE.fullmatch(record.headers.get("type", ""))
    return (match["name"], int(match["major"])) if match else None


def decode(value: bytes) -> Envelope:
    """Raises UnreadableEvent, UnknownEvent or NewerMajor. Older majors are lifted to the newest."""
    try:
        attributes = json.loads(value)
        match = TYPE.fullmatch(attributes["type"])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise UnreadableEvent(f"not a CloudEvent in JSON: {error}") from error
    if match is None:
        raise UnknownEvent(str(attributes["type"]))
    name, major = match["name"], int(match["major"])
    newest = newest_major(name)
    if newest is None:
        raise UnknownEvent(name)
    if major > newest:
        raise NewerMajor(name, major, newest)
    try:
        event = load(Event.registered[name, major], attributes.get("data"))
        time = datetime.fromisoformat(attributes["time"])
        road = {name: _text(attributes[name]) for name in ("id", "source", "correlationid")}
        further = {
            name: _text(attributes[name]) for name in ("causationid", "traceparent") if name in attributes
        }
        if time.tzinfo is None:
            raise ValueError("the time says no offset")
    except (ValidationError, ValueError, TypeError, KeyError) as error:
        raise UnreadableEvent(f"{name}: {error}") from error
    while event.upcast() is not event:
        event = event.upcast()
    return Envelope(
        event=event,
        id=road["id"],
        source=road["source"],
        time=time,
        correlation=road["correlationid"],
        causation=further.get("causationid"),
        traceparent=further.get("traceparent"),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value
