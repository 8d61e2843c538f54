"""The slow and certain way into a CSV: record by record, naming every row that does not fit."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import polars as pl

from muara_kernel.events.finding import Text
from validation_service.model.reading.below import MOST_LINES_ABOVE, shares_names, tell_lower_table
from validation_service.model.reading.csv_tail import may_be_note, with_tail
from validation_service.model.reading.footnotes import MOST_NOTES, opens_a_note
from validation_service.model.reading.grid import Grid, Rows
from validation_service.model.reading.header import Header
from validation_service.model.reading.uneven import is_padded, tell_padded, tell_uneven

Numbered = tuple[int, list[str] | str]
FIX_QUOTES = Text(
    'Apit sel dengan sepasang tanda kutip, dan tulis kutip di dalamnya dua kali ("").',
    'Put a pair of quotes around the cell, and write a quote inside it twice ("").',
)


def slow_rows(body: bytes, delimiter: str, header: Header) -> Grid:
    grid = Grid(header=header.names, frame=pl.DataFrame(), header_row=header.row)
    rows, width = Rows(len(header.names)), len(header.names)
    padded = []
    for number, record in _of_one_table(_records(body, delimiter), grid, header.data_from):
        if isinstance(record, str):
            grid.found.tell("IO-01", row=number, reason=_why(number, record), repair=FIX_QUOTES)
            grid.set_aside += 1
        elif not any(record):
            rows.add(number, [None] * width)
        elif is_padded(record, width) and not opens_a_note(record[0]):
            padded.append(number)
            _refuse(grid)
            rows.add(number, [cell or None for cell in record[:width]])
        elif may_be_note(record, width) and len(grid.short) < MOST_NOTES:
            grid.short[number] = record
        else:
            _refuse(grid)
            if len(record) == width:
                rows.add(number, [cell or None for cell in record])
            else:
                tell_uneven(grid, number, record)
    tell_padded(grid, padded)
    grid.frame = with_tail(rows.frame(), grid.short, delimiter)
    return grid


def _of_one_table(records: Iterator[Numbered], grid: Grid, above: int) -> Iterator[Numbered]:
    """Those below the header, up to the names of a table of another width."""
    top, lines, width = 0, 0, len(grid.header)
    for number, record in records:
        if number <= above:
            continue
        if isinstance(record, list) and not any(record):
            top, lines = number + 1, 0
        elif top and lines < MOST_LINES_ABOVE and _begins_another(record, grid):
            last = max((number for number, _ in records), default=number)
            tell_lower_table(grid, number, [cell for cell in record if cell.strip()], (top, last))
            grid.short = {row: cells for row, cells in grid.short.items() if row < top}
            return
        elif isinstance(record, str) or any(record[1:]):
            top = 0
        else:  # a title, perhaps; one as wide as the table is kept among the data
            top, lines = top if may_be_note(record, width) and len(record) < width else number + 1, lines + 1
        yield number, record


def _begins_another(record: list[str] | str, grid: Grid) -> bool:
    return isinstance(record, list) and len(record) != len(grid.header) and shares_names(record, grid)


def _refuse(grid: Grid) -> None:
    """What is not at the end is no note."""
    for number, record in grid.short.items():
        tell_uneven(grid, number, record)
    grid.short.clear()


def _records(body: bytes, delimiter: str) -> Iterator[Numbered]:
    """Each record with its number; what the reader says where a record is broken."""
    lines = io.TextIOWrapper(io.BytesIO(body.rstrip(b"\r\n")), "utf-8", "replace", newline="")
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            yield number, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield number, str(error)


def _why(number: int, error: str) -> Text:
    if "unexpected end" in error:
        return Text(
            f"Tanda kutip yang dibuka pada baris {number} tidak pernah ditutup; sisa berkas tidak terbaca.",
            f"A quote opened in row {number} is never closed; the rest of the file cannot be read.",
        )
    if "field larger" in error:
        return Text(f"Sel pada baris {number} terlalu panjang.", f"A cell in row {number} is too long.")
    return Text(
        f"Tanda kutip pada baris {number} tidak benar, sehingga selnya tidak jelas.",
        f"The quotes in row {number} are wrong, so that its cells are not clear.",
    )
