"""The rows of data in blocks that no totals row tells apart, so that few sums are left of a large table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from validation_service.model.reading.grid import ROW
from validation_service.model.rules.columns import column
from validation_service.model.rules.totals.measures import Measures, fractions
from validation_service.model.rules.totals.sums import Block, Sum, TotalsRow
from validation_service.model.rules.totals.words import CODE

NEAR, FIRST, LAST = "near", "first", "last"


def blocks_of(
    data: pl.DataFrame,
    totals: Sequence[TotalsRow],
    ends: Sequence[int],
    classes: Mapping[str, bool],
    measures: Measures,
) -> list[Block]:
    """``data`` has ROW, CODE, the texts of ``classes`` and the numbers of ``measures``; ``ends`` are the rows
    that end a group."""
    near = pl.Series(ends, dtype=data[ROW].dtype).search_sorted(data[ROW]).alias(NEAR)
    spoken_of = [{total.scope[n] for total in totals} for n in range(len(classes))]
    said = [
        # Of dates the rows beside a total may tell as well.
        pl.col(name) if dated else _if_any_of(pl.col(name), wanted).alias(name)
        for (name, dated), wanted in zip(classes.items(), spoken_of, strict=True)
    ]
    codes = list(_codes({total.code for total in totals if total.code is not None}))
    ends_of_rows = [pl.col(ROW).min().alias(FIRST), pl.col(ROW).max().alias(LAST)]
    summed = data.hstack([near]).group_by([NEAR, *said, *codes], maintain_order=True)
    return list(_blocks(summed.agg(*ends_of_rows, *measures.sums), len(classes), len(codes), measures))


def _if_any_of(text: pl.Expr, wanted: set[str | None]) -> pl.Expr:
    known = [each for each in wanted if each is not None]
    return pl.when(text.is_in(known)).then(text) if known else pl.lit(None, pl.String)


def _codes(wanted: set[str]) -> Iterator[pl.Expr]:
    """The codes of totals rows that a row is below: one, or none, of each length."""
    for length in sorted(set(map(len, wanted))):
        cut = pl.col(CODE).str.slice(0, length)
        yield (
            pl.when(cut.is_in([each for each in wanted if len(each) == length])).then(cut).alias(f"{length}")
        )


def _blocks(summed: pl.DataFrame, classes: int, codes: int, measures: Measures) -> Iterator[Block]:
    numbers = zip(*(summed[column(index)].to_list() for index in measures.indexes), strict=True)
    whole = [0] * summed.height
    counted = [
        summed[name].to_list() if name in summed.columns else whole
        for name in map(fractions, measures.indexes)
    ]
    keys = summed[summed.columns[: 1 + classes + codes]].rows()
    places = zip(summed[FIRST].to_list(), summed[LAST].to_list(), strict=True)
    for key, (first, last), sums, parts in zip(
        keys, places, numbers, zip(*counted, strict=True), strict=True
    ):
        yield Block(key[0], key[1 : 1 + classes], key[1 + classes :], Sum(first, last, sums, parts))
