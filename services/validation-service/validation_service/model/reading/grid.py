"""What reading gives: rows of texts below a header, the place of each, and what was strange on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any, Literal

import polars as pl

from muara_kernel.events.finding import Finding, Text
from validation_service.model.rules.catalogue import found
from validation_service.model.rules.findings import Findings

ROW = "#"
"""The column that holds the sender's row number; the sender's own columns are called 0, 1, 2 …"""
Skipped = Literal[
    "above header",
    "units",
    "column numbers",
    "repeated header",
    "blank",
    "unreadable",
    "footnotes",
    "signatures",
    "another table below",
    "far below",
]
"""The kinds of rows of a file that are no data."""
MOST_COLUMNS = 4_096
MOST_CELLS = 30_000_000
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
    skipped: dict[Skipped, int] = field(default_factory=dict)
    beside: list[Aside] = field(default_factory=list)
    elsewhere: Callable[[], Iterable[Aside]] = tuple
    """The first rows of sheets that are not read, for whoever must look at the whole file."""
    short: dict[int, list[str]] = field(default_factory=dict)
    """Rows at the end with too few or too many cells, in ``frame`` by their text in case that is a note."""

    def is_empty(self, index: int) -> bool:
        """Whether a column holds nothing, neither a name nor a cell."""
        return not self.header[index].strip() and not self.frame[str(index)].count()


def filled(cells: Iterable[str | None]) -> list[str]:
    """Those that are not blank, without spaces around them."""
    return [text for cell in cells if cell and (text := cell.strip())]


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
