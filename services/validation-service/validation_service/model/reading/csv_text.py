"""CSV: which encoding, which delimiter, where the header is; then the rows, fast where that is surely right.

A row's number is the number of its record, as a spreadsheet shows it: the first is 1, header, title and
blank lines count, and a quoted cell with line ends inside stays one row.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from muara_kernel.events.finding import Text
from validation_service.model.reading.csv_fast import fast_frame
from validation_service.model.reading.csv_slow import slow_rows
from validation_service.model.reading.csv_tail import with_tail, without_tail
from validation_service.model.reading.csv_wrapped import SAVE_AGAIN, WRAPPED, unwrapped
from validation_service.model.reading.encoding import Decoded, decode, note_broken_cells
from validation_service.model.reading.grid import MOST_COLUMNS, Grid, too_wide, unreadable
from validation_service.model.reading.header import Header, find_header
from validation_service.model.reading.header_notes import note_header
from validation_service.model.reading.likely_header import HEADER_WITHIN, header_at
from validation_service.model.rules.catalogue import found
from validation_service.model.standard import Standard

DELIMITERS = ",;\t|"
HEAD = 1 << 18
_SEP = re.compile(rb'"?sep=([,;\t|])"?\r?\n', re.IGNORECASE)
"""Excel's own first line, which no spreadsheet counts as a row."""
FAST_FROM = 1 << 15
"""Below so many bytes the slow way is the quicker one."""


@dataclass(frozen=True)
class CsvHead:
    """``lines`` is how many of the file come before the first row of data."""

    delimiter: str
    header: Header
    lines: int


def read_csv(data: bytes, standard: Standard) -> Grid:
    """Raises Unreadable."""
    decoded = decode(data, standard.encoding)
    if bare := unwrapped(decoded.body, DELIMITERS):
        decoded = replace(decoded, body=bare)
    head = read_head(decoded.body, standard)
    lines = head.lines
    if sep := _SEP.match(decoded.body):
        decoded, lines = replace(decoded, body=decoded.body[sep.end() :]), lines - 1
    grid = _rows(decoded, head.delimiter, head.header, lines)
    tell_how_read(grid, head, decoded.encoding)
    note_broken_cells(grid, decoded)
    note_header(grid, head.header)
    if bare:
        grid.found.add(found("IO-14", row=grid.header_row, what=WRAPPED, repair=SAVE_AGAIN))
    return grid


def tell_how_read(grid: Grid, head: CsvHead, encoding: str) -> None:
    grid.understood |= {"format": "csv", "encoding": encoding, "delimiter": head.delimiter}


def read_head(body: bytes, standard: Standard) -> CsvHead:
    """From the first HEAD bytes and no more; raises Unreadable."""
    sep = _SEP.match(body)
    body, delimiters = (body[sep.end() :], sep[1].decode()) if sep else (body, DELIMITERS)
    delimiter, records, ends = _dialect(body, standard.names, delimiters)
    if max(map(len, records), default=0) > MOST_COLUMNS:
        raise too_wide(max(map(len, records)))
    header = find_header(records, standard)
    if not any(cell.strip() for cell in header.names):
        raise unreadable(
            Text("Tidak ada judul kolom di dalam berkas ini.", "There are no column names in this file."),
            Text("Isi baris pertama dengan nama kolom.", "Put the column names into the first row."),
        )
    return CsvHead(delimiter, header, (ends[header.data_from - 1] if header.data_from else 0) + bool(sep))


def _dialect(body: bytes, names: Sequence[str], delimiters: str) -> tuple[str, list[list[str]], list[int]]:
    """The delimiter under which most of the standard's names are found, then the one that gives the most even
    rows; the first records, and the lines up to and with each."""
    head = body[:HEAD].decode("utf-8", "ignore")
    whole = len(body) <= HEAD
    best: tuple[tuple[int, int, int], str, list[list[str]], list[int]] | None = None
    for delimiter in delimiters:
        if best is not None and delimiter not in head:
            continue
        records, ends = _first_records(head, delimiter, whole)
        index, score = header_at(records, names)
        width = len(records[index]) if records else 0
        even = sum(len(record) == width for record in records[index + 1 :]) if width > 1 else 0
        rank = (score, even, width)
        if best is None or rank > best[0]:
            best = (rank, delimiter, records, ends)
    assert best is not None
    return best[1:]


def _first_records(head: str, delimiter: str, whole: bool) -> tuple[list[list[str]], list[int]]:
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    records: list[list[str]] = []
    ends: list[int] = []
    try:
        for record in islice(reader, HEADER_WITHIN + 10):
            records.append(record)
            ends.append(reader.line_num)
    except csv.Error:
        pass
    if not whole and len(records) > 1 and len(records) < HEADER_WITHIN + 10:
        records.pop()
    return records, ends


def _rows(decoded: Decoded, delimiter: str, header: Header, lines: int) -> Grid:
    if len(decoded.body) >= FAST_FROM:
        first_row, width = header.data_from + 1, len(header.names)
        body, tail = without_tail(decoded.body, delimiter, width)
        frame = fast_frame(body, delimiter, width=width, skip_lines=lines, first_row=first_row)
        if frame is not None:
            below = dict(enumerate(tail, first_row + frame.height))
            grid = Grid(header=header.names, frame=with_tail(frame, below, delimiter), header_row=header.row)
            grid.short = {row: record for row, record in below.items() if any(record)}
            return grid
    return slow_rows(decoded.body, delimiter, header)
