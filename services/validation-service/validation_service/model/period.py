"""Periods as they are written: 2024, 2024-S1, 2024-T3, 2024-07."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Frequency = Literal["tahunan", "semesteran", "triwulanan", "bulanan"]

SHAPES: dict[str, str] = {
    "tahunan": r"(?P<year>\d{4})",
    "semesteran": r"(?P<year>\d{4})-S(?P<part>[12])",
    "triwulanan": r"(?P<year>\d{4})-T(?P<part>[1-4])",
    "bulanan": r"(?P<year>\d{4})-(?P<part>0[1-9]|1[0-2])",
}
EXAMPLES: dict[str, str] = {
    "tahunan": "2024",
    "semesteran": "2024-S1",
    "triwulanan": "2024-T3",
    "bulanan": "2024-07",
}
MONTHS_OF_A_PART: dict[str, int] = {"tahunan": 12, "semesteran": 6, "triwulanan": 3, "bulanan": 1}
EARLIEST = 1945


@dataclass(frozen=True)
class Period:
    """A period that exists; ``begins`` is its first day."""

    frequency: str
    begins: date


def read_period(text: str, frequency: str) -> Period | None:
    """The period that ``text`` names in this frequency, None when there is none."""
    shape = SHAPES.get(frequency)
    match = re.fullmatch(shape, text, re.ASCII) if shape else None
    if match is None or int(match["year"]) < EARLIEST:
        return None
    part = int(match.groupdict().get("part") or 1)
    return Period(frequency, date(int(match["year"]), (part - 1) * MONTHS_OF_A_PART[frequency] + 1, 1))


def frequency_of(text: str) -> str | None:
    """The frequency in whose shape ``text`` is written."""
    return next((name for name in SHAPES if read_period(text, name)), None)


def has_begun(period: Period, on: date) -> bool:
    return period.begins <= on


def ends(period: Period) -> date:
    """Its last day."""
    month = period.begins.month + MONTHS_OF_A_PART[period.frequency]
    return date(period.begins.year + (month > 12), (month - 1) % 12 + 1, 1) - timedelta(days=1)


def before(period: Period) -> str:
    """The period just before, as it is written."""
    return containing(period.begins - timedelta(days=1), period.frequency)


def containing(day: date, frequency: str) -> str:
    """The period of that day, as it is written; the year where there is no such frequency."""
    part = (day.month - 1) // MONTHS_OF_A_PART.get(frequency, 12) + 1
    return {
        "semesteran": f"{day.year}-S{part}",
        "triwulanan": f"{day.year}-T{part}",
        "bulanan": f"{day.year}-{part:02}",
    }.get(frequency, f"{day.year}")
