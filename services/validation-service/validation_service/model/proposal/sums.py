"""Columns that are the sum of others in every row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import polars as pl

from validation_service.model.proposal.notes import TOLERANCE, Notes, percent
from validation_service.model.proposal.sample import Sample
from validation_service.model.proposal.words import FEMALE, MALE, TOTALS, says
from validation_service.model.rules.types import typed
from validation_service.model.standard import Field

LEAST_ROWS = 3
MOST_COLUMNS = 40
LONGEST_RUN = 30
LOOKED_AT = 8
"""Rows that tell most of what is no sum."""
SLACK = 1e-6
Found = dict[str, Any]
Head = Mapping[str, Sequence[Any]]


def sums_of(sample: Sample, fields: Sequence[Mapping[str, Any]], notes: Notes) -> list[Found]:
    numbers = _numbers(sample, fields)
    head = {name: numbers[name].head(LOOKED_AT).to_list() for name in numbers.columns}
    found: list[Found] = []
    for total in numbers.columns:
        if parts := _parts_of(total, numbers, head, sample):
            names = [sample.columns[_index(part)].name for part in parts]
            share = _holds(numbers, total, parts)
            name = sample.columns[_index(total)].name
            place = f"$['satudata:jumlah'][{len(found)}]"
            told = f'"{name}" = ' + " + ".join(f'"{part}"' for part in names)
            notes.guess(
                place,
                f"{told} di {percent(share)}% baris.",
                f"{told} in {percent(share)}% of the rows.",
                share,
            )
            found.append({"total": name, "bagian": names})
    return found


def _numbers(sample: Sample, fields: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """The columns of numbers of which several values are not zero."""
    numeric = [
        typed(
            pl.col(f"f{column.index}"),
            Field(
                name="",
                type=field["type"],
                decimal=field.get("decimalChar", "."),
                group=field.get("groupChar", ""),
            ),
        ).cast(pl.Float64)
        for column, field in zip(sample.columns, fields, strict=True)
        if field["type"] in ("integer", "number")
    ][:MOST_COLUMNS]
    if not numeric:
        return pl.DataFrame()
    frame = sample.frame.select(numeric)
    varied = [
        name for name in frame.columns if frame[name].drop_nulls().unique().drop_nulls().len() >= LEAST_ROWS
    ]
    return frame.select(varied)


def _index(name: str) -> int:
    return int(name[1:])


def _parts_of(total: str, numbers: pl.DataFrame, head: Head, sample: Sample) -> list[str] | None:
    for parts in _candidates(total, numbers, sample):
        odd = sum(not good for good in _first_rows(head, total, parts))
        if odd > 2:
            continue
        needed = 1 - TOLERANCE if _is_named(total, parts, sample) else 1.0
        if (not odd or needed < 1) and _holds(numbers, total, parts) >= needed:
            return parts
    return None


def _first_rows(head: Head, total: str, parts: Sequence[str]) -> Iterator[bool]:
    for whole, *each in zip(head[total], *(head[part] for part in parts), strict=True):
        yield whole is not None and None not in each and _is_sum(whole, each)


def _is_sum(whole: float, parts: Sequence[float]) -> bool:
    return abs(whole - sum(parts)) <= SLACK * max(1, abs(whole))


def _candidates(total: str, numbers: pl.DataFrame, sample: Sample) -> Iterator[list[str]]:
    """Pairs first, then longer runs of columns side by side."""
    others = [name for name in numbers.columns if name != total]
    for pair in combinations(others, 2):
        yield list(pair)
    if not says(sample.columns[_index(total)].name, TOTALS):
        return
    for first in range(len(others)):
        for last in range(first + 3, min(len(others), first + LONGEST_RUN) + 1):
            yield others[first:last]


def _is_named(total: str, parts: Sequence[str], sample: Sample) -> bool:
    """Jumlah of laki-laki and perempuan."""
    names = [sample.columns[_index(part)].name for part in parts]
    by_sex = len(names) == 2 and {says(name, MALE) and not says(name, FEMALE) for name in names} == {
        True,
        False,
    }
    return by_sex and says(sample.columns[_index(total)].name, TOTALS)


def _holds(numbers: pl.DataFrame, total: str, parts: Sequence[str]) -> float:
    """The share of the rows in which it is so; a blank is no answer."""
    off = (pl.col(total) - pl.sum_horizontal(parts, ignore_nulls=False)).abs()
    told = numbers.select(
        (off <= SLACK * pl.max_horizontal(pl.col(total).abs(), pl.lit(1.0))).fill_null(False)
    )
    return float(told.to_series().mean() or 0.0)  # type: ignore[arg-type]
