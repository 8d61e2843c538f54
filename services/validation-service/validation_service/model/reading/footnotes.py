"""Notes below the table: told apart from data, set aside, and each of them named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

import polars as pl

from validation_service.model.reading.grid import ROW, Grid
from validation_service.model.reading.signatures import may_be_signed
from validation_service.model.reading.uneven import refuse_short_rows
from validation_service.model.standard import Standard

MOST_NOTES = 200
MOST_PLAIN = 10
"""So many lines that do not open like a note may belong to notes; more of them are data."""
_WORDS = r"(?:sumber|catatan|keterangan|ket|notes?|sources?|(?:data )?diolah|diperbarui|diunduh)"
_WORD = re.compile(rf"\s*{_WORDS}\b", re.IGNORECASE)
_COLON = re.compile(rf"\s*{_WORDS}\b\.?(?:\s+(?:data|\d{{1,2}}))?(?:\s*/\s*\S+)?\s*:", re.IGNORECASE)
_BARE = r"(?!sumber\s*$)"  # a kecamatan may be called so, and a note says more
_OPENING = re.compile(
    r"\s*(?:\*+\)?\s*\S|[¹²³⁴-⁹†‡]|\(?\d{1,2}\)\s*\S|<sup>)"
    rf"|\s*{_BARE}{_WORDS}\b\.?\s*(?:[:/]|$)",
    re.IGNORECASE,
)
_CODE = re.compile(r"[\d.,/ -]+")
_NUMBERED = re.compile(r"\d")
_TOTAL = re.compile(r"(?:sub|grand|jumlah|total)\b", re.IGNORECASE)


@dataclass(frozen=True)
class _Line:
    """A row near the end of which only the first cell is filled, or none, or all are one sentence."""

    row: int
    text: str


def opens_a_note(text: str) -> bool:
    """By its own look: a word alone may as well begin the name of a desa."""
    return bool(_OPENING.match(text) or _COLON.match(text))


def set_footnotes_aside(grid: Grid, standard: Standard) -> None:
    """IO-13 for each. They begin where a row opens like one, or, if any does, at the blank row above.

    Where a line may be data it stays data: an error too many is seen, a row too few is not.
    """
    notes = _notes(_lone_lines(grid), _legal_words(grid, standard), one_column=len(grid.header) == 1)
    for line in notes:
        grid.found.tell("IO-13", row=line.row, column=grid.header[0], value=" ".join(line.text.split()))
    if notes:
        rows = [line.row for line in notes]
        grid.frame = grid.frame.filter(~pl.col(ROW).is_in(rows))
        grid.skipped["footnotes"] = len(rows)
    refuse_short_rows(grid, {line.row for line in notes})


def _lone_lines(grid: Grid) -> list[_Line]:
    cut_at = grid.understood.get("delimiter") if grid.understood.get("format") == "csv" else None
    lines: list[_Line] = []
    for row, *cells in reversed(grid.frame.tail(MOST_NOTES).rows()):
        text = lone_text(cells, cut_at)
        if text is None:
            break
        lines.append(_Line(row, text))
    return lines[::-1]


def lone_text(cells: Sequence[str | None], cut_at: str | None) -> str | None:
    """What stands alone in its row, blank or not: in the first cell only, or, in a CSV, a note that was cut
    at its own commas. None for a row of several cells."""
    first, *rest = ((cell or "").strip() for cell in cells)
    filled = [cell for cell in rest if cell]
    if not filled:
        return first
    is_sentence = _COLON.match(first) and not any(map(_NUMBERED.search, filled))
    return cut_at.join([first, *(cell or "" for cell in cells[1:])]) if cut_at and is_sentence else None


def may_end_in_notes(last: Sequence[str | None], delimiter: str) -> bool:
    """Whether the last row of a CSV may be a note, or of a signature, so that those above may be as well."""
    if may_be_signed(last):
        return True
    text = lone_text(last, delimiter)
    return text is not None and (len(last) > 1 or not text or bool(_COLON.match(text)))


def _legal_words(grid: Grid, standard: Standard) -> set[str]:
    field = next((each for each in standard.fields if grid.header and each.name == grid.header[0]), None)
    return {*(field.enum or ()), *standard.missing_values} if field else set()


def _notes(lines: Sequence[_Line], legal: set[str], *, one_column: bool) -> list[_Line]:
    """Of the lone lines at the end those that are notes: all below the first."""
    lines = _below_the_data(lines, legal)
    after_blank = False
    for place, line in enumerate(lines):
        below = [each.text for each in lines[place:]]
        if line.text and (
            all(map(_COLON.match, filter(None, below)))
            if one_column
            else _are_notes(below, after_blank=after_blank)
        ):
            return [each for each in lines[place:] if each.text]
        after_blank = not line.text
    return []


def _are_notes(texts: Sequence[str], *, after_blank: bool) -> bool:
    """Up to a blank row each must open like a note; below one, a few lines of any kind may belong to them."""
    upper = list(takewhile(bool, texts))
    marked = [opens_a_note(text) for text in texts if text]
    if after_blank:
        opened = any(marked) or any(map(_WORD.match, texts))
    else:
        opened = marked[0] and all(opens_a_note(text) or _WORD.match(text) for text in upper)
    return opened and marked.count(False) <= MOST_PLAIN


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
