"""How many cells of a column are of a kind, and what is said of those that are not."""

from __future__ import annotations

import re

import polars as pl

from validation_service.model.proposal.notes import SHOWN, Notes, listed, percent, tolerable
from validation_service.model.proposal.numbers import cells
from validation_service.model.proposal.sample import Column
from validation_service.model.rules.columns import SMALL


def part_like(column: Column, shape: str) -> int:
    """How many cells; ``shape`` means the same to polars and to Python."""
    if column.distinct > SMALL:
        return cells(column.counts, column.counts.select(pl.col("text").str.contains(shape)).to_series())
    fits = re.compile(shape).search
    return sum(n for text, n in column.counts.rows() if fits(text))


def enough(column: Column, good: int) -> bool:
    return good > 0 and tolerable(column.filled - good, column.filled)


def note_odd(column: Column, good: pl.Series, place: str, notes: Notes, id_: str, en: str) -> None:
    odd = column.counts.filter(~good)
    if odd.height:
        count, share = int(odd["n"].sum()), cells(column.counts, good) / column.filled
        shown = listed(odd["text"].head(SHOWN + 1).to_list())
        notes.guess(
            f"{place}.type",
            f"{percent(share)}% nilainya {id_}; {count} tidak: {shown}. Yang tidak akan menjadi galat.",
            f"{percent(share)}% of the values are {en}; {count} are not: {shown}. Those will be errors.",
            share,
        )
