"""Where the header is: under titles, over several rows, or nowhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from muara_kernel.events.finding import Text
from validation_service.model.reading.grid import HEADER_WITHIN, Grid, first_full
from validation_service.model.reading.under_header import NUMBER_OR_DATE, Record, first_of_data, numbered_line
from validation_service.model.rules.catalogue import found
from validation_service.model.standard import Standard

MOST_ROWS, MOST_NUMBERED_ROWS = 3, 5
"""Of a header; more where the line "(1) (2) (3)" says that it ends there."""
BETWEEN = " / "
MOST_NAMED = 10
ONE_ROW = Text(
    "Tulis nama kolom di satu baris, tanpa sel gabungan.",
    "Write the column names in one row, without merged cells.",
)
ONE_LINE = Text("Tulis nama kolom tanpa ganti baris.", "Write the column names without line breaks.")


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
    mended: tuple[str, ...] = ()
    """Names that were broken into lines in their cells."""

    @property
    def row(self) -> int | None:
        return None if self.last is None else self.last + 1


def find_header(records: Sequence[Record], standard: Standard, merged: Iterable[Merged] = ()) -> Header:
    """The rows under which most names of the standard are found; several only where one is not enough."""
    given = records[: HEADER_WITHIN + MOST_ROWS]
    wanted = Wanted(standard)
    records = [_in_one_line(record, wanted) for record in given]
    best = _one_row(records, wanted)
    if not wanted.all_in(best.names):
        for last in range(1, min(len(records), HEADER_WITHIN)):
            most = MOST_ROWS if numbered_line(records, last) != last + 1 else MOST_NUMBERED_ROWS
            for rows in range(2, min(most, last + 1) + 1):
                other = _several_rows(records, last - rows + 1, last, tuple(merged), wanted)
                best = other if other.score > best.score else best
    found = best if best.score else _by_position(records, best, standard)
    cells = given[found.first] if given and found.first == found.last else ()
    mended = tuple(name for name, cell in zip(found.names, cells, strict=False) if name != cell)
    return replace(found, mended=mended, head=tuple(given[: found.data_from]))


def _in_one_line(record: Record, wanted: Wanted) -> Record:
    """Spreadsheets break long names into lines, of which one may be in English; so may the standard."""
    if not any("\n" in cell for cell in record):
        return record
    return [_said(cell, wanted) if "\n" in cell else cell for cell in record]


def _said(name: str, wanted: Wanted) -> str:
    whole = " ".join(name.split())
    if name in wanted.exact or wanted.has(whole):
        return name if name in wanted.exact else whole
    return next((line.strip() for line in name.splitlines() if wanted.has(line)), whole)


class Wanted:
    """The names of the standard and how they are looked for."""

    def __init__(self, standard: Standard) -> None:
        self.exact = set(standard.names)
        self.loose = {loose(name) for name in standard.names}
        self.wide = re.compile(standard.wide.pattern) if standard.wide else None
        spread = {standard.wide.name_field, standard.wide.value_field} if standard.wide else set()
        self.single = {loose(name) for name in standard.names if name not in spread}

    def has(self, name: str) -> bool:
        return loose(name) in self.loose or bool(self.wide and self.wide.fullmatch(name))

    def all_in(self, names: Iterable[str]) -> bool:
        given = set(names)
        found = {loose(name) for name in given}
        is_wide = self.wide is None or any(map(self.wide.fullmatch, given))
        return is_wide and all(name in found for name in self.single)

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
    return Header(names=names, first=index, last=index, data_from=first_of_data(records, index), score=best)


def _several_rows(
    records: Sequence[Record], first: int, last: int, merged: tuple[Merged, ...], wanted: Wanted
) -> Header:
    rows = _spread(records, first, last, merged)
    parts = [_parts(column) for column in zip(*rows, strict=True)]
    shorter = [{loose(name): name for name in _shorter(each) if wanted.has(name)} for each in parts]
    times = Counter(key for each in shorter for key in each)
    names = []
    for each, known in zip(parts, shorter, strict=True):
        name = BETWEEN.join(each)
        alone = (part for key, part in known.items() if times[key] == 1)
        names.append(name if wanted.has(name) else next(alone, name))
    joined = tuple((index, BETWEEN.join(each)) for index, each in enumerate(parts) if len(each) > 1)
    return Header(
        names=[_as_the_standard(name, wanted) for name in names],
        first=first,
        last=last,
        data_from=first_of_data(records, last),
        score=wanted.score(names) if joined else 0,
        joined=joined,
    )


def _shorter(parts: Sequence[str]) -> list[str]:
    """What a column may be called as well: without what spans it, or by one of its names alone."""
    return [*(BETWEEN.join(parts[n:]) for n in range(1, len(parts))), *reversed(parts[:-1])]


def _as_the_standard(name: str, wanted: Wanted) -> str:
    """A joined name is ours, so its spaces and slashes cannot be the sender's mistake."""
    if name in wanted.exact or BETWEEN not in name:
        return name
    return next((each for each in wanted.exact if loose(each) == loose(name)), name)


def _spread(records: Sequence[Record], first: int, last: int, merged: tuple[Merged, ...]) -> list[list[str]]:
    """The rows at one width, with the text of a merged cell in all of its columns.

    Where the file tells of no merged cells, they are guessed.
    """
    width = max(len(record) for record in records[first : last + 1])
    rows = [[*record, *[""] * (width - len(record))] for record in records[first : last + 1]]
    told = [area for area in merged if first <= area.top <= last and area.right > area.left]
    for area in told:
        row = rows[area.top - first]
        for column in range(area.left, min(area.right + 1, width)):
            row[column] = row[area.left]
    if not told:
        spread_right(rows)
    return rows


def spread_right(rows: Sequence[list[str]]) -> None:
    """A blank beside a filled cell belongs to it if something stands below and nothing above."""
    filled = [[bool(cell.strip()) for cell in row] for row in rows]
    for depth, row in enumerate(rows[:-1]):
        above, below = filled[:depth], filled[depth + 1 :]
        for column in range(1, len(row)):
            if filled[depth][column] or any(each[column] for each in above):
                continue
            if any(each[column] for each in below):
                row[column] = row[column - 1]


def _parts(cells: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(" ".join(cell.split()) for cell in cells if cell.strip()))


def _by_position(records: Sequence[Record], header: Header, standard: Standard) -> Header:
    """No name was found: when the first row is data and as wide as the standard, there is no header."""
    first = records[header.first] if records else ()
    looks_like_data = any(NUMBER_OR_DATE.fullmatch(cell.strip()) for cell in first)
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
    if header.mended:
        _note_mended(grid, header)


def _note_mended(grid: Grid, header: Header) -> None:
    shown = ", ".join(f'"{name}"' for name in header.mended[:MOST_NAMED])
    what = Text(
        f"Judul kolom ditulis dalam beberapa baris di satu sel, dan dibaca sebagai {shown}.",
        f"Column names stand in several lines of a cell, and were read as {shown}.",
    )
    grid.found.add(found("IO-14", row=header.row, what=what, repair=ONE_LINE))


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
