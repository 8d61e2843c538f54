"""What others may rely on, derived from the event classes: JSON Schemas of each version and the envelope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from muara_kernel.events.base import Event, json_schema

JSON_SCHEMA = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True)
class ServiceContract:
    """A service as the others know it: what it decides, which events it reads, which it announces."""

    name: str
    decides: str
    hears: tuple[type[Event], ...]
    says: tuple[type[Event], ...]


def versions() -> tuple[type[Event], ...]:
    """Every version of every event that this package defines, in the order of their types."""
    registered: list[type[Event]] = [Event.registered[each] for each in sorted(Event.registered)]
    return tuple(event for event in registered if event.__module__.startswith(f"{__package__}."))


def version_name(event: type[Event]) -> str:
    return f"{event.type}.v{event.major}"


def told(event: type[Event]) -> str:
    """What the event tells, in its first sentence."""
    return first_sentence(event.__doc__ or "")


def first_sentence(text: str) -> str:
    return " ".join(text.split()).partition(". ")[0].rstrip(".") + "."


def event_schemas() -> dict[str, dict[str, Any]]:
    """The JSON Schema of the ``data`` of every event version, by its path in contracts/."""
    return {f"events/{version_name(event)}.schema.json": event_schema(event) for event in versions()}


def event_schema(event: type[Event]) -> dict[str, Any]:
    return {
        "$schema": JSON_SCHEMA,
        "$id": f"urn:muara:event:{event.type}:v{event.major}",
        **json_schema(event),
    }


def envelope_schema() -> dict[str, Any]:
    """The JSON Schema of what travels: a CloudEvent in structured JSON, with our extensions."""
    return {
        "$schema": JSON_SCHEMA,
        "$id": "urn:muara:cloudevent:v1",
        "title": "CloudEvent",
        "description": "An event of Muara as it travels: CloudEvents 1.0, structured JSON.",
        "type": "object",
        "properties": _attributes(),
        "required": [name for name in _attributes() if name not in ("causationid", "traceparent")],
    }


def _attributes() -> dict[str, dict[str, Any]]:
    return {
        "specversion": {"type": "string", "const": "1.0"},
        "id": _text("The same fact has one id, however often it is said.", format="uuid"),
        "source": _text("The service that says it.", pattern="^/muara/[a-z]+$"),
        "type": _text("What happened, with the major version.", pattern=r"^id\.muara\.[a-z_.]+\.v[0-9]+$"),
        "subject": _text("What it is about: a submission, a dataset, an OPD or a code list."),
        "time": _text("When it was said.", format="date-time"),
        "datacontenttype": {"type": "string", "const": "application/json"},
        "correlationid": _text("The submission all of this belongs to, or else the subject."),
        "causationid": _text("The id of the event that was read and led to this one."),
        "traceparent": _text(
            "W3C Trace Context.", pattern="^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$"
        ),
        "data": {"type": "object", "description": "The fact, as the schema of its type says."},
    }


def _text(description: str, **constraints: str) -> dict[str, Any]:
    return {"type": "string", "description": description, **constraints}
