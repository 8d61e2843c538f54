"""Notes below the table: told apart from data, set aside, and each of them named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from muara_kernel.events.finding import Text
from validation_service.model.reading.grid import ROW, Grid
from validation_service.model.standard import Standard

MOST_NOTES = 200
_OPENING = re.compile(
    r"\s*(?:\*+\)?\s*\S|[¹²³⁴-⁹†‡]|\(?\d{1,2}\)\s*\S|<sup>"
    r"|(?:sumber|catatan|keterangan|ket|notes?|sources?|(?:data )?diolah|diperbarui|diunduh)\b)",
    re.IGNORECASE,
)
_CODE = re.compile(r"[\d.,/ -]+")
_TOTAL = re.compile(r"(?:sub|grand|jumlah|total)\b", re.IGNORECASE)


@dataclass(frozen=True)
class _Line:
    """A row near the end of which only the first cell is filled, or none."""

    row: int
    text: str


def opens_a_note(text: str) -> bool:
    return bool(_OPENING.match(text))


def set_footnotes_aside(grid: Grid, standard: Standard) -> None:
    """IO-13 for each. They begin where a row opens like one, or, if any does, at the blank row above."""
    lines = _lone_lines(grid)
    notes = _notes(lines, _legal_words(grid, standard))
    for line in notes:
        grid.found.tell("IO-13", row=line.row, column=grid.header[0], value=" ".join(line.text.split()))
    if notes:
        rows = [line.row for line in notes]
        grid.frame = grid.frame.filter(~pl.col(ROW).is_in(rows))
        grid.skipped["footnotes"] = len(rows)
    _refuse_short_rows(grid, {line.row for line in notes})


def _lone_lines(grid: Grid) -> list[_Line]:
    lines = []
    for row, first, *rest in reversed(grid.frame.tail(MOST_NOTES).rows()):
        if any(cell and cell.strip() for cell in rest):
            break
        lines.append(_Line(row, (first or "").strip()))
    return lines[::-1]


def _legal_words(grid: Grid, standard: Standard) -> set[str]:
    field = next((each for each in standard.fields if grid.header and each.name == grid.header[0]), None)
    return {*(field.enum or ()), *standard.missing_values} if field else set()


def _notes(lines: Sequence[_Line], legal: set[str]) -> list[_Line]:
    """Of the lone lines at the end those that are notes: all below the first."""
    lines = _below_the_data(lines, legal)
    if not any(opens_a_note(line.text) for line in lines):
        return []
    after_blank = True
    for place, line in enumerate(lines):
        if line.text and (opens_a_note(line.text) or after_blank):
            return [each for each in lines[place:] if each.text]
        after_blank = not line.text
    return []


def _below_the_data(lines: Sequence[_Line], legal: set[str]) -> Sequence[_Line]:
    """Without what may be a row of data whose other cells were left blank."""
    for place in reversed(range(len(lines))):
        text = lines[place].text
        if text and (text in legal or _CODE.fullmatch(text) or _TOTAL.match(text)):
            return lines[place + 1 :]
    first = next(
        (place for place, line in enumerate(lines) if not line.text or opens_a_note(line.text)), None
    )
    return [] if first is None else lines[first:]


def _refuse_short_rows(grid: Grid, notes: set[int]) -> None:
    """IO-08 for the rows that were kept only because they might have been notes."""
    short = {row: cells for row, cells in grid.short.items() if row not in notes}
    if short:
        grid.frame = grid.frame.filter(~pl.col(ROW).is_in(list(short)))
    for row, cells in short.items():
        tell_uneven(grid, row, cells)


def tell_uneven(grid: Grid, row: int, cells: Sequence[str]) -> None:
    size = len(cells)
    shown = Text(f"{size} sel", f"{size} cell" if size == 1 else f"{size} cells")
    value = next(filter(None, cells), "")
    grid.found.tell("IO-08", row=row, value=value, found=shown, expected=len(grid.header))
    grid.set_aside += 1
