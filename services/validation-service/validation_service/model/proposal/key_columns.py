"""Which columns may tell rows apart, and are fit to be spread as part of a key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from validation_service.model.proposal.damage import LOST_DIGITS
from validation_service.model.proposal.odd import part_like
from validation_service.model.proposal.sample import Column, Sample
from validation_service.model.proposal.words import (
    COUNTS,
    DESCRIPTIONS,
    PERIODS,
    is_code,
    is_name,
    is_running,
    level_of,
    says,
    unit_of,
)
from validation_service.model.rules.privacy import LIKE_NIK, NAMED, SHARE

MOST_COLUMNS = 12
SPELLINGS = 1.1
"""Places as they are spelt, by code of the place: more, and the code is none of the whole place."""
BIRTH = frozenset({"lahir", "birth"})
FIGURES = r"^[^A-Za-z]*(?:Rp\.?)?\s*[0-9][0-9.,\s]*(?:%|,-)?$"
DRESSED_FIGURES = r"^Rp\.?\s*[0-9][0-9.,\s]*(?:,-)?$|^[0-9][0-9.,\s]*%$"


def candidates(sample: Sample, fields: Sequence[Mapping[str, Any]]) -> list[Column]:
    """Those that weigh least first."""
    weighed = [
        (weight, -column.distinct if weight else 0, column.index, column)
        for column, field in zip(sample.columns, fields, strict=True)
        if (weight := _weight(column, field)) is not None
        and (column.distinct > 1 or sample.frame.unique().height < 2)
    ]
    return [column for *_, column in sorted(weighed, key=lambda each: each[:3])[:MOST_COLUMNS]]


def code_of_the_place(frame: pl.DataFrame, columns: Sequence[Column]) -> Column | None:
    """A column of codes that alone says which place a row is of; then names and higher codes add nothing."""
    places = [column for column in columns if level_of(column.name)]
    codes = [column for column in places if is_code(column.name)]
    finest = max(codes, key=lambda column: column.distinct, default=None)
    if finest is None or len(places) < 2:
        return finest
    spelt = frame.select(f"f{column.index}" for column in places).n_unique()
    return finest if spelt <= SPELLINGS * finest.distinct else None


def names_persons(column: Column) -> bool:
    """By its name and some of its values, or by most of them: a key is spread with the data, and such numbers
    must not be. A column "KK" may as well count families."""
    if NAMED.match(column.name.strip()):
        return part_like(column, rf"{LIKE_NIK}|^['` ]*[0-9*xX]{{16}}$|{LOST_DIGITS}") > 0
    return part_like(column, LIKE_NIK) >= SHARE * max(column.filled, 1)


def _weight(column: Column, field: Mapping[str, Any]) -> int | None:
    """What a column is worth as part of a key, the least first; None for what measures or only describes."""
    if column.blanks or column.marks or not column.filled or names_persons(column):
        return None
    if is_running(column.name):
        return 9
    if is_code(column.name) or field["type"] == "year":
        return 0
    if _is_amount(column) or says(column.name, BIRTH):
        return None
    if field["type"] == "date" or (says(column.name, PERIODS) and _holds_periods(column, field)):
        return 0
    if field["type"] != "string":
        return None
    if is_name(column.name):
        return 2 if level_of(column.name) else 1
    if "enum" in field.get("constraints", {}) or column.index == 0:
        return 2
    if says(column.name, DESCRIPTIONS):
        return None
    return 3 if column.distinct <= column.filled / 2 else 4


def _holds_periods(column: Column, field: Mapping[str, Any]) -> bool:
    """As numbers they are months, or years, perhaps written 2023.0; "Tamu per Bulan" is counted."""
    if field["type"] not in ("integer", "number"):
        return True
    numbers = column.counts["text"].cast(pl.Float64, strict=False)
    likely = numbers.is_between(1, 12) | numbers.is_between(1900, 2100)
    return numbers.null_count() == 0 and bool(likely.all())


def _is_amount(column: Column) -> bool:
    """Named like one, or dressed like one: Rp 1.000.000 and 12,5 % are read as text and are no names."""
    named = says(column.name, COUNTS) or unit_of(column.name)
    figures = part_like(column, FIGURES if named else DRESSED_FIGURES)
    return figures >= SHARE * column.filled
