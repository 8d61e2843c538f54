"""Ranges of numbers as regular expressions over the way they are usually written."""

from __future__ import annotations

import math

LONGEST = LONGEST_DECIMAL = 15
"""Digits that surely fit into 64 bits, and are fewer than those of a NIK."""


def integers_between(low: int | None, high: int | None) -> str | None:
    """Whole numbers without plus sign and leading zeros; None where there is none in the range."""
    parts = []
    if (below := _magnitudes(high, low)) and (low is None or low < 0):
        parts.append(f"-(?:{below})")
    if high is None or high >= 0:
        parts.append(_between(max(low or 0, 0), 10**LONGEST - 1 if high is None else high))
    return "|".join(part for part in parts if part) or None


def decimals_between(low: float | None, high: float | None, point: str) -> str | None:
    """The same with digits after the decimal point. Numbers at the very edge may be left out."""
    if (low is not None and low > 0) or (high is not None and high < 0):
        return None
    point = "\\." if point == "." else point
    positive = _decimals(high, point)
    negative = _decimals(None if low is None else -low, point)
    return f"{positive}|-(?:{negative})" if low is None or low < 0 else positive


def _decimals(most: float | None, point: str) -> str:
    """From 0 to ``most``."""
    if most is None:
        return f"[0-9]{{1,{LONGEST_DECIMAL}}}(?:{point}[0-9]{{1,{LONGEST_DECIMAL}}})?"
    top = math.floor(min(most, 10**LONGEST_DECIMAL))
    fraction = f"(?:{_between(0, top - 1)})(?:{point}[0-9]{{1,{LONGEST_DECIMAL}}})?|" if top else ""
    return f"{fraction}{top}"


def _magnitudes(high: int | None, low: int | None) -> str:
    least = 1 if high is None or high >= 0 else -high
    most = 10**LONGEST - 1 if low is None else -low
    return _between(least, most)


def _between(low: int, high: int) -> str:
    """Alternatives for each number of digits; empty where ``low`` is above ``high``."""
    high = min(high, 10**LONGEST - 1)
    parts = []
    if low <= 1 and high == 10**LONGEST - 1:
        return f"{'0|' if low == 0 else ''}[1-9][0-9]{{0,{LONGEST - 1}}}"
    while low <= high:
        top = min(high, 10 ** len(str(low)) - 1)
        parts.append(_same_length(str(low), str(top)))
        low = top + 1
    return "|".join(parts)


def _same_length(low: str, high: str) -> str:
    if not low:
        return ""
    rest = len(low) - 1
    if set(low[1:]) <= {"0"} and set(high[1:]) <= {"9"}:
        return _digit(low[0], high[0]) + ("" if not rest else "[0-9]" if rest == 1 else f"[0-9]{{{rest}}}")
    if low[0] == high[0]:
        return low[0] + _same_length(low[1:], high[1:])
    first, last = int(low[0]), int(high[0])
    parts = []
    if set(low[1:]) != {"0"}:
        parts.append(low[0] + _same_length(low[1:], "9" * rest))
        first += 1
    if set(high[1:]) != {"9"}:
        parts.append(high[0] + _same_length("0" * rest, high[1:]))
        last -= 1
    if first <= last:
        parts.append(_same_length(f"{first}{'0' * rest}", f"{last}{'9' * rest}"))
    return f"(?:{'|'.join(parts)})"


def _digit(low: str, high: str) -> str:
    return low if low == high else f"[{low}-{high}]"
