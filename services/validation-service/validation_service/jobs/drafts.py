"""Files in the making: what is large waits on disk, never in memory, until it is a payload."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, TypeVar, cast

from muara_kernel.payloads import SMALL, Payloads

IN_MEMORY = 1 << 20

T = TypeVar("T")


class Drafts:
    """The files of one report. None of them is to be had before the report that names it is stored."""

    def __init__(self, payloads: Payloads) -> None:
        self._payloads = payloads
        self._small: list[bytes] = []

    def write(self, fill: Callable[[BinaryIO], T]) -> tuple[str, T]:
        """The sha256 of what ``fill`` wrote, and what it returned."""
        with SpooledTemporaryFile(IN_MEMORY) as spool:
            stream = cast(BinaryIO, spool)
            told = fill(stream)
            if stream.tell() > SMALL:
                stream.seek(0)
                return self._payloads.put(stream), told
            stream.seek(0)
            self._small.append(stream.read())
            return hashlib.sha256(self._small[-1]).hexdigest(), told

    def store(self, report: bytes) -> str:
        """Everything durable, small files together with the report in one commit; the report's sha256."""
        if len(report) <= SMALL:
            return self._payloads.put_many([*self._small, report])[-1]
        if self._small:
            self._payloads.put_many(self._small)
        return self._payloads.put(BytesIO(report))
