"""What a cell looks like that certainly breaks no rule about its own row, as a regular expression.

A row of such cells needs no further look: it is never taken apart. So an expression may leave out good cells,
which are then judged exactly, but never take in a bad one, nor the delimiter, a quote or a line end.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence

import polars as pl

from validation_service.model.patterns import whole
from validation_service.model.rules.blanks import MARKS, SPELLINGS, must_be_filled
from validation_service.model.rules.digits import decimals_between, integers_between
from validation_service.model.rules.plain_pattern import excludes_totals, is_plain, needs_a_sign, without_ends
from validation_service.model.rules.sums import is_open_percentage
from validation_service.model.rules.words import text_without
from validation_service.model.standard import Field, Standard

TOTALS = ("jumlah", "jml", "total", "sub", "grand", "rata", "rerata")
"""How the first word of a totals row begins, in lower case; see MAY_BE_TOTAL."""
ERRORS = ("#",)
IN_GRAMMAR = ("SD-08", "AG-03")
"""Rules asked as probes of a row that a plain cell keeps, beside those of rules/cells.py."""
MOST_CHOICES = 200
_MANY_DIGITS = re.compile(r"[0-9]{16}")
FIRST_YEAR, LAST_YEAR = 1000, 2999


def plain_cell(field: Field, standard: Standard, delimiter: str, *, open_: bool = False) -> str | None:
    """A filled one; None where no expression can tell: then the column has to be looked at by itself.

    In an ``open_`` dataset the numbers of persons (PR-01) are none of the plain cells; else they may be.
    """
    cell = _filled(field, standard, delimiter)
    if field.pattern is not None and open_ and not needs_a_sign(field.pattern):
        return None
    if cell is None or (must_be_filled(field, standard) and _matches_any(cell, standard.missing_values)):
        return None
    return f"(?:{cell})"


def anything(delimiter: str) -> str:
    """A filled cell of a column that the standard does not know, or that is looked at by itself."""
    return rf'[^\x{ord(delimiter):02x}"\x00-\x1f\x7f<&]+'


def _filled(field: Field, standard: Standard, delimiter: str) -> str | None:
    if field.type == "string":
        return _text(field, standard, delimiter)
    if field.pattern is not None or field.enum is not None or field.group:
        return None
    if field.type == "boolean":
        return _one_of(field.true_values + field.false_values, delimiter)
    if field.type == "date":
        return _date(field, delimiter)
    return _number(field, delimiter)


def _text(field: Field, standard: Standard, delimiter: str) -> str | None:
    if field.enum is not None:
        fine = [choice for choice in field.enum if not choice.strip().lower().startswith(TOTALS)]
        bounded = field.pattern or field.min_length is not None or field.max_length is not None
        return None if bounded or len(fine) > MOST_CHOICES else _one_of(fine, delimiter)
    words = [*MARKS, *(value.strip().lower() for value in standard.missing_values)]
    if field.pattern is None:
        return text_without(
            words, (*TOTALS, *ERRORS), delimiter, low=field.min_length or 1, high=field.max_length
        )
    if field.min_length is not None or field.max_length is not None:
        return None
    pattern = without_ends(field.pattern)
    if not is_plain(pattern, delimiter) or not excludes_totals(pattern):
        return None
    return None if _matches_any(pattern, (*SPELLINGS, *standard.missing_values)) else pattern


def _one_of(choices: Iterable[str], delimiter: str) -> str | None:
    """Without those that would need quotes, and those that are blank to some rule."""
    special = {delimiter, '"', "<", "&"}
    fine = [
        choice
        for choice in choices
        if choice
        and choice == choice.strip()
        and choice.isascii()
        and choice.isprintable()
        and not special & set(choice)
        and choice.lower() not in MARKS
        and not _MANY_DIGITS.search(choice)
    ]
    return "|".join(map(re.escape, fine)) or None


def _number(field: Field, delimiter: str) -> str | None:
    low, high = field.minimum, field.maximum
    if is_open_percentage(field):
        low, high = 0, 100
    if field.type == "year":
        low, high = max(1000, int(low or 1000)), min(9999, int(high or 9999))  # type: ignore[arg-type]
    if isinstance(low, float | int | None) and isinstance(high, float | int | None):
        if field.type == "number":
            return decimals_between(low, high, field.decimal) if field.decimal != delimiter else None
        return integers_between(
            None if low is None else math.ceil(low), None if high is None else math.floor(high)
        )
    return None


def _date(field: Field, delimiter: str) -> str | None:
    parts = re.split("(%.)", field.date_format)
    if sorted(part for part in parts if part.startswith("%")) != ["%Y", "%d", "%m"]:
        return None
    if {delimiter, '"', "<", "&"} & set(field.date_format):
        return None
    low, high = FIRST_YEAR, LAST_YEAR
    if field.minimum is not None:
        low = max(low, field.minimum.year + 1)  # type: ignore[union-attr]
    if field.maximum is not None:
        high = min(high, field.maximum.year - 1)  # type: ignore[union-attr]
    years = integers_between(low, high)
    return "|".join(_written(parts, years, *each) for each in _DAYS) if years else None


_DAYS = (
    ("(?:0[1-9]|1[0-2])", "(?:0[1-9]|1[0-9]|2[0-8])"),
    ("(?:0[13-9]|1[0-2])", "(?:29|30)"),
    ("(?:0[13578]|1[02])", "31"),
)
"""Months and the days that they surely have."""


def _written(parts: Sequence[str], years: str, month: str, day: str) -> str:
    said = {"%Y": f"(?:{years})", "%m": month, "%d": day}
    return "".join(said.get(part, re.escape(part)) for part in parts)


def _matches_any(pattern: str, words: Iterable[str]) -> bool:
    storable = [word.encode("utf-8", "replace").decode() for word in words]
    return bool(pl.Series(storable, dtype=pl.String).str.contains(whole(pattern)).any())
