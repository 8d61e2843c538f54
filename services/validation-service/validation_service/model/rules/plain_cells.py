"""Of a small table the cells and rows that may break a rule: quicker in Python than by a query."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import polars as pl

from validation_service.model.rules.blanks import must_be_filled
from validation_service.model.rules.columns import SMALL, column, picked
from validation_service.model.rules.grammar import IN_GRAMMAR, plain_cell
from validation_service.model.rules.plain_pattern import is_quick
from validation_service.model.rules.rows import row_probes
from validation_service.model.rules.totals.by_word import hangs_on_others
from validation_service.model.standard import Field, Standard

LONGEST = 200
NOWHERE = "\x01"
"""For the delimiter: a cell of a table may hold any."""
MOST = 0.5


def doubtful_rows(frame: pl.DataFrame, standard: Standard) -> pl.DataFrame:
    """All of them where the table is not small, or cells alone do not tell."""
    if not 0 < frame.height <= SMALL or not _cells_tell(standard):
        return frame
    present = [index for index in range(len(standard.fields)) if column(index) in frame.columns]
    plain = _plain(standard)
    if any(plain[index] is None for index in present):
        return frame
    doubtful: set[int] = set()
    for index in present:
        doubtful.update(_doubtful(frame[column(index)], index, standard))
        if len(doubtful) > MOST * frame.height:
            return frame
    if not doubtful:
        return frame.clear()
    rows = picked(frame, pl.Series([place in doubtful for place in range(frame.height)]))
    return frame if hangs_on_others(rows, standard) else rows


def is_plain_column(cells: pl.Series, index: int, standard: Standard) -> bool:
    """Whether no cell of a small table may break a rule about single cells."""
    return _plain(standard)[index] is not None and not any(True for _ in _doubtful(cells, index, standard))


@lru_cache(maxsize=256)
def _cells_tell(standard: Standard) -> bool:
    if standard.totals_rows == "periksa":
        return False
    return all(probe.whole or probe.rule in IN_GRAMMAR for probe in row_probes(standard))


@lru_cache(maxsize=256)
def _plain(standard: Standard) -> tuple[re.Pattern[str] | None, ...]:
    return tuple(_compiled(field, standard) for field in standard.fields)


def _compiled(field: Field, standard: Standard) -> re.Pattern[str] | None:
    if field.pattern is not None and not is_quick(field.pattern):
        return None
    cell = plain_cell(field, standard, NOWHERE)
    return None if cell is None else re.compile(cell)


def _doubtful(cells: pl.Series, index: int, standard: Standard) -> Iterator[int]:
    """The places of cells that are not plain."""
    plain = _plain(standard)[index]
    assert plain is not None
    fits, must = plain.fullmatch, must_be_filled(standard.fields[index], standard)
    for place, cell in enumerate(cells.to_list()):
        if must if cell is None else len(cell) > LONGEST or not fits(cell):
            yield place
