"""The columns of a table that add up, and how their numbers are read and summed up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import polars as pl

from validation_service.model.rules.columns import column
from validation_service.model.rules.probe import number_of
from validation_service.model.rules.sums import PERCENT, decimals
from validation_service.model.standard import Field, Standard

RATIO = re.compile(
    r"persen|%|rata|rerata|indeks|rasio|proporsi|laju|kepadatan|median|per[ _]kapita|harga|harapan",
    re.I,
)
"""Measures that do not add up."""


@dataclass(frozen=True)
class Measures:
    """``indexes`` are those of their fields. ``reads`` reads their numbers, each as its column is called,
    and how many digits it has after its decimal sign, unless all are whole. ``sums`` are over what was read,
    null where a number is not known, with the count of those that have such digits."""

    indexes: tuple[int, ...]
    reads: tuple[pl.Expr, ...]
    sums: tuple[pl.Expr, ...]

    def numbers(self, frame: pl.DataFrame) -> list[tuple[float | None, ...]]:
        """Row by row what was read or summed."""
        return frame[[column(index) for index in self.indexes]].rows()

    def fractions(self, summed: pl.DataFrame) -> list[tuple[int, ...]]:
        """Row by row how many numbers of each sum have digits after their decimal sign."""
        none = [0] * summed.height
        counts = (
            summed[name].to_list() if name in summed.columns else none for name in map(_count, self.indexes)
        )
        return list(zip(*counts, strict=True))

    def halves(self, *parts: pl.DataFrame) -> list[float]:
        """Half of the last digit to which each of them is written, 0 where all are whole."""
        return [_half(_digits(index), parts) for index in self.indexes]


def _half(name: str, parts: Iterable[pl.DataFrame]) -> float:
    written = [cast("float | None", part[name].max()) or 0.0 for part in parts if name in part.columns]
    most = max(written, default=0.0)
    return 0.5 * float(10.0**-most) if most else 0.0


def _digits(index: int) -> str:
    return f"{column(index)} digits"


def _count(index: int) -> str:
    return f"{column(index)} with digits"


@lru_cache(maxsize=256)
def measures_of(standard: Standard, columns: Sequence[str]) -> Measures:
    """Of those that are among ``columns``."""
    indexes = tuple(
        n for n, each in enumerate(standard.fields) if column(n) in columns and adds_up(each, standard)
    )
    written = [index for index in indexes if standard.fields[index].type == "number"]
    numbers = [number_of(index, standard).alias(column(index)) for index in indexes]
    lengths = [decimals(index, standard).alias(_digits(index)) for index in written]
    sums = [
        pl.when(number.null_count() == 0).then(number.sum()) for number in map(pl.col, map(column, indexes))
    ]
    counts = [(pl.col(_digits(index)) > 0).sum().alias(_count(index)) for index in written]
    return Measures(indexes, (*numbers, *lengths), (*sums, *counts))


def adds_up(field: Field, standard: Standard) -> bool:
    """Whether the sum of the column means anything."""
    if field.type not in ("integer", "number") or field.name in (
        *standard.primary_key,
        standard.period_column,
    ):
        return False
    if field.consecutive or field.unique or field.reference or field.satuan.strip().lower() in PERCENT:
        return False
    ukuran = field.ukuran or ("" if field.satuan else standard.ukuran)
    return not any(RATIO.search(text) for text in (ukuran, field.name, field.title))
