"""The OPD of the region: who produces data, and for which bidang urusan."""

from __future__ import annotations

from dataclasses import dataclass

from muara_kernel.events.base import Event
from muara_kernel.events.topics import CATALOG_STATE


@dataclass(frozen=True, kw_only=True)
class OpdRegistered(
    Event, type="opd.registered", topic=CATALOG_STATE, subject="opd", key="opd", ordinal="revision"
):
    """The region has this OPD; the whole entry as it now stands."""

    opd: str
    revision: int
    name: str
    short_name: str
    kode_skpd: str
    bidang_urusan: tuple[str, ...]
    contact: str
    valid_from: str
    valid_until: str | None = None
