"""Standar Data and kode referensi, as they are adopted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from muara_kernel.events.base import Event
from muara_kernel.events.topics import VALIDATION_STATE


@dataclass(frozen=True, kw_only=True)
class StandardAdopted(
    Event, type="standard.adopted", topic=VALIDATION_STATE, subject="dataset", ordinal="revision"
):
    """From now on this dataset is checked against this standard; ``standard`` is the whole Table Schema."""

    dataset: str
    revision: int
    standard: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class CodelistAdopted(
    Event,
    type="codelist.adopted",
    topic=VALIDATION_STATE,
    subject="codelist",
    key="codelist",
    ordinal="revision",
):
    """This version of the list is used for what is received from ``valid_from`` to ``valid_until`` (both are
    days that count; no end where there is none). ``entries`` is the sha256 of its rows as CSV.
    """

    codelist: str
    revision: int
    version: str
    title: str
    source: str
    decree: str
    valid_from: str
    count: int
    entries: str
    valid_until: str | None = None
