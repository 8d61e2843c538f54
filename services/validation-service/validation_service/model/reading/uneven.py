"""Rows of a CSV that have too few cells or too many."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import polars as pl

from muara_kernel.events.finding import Text
from validation_service.model.reading.grid import ROW, Grid
from validation_service.model.rules.catalogue import found

TOO_MANY = Text(
    "(mungkin ada koma di akhir baris, atau pemisah di dalam teks tanpa tanda kutip)",
    "(there may be a comma at its end, or a separator within text that is not quoted)",
)
PADDED = Text(
    "Hapus pemisah yang berlebih di akhir baris.",
    "Remove the separators too many at the end of the row.",
)


def refuse_short_rows(grid: Grid, notes: Collection[int]) -> None:
    """IO-08 for the rows that were kept only because they might have been notes."""
    short = {row: cells for row, cells in grid.short.items() if row not in notes}
    padded = [
        row for row, cells in short.items() if is_padded(cells, len(grid.header)) and not any(cells[1:])
    ]
    tell_padded(grid, padded)
    for row in padded:
        del short[row]
    if short:
        grid.frame = grid.frame.filter(~pl.col(ROW).is_in(list(short)))
    for row, cells in short.items():
        tell_uneven(grid, row, cells)


def is_padded(cells: Sequence[str], width: int) -> bool:
    """Longer than the header, but by blank cells only."""
    return len(cells) > width and not any(cell.strip() for cell in cells[width:])


def tell_padded(grid: Grid, rows: Sequence[int]) -> None:
    """IO-14, once for all of them."""
    if rows:
        what = Text(
            f"{len(rows)} baris berakhir dengan pemisah yang berlebih; sel kosong sesudahnya diabaikan.",
            f"{len(rows)} rows end with separators too many; the blank cells behind were passed over.",
        )
        grid.found.add(found("IO-14", row=rows[0], what=what, repair=PADDED))


def tell_uneven(grid: Grid, row: int, cells: Sequence[str]) -> None:
    size = len(cells)
    shown = Text(f"{size} sel", f"{size} cell" if size == 1 else f"{size} cells")
    if size > len(grid.header):
        shown = Text(f"{shown.id} {TOO_MANY.id}", f"{shown.en} {TOO_MANY.en}")
    value = next(filter(None, cells), "")
    grid.found.tell("IO-08", row=row, value=value, found=shown, expected=len(grid.header))
    grid.set_aside += 1
