"""IO-14: rows, columns and the sheet itself that are read although nobody sees them in the spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Iterable

import polars as pl

from muara_kernel.events.finding import Text
from validation_service.model.reading.book import SheetFacts
from validation_service.model.reading.grid import ROW, Grid
from validation_service.model.reading.side_tables import letters
from validation_service.model.rules.catalogue import found

MOST_NAMED = 10
SHOW = Text(
    "Tampilkan, lalu periksa isinya; hapus bila bukan bagian dari data.",
    "Show them and look at what they hold; delete what is no part of the data.",
)
_MARKS = (b'hidden="1"', b'hidden="true"')
_TAG = re.compile(rb'<(?:\w+:)?(row|col)\b([^>]*\shidden="(?:1|true)"[^>]*)>')
_NUMBER = re.compile(rb'\s(r|min|max)="(\d{1,7})"')


def note_hidden_in_xml(data: bytes, facts: SheetFacts) -> None:
    """What a sheet of an XLSX hides."""
    if not any(mark in data for mark in _MARKS):
        return
    for tag in _TAG.finditer(data):
        numbers = {name: int(number) for name, number in _NUMBER.findall(tag[2])}
        if tag[1] == b"row" and b"r" in numbers:
            facts.hidden_rows.add(numbers[b"r"] - 1)
        elif tag[1] == b"col" and b"min" in numbers:
            facts.hide_columns(numbers[b"min"] - 1, numbers.get(b"max", numbers[b"min"]))


def note_hidden(grid: Grid, facts: SheetFacts, *, sheet: str, is_hidden: bool) -> None:
    """Only what holds data is told."""
    if is_hidden:
        what = Text(
            f'Lembar kerja "{sheet}" tersembunyi; isinya dibaca karena standar data menyebut namanya.',
            f'The sheet "{sheet}" is hidden; it was read because the standard names it.',
        )
        grid.found.add(found("IO-14", what=what, repair=SHOW))
    _note_rows(grid, facts.hidden_rows)
    _note_columns(grid, facts.hidden_columns)


def _note_rows(grid: Grid, hidden: set[int]) -> None:
    filled = pl.any_horizontal(pl.exclude(ROW).is_not_null())
    numbers = pl.Series([row + 1 for row in hidden], dtype=pl.UInt32)
    rows = grid.frame.filter(pl.col(ROW).is_in(numbers.implode()) & filled)[ROW].to_list() if hidden else []
    if rows:
        shown = in_ranges(rows)
        what = Text(
            f"Baris {shown} tersembunyi atau tersaring di lembar kerja, tetapi dibaca dan diperiksa.",
            f"Rows {shown} are hidden or filtered out in the sheet, but were read and checked.",
        )
        grid.found.add(found("IO-14", row=rows[0], what=what, repair=SHOW))
        grid.understood["hidden_rows"] = len(rows)


def _note_columns(grid: Grid, hidden: Iterable[int]) -> None:
    places = sorted(index for index in hidden if index < len(grid.header))
    places = [index for index in places if grid.frame[str(index)].count()]
    for index in places:
        name = grid.header[index]
        what = Text(
            f'Kolom {letters(index)} ("{name}") tersembunyi di lembar kerja, tetapi dibaca.',
            f'The column {letters(index)} ("{name}") is hidden in the sheet, but was read.',
        )
        grid.found.tell("IO-14", row=grid.header_row, column=name or None, what=what, repair=SHOW)
    if places:
        grid.understood["hidden_columns"] = [grid.header[index] for index in places]


def in_ranges(rows: Iterable[int]) -> str:
    """5-9, 12"""
    runs: list[list[int]] = []
    for row in rows:
        if runs and runs[-1][1] == row - 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    shown = [f"{first}-{last}" if last > first else str(first) for first, last in runs[:MOST_NAMED]]
    return ", ".join(shown) + (" …" if len(runs) > MOST_NAMED else "")
