"""A moment as people say it, by the clock of the region."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from muara_kernel.events.finding import Text

WIB = ZoneInfo("Asia/Jakarta")
ZONES = {"WIB": WIB, "WITA": ZoneInfo("Asia/Makassar"), "WIT": ZoneInfo("Asia/Jayapura")}

_MONTHS_ID = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
_MONTHS_EN = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def in_words(moment: datetime, zone: str = "WIB") -> Text:
    """21 November 2026 pukul 09.15 WIB, and 21 November 2026, 09:15 WIB; ``moment`` must have an offset."""
    if moment.tzinfo is None:
        raise ValueError(f"a time without offset: {moment}")
    local = moment.astimezone(ZONES[zone])
    month = local.month - 1
    return Text(
        f"{local.day} {_MONTHS_ID[month]} {local:%Y} pukul {local:%H.%M} {zone}",
        f"{local.day} {_MONTHS_EN[month]} {local:%Y}, {local:%H:%M} {zone}",
    )
