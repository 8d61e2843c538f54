"""Who says and hears what: a Mermaid flowchart and the tables under it, for docs/architecture.md."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from muara_kernel.events.base import Event
from muara_kernel.events.contracts import ServiceContract, told, version_name, versions
from muara_kernel.events.contracts_asyncapi import keeping
from muara_kernel.events.topics import TOPICS

FACTS, STATE = "-->", "-.->"


def picture(services: Sequence[ServiceContract]) -> str:
    """Markdown; solid arrows are facts, dotted ones the state that others keep copies of."""
    parts = (_flowchart(services), _services(services), _events(services), _topics())
    return "\n".join(f"{part}\n" for part in parts)


def _flowchart(services: Sequence[ServiceContract]) -> str:
    nodes = [f"    {service.name}([{service.name}])" for service in services]
    arrows = [
        f'    {speaker.name} {arrow}|"{"<br/>".join(names)}"| {hearer.name}'
        for arrow in (FACTS, STATE)
        for speaker in services
        for hearer in services
        if (names := _between(speaker, hearer, arrow))
    ]
    return "\n".join(["```mermaid", "flowchart LR", *nodes, *arrows, "```"])


def _between(speaker: ServiceContract, hearer: ServiceContract, arrow: str) -> list[str]:
    return [
        event.type
        for event in speaker.says
        if event in hearer.hears and (STATE if event.topic.compacted else FACTS) == arrow
    ]


def _services(services: Sequence[ServiceContract]) -> str:
    return _table(("service", "decides"), [(f"**{each.name}**", each.decides) for each in services])


def _events(services: Sequence[ServiceContract]) -> str:
    rows = [
        (
            f"`{version_name(event)}`",
            _names(each.name for each in services if event in each.says),
            _names(each.name for each in services if event in each.hears),
            f"`{event.topic.name}`",
            told(event).replace("``", "`"),
        )
        for event in sorted(versions(), key=_place)
    ]
    return _table(("event", "said by", "heard by", "topic", "what it tells"), rows)


def _place(event: type[Event]) -> tuple[int, str, int]:
    return list(TOPICS).index(event.topic.name), event.type, event.major


def _topics() -> str:
    rows = [(f"`{topic.name}`", str(topic.partitions), keeping(topic)) for topic in TOPICS.values()]
    return _table(("topic", "partitions", "keeps"), rows)


def _names(names: Iterable[str]) -> str:
    return ", ".join(names) or "nobody"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
