"""Where the header is: under titles, over several rows, or nowhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from muara_kernel.events.finding import Text
from validation_service.model.reading.grid import HEADER_WITHIN, Grid, first_full
from validation_service.model.rules.catalogue import found
from validation_service.model.standard import Standard

Record = Sequence[str]
MOST_ROWS = 3
BETWEEN = " / "
MOST_NAMED = 10
ONE_ROW = Text(
    "Tulis nama kolom di satu baris, tanpa sel gabungan.",
    "Write the column names in one row, without merged cells.",
)
_NUMBER_OR_DATE = re.compile(r"[-+]?\d[\d.,:/ -]*")
_COLUMN_NUMBER = re.compile(r"\(\d{1,3}\)")


@dataclass(frozen=True)
class Merged:
    """A merged area of a sheet, its last row and column included; places count from 0."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, kw_only=True)
class Header:
    """Records count from 0; ``last`` is None where the columns were taken by position."""

    names: list[str]
    first: int
    last: int | None
    data_from: int
    score: int = 0
    head: tuple[Record, ...] = ()
    """All records above the data."""
    joined: tuple[tuple[int, str], ...] = ()
    """(column, all its names joined) where more than one row gave a part."""

    @property
    def row(self) -> int | None:
        return None if self.last is None else self.last + 1


def find_header(records: Sequence[Record], standard: Standard, merged: Iterable[Merged] = ()) -> Header:
    """The rows under which most names of the standard are found; several only where one is not enough."""
    records = records[: HEADER_WITHIN + MOST_ROWS]
    wanted = Wanted(standard)
    best = _one_row(records, wanted)
    if best.score < len(standard.names):
        for last in range(1, min(len(records), HEADER_WITHIN)):
            for rows in range(2, min(MOST_ROWS, last + 1) + 1):
                other = _several_rows(records, last - rows + 1, last, tuple(merged), wanted)
                best = other if other.score > best.score else best
    found = best if best.score else _by_position(records, best, standard)
    return replace(found, head=tuple(records[: found.data_from]))


class Wanted:
    """The names of the standard and how they are looked for."""

    def __init__(self, standard: Standard) -> None:
        self.exact = set(standard.names)
        self.loose = {loose(name) for name in standard.names}
        self.wide = re.compile(standard.wide.pattern) if standard.wide else None

    def has(self, name: str) -> bool:
        return loose(name) in self.loose or bool(self.wide and self.wide.fullmatch(name))

    def score(self, names: Iterable[str]) -> int:
        return len({loose(name) for name in names if name and self.has(name)})


def loose(name: str) -> str:
    """Names that differ in case, spaces and punctuation only are probably meant as one."""
    return "".join(filter(str.isalnum, name)).casefold() or name.strip()


def _one_row(records: Sequence[Record], wanted: Wanted) -> Header:
    scores = [wanted.score(record) for record in records[:HEADER_WITHIN]]
    best = max(scores, default=0)
    index = scores.index(best) if best else first_full(records)
    names = list(records[index]) if records else []
    return Header(names=names, first=index, last=index, data_from=_below(records, index), score=best)


def _several_rows(
    records: Sequence[Record], first: int, last: int, merged: tuple[Merged, ...], wanted: Wanted
) -> Header:
    rows = _spread(records, first, last, merged)
    parts = [_parts(column) for column in zip(*rows, strict=True)]
    leaves = Counter(loose(each[-1]) for each in parts if each)
    names = []
    for each in parts:
        name = BETWEEN.join(each)
        alone = bool(each) and leaves[loose(each[-1])] == 1 and wanted.has(each[-1])
        names.append(each[-1] if alone and not wanted.has(name) else name)
    joined = tuple((index, BETWEEN.join(each)) for index, each in enumerate(parts) if len(each) > 1)
    return Header(
        names=[_as_the_standard(name, wanted) for name in names],
        first=first,
        last=last,
        data_from=_below(records, last),
        score=wanted.score(names) if joined else 0,
        joined=joined,
    )


