"""Workbooks: XLSX, XLSB, XLS and ODS. Rows are numbered as the sheet numbers them."""

from __future__ import annotations

import io
from collections.abc import Iterable
from functools import partial
from itertools import islice

import python_calamine as calamine

from muara_kernel.events.finding import Text
from validation_service.model.reading.book import Book, refuse_far_cells
from validation_service.model.reading.cells import PLAIN, as_text
from validation_service.model.reading.grid import MOST_COLUMNS, Grid, Rows, too_wide, unreadable
from validation_service.model.reading.header_notes import note_header
from validation_service.model.reading.header_rows import Merged
from validation_service.model.reading.hidden import note_hidden
from validation_service.model.reading.sheets import Sheet, choose_sheet, note_what_was_left, unread
from validation_service.model.reading.side_tables import letters
from validation_service.model.reading.xls_guard import look_into_xls
from validation_service.model.reading.zip_books import KnownBook, zip_book
from validation_service.model.reading.zip_guard import broken
from validation_service.model.rules.catalogue import found
from validation_service.model.standard import Standard

FAR = Text("Sel yang jauh di bawah tabel", "Cells far below the table")
UNMERGE = Text(
    "Pisahkan sel gabungan dan isi setiap selnya.",
    "Split the merged cells and fill in each of them.",
)


def read_workbook(data: bytes, standard: Standard) -> Grid:
    """Raises Unreadable."""
    return _read(zip_book(data), standard)


def read_old_workbook(data: bytes, standard: Standard) -> Grid:
    """Raises Unreadable."""
    book = KnownBook("xls", data, look_into_xls(data))
    refuse_far_cells(book.sizes())
    return _read(book, standard)


def _read(book: Book, standard: Standard) -> Grid:
    try:
        opened = calamine.CalamineWorkbook.from_filelike(io.BytesIO(book.data))
        sheet = choose_sheet(opened, book, standard)
        grid = _grid(sheet, standard)
    except (calamine.CalamineError, OSError, ValueError, OverflowError) as error:
        raise broken() from error
    grid.understood |= {"format": book.kind, "sheet": sheet.name}
    note_header(grid, sheet.header)
    note_what_was_left(grid, sheet)
    _note_far_rows(grid, sheet)
    _note_merged(grid, sheet)
    _note_formulas(grid, sheet)
    grid.elsewhere = partial(unread, opened, book, sheet)
    note_hidden(grid, sheet.facts, sheet=sheet.name, is_hidden=sheet.is_hidden)
    return grid


def _grid(sheet: Sheet, standard: Standard) -> Grid:
    header = sheet.header
    names = _without_empty_columns(sheet)
    if len(names) > MOST_COLUMNS:
        raise too_wide(len(names))
    if not any(name.strip() for name in names):
        raise unreadable(
            Text("Buku kerja ini tidak berisi judul kolom.", "This workbook holds no column names."),
            Text("Isi baris pertama dengan nama kolom.", "Put the column names into the first row."),
        )
    rows, width = Rows(len(names)), len(names)
    fields = {field.name: field for field in standard.for_header(names).fields}
    columns = [fields.get(name, PLAIN) for name in names]
    below = islice(sheet.records(), header.data_from, None)
    for number, record in enumerate(below, start=header.data_from + 1):
        cells = record[:width] + [""] * (width - len(record))
        rows.add(number, [as_text(cell, field) for cell, field in zip(cells, columns, strict=True)])
    return Grid(header=names, frame=rows.frame(), header_row=header.row)


def _without_empty_columns(sheet: Sheet) -> list[str]:
    """The names, without the columns at the right that are empty from top to bottom, as formatting leaves
    them, and with a blank name for each further column that holds anything."""
    filled = 0
    for record in islice(sheet.records(), sheet.header.data_from, None):
        for place in range(len(record), filled, -1):
            if record[place - 1] not in ("", None):
                filled = place
                break
    names = [*sheet.header.names, *[""] * (filled - len(sheet.header.names))]
    while len(names) > filled and not names[-1].strip():
        names.pop()
    return names


def _note_far_rows(grid: Grid, sheet: Sheet) -> None:
    if rows := sheet.facts.far_rows:
        shown = ", ".join(map(str, rows[:10])) + (" …" if len(rows) > 10 else "")
        place = Text(f"baris {shown}", f"rows {shown}")
        grid.found.add(found("IO-12", row=rows[0], what=FAR, place=place))
        grid.skipped["far below"] = len(rows)


def _note_merged(grid: Grid, sheet: Sheet) -> None:
    """IO-14: what a merged cell shows stands in its first cell only, and is not copied into the others."""
    areas = (*sheet.merged, *sheet.facts.merged)
    for area in sorted(_among_data(areas, sheet, len(grid.header)), key=lambda area: (area.top, area.left)):
        place = f"{letters(area.left)}{area.top + 1}:{letters(area.right)}{area.bottom + 1}"
        what = Text(
            f"Sel {place} digabung; isinya hanya dibaca di sel pertamanya.",
            f"The cells {place} are merged; their value was read in the first of them only.",
        )
        column = grid.header[area.left] or None
        grid.found.tell("IO-14", row=area.top + 1, column=column, what=what, repair=UNMERGE)


def _among_data(areas: Iterable[Merged], sheet: Sheet, width: int) -> list[Merged]:
    return [area for area in areas if area.top >= sheet.header.data_from and area.left < width]


def _note_formulas(grid: Grid, sheet: Sheet) -> None:
    for row, column in sheet.facts.unsaved:
        if row >= sheet.header.data_from and column < len(grid.header):
            grid.found.tell("IO-09", row=row + 1, column=grid.header[column])
            grid.spoken_for.setdefault(column, []).append(row + 1)
