"""One door for every format; what is around the table is told apart in the same way for all."""

from __future__ import annotations

from validation_service.model.reading.below import set_lower_table_aside, set_repeated_headers_aside
from validation_service.model.reading.csv_text import read_csv
from validation_service.model.reading.footnotes import set_footnotes_aside
from validation_service.model.reading.grid import Grid, without_blank_rows
from validation_service.model.reading.kind import Kind, claims, kind_of, mismatch
from validation_service.model.reading.margins import leave_margins_out
from validation_service.model.reading.markup import may_hold_markup, note_markup
from validation_service.model.reading.rows_json import read_json
from validation_service.model.reading.side_tables import set_side_tables_aside
from validation_service.model.reading.signatures import set_signatures_aside
from validation_service.model.reading.workbook import read_old_workbook, read_workbook
from validation_service.model.standard import Standard

ALWAYS_TOLD = ("format", "sheet", "encoding", "delimiter", "header_row")


def read(data: bytes, standard: Standard, *, filename: str, media_type: str) -> Grid:
    """Raises Unreadable when there is no table in the bytes."""
    kind = kind_of(data)
    claimed = claims(filename=filename, media_type=media_type)
    grid = _read(kind, data, standard, lines_claimed="ndjson" in claimed)
    if kind != "json":
        set_lower_table_aside(grid, standard)
        set_repeated_headers_aside(grid)
        set_side_tables_aside(grid, standard)
    if kind in ("zip", "xls") or may_hold_markup(data):
        note_markup(grid)
    if kind != "json":
        if not grid.short:  # those have the width of the file
            leave_margins_out(grid)
        set_signatures_aside(grid)
        set_footnotes_aside(grid, standard)
        leave_margins_out(grid)
    without_blank_rows(grid)
    tell_what_was_understood(grid, standard, claimed)
    return grid


def tell_what_was_understood(grid: Grid, standard: Standard, claimed: tuple[str, ...]) -> None:
    if grid.set_aside:
        grid.skipped["unreadable"] = grid.set_aside
    grid.understood |= {name: None for name in ALWAYS_TOLD if name not in grid.understood}
    grid.understood["skipped"] = dict(sorted(grid.skipped.items()))
    if columns := standard.for_header(grid.header).wide_columns:
        grid.understood["wide"] = [column.name for column in columns]
    if wrong := mismatch(grid.understood["format"], claimed):
        grid.found.add(wrong)


def _read(kind: Kind, data: bytes, standard: Standard, *, lines_claimed: bool) -> Grid:
    if kind == "zip":
        return read_workbook(data, standard)
    if kind == "xls":
        return read_old_workbook(data, standard)
    if kind == "json":
        return read_json(data, standard, lines_claimed=lines_claimed)
    return read_csv(data, standard)
