"""XLSX: the first visible sheet that is not empty. Rows are numbered as the sheet numbers them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import python_calamine as calamine

from muara_kernel.events.finding import Text
from validation_service.model.reading.cells import PLAIN, as_text
from validation_service.model.reading.grid import (
    HEADER_WITHIN,
    MOST_CELLS,
    MOST_COLUMNS,
    Grid,
    Rows,
    header_at,
    unreadable,
    without_blank_rows,
)
from validation_service.model.reading.sheet_xml import SheetXml, sheet_paths
from validation_service.model.reading.zip_guard import broken, opened
from validation_service.model.standard import Standard


def read_workbook(data: bytes, standard: Standard) -> Grid:
    """Raises Unreadable."""
    archive = opened(data)
    paths = sheet_paths(archive)
    if not paths:
        raise unreadable(
            Text("Berkas zip ini bukan buku kerja XLSX.", "This zip file is not an XLSX workbook."),
            Text("Kirim datanya sebagai XLSX, CSV atau JSON.", "Send the data as XLSX, CSV or JSON."),
        )
    sheets = {name: SheetXml.read(archive, path) for name, path in paths.items()}
    for sheet in sheets.values():  # calamine makes room for every cell up to the farthest one
        if sheet.cells > MOST_CELLS:
            raise unreadable(
                Text(
                    "Lembar kerja ini menyebut sel yang letaknya terlalu jauh.",
                    "This sheet names cells too far away.",
                ),
                Text("Salin tabel ke lembar kerja baru.", "Copy the table into a new sheet."),
            )
    name, values, others = _first_filled(data)
    grid = _grid(values, sheets.get(name), standard)
    grid.understood |= {"format": "xlsx", "sheet": name, "header_row": grid.header_row}
    if others:
        grid.understood["other_sheets"] = others
    return grid


def _first_filled(data: bytes) -> tuple[str, list[list[Any]], list[str]]:
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        visible = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.visible == calamine.SheetVisibleEnum.Visible
            and sheet.typ == calamine.SheetTypeEnum.WorkSheet
        ]
        filled = [(name, sheet) for name in visible if (sheet := book.get_sheet_by_name(name)).height]
        if not filled:
            raise unreadable(
                Text("Buku kerja ini tidak berisi data.", "This workbook holds no data."),
                Text("Isi lembar kerja pertama yang tampak.", "Fill in the first visible sheet."),
            )
        name, sheet = filled[0]
        return name, sheet.to_python(skip_empty_area=False), [other for other, _ in filled[1:]]
    except (calamine.CalamineError, OSError, ValueError, OverflowError) as error:
        raise broken() from error


def _grid(values: list[list[Any]], sheet: SheetXml | None, standard: Standard) -> Grid:
    errors = sheet.errors if sheet else {}
    for (row, column), text in errors.items():  # calamine shows an error value as an empty cell
        if row < len(values) and column < len(values[row]):
            values[row][column] = text
    index, _ = header_at(_as_texts(values[:HEADER_WITHIN]), standard.names)
    header = _trimmed([as_text(cell) or "" for cell in values[index]], values[index + 1 :])
    if len(header) > MOST_COLUMNS:
        raise unreadable(
            Text(f"Tabel ini mempunyai {len(header)} kolom.", f"This table has {len(header)} columns."),
            Text(f"Kirim paling banyak {MOST_COLUMNS} kolom.", f"Send at most {MOST_COLUMNS} columns."),
        )
    rows, width = Rows(len(header)), len(header)
    fields = {field.name: field for field in standard.fields}
    columns = [fields.get(name, PLAIN) for name in header]
    for number, record in enumerate(values[index + 1 :], start=index + 2):
        rows.add(number, [as_text(cell, field) for cell, field in zip(record[:width], columns, strict=True)])
    grid = Grid(header=header, frame=rows.frame(), header_row=index + 1)
    _note_formulas(grid, sheet, index)
    without_blank_rows(grid)
    return grid


def _as_texts(values: Sequence[Sequence[Any]]) -> list[list[str]]:
    return [[as_text(cell) or "" for cell in record] for record in values]


def _trimmed(header: list[str], below: Sequence[Sequence[Any]]) -> list[str]:
    """Without the columns at the right that are empty from top to bottom, as formatting leaves them."""
    width = len(header)
    while (
        width and not header[width - 1].strip() and all(record[width - 1] in ("", None) for record in below)
    ):
        width -= 1
    return header[:width]


def _note_formulas(grid: Grid, sheet: SheetXml | None, header_index: int) -> None:
    for row, column in sheet.unsaved if sheet else ():
        if row > header_index and column < len(grid.header):
            grid.found.tell("IO-09", row=row + 1, column=grid.header[column])
            grid.spoken_for.setdefault(column, []).append(row + 1)
