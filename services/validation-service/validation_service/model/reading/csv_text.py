"""CSV: which encoding, which delimiter, where the header is; then the rows, fast where that is surely right.

A row's number is the number of its record, as a spreadsheet shows it: the first is 1, header, title and
blank lines count, and a quoted cell with line ends inside stays one row.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from itertools import islice

from muara_kernel.events.finding import Text
from validation_service.model.reading.csv_fast import fast_frame
from validation_service.model.reading.csv_slow import slow_rows
from validation_service.model.reading.encoding import Decoded, decode, note_broken_cells
from validation_service.model.reading.grid import (
    HEADER_WITHIN,
    MOST_COLUMNS,
    Grid,
    header_at,
    unreadable,
    without_blank_rows,
)

DELIMITERS = ",;\t|"
HEAD = 1 << 18
FAST_FROM = 1 << 15
"""Below so many bytes the slow way is the quicker one."""


def read_csv(data: bytes, names: Sequence[str]) -> Grid:
    """Raises Unreadable."""
    decoded = decode(data)
    delimiter, records, index, lines = _dialect(decoded.body, names)
    header = records[index] if records else []
    if not any(cell.strip() for cell in header):
        raise unreadable(
            Text("Tidak ada judul kolom di dalam berkas ini.", "There are no column names in this file."),
            Text("Isi baris pertama dengan nama kolom.", "Put the column names into the first row."),
        )
    if len(header) > MOST_COLUMNS:
        raise too_wide(len(header))
    grid = _rows(decoded, delimiter, header, index, lines)
    grid.understood |= {
        "format": "csv",
        "encoding": decoded.encoding,
        "delimiter": delimiter,
        "header_row": index + 1,
    }
    note_broken_cells(grid, decoded)
    without_blank_rows(grid)
    return grid


def too_wide(columns: int) -> Exception:
    return unreadable(
        Text(f"Tabel ini mempunyai {columns} kolom.", f"This table has {columns} columns."),
        Text(f"Kirim paling banyak {MOST_COLUMNS} kolom.", f"Send at most {MOST_COLUMNS} columns."),
    )


def _dialect(body: bytes, names: Sequence[str]) -> tuple[str, list[list[str]], int, int]:
    """The delimiter under which most of the standard's names are found, then the one that gives the most even
    rows; the first records, the header's place among them, and the lines up to and with it."""
    head = body[:HEAD].decode("utf-8", "ignore")
    whole = len(body) <= HEAD
    best: tuple[tuple[int, int, int], str, list[list[str]], int, int] | None = None
    for delimiter in DELIMITERS:
        if best is not None and delimiter not in head:
            continue
        records, ends = _first_records(head, delimiter, whole)
        index, score = header_at(records, names)
        width = len(records[index]) if records else 0
        even = sum(len(record) == width for record in records[index + 1 :]) if width > 1 else 0
        rank = (score, even, width)
        if best is None or rank > best[0]:
            best = (rank, delimiter, records, index, ends[index] if ends else 0)
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


def _rows(decoded: Decoded, delimiter: str, header: list[str], index: int, lines: int) -> Grid:
    if len(decoded.body) >= FAST_FROM:
        frame = fast_frame(decoded.body, delimiter, width=len(header), skip_lines=lines, first_row=index + 2)
        if frame is not None:
            return Grid(header=header, frame=frame, header_row=index + 1)
    return slow_rows(decoded.body.decode("utf-8", "replace"), delimiter, header, index)
