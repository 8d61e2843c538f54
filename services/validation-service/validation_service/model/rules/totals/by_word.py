"""Rows of totals by their word, in the first filled cell of a row or in its first text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

import polars as pl

from validation_service.model.reading.grid import ROW
from validation_service.model.rules.blanks import must_be_filled
from validation_service.model.rules.columns import SMALL, column, picked
from validation_service.model.rules.totals.layout import BARE, NAMED, Layout, asked
from validation_service.model.rules.totals.words import CODE, KIND, MAY_BE_TOTAL, WORD
from validation_service.model.standard import Standard

LONGEST_FILLER = 10_000
"""What is asked of rows is kept together with what fills them."""
_MAY_BE_TOTAL = re.compile(MAY_BE_TOTAL)


@dataclass(frozen=True)
class _Candidates:
    """``rows`` that may be totals, with the answers to what is asked of their layout; ``data`` are the other
    rows. BARE ones are totals, NAMED ones if they leave blank one of ``labels`` that the data fills."""

    rows: pl.DataFrame
    data: pl.DataFrame
    labels: Sequence[int]

    def leave_blank(self, indexes: Iterable[int]) -> pl.Series:
        nowhere = pl.Series([False]).new_from_index(0, self.rows.height)
        return reduce(or_, (self.rows[column(index)] for index in indexes), nowhere)


def by_word(frame: pl.DataFrame, standard: Standard) -> pl.DataFrame:
    """ROW, WORD, KIND and CODE of the totals rows."""
    there = _candidates(frame, standard)
    if there is None:
        return pl.DataFrame(schema={ROW: frame[ROW].dtype, **dict.fromkeys((WORD, KIND, CODE), pl.String)})
    due = _always_filled(there.data, there.labels, standard)
    total = there.rows[BARE] | (there.rows[NAMED] & there.leave_blank(due))
    return picked(there.rows[[ROW, WORD, KIND, CODE]], total)


def hangs_on_others(frame: pl.DataFrame, standard: Standard) -> bool:
    """Whether only all rows of the table together tell if one of these is a totals row: it leaves a cell
    blank that need not be filled in, but perhaps is in every row of data."""
    there = _candidates(frame, standard)
    if there is None:
        return False
    must = there.leave_blank(_always_filled(there.data.clear(), there.labels, standard))
    only_named = there.rows[NAMED] & ~there.rows[BARE]
    return bool((only_named & ~must & there.leave_blank(there.labels)).any())


def _candidates(frame: pl.DataFrame, standard: Standard) -> _Candidates | None:
    present = [index for index in range(len(standard.fields)) if column(index) in frame.columns]
    texts = tuple(index for index in present if standard.fields[index].type == "string")
    coded = tuple(index for index in present if standard.fields[index].reference is not None)
    leading = _leading(frame, present)
    # Each total has its word in one of these columns, or it could be neither the first text of its row nor
    # its first cell, such as that of a running number.
    places = sorted({*texts, *leading})
    narrowed = _may_be_totals(frame, places)
    if not narrowed.any():
        return None
    data = picked(frame[[ROW, *(column(index) for index in {*texts, *coded})]], ~narrowed)
    fillers = tuple(_fillers(data, texts, standard))
    allowed = tuple(choice for index in places for choice in standard.fields[index].enum or ())
    layout = Layout(leading, texts, coded, fillers, allowed)
    cells, answers = asked(layout)
    rows = picked(frame, narrowed).select(cells).with_columns(answers)
    return _Candidates(rows, data, layout.labels)


def _may_be_totals(frame: pl.DataFrame, places: Sequence[int]) -> pl.Series:
    if frame.height > SMALL:
        said = (pl.col(column(index)).str.contains(MAY_BE_TOTAL) for index in places)
        return frame.select(pl.any_horizontal(pl.lit(False), *said).fill_null(False)).to_series()
    cells = (frame[column(index)].to_list() for index in places)
    hits = {
        n for each in cells for n, cell in enumerate(each) if cell is not None and _MAY_BE_TOTAL.match(cell)
    }
    return pl.Series([n in hits for n in range(frame.height)], dtype=pl.Boolean)


def _leading(frame: pl.DataFrame, present: Sequence[int]) -> tuple[int, ...]:
    """The columns, from the left, in which the first filled cell of a row may stand."""
    for count, index in enumerate(present, 1):
        if _is_full(frame[column(index)]):
            return tuple(present[:count])
    return tuple(present)


def _is_full(cells: pl.Series) -> bool:
    if cells.null_count():
        return False
    if len(cells) <= SMALL:
        return all(map(str.strip, cells.to_list()))
    return not (cells.str.strip_chars() == "").any()


def _fillers(
    data: pl.DataFrame, texts: Sequence[int], standard: Standard
) -> Iterable[tuple[int, str | None]]:
    """They say nothing of whether a row is a total. Where totals rows are refused not all rows may be at hand
    to tell."""
    if standard.totals_rows != "periksa":
        return
    for index in texts:
        if standard.fields[index].name == standard.period_column:
            yield index, None
        elif said := _said_by_all(data[column(index)]):
            yield index, said


def _said_by_all(cells: pl.Series) -> str | None:
    """However much space is around it."""
    if cells.n_unique() > SMALL:
        return None
    said = {cell and cell.strip() for cell in cells.unique().to_list()}
    only = said.pop() if len(said) == 1 else None
    return only if only and len(only) <= LONGEST_FILLER else None


def _always_filled(data: pl.DataFrame, indexes: Sequence[int], standard: Standard) -> list[int]:
    """The columns that a row of data fills, by the standard or as all the others do."""
    return [
        index
        for index in indexes
        if must_be_filled(standard.fields[index], standard)
        or (data.height > 0 and _is_full(data[column(index)]))
    ]
