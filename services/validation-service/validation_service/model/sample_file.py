"""A file from which a standard is to be proposed, before anybody has opened it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from muara_kernel.events import CodelistAdopted, Text


class NoProposal(Exception):
    """Nothing can be proposed from the file; ``reason`` says why."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


@dataclass(frozen=True)
class SampleFile:
    """``sheet`` is the sheet that is meant, where the sender said so; ``codelists`` are looked through."""

    filename: str = ""
    media_type: str = ""
    sheet: str | None = None
    codelists: Sequence[CodelistAdopted] = ()
