"""What reading gives: rows of texts below a header, the place of each, and what was strange on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

import polars as pl

from muara_kernel.events.finding import Finding, Text
from validation_service.model.rules.catalogue import found
from validation_service.model.rules.findings import Findings

ROW = "#"
"""The column that holds the sender's row number; the sender's own columns are called 0, 1, 2 …"""
MOST_COLUMNS = 4_096
HEADER_WITHIN = 20
MOST_CELLS = 30_000_000
LEAST_ALIKE = 2
"""So many records of one width are a table."""
CHUNK = 500_000
"""Cells, not rows: a wide table has as many of them."""


class Unreadable(Exception):
    """The bytes are not the table they claim to be; the finding says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message.en)
        self.finding = finding


def too_wide(columns: int) -> Unreadable:
    return unreadable(
        Text(f"Tabel ini mempunyai {columns} kolom.", f"This table has {columns} columns."),
        Text(f"Kirim paling banyak {MOST_COLUMNS} kolom.", f"Send at most {MOST_COLUMNS} columns."),
    )


def unreadable(reason: Text, repair: Text, *, row: int | None = None) -> Unreadable:
    return Unreadable(found("IO-01", row=row, reason=reason, repair=repair))


@dataclass(frozen=True, kw_only=True)
class Aside:
    """What is in the file beside the table that is read: ``names`` by column of ``frame``, as they are told.

    ``numbered`` where ROW counts as it does in the table.
    """

    names: Mapping[str, str]
    frame: pl.DataFrame
    numbered: bool


@dataclass(kw_only=True)
class Grid:
    """``frame`` has ROW and one text column per name in ``header``; a blank cell is null.

    ``header_row`` is the last row of the header, None where there is none (JSON, or columns by position).
    ``set_aside`` counts rows of data that could not be laid under the header.
    """

    header: list[str]
    frame: pl.DataFrame
    header_row: int | None
    header_rows: int = 1
    margin: int = 0
    """Empty columns before the first of these."""
    head: Sequence[Sequence[str]] = ()
    """The rows of the file above those of data."""
    found: Findings = field(default_factory=Findings)
    set_aside: int = 0
    spoken_for: dict[int, list[int]] = field(default_factory=dict)
    """By column the rows whose cell is already reported and given as blank."""
    understood: dict[str, Any] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    """Rows of the file that are no data, by kind."""
    beside: list[Aside] = field(default_factory=list)
    elsewhere: Callable[[], Iterable[Aside]] = tuple
    """The first rows of sheets that are not read, for whoever must look at the whole file."""
    short: dict[int, list[str]] = field(default_factory=dict)
    """Rows at the end with too few or too many cells, in ``frame`` by their text in case that is a note."""


def header_at(records: Sequence[Sequence[str]], names: Iterable[str]) -> tuple[int, int]:
    """Which of the records is the header, and how many of the names stand in it.

    The one with most names of the standard, upper and lower case and spaces aside; without any, the first
    that is as wide as a table.
    """
    wanted = {_loose(name) for name in names}
    scores = [len(wanted & {_loose(cell) for cell in record}) for record in records[:HEADER_WITHIN]]
    best = max(scores, default=0)
    if best:
        return scores.index(best), best
    return first_full(records), 0


def first_full(records: Sequence[Sequence[str]]) -> int:
    """The first record with at least half as many filled cells as any: a title fills one, or, with commas in
    it, more than the table."""
    filled = [sum(bool(cell.strip()) for cell in record) for record in records[:HEADER_WITHIN]]
    enough = max(max(filled, default=0) / 2, 1)
    first = next((index for index, count in enumerate(filled) if count >= enough), 0)
    return _below_a_cut_title(records[:HEADER_WITHIN], first)


def _below_a_cut_title(records: Sequence[Sequence[str]], first: int) -> int:
    """The first record that is as wide as all below it, where it alone is without figures."""
    widths = [len(record) for record in records[first:]]
    if len(set(widths)) < 2 or len(set(widths[-LEAST_ALIKE:])) > 1 or len(widths) <= LEAST_ALIKE:
        return first
    index = first + widths.index(widths[-1])
    is_even = len(set(widths[index - first :])) == 1
    figures = [any(map(_is_figure, record)) for record in records[index:]]
    return index if is_even and not figures[0] and all(figures[1:]) else first


def _is_figure(cell: str) -> bool:
    return cell.strip()[:1].isdigit()


def _loose(name: str) -> str:
    return name.strip().casefold()


class Rows:
    """Gathers records, in chunks, so that Python never holds more than one chunk of them as objects."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._numbers: list[int] = []
        self._records: list[Sequence[str | None]] = []
        self._frames: list[pl.DataFrame] = []
        self.mended: list[tuple[int, int]] = []
        """(row, column) of cells with characters that cannot be stored as UTF-8."""

    def add(self, number: int, record: Sequence[str | None]) -> None:
        """A record wider than those before makes the table wider; theirs are blank there."""
        self._width = max(self._width, len(record))
        self._numbers.append(number)
        self._records.append(record)
        if len(self._records) * (self._width + 1) >= CHUNK:
            self._close()

    def _close(self) -> None:
        columns: list[Sequence[str | None]] = list(zip_longest(*self._records))
        columns += [[None] * len(self._records)] * (self._width - len(columns))
        data: dict[str, Any] = {ROW: self._numbers}
        for index, cells in enumerate(columns):
            data[str(index)] = self._storable(index, cells)
        schema = {ROW: pl.UInt32} | {str(index): pl.String for index in range(self._width)}
        self._frames.append(pl.DataFrame(data, schema=schema))
        self._numbers, self._records = [], []

    def _storable(self, index: int, cells: Sequence[str | None]) -> Sequence[str | None]:
        try:
            "".join(cell for cell in cells if cell).encode()
        except UnicodeEncodeError:
            mended = [cell and cell.encode("utf-8", "replace").decode() for cell in cells]
            self.mended += [
                (self._numbers[n], index)
                for n, (old, new) in enumerate(zip(cells, mended, strict=True))
                if old != new
            ]
            return mended
        return cells

    def frame(self) -> pl.DataFrame:
        if self._records or not self._frames:
            self._close()
        return pl.concat(self._frames, how="diagonal")


def without_blank_rows(grid: Grid) -> None:
    """Blank rows at the end are only counted as skipped; those between data are noted."""
    cells = [name for name in grid.frame.columns if name != ROW]
    if any(not grid.frame[name].null_count() for name in cells):
        return
    blank = grid.frame.select(pl.all_horizontal(pl.col(cells).is_null())).to_series()
    if not blank.any():
        return
    numbers = grid.frame.filter(blank)[ROW]
    grid.frame = grid.frame.filter(~blank)
    last = int(grid.frame[ROW][-1]) if grid.frame.height else 0
    inner = numbers.filter(numbers < last)
    if len(inner):
        grid.found.add(found("IO-10", row=int(inner[0]), count=len(inner)))
    grid.skipped["blank"] = len(numbers)
