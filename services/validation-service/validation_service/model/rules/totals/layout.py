"""What is asked of a row that may be a totals row: where its word stands, and what is beside the word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from validation_service.model.reading.grid import ROW
from validation_service.model.rules.columns import column
from validation_service.model.rules.totals.words import (
    CODE,
    IS_TOTAL,
    KIND,
    MAY_BE_TOTAL,
    NAMES_ITS_ROWS,
    WORD,
    kind_of,
)

BARE, NAMED = "bare", "named"
_LIKELY = "likely"


@dataclass(frozen=True)
class Layout:
    """The fields, by index, that tell a totals row: in ``leading`` its first filled cell may stand, ``texts``
    and ``coded`` are the texts and the codes. ``fillers`` say the same in every row of data, as a unit does:
    with what they say, or None for any text, as of a period. ``allowed`` are values that are no totals."""

    leading: tuple[int, ...]
    texts: tuple[int, ...]
    coded: tuple[int, ...]
    fillers: tuple[tuple[int, str | None], ...]
    allowed: tuple[str, ...]

    @property
    def labels(self) -> list[int]:
        return sorted({*self.texts, *self.coded})


@lru_cache(maxsize=256)
def asked(layout: Layout) -> tuple[list[pl.Expr], list[pl.Expr]]:
    """What is asked of rows that may be totals, and then of the answers: ROW, WORD, KIND, a CODE of null,
    whether each of the labels is blank, and whether the row is a BARE or a NAMED total."""
    return list(_of_cells(layout)), list(_of_answers(layout))


def _of_cells(layout: Layout) -> Iterator[pl.Expr]:
    fillers = dict(layout.fillers)
    first = _first(_filled(index) for index in layout.leading)
    first_text = _first(_label(index, fillers) for index in layout.texts)
    yield pl.col(ROW)
    yield pl.when(first.str.contains(MAY_BE_TOTAL)).then(first).otherwise(first_text).alias(WORD)
    yield _codes_agree(layout.coded).alias(_LIKELY)
    for index in layout.labels:
        yield _label(index, fillers).alias(_said(index))
        yield _filled(index).is_null().alias(column(index))


def _of_answers(layout: Layout) -> Iterator[pl.Expr]:
    word, said = pl.col(WORD), [pl.col(_said(index)) for index in layout.labels]
    others_blank = pl.all_horizontal(pl.lit(True), *(each.is_null() | (each == word) for each in said))
    blank = pl.any_horizontal(pl.lit(False), *(pl.col(column(index)) for index in layout.labels))
    # Of a category that is called Jumlah, every other text stands in its row.
    is_category = pl.lit(len(said) > 1) & ~blank & ~others_blank
    likely = pl.col(_LIKELY) & ~word.is_in(layout.allowed)
    yield (word.str.contains(IS_TOTAL) & ~is_category & likely).fill_null(False).alias(BARE)
    yield (word.str.contains(NAMES_ITS_ROWS) & others_blank & likely).fill_null(False).alias(NAMED)
    yield kind_of(word).alias(KIND)
    yield pl.lit(None, pl.String).alias(CODE)


def _said(index: int) -> str:
    return f"{column(index)} said"


def _codes_agree(coded: Iterable[int]) -> pl.Expr:
    """The code columns of a totals row are blank, or say the same."""
    codes = map(_filled, coded)
    return pl.all_horizontal(
        pl.lit(True), *(code.is_null() | code.str.contains(MAY_BE_TOTAL) for code in codes)
    )


def _first(texts: Iterable[pl.Expr]) -> pl.Expr:
    return pl.coalesce(pl.lit(None, pl.String), *texts)


def _filled(index: int) -> pl.Expr:
    text = pl.col(column(index)).str.strip_chars()
    return pl.when(text != "").then(text)


def _label(index: int, fillers: Mapping[int, str | None]) -> pl.Expr:
    """The cell, unless it says no more than every row does."""
    if index not in fillers:
        return _filled(index)
    said, text = fillers[index], _filled(index)
    more = text.str.contains(MAY_BE_TOTAL) if said is None else text != said
    return pl.when(more).then(text)
