"""Which payload store a URL means. Adapters are imported only when they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from muara_kernel.payloads.port import Payloads


def connect(url: str) -> Payloads:
    """The store at ``url`` (MUARA_PAYLOADS); raises ValueError where none answers to it."""
    scheme, _, rest = url.partition("://")
    if scheme not in ADAPTERS or not rest.strip("/"):
        raise ValueError(
            f"MUARA_PAYLOADS: {scheme!r} tidak menyebut tempat payload yang dikenal Muara"
            " / names no payload store Muara knows;"
            " tulis / write file:///directory, gridfs+mongodb://host:27017/database"
        )
    return ADAPTERS[scheme](rest)


def _directory(rest: str) -> Payloads:
    from muara_kernel.payloads.directory import DirectoryPayloads

    return DirectoryPayloads(Path(rest))


def _gridfs(url: str) -> Payloads:
    from muara_kernel.payloads.gridfs import GridFSPayloads

    return GridFSPayloads(url)


ADAPTERS: dict[str, Callable[[str], Payloads]] = {
    "file": _directory,
    "gridfs+mongodb": lambda rest: _gridfs(f"mongodb://{rest}"),
    "gridfs+mongodb+srv": lambda rest: _gridfs(f"mongodb+srv://{rest}"),
}
