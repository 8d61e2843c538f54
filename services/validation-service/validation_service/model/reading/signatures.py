"""Who signed a printed table, where and when: below the data, in any column, and none of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import polars as pl

from validation_service.model.reading.grid import ROW, Grid, filled

MOST_LINES = 30
MOST_SIDE_BY_SIDE = 2
"""Cells of a line: two may sign beside each other."""
_MONTHS = (
    "januari|februari|pebruari|maret|april|mei|juni|juli|agustus|september|oktober|november|nopember|desember"
)
_PLACE_AND_DAY = re.compile(rf"[a-z][\w .'-]*,[\s.…\d_-]*(?:{_MONTHS})\s+(?:19|20)\d\d", re.IGNORECASE)
_APPROVED = re.compile(r"(?:mengetahui|menyetujui)\b", re.IGNORECASE)
_OFFICE = re.compile(
    r"(?:plt\.?\s+|plh\.?\s+|an\.?\s+|a\.\s?n\.?\s+)?"
    r"(?:kepala\s+(?:dinas|badan|bagian|bidang|seksi|kantor|upt|sub)|sekretaris\s+(?:dinas|badan|daerah))\b",
    re.IGNORECASE,
)
_NIP = re.compile(r"nip\b[ .:]*\d", re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?\d[\d.,: /-]*%?")


def set_signatures_aside(grid: Grid) -> None:
    """IO-13 once, from the place and the day, or the office, to the end; names and NIP are not repeated."""
    if len(grid.header) < 2:
        return
    lines = list(_lines_at_the_end(grid))[::-1]
    if not any(_PLACE_AND_DAY.match(text) or _NIP.match(text) for _, texts in lines for text in texts):
        return
    first = next((place for place, (_, texts) in enumerate(lines) if any(map(_opens, texts))), None)
    if first is not None:
        row, texts = lines[first]
        grid.found.tell("IO-13", row=row, value=" ".join(" ".join(texts).split()) + " …")
        rows = {row for row, texts in lines[first:] if texts}
        grid.frame = grid.frame.filter(~pl.col(ROW).is_in(list(rows)))
        grid.short = {row: cells for row, cells in grid.short.items() if row not in rows}
        grid.skipped["signatures"] = len(rows)


def may_be_signed(last: Sequence[str | None]) -> bool:
    """Whether the last row of a table may be of a signature, so that the rows above it may be as well."""
    texts = filled(last)
    return bool(texts) and _may_be_signed(texts, len(last))


def _opens(text: str) -> bool:
    return any(shape.match(text) for shape in (_PLACE_AND_DAY, _APPROVED, _OFFICE, _NIP))


def _lines_at_the_end(grid: Grid) -> Iterator[tuple[int, list[str]]]:
    """From the last upwards, blank ones too, as long as they may be of a signature."""
    for place in range(1, min(MOST_LINES, grid.frame.height) + 1):
        row, *cells = grid.frame.row(-place)
        texts = filled(cells)
        if not _may_be_signed(texts, len(cells)):
            return
        yield row, texts


def _may_be_signed(texts: Sequence[str], width: int) -> bool:
    few = len(texts) <= min(MOST_SIDE_BY_SIDE, width / 2)
    return few and not any(map(_NUMBER.fullmatch, texts))
