"""Where the header of an unknown table is: nobody has said yet what its columns are called."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import python_calamine as calamine

from validation_service.model.reading.book import SheetFacts
from validation_service.model.reading.encoding import decode
from validation_service.model.reading.grid import Grid
from validation_service.model.reading.header_rows import BETWEEN, MOST_NUMBERED_ROWS, MOST_ROWS, parts_of
from validation_service.model.reading.kind import kind_of
from validation_service.model.reading.likely_header import HEADER_WITHIN, first_full
from validation_service.model.reading.sheets import as_texts, records_of
from validation_service.model.reading.under_header import are_units, numbered_line
from validation_service.model.reading.zip_books import zip_book

DEPTH = 400
NUMBER_OR_DATE = re.compile(r"[-+]?(?:Rp\.?\s*)?\d[\d.,:/ -]*%?|[-+]?\.\d+")
YEAR = re.compile(r"(?:19|20)\d\d")
MOSTLY = 0.5
Records = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Head:
    """The names, blank where there is none; ``given`` is False where the table has no header and they were
    made up."""

    names: tuple[str, ...]
    rows: int = 1
    given: bool = True


def head_of(data: bytes, grid: Grid) -> Head:
    """``grid`` is what reading made of the file without a standard."""
    if grid.header_row is None:
        return Head(tuple(grid.header))
    records = [record[grid.margin :] for record in _first_records(data, grid)]
    at = first_full(records)
    if at >= len(records) or not _is_the_same(records[at], grid.header):
        return Head(tuple(grid.header))
    if _is_data(records, at):
        return Head(tuple(f"kolom_{n}" for n in range(1, len(records[at]) + 1)), rows=0, given=False)
    first, last = _above(records, at), _below(records, at)
    first = max(first, last + 1 - (MOST_ROWS if numbered_line(records, last) is None else MOST_NUMBERED_ROWS))
    if first == last:
        return Head(tuple(grid.header))
    return Head(_joined(records, first, last), rows=last - first + 1)


def _is_the_same(record: Sequence[str], header: Sequence[str]) -> bool:
    """But for line breaks within names."""
    pairs = zip(record, header, strict=False)
    return all(cell == name or " ".join(cell.split()) == name for cell, name in pairs)


def _first_records(data: bytes, grid: Grid) -> list[list[str]]:
    kind = kind_of(data)
    if kind == "csv":
        text = decode(data).body.decode("utf-8", "replace")
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=grid.understood["delimiter"])
        return _rows_of(lines)
    opened = calamine.CalamineWorkbook.from_filelike(
        io.BytesIO(zip_book(data).data if kind == "zip" else data)
    )
    cells = opened.get_sheet_by_name(grid.understood["sheet"])
    records = [as_texts(record) for record in islice(records_of(cells, SheetFacts()), DEPTH)]
    width = max((n + 1 for record in records for n, cell in enumerate(record) if cell.strip()), default=0)
    return [record[:width] for record in records]


def _rows_of(lines: object) -> list[list[str]]:
    records: list[list[str]] = []
    try:
        for record in islice(lines, DEPTH):  # type: ignore[call-overload]
            records.append(record)
    except csv.Error:
        pass
    return records


def _cell(record: Sequence[str], column: int) -> str:
    return record[column].strip() if column < len(record) else ""


def _is_number(text: str) -> bool:
    return bool(NUMBER_OR_DATE.fullmatch(text)) and not YEAR.fullmatch(text)


def _is_data(records: Records, at: int) -> bool:
    """Numbers or dates stand in the row where they stand below; counting 0, 1, 2 … is a header."""
    row, below = records[at], records[at + 1 :]
    numbers = [n for n, cell in enumerate(row) if _is_number(cell.strip())]
    counting = [row[n].strip() for n in numbers]
    if not numbers or counting in ([str(n) for n in numbers], [str(n + 1) for n in numbers]):
        return False
    if not below:
        return len(numbers) * 2 > sum(bool(cell.strip()) for cell in row)
    alike = [n for n in numbers if _numeric_below(below, n) >= MOSTLY]
    words = [n for n, cell in enumerate(row) if cell.strip() and not _is_number(cell.strip())]
    over_numbers = [
        n for n in words if _numeric_below(below, n) >= MOSTLY and not YEAR.fullmatch(row[n].strip())
    ]
    return len(alike) > len(over_numbers)


def _numeric_below(below: Records, column: int) -> float:
    filled = [text for record in below if (text := _cell(record, column))]
    return sum(bool(NUMBER_OR_DATE.fullmatch(text)) for text in filled) / len(filled) if filled else 0.0


def _above(records: Records, at: int) -> int:
    """Rows above belong to the header where they name what it leaves blank, or tell apart what it calls
    alike."""
    width = len(records[at])
    while at > 0 and sum(map(bool, map(str.strip, records[at - 1]))) > 1:
        is_wider = any(map(str.strip, records[at - 1][width:]))
        if is_wider or _named(records, at - 1, at) <= _named(records, at, at):
            break
        at -= 1
    return at


def _named(records: Records, first: int, last: int) -> int:
    """How many columns these rows give a name of its own."""
    return len(set(_joined(records, first, last)) - {""})


def _below(records: Records, at: int) -> int:
    """Rows below belong to it where they name the parts of what spans several columns, and all above the line
    in which columns are numbered."""
    if (line := numbered_line(records, at)) is not None:
        return line - 1
    last = at
    while last + 1 < min(len(records), HEADER_WITHIN) and last + 1 - at < MOST_ROWS:
        if not _continues(records, at, last):
            break
        last += 1
    return last


def _continues(records: Records, at: int, last: int) -> bool:
    row, width = records[last + 1], max(map(len, records))
    if are_units(row):
        return True
    filled = [n for n in range(width) if _cell(row, n)]
    if not filled or any(_is_number(_cell(row, n)) for n in filled):
        return False
    named = [n for n in range(width) if any(_cell(record, n) for record in records[at : last + 1])]
    gaps = [n for n in filled if n not in named]
    vertical = [n for n in named if n not in filled]
    below = records[last + 2 :]
    numeric = [n for n in filled if _numeric_below(below, n) >= MOSTLY]
    names = [name for name in _joined(records, at, last) if name]
    told_apart = len(set(names)) < len(names) and _named(records, at, last + 1) > _named(records, at, last)
    return (bool(gaps and vertical) or told_apart) and len(numeric) * 2 >= len(filled)


def _joined(records: Records, first: int, last: int) -> tuple[str, ...]:
    """The parts of each name from top to bottom."""
    return tuple(map(BETWEEN.join, parts_of(records, first, last)))
