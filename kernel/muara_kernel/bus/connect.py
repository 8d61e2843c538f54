"""Which bus a URL means. Adapters are imported only when they are asked for."""

from __future__ import annotations

from muara_kernel.bus.port import EventBus, TopicsAdmin


def connect(url: str, *, session: float = 10.0) -> EventBus:
    """The bus at ``url`` (MUARA_BUS); raises ValueError where none answers to it.

    ``session``: how many seconds a silent member of a group keeps its partitions.
    """
    scheme, _, _ = url.partition(":")
    if scheme not in ADAPTERS:
        raise ValueError(
            f"MUARA_BUS: {scheme!r} bukan bus yang dikenal Muara / is no event bus Muara knows;"
            " tulis / write sqlite:///path, kafka://host:9092"
        )
    return ADAPTERS[scheme](url, session)


def topics(url: str) -> TopicsAdmin | None:
    """What `muara topics` works on; None where the bus at ``url`` makes its topics by itself."""
    if not url.startswith("kafka:"):
        return None
    from muara_kernel.bus.kafka import topics_at

    return topics_at(url)


def _sqlite(url: str, session: float) -> EventBus:
    from muara_kernel.bus.sqlite import SqliteBus
    from muara_kernel.sqlite import location

    try:
        path = location(url)
    except ValueError as error:
        raise ValueError(f"MUARA_BUS: {error}") from error
    return SqliteBus(path, session=session)


def _kafka(url: str, session: float) -> EventBus:
    from muara_kernel.bus.kafka import bus_at

    return bus_at(url, session=session)


ADAPTERS = {"sqlite": _sqlite, "kafka": _kafka}
