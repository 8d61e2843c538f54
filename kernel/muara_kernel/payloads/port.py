"""Payloads: what OPD sent and what checks reported, kept whole, for ever, under the hash of their bytes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO, Protocol

SMALL = 64 * 1024
"""Up to this many bytes a payload is a row, so that a batch of them is one commit."""


class PayloadsError(Exception):
    """Anything the store cannot do."""


class PayloadsUnavailable(PayloadsError):
    """The store cannot be reached, or is full; ask again later."""


class PayloadsFull(PayloadsUnavailable):
    """The disk of the store takes no more; the sentence names the setting. It goes on once there is room."""


class UnknownPayload(PayloadsError):
    """No payload has this hash."""


class Payloads(Protocol):
    """Immutable bytes by sha256 (64 lower-case hex digits). The same bytes twice are stored once.

    A payload is there whole or not at all, whenever a process dies.
    """

    def put(self, stream: BinaryIO) -> str:
        """Durable when it returns the sha256 of all that could be read from ``stream``."""
        ...

    def put_many(self, payloads: Sequence[bytes]) -> list[str]:
        """Durable when it returns the sha256 of each, small ones in one commit."""
        ...

    def open(self, sha256: str) -> BinaryIO:
        """The bytes, from the start; raises UnknownPayload."""
        ...

    def holds(self, sha256: str) -> bool: ...

    def check(self) -> None:
        """Return when the store answers; raise PayloadsUnavailable when it does not."""
        ...

    def close(self) -> None: ...