def _as_the_standard(name: str, wanted: Wanted) -> str:
    """A joined name is ours, so its spaces and slashes cannot be the sender's mistake."""
    if name in wanted.exact or BETWEEN not in name:
        return name
    return next((each for each in wanted.exact if loose(each) == loose(name)), name)


def _spread(records: Sequence[Record], first: int, last: int, merged: tuple[Merged, ...]) -> list[list[str]]:
    """The rows at one width, with the text of a merged cell in all of its columns.

    Where the file tells of no merged cells, a blank beside a filled cell belongs to it if something stands
    below.
    """
    width = max(len(record) for record in records[first : last + 1])
    rows = [[*record, *[""] * (width - len(record))] for record in records[first : last + 1]]
    told = [area for area in merged if first <= area.top <= last and area.right > area.left]
    for area in told:
        row = rows[area.top - first]
        for column in range(area.left, min(area.right + 1, width)):
            row[column] = row[area.left]
    if not told:
        for row, below in pairwise(rows):
            for column in range(1, width):
                if not row[column].strip() and below[column].strip():
                    row[column] = row[column - 1]
    return rows


def _parts(cells: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(" ".join(cell.split()) for cell in cells if cell.strip()))


def _below(records: Sequence[Record], last: int) -> int:
    """The first record of data: below the header, and below the line "(1) (2) (3)" that BPS puts there."""
    below, next_ = ([cell.strip() for cell in each] for each in [*records[last + 1 : last + 3], [], []][:2])
    filled = [cell for cell in below if cell]
    in_brackets = all(_COLUMN_NUMBER.fullmatch(cell) for cell in filled)
    turned_negative = filled == [str(-n) for n in range(1, len(filled) + 1)]  # as spreadsheets read (1) (2)
    is_numbered = in_brackets or turned_negative or _plainly_numbered(below, next_, len(records[last]))
    return last + 2 if len(filled) > 1 and is_numbered else last + 1


def _plainly_numbered(row: Sequence[str], next_: Sequence[str], width: int) -> bool:
    """1, 2, 3 … above a row in which not all are numbers: otherwise, or for two columns, that may be data."""
    counted = width > 2 and list(row) == [str(n) for n in range(1, width + 1)]
    return counted and any(cell and not _NUMBER_OR_DATE.fullmatch(cell) for cell in next_)


def _by_position(records: Sequence[Record], header: Header, standard: Standard) -> Header:
    """No name was found: when the first row is data and as wide as the standard, there is no header."""
    first = records[header.first] if records else ()
    looks_like_data = any(_NUMBER_OR_DATE.fullmatch(cell.strip()) for cell in first)
    if standard.wide or len(first) != len(standard.names) or not looks_like_data:
        return header
    return Header(names=list(standard.names), first=header.first, last=None, data_from=header.first)


def note_header(grid: Grid, header: Header) -> None:
    """IO-11 and IO-14; what was above the header or part of it is counted as skipped."""
    grid.header_row = grid.understood["header_row"] = header.row
    grid.head = header.head
    grid.header_rows = 1 if header.last is None else header.last - header.first + 1
    if header.last is None:
        names = ", ".join(grid.header)
        grid.found.add(found("IO-11", row=header.data_from + 1, count=len(grid.header), names=names))
        grid.understood["columns"] = "by position"
    if header.first:
        grid.skipped["above header"] = header.first
    if header.last is not None and header.data_from > header.last + 1:
        grid.skipped["column numbers"] = header.data_from - header.last - 1
    if header.joined:
        _note_joined(grid, header)


def _note_joined(grid: Grid, header: Header) -> None:
    first, last = header.first + 1, (header.last or 0) + 1
    names = ", ".join(f'"{name}"' for _, name in header.joined[:MOST_NAMED])
    more = len(header.joined) - MOST_NAMED
    grid.understood["header_rows"] = list(range(first, last + 1))
    what = Text(
        f"Judul kolom di baris {first} sampai {last} digabung: {names}"
        + (f" dan {more} lagi." if more > 0 else "."),
        f"The column names in rows {first} to {last} were joined: {names}"
        + (f" and {more} more." if more > 0 else "."),
    )
    grid.found.add(found("IO-14", row=first, what=what, repair=ONE_ROW))
