"""Primary key: the fewest columns of codes, names, periods and classes by which no two rows agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from math import prod
from typing import Any

import polars as pl

from validation_service.model.proposal.damage import LOST_DIGITS
from validation_service.model.proposal.notes import TOLERANCE, Notes, percent
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

MOST_COLUMNS, MOST_ROWS = 12, 200_000
LARGEST = 4
CLOSE = 0.002
SPELLINGS = 1.1
"""Places as they are spelt, by code of the place: more, and the code is none of the whole place."""
ALTERNATIVES = 2
PLACE = "$.primaryKey"
BIRTH = frozenset({"lahir", "birth"})
FIGURES = r"^[^A-Za-z]*(?:Rp\.?)?\s*[0-9][0-9.,\s]*(?:%|,-)?$"
DRESSED_FIGURES = r"^Rp\.?\s*[0-9][0-9.,\s]*(?:,-)?$|^[0-9][0-9.,\s]*%$"


def primary_key(sample: Sample, fields: Sequence[Mapping[str, Any]], notes: Notes) -> list[str]:
    """Empty where nothing of the kind was found. Rows that are wholly alike count once: they are a defect."""
    frame = sample.frame.head(MOST_ROWS)
    once = frame.unique(maintain_order=True)
    repeated = frame.height - once.height
    if repeated:
        notes.guess(
            PLACE,
            f"{repeated} baris sama persis dengan baris lain dan akan menjadi galat.",
            f"{repeated} rows are exactly like another and will be errors.",
        )
    _note_persons(sample, notes)
    columns = _candidates(sample, fields)
    if once.height < 2:
        return _of_one_row(columns, once.height, notes)
    place = _code_of_the_place(once, columns)
    if place is not None:
        columns = [each for each in columns if each is place or not level_of(each.name)]
    chosen, share = _search(once, columns, place)
    if not chosen:
        notes.guess(
            PLACE,
            "Tidak ditemukan kolom yang membedakan setiap baris; tetapkan kunci utamanya bila ada.",
            "No columns were found that tell all rows apart; name the primary key if there is one.",
        )
        return []
    names = [column.name for column in chosen[0]]
    others = "; ".join(" + ".join(column.name for column in each) for each in chosen[1 : 1 + ALTERNATIVES])
    notes.guess(
        PLACE,
        f"{' + '.join(names)} membedakan {percent(share)}% baris"
        + ("; baris yang berulang akan menjadi galat." if share < 1 else ".")
        + (f" Dapat juga: {others}." if others else ""),
        f"{' + '.join(names)} tells {percent(share)}% of the rows apart"
        + ("; repeated rows will be errors." if share < 1 else ".")
        + (f" As well: {others}." if others else ""),
        share,
    )
    return names


def names_persons(column: Column) -> bool:
    """By its name and some of its values, or by most of them: a key is spread with the data, and such numbers
    must not be. A column "KK" may as well count families."""
    if NAMED.match(column.name.strip()):
        return part_like(column, rf"{LIKE_NIK}|^['` ]*[0-9*xX]{{16}}$|{LOST_DIGITS}") > 0
    return part_like(column, LIKE_NIK) >= SHARE * max(column.filled, 1)


def _note_persons(sample: Sample, notes: Notes) -> None:
    for column in filter(names_persons, sample.columns):
        notes.guess(
            f"$.fields[{column.index}]",
            f'"{column.name}" berisi nomor seperti NIK atau nomor KK, data pribadi: tidak diusulkan sebagai '
            "kunci, dan tidak boleh ada di dataset terbuka.",
            f'"{column.name}" holds numbers like a NIK or family card number, personal data: not proposed as '
            "a key, and never part of an open dataset.",
        )


def _of_one_row(columns: Sequence[Column], rows: int, notes: Notes) -> list[str]:
    codes = [column.name for column in columns if is_code(column.name) or says(column.name, PERIODS)]
    if rows and codes:
        notes.guess(
            PLACE,
            "Hanya satu baris yang berbeda; kunci diduga dari nama kolom saja.",
            "There is but one row; the key is guessed from the names of the columns alone.",
        )
    return codes[:LARGEST] if rows else []


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


def _candidates(sample: Sample, fields: Sequence[Mapping[str, Any]]) -> list[Column]:
    weighed = [
        (weight, -column.distinct if weight else 0, column.index, column)
        for column, field in zip(sample.columns, fields, strict=True)
        if (weight := _weight(column, field)) is not None
        and (column.distinct > 1 or sample.frame.unique().height < 2)
    ]
    return [column for *_, column in sorted(weighed, key=lambda each: each[:3])[:MOST_COLUMNS]]


def _code_of_the_place(frame: pl.DataFrame, columns: Sequence[Column]) -> Column | None:
    """A column of codes that alone says which place a row is of; then names and higher codes add nothing."""
    places = [column for column in columns if level_of(column.name)]
    codes = [column for column in places if is_code(column.name)]
    finest = max(codes, key=lambda column: column.distinct, default=None)
    if finest is None or len(places) < 2:
        return finest
    spelt = frame.select(f"f{column.index}" for column in places).n_unique()
    return finest if spelt <= SPELLINGS * finest.distinct else None


def _search(
    frame: pl.DataFrame, columns: Sequence[Column], place: Column | None
) -> tuple[list[tuple[Column, ...]], float]:
    """The sets that do it, best first, and the share of rows that they tell apart.

    With the code of a place among them, a few rows that agree are wrong rather than a reason for
    more columns.
    """
    nearly: list[tuple[float, tuple[Column, ...]]] = []
    running = [column for column in columns if is_running(column.name)]
    meaningful = [column for column in columns if column not in running]
    for size in range(1, LARGEST + 1):
        whole = []
        for each in _sets(meaningful, size, frame.height):
            share = _told_apart(frame, each)
            if share == 1:
                whole.append(each)
            elif share >= 1 - TOLERANCE:
                nearly.append((share, each))
        good = [(share, each) for share, each in nearly if place in each and len(each) == size]
        if good and not whole:
            share, each = max(good, key=lambda one: one[0])
            return [tuple(sorted(each, key=lambda column: column.index))], share
        if whole:
            return [tuple(sorted(each, key=lambda column: column.index)) for each in whole], 1.0
    if nearly:
        best = max(share for share, _ in nearly)
        close = [each for share, each in nearly if share >= best - CLOSE]
        each = min(close, key=len)
        return [tuple(sorted(each, key=lambda column: column.index))], _told_apart(frame, each)
    alone = [(column,) for column in running if _told_apart(frame, (column,)) == 1]
    return list(alone), 1.0


def _sets(columns: Sequence[Column], size: int, rows: int) -> Iterator[tuple[Column, ...]]:
    for each in combinations(columns, size):
        if prod(column.distinct for column in each) >= rows * (1 - TOLERANCE):
            yield each


def _told_apart(frame: pl.DataFrame, columns: Sequence[Column]) -> float:
    return frame.select(f"f{column.index}" for column in columns).n_unique() / frame.height
