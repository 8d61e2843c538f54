"""A workbook written row by row, the same bytes for the same rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import polars as pl
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.writer.excel import ExcelWriter

from validation_service.model.rules.catalogue import cut
from validation_service.model.standard import Field, Standard

SHEET = "Hasil pemeriksaan"
BAD = PatternFill("solid", fgColor="FFFFD7D2")
WIDEST = 80
MOST_DIGITS = 15
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
DATES = re.compile(r"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
EPOCH = "2000-01-01T00:00:00Z"


def write_workbook(
    header: Sequence[str],
    parts: Iterable[tuple[pl.DataFrame, Mapping[int, Sequence[str]]]],
    standard: Standard,
    out: BinaryIO,
    *,
    reasons: str,
) -> int:
    """Returns how many rows. Each part has rows (number, cells, ``reasons``) and by number the columns with
    findings, whose cells are filled. What a sender wrote is text, never a formula, unless its field asks for
    a number and it is one."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(SHEET)
    sheet.freeze_panes = "A2"
    sheet.column_dimensions[_letters(len(header) + 1)].width = WIDEST
    fields = {field.name: field for field in standard.fields}
    columns = [fields.get(name) for name in header]
    place = {cut(name): index for index, name in reversed(list(enumerate(header)))}
    sheet.append([_bold(sheet, name) for name in (*header, reasons)])
    written = 0
    for rows, marked in parts:
        written += rows.height
        for number, *cells, reason in rows.iter_rows():
            line = [_cell(sheet, text, field) for text, field in zip(cells, columns, strict=True)]
            for name in marked.get(number, ()):
                if name in place:
                    line[place[name]] = line[place[name]] or WriteOnlyCell(sheet, "")
                    line[place[name]].fill = BAD
            sheet.append([*line, _wrapped(sheet, reason)])
    ExcelWriter(book, _Archive(out, "w", ZIP_DEFLATED)).save()
    return written


def _cell(sheet: Any, text: str | None, field: Field | None) -> Any:
    if text is None:
        return None
    if field is not None and field.type in ("integer", "number") and NUMBER.fullmatch(text):
        digits = sum(map(str.isdigit, text))
        if digits <= MOST_DIGITS:
            return WriteOnlyCell(sheet, float(text) if "." in text else int(text))
    return _text(sheet, text)


def _text(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", text))
    cell.data_type = "s"  # openpyxl takes what begins with = for a formula
    return cell


def _bold(sheet: Any, name: str) -> Any:
    cell = _text(sheet, name)
    cell.font = Font(bold=True)
    return cell


def _wrapped(sheet: Any, reason: str | None) -> Any:
    if reason is None:
        return None
    cell = _text(sheet, reason)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


class _Archive(ZipFile):
    """Without the time of day, which openpyxl and zipfile would both write down."""

    def writestr(self, name: Any, data: Any, *_: Any, **__: Any) -> None:  # type: ignore[override]
        if name == "docProps/core.xml":
            text = data.decode() if isinstance(data, bytes) else data
            data = DATES.sub(rf"\g<1>{EPOCH}", text)
        super().writestr(ZipInfo(str(name)), data, ZIP_DEFLATED)

    def write(self, filename: Any, arcname: Any = None, *_: Any, **__: Any) -> None:
        self.writestr(arcname, Path(filename).read_bytes())
