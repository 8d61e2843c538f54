"""One AsyncAPI 3.0 document: every topic, every event, and who sends and receives them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from muara_kernel.events.base import Event, json_schema
from muara_kernel.events.contracts import ServiceContract, envelope_schema, told, version_name, versions
from muara_kernel.events.envelope import CONTENT_TYPE
from muara_kernel.events.topics import DAY, TOPICS, Topic

KAFKA = "0.5.0"
"""The version of the Kafka bindings (github.com/asyncapi/bindings)."""

ABOUT = (
    "The facts that the services of Muara exchange, as CloudEvents 1.0 in structured JSON. "
    "The same bytes travel over Apache Kafka and over the embedded log; delivery is at least once, "
    "in order per key, and a repeated fact has the same id."
)


def asyncapi(services: Iterable[ServiceContract]) -> dict[str, Any]:
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Muara",
            "version": "1",
            "description": ABOUT,
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": CONTENT_TYPE,
        "channels": {topic.name: _channel(topic) for topic in TOPICS.values()},
        "operations": {name: each for service in services for name, each in _operations(service).items()},
        "components": {
            "messages": {version_name(event): _message(event) for event in versions()},
            "schemas": {
                "CloudEvent": _without_identity(envelope_schema()),
                **{version_name(event): json_schema(event) for event in versions()},
            },
            "correlationIds": {
                "submission": {
                    "location": "$message.header#/correlationid",
                    "description": "The submission, through all services; for state, the thing itself.",
                }
            },
        },
    }


def keeping(topic: Topic) -> str:
    """How long a topic keeps what is said on it."""
    if topic.retention is None:
        return "State, compacted by key: the newest entry of each is kept for ever."
    return f"Facts, kept for {topic.retention // DAY} days and never compacted."


def _channel(topic: Topic) -> dict[str, Any]:
    return {
        "address": topic.name,
        "description": keeping(topic),
        "messages": {
            version_name(event): {"$ref": f"#/components/messages/{version_name(event)}"}
            for event in versions()
            if event.topic == topic
        },
        "bindings": {
            "kafka": {
                "topic": topic.name,
                "partitions": topic.partitions,
                "topicConfiguration": _kept(topic),
                "bindingVersion": KAFKA,
            }
        },
    }


def _kept(topic: Topic) -> dict[str, Any]:
    if topic.retention is None:
        return {"cleanup.policy": ["compact"]}
    return {"cleanup.policy": ["delete"], "retention.ms": topic.retention * 1000}


def _operations(service: ServiceContract) -> dict[str, dict[str, Any]]:
    group = {"kafka": {"groupId": {"type": "string", "const": service.name}, "bindingVersion": KAFKA}}
    operations: dict[str, dict[str, Any]] = {}
    for topic in TOPICS.values():
        if said := _on(topic, service.says):
            operations[f"{service.name}.send.{topic.name}"] = _operation("send", service, topic, said)
        if heard := _on(topic, service.hears):
            receive = _operation("receive", service, topic, heard) | {"bindings": group}
            operations[f"{service.name}.receive.{topic.name}"] = receive
    return operations


def _on(topic: Topic, events: Iterable[type[Event]]) -> list[str]:
    return sorted(version_name(event) for event in events if event.topic == topic)


def _operation(action: str, service: ServiceContract, topic: Topic, names: list[str]) -> dict[str, Any]:
    channel = f"#/channels/{topic.name}"
    return {
        "action": action,
        "title": f"{service.name} {'says' if action == 'send' else 'hears'}",
        "description": f"{service.name} decides {service.decides}",
        "channel": {"$ref": channel},
        "messages": [{"$ref": f"{channel}/messages/{name}"} for name in names],
    }


def _message(event: type[Event]) -> dict[str, Any]:
    return {
        "name": event.full_type(),
        "title": event.__name__,
        "summary": told(event),
        "contentType": CONTENT_TYPE,
        "correlationId": {"$ref": "#/components/correlationIds/submission"},
        "headers": _headers(event),
        "payload": {
            "allOf": [
                {"$ref": "#/components/schemas/CloudEvent"},
                {
                    "type": "object",
                    "properties": {
                        "type": {"const": event.full_type()},
                        "data": {"$ref": f"#/components/schemas/{version_name(event)}"},
                    },
                },
            ]
        },
        "bindings": {
            "kafka": {
                "key": {"type": "string", "description": f"data.{event._key}"},
                "bindingVersion": KAFKA,
            }
        },
    }


def _headers(event: type[Event]) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "content-type": {"type": "string", "const": CONTENT_TYPE},
        "id": {"type": "string", "format": "uuid"},
        "type": {"type": "string", "const": event.full_type()},
        "correlationid": {"type": "string"},
    }
    return {"type": "object", "properties": properties, "required": list(properties)}


def _without_identity(schema: dict[str, Any]) -> dict[str, Any]:
    # Inside one document a second $id would change what its references mean.
    return {name: part for name, part in schema.items() if name not in ("$schema", "$id")}
