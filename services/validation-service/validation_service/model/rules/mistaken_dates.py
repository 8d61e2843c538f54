"""Days that are written in another way than the standard asks for, read as people in Indonesia write them."""

from __future__ import annotations

import re
from datetime import date

from muara_kernel.events.finding import Text

MONTHS = (
    *("januari january jan", "februari pebruari february feb peb", "maret march mar", "april apr", "mei may"),
    *("juni june jun", "juli july jul", "agustus august agt agu aug", "september sept sep"),
    *("oktober october okt oct", "november nopember nov nop", "desember december des dec"),
)
ORDERS = ("dmy", "ymd", "mdy")
"""The first in which there is such a day: 05/06/2024 is the fifth of June, 05/16/2024 one in May."""
_NUMBERS = {name: number for number, names in enumerate(MONTHS, 1) for name in names.split()}
_MIDNIGHT = re.compile(r"[t ]+00:00(?::00(?:\.0+)?)?$")
_BETWEEN = re.compile(r"[\s/.,-]+")
_TOGETHER = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_NAMES = {
    "id": {"%Y": "tahun", "%m": "bulan", "%d": "tanggal"},
    "en": {"%Y": "year", "%m": "month", "%d": "day"},
}


def day_in_another_order(text: str) -> date | None:
    """The day that is meant; a time of midnight behind it is no matter."""
    parts = _BETWEEN.split(_TOGETHER.sub(r"\1-\2-\3", _MIDNIGHT.sub("", text.lower().strip())))
    if len(parts) != len("dmy"):
        return None
    for order in ORDERS:
        day, month, year = (parts[order.index(part)] for part in "dmy")
        if (found := _day(day, month, year)) is not None:
            return found
    return None


def order_of(date_format: str) -> Text:
    """A format in words, such as tahun-bulan-tanggal."""
    said = {}
    for language, names in _NAMES.items():
        said[language] = date_format
        for part, name in names.items():
            said[language] = said[language].replace(part, name)
    return Text(said["id"], said["en"])


def _day(day: str, month: str, year: str) -> date | None:
    number = _NUMBERS.get(month) or _number(month, 2)
    if number is None or len(year) != len("2024"):
        return None
    try:
        return date(_number(year, 4) or 0, number, _number(day, 2) or 0)
    except ValueError:
        return None


def _number(text: str, most: int) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= most else None
