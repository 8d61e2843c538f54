"""Totals rows, and the rows of data in blocks that none of them tells apart: few sums of a large table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import polars as pl

from validation_service.model.reading.grid import ROW
from validation_service.model.rules.totals.measures import Measures
from validation_service.model.rules.totals.scope import Scope
from validation_service.model.rules.totals.words import CODE, Kind

NEAR, FIRST, LAST = "near", "first", "last"


@dataclass(frozen=True, slots=True)
class TotalsRow:
    """``near`` is how many totals rows before it end a group; ``numbers`` are its own, one per measure.
    ``by_name``: its word names the rows that it is over. ``place`` is that among all totals rows."""

    place: int
    row: int
    kind: Kind
    code: str | None
    near: int
    numbers: Sequence[float | None]
    scope: Scope
    by_name: bool


class Sum(NamedTuple):
    """Over rows of data, of which the first and the last are told: for each measure the sum, None where a
    number is unknown, and how many of the numbers have digits after their decimal sign."""

    first: int
    last: int
    numbers: Sequence[float | None]
    fractions: Sequence[int]


class Block(NamedTuple):
    """Rows of data that say the same of whatever a totals row may speak of; ``near`` is how many totals rows
    before them end a group, ``codes`` are those of totals rows that they are below."""

    near: int
    scope: Scope
    codes: Sequence[str | None]
    sum: Sum


def blocks_of(
    data: pl.DataFrame,
    totals: Sequence[TotalsRow],
    ends: Sequence[int],
    classes: Mapping[str, bool],
    measures: Measures,
    *,
    most: int,
) -> list[Block] | None:
    """``data`` has ROW, CODE, the texts of ``classes`` and the numbers of ``measures``; ``ends`` are the rows
    that end a group. None where there are more than ``most``."""
    near = pl.Series(ends, dtype=data[ROW].dtype).search_sorted(data[ROW]).alias(NEAR)
    spoken_of = ({total.scope[n] for total in totals} for n in range(len(classes)))
    said = [
        # Of dates the rows beside a total may tell as well.
        pl.col(name) if dated else _if_any_of(pl.col(name), wanted).alias(name)
        for (name, dated), wanted in zip(classes.items(), spoken_of, strict=True)
    ]
    above = list(_codes_above({total.code for total in totals if total.code is not None}))
    ends_of_rows = [pl.col(ROW).min().alias(FIRST), pl.col(ROW).max().alias(LAST)]
    grouped = data.hstack([near]).group_by([NEAR, *said, *above], maintain_order=True)
    summed = grouped.agg(*ends_of_rows, *measures.sums)
    return None if summed.height > most else list(_blocks(summed, len(classes), len(above), measures))


def rows_of(frame: pl.DataFrame, names: Sequence[str]) -> list[tuple[Any, ...]]:
    """As many of no columns."""
    return frame[list(names)].rows() if names else [()] * frame.height


def _if_any_of(text: pl.Expr, wanted: Iterable[str | None]) -> pl.Expr:
    known = [each for each in wanted if each is not None]
    return pl.when(text.is_in(known)).then(text) if known else pl.lit(None, pl.String)


def _codes_above(wanted: set[str]) -> Iterator[pl.Expr]:
    """The codes of totals rows that a row is below: one, or none, of each length."""
    for length in sorted(set(map(len, wanted))):
        cut, of_length = pl.col(CODE).str.slice(0, length), (code for code in wanted if len(code) == length)
        yield _if_any_of(cut, of_length).alias(f"{length}")


def _blocks(summed: pl.DataFrame, classes: int, codes: int, measures: Measures) -> Iterator[Block]:
    said = summed.columns[1 : 1 + classes + codes]
    parts = (
        summed[[NEAR, FIRST, LAST]].rows(),
        rows_of(summed, said[:classes]),
        rows_of(summed, said[classes:]),
        measures.numbers(summed),
        measures.fractions(summed),
    )
    for (near, first, last), scope, above, numbers, fractions in zip(*parts, strict=True):
        yield Block(near, scope, above, Sum(first, last, numbers, fractions))
