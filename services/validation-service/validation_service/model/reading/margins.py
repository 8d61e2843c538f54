"""Columns beside the table that hold nothing, neither a name nor a cell: no part of it."""

from __future__ import annotations

from muara_kernel.events.finding import Text
from validation_service.model.reading.grid import ROW, Grid
from validation_service.model.rules.catalogue import found

TAKE_OUT = Text(
    "Mulai tabel di kolom pertama, dan hapus kolom kosong di kanannya.",
    "Begin the table in the first column, and delete the empty ones at its right.",
)


def leave_margins_out(grid: Grid) -> None:
    """IO-14. People begin in column B, and spreadsheets end all lines of a CSV with separators when cells at
    the right were once touched."""
    first, end = 0, len(grid.header)
    while end > 1 and grid.is_empty(end - 1):
        end -= 1
    while first < end - 1 and grid.is_empty(first):
        first += 1
    count = len(grid.header) - (end - first)
    if count:
        what = Text(
            f"{count} kolom di tepi tabel kosong seluruhnya, tanpa judul; kolom itu diabaikan.",
            f"{count} columns at the side of the table are blank throughout, without a name; passed over.",
        )
        grid.found.add(found("IO-14", row=grid.header_row, what=what, repair=TAKE_OUT))
        _cut(grid, first, end)


def _cut(grid: Grid, first: int, end: int) -> None:
    grid.header, grid.margin = grid.header[first:end], first
    grid.frame = grid.frame.select(ROW, *map(str, range(first, end)))
    grid.frame.columns = [ROW, *map(str, range(end - first))]
    grid.spoken_for = {index - first: rows for index, rows in grid.spoken_for.items()}
