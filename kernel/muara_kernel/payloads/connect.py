"""Which payload store a URL means. Adapters are imported only when they are asked for."""

from __future__ import annotations

from pathlib import Path

from muara_kernel.payloads.port import Payloads


def connect(url: str) -> Payloads:
    """The store at ``url`` (MUARA_PAYLOADS), ``file:///absolute`` or ``file://relative``; else ValueError."""
    scheme, _, rest = url.partition("://")
    if scheme not in ADAPTERS or not rest.strip("/"):
        raise ValueError(
            f"MUARA_PAYLOADS names no payload store Muara knows: {url!r};"
            f" write one of {', '.join(f'{known}:///…' for known in ADAPTERS)}"
        )
    return ADAPTERS[scheme](rest)


def _directory(rest: str) -> Payloads:
    from muara_kernel.payloads.directory import DirectoryPayloads

    return DirectoryPayloads(Path(rest))


ADAPTERS = {"file": _directory}
