"""Which bus a URL means. Adapters are imported only when they are asked for."""

from __future__ import annotations

from muara_kernel.bus.port import EventBus


def connect(url: str, *, session: float = 10.0) -> EventBus:
    """The bus at ``url`` (MUARA_BUS); raises ValueError where none answers to it.

    ``session``: how many seconds a silent member of a group keeps its partitions.
    """
    scheme, _, _ = url.partition(":")
    if scheme not in ADAPTERS:
        raise ValueError(
            f"MUARA_BUS names no event bus Muara knows: {url!r};"
            f" write one of {', '.join(f'{known}:///…' for known in ADAPTERS)}"
        )
    return ADAPTERS[scheme](url, session)


def _sqlite(url: str, session: float) -> EventBus:
    from muara_kernel.bus.sqlite import SqliteBus
    from muara_kernel.sqlite import location

    try:
        path = location(url)
    except ValueError as error:
        raise ValueError(f"MUARA_BUS: {error}") from error
    return SqliteBus(path, session=session)


ADAPTERS = {"sqlite": _sqlite}
