"""What is said of the header that was found: IO-11, IO-14, and what was left out above the data."""

from __future__ import annotations

from muara_kernel.events.finding import Text
from validation_service.model.reading.grid import Grid, Skipped
from validation_service.model.reading.header import Header
from validation_service.model.reading.under_header import are_units
from validation_service.model.rules.catalogue import found

MOST_NAMED = 10
ONE_ROW = Text(
    "Tulis nama kolom di satu baris, tanpa sel gabungan.",
    "Write the column names in one row, without merged cells.",
)
ONE_LINE = Text("Tulis nama kolom tanpa ganti baris.", "Write the column names without line breaks.")


def note_header(grid: Grid, header: Header) -> None:
    """What was above the header or part of it is counted as skipped."""
    grid.header_row = grid.understood["header_row"] = header.row
    grid.head = header.head
    grid.header_rows = 1 if header.last is None else header.last - header.first + 1
    if header.last is None:
        names = ", ".join(grid.header)
        grid.found.add(found("IO-11", row=header.data_from + 1, count=len(grid.header), names=names))
        grid.understood["columns"] = "by position"
    _count_skipped(grid, header)
    if header.joined:
        _note_joined(grid, header)
    if header.mended:
        _note_mended(grid, header)


def _count_skipped(grid: Grid, header: Header) -> None:
    below = [] if header.last is None else header.head[header.last + 1 :]
    units = sum(map(are_units, below))
    skipped: dict[Skipped, int] = {
        "above header": header.first,
        "units": units,
        "column numbers": len(below) - units,
    }
    grid.skipped |= {kind: count for kind, count in skipped.items() if count}


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
