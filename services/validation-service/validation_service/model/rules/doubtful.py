"""Of a small table the rows that may break a rule about single rows: quicker in Python than by a query."""

from __future__ import annotations

import re
from functools import lru_cache

import polars as pl

from validation_service.model.rules.cells import must_be_filled
from validation_service.model.rules.columns import SMALL, column
from validation_service.model.rules.grammar import plain_cell
from validation_service.model.rules.plain_pattern import is_quick
from validation_service.model.rules.sieve import judged_by_cells
from validation_service.model.standard import Field, Standard

LONGEST = 200
NOWHERE = "\x01"
"""For the delimiter: a cell of a table may hold any."""
MOST = 0.5


def doubtful_rows(frame: pl.DataFrame, standard: Standard) -> pl.DataFrame:
    """All of them where the table is not small, or cells alone do not tell."""
    if not frame.height or frame.height > SMALL:
        return frame
    present = [index for index in range(len(standard.fields)) if column(index) in frame.columns]
    cells = _cells(standard)
    if cells is None or any(cells[index] is None for index in present):
        return frame
    doubtful: set[int] = set()
    for index in present:
        doubtful |= _doubtful(frame[column(index)], cells[index], standard.fields[index], standard)
        if len(doubtful) > MOST * frame.height:
            return frame
    return frame[sorted(doubtful)] if doubtful else frame.clear()


@lru_cache(maxsize=256)
def _cells(standard: Standard) -> tuple[re.Pattern[str] | None, ...] | None:
    if standard.totals_rows == "periksa" or not judged_by_cells(standard):
        return None
    return tuple(_compiled(field, standard) for field in standard.fields)


def _compiled(field: Field, standard: Standard) -> re.Pattern[str] | None:
    if field.pattern is not None and not is_quick(field.pattern):
        return None
    cell = plain_cell(field, standard, NOWHERE)
    return None if cell is None else re.compile(cell)


def _doubtful(cells: pl.Series, plain: re.Pattern[str] | None, field: Field, standard: Standard) -> set[int]:
    assert plain is not None
    fits, must = plain.fullmatch, must_be_filled(field, standard)
    return {
        place
        for place, cell in enumerate(cells.to_list())
        if (must if cell is None else len(cell) > LONGEST or not fits(cell))
    }
