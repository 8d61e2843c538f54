"""What an old Excel workbook may hold before it is opened, and what the reader does not tell of it."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from muara_kernel.events.finding import Text
from validation_service.model.reading.book import ENCRYPTED, LINKS, MACROS, SheetFacts
from validation_service.model.reading.grid import unreadable
from validation_service.model.reading.ole import Compound
from validation_service.model.reading.zip_guard import broken

_BOF, _EOF, _SHEET, _LOCKED, _LINKED_BOOK = 0x809, 0x0A, 0x85, 0x2F, 0x1AE
_CELLS = frozenset((0x06, 0xD6, 0xFD, 0x203, 0x204, 0x205, 0x27E, 0xBD))
_FORMULA, _ERROR = 0x06, 0x205
_ROW, _COLUMNS = 0x208, 0x7D
ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_MACRO_NAMES = ("_vba_project_cur", "_vba_project", "vba", "macros")


def look_into_xls(data: bytes) -> dict[str, SheetFacts]:
    """The sheets by name; raises Unreadable."""
    compound = Compound(data)
    names = {name.lower() for name in compound.names}
    if "encryptedpackage" in names:
        raise unreadable(*ENCRYPTED)
    if names & set(_MACRO_NAMES):
        raise unreadable(*MACROS)
    try:
        book = compound.stream("workbook", "book")
    except (IndexError, ValueError) as error:
        raise broken() from error
    if not book:
        raise unreadable(
            Text("Berkas Office ini bukan buku kerja Excel.", "This Office document is no Excel workbook."),
            Text("Kirim datanya sebagai XLSX, CSV atau JSON.", "Send the data as XLSX, CSV or JSON."),
        )
    try:
        return _sheets(book)
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise broken() from error


def _sheets(book: bytes) -> dict[str, SheetFacts]:
    sheets = {}
    old = book[4:6] != b"\x00\x06"
    for number, body in _records(book, 0):
        if number == _LOCKED:
            raise unreadable(*ENCRYPTED)
        if number == _LINKED_BOOK and len(body) >= 4 and body[2:4] not in (b"\x01\x04", b"\x01\x3a"):
            raise unreadable(*LINKS)
        if number == _SHEET:
            place, _, kind = struct.unpack_from("<IBB", body)
            if kind == 1:
                raise unreadable(*MACROS)
            if kind == 0:
                sheets[_name(body, old)] = _sheet(book, place)
    return sheets


def _name(body: bytes, old: bool) -> str:
    length, wide = body[6:8]
    if old:
        return body[7 : 7 + length].decode("cp1252", "replace")
    if wide & 1:
        return body[8 : 8 + 2 * length].decode("utf-16-le")
    return body[8 : 8 + length].decode("latin-1")


def _records(book: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    """The records of one part of the stream, up to its end; parts inside it (charts) are passed over."""
    depth = 0
    while place + 4 <= len(book):
        number, size = struct.unpack_from("<HH", book, place)
        depth += (number == _BOF) - (number == _EOF)
        if number == _EOF and depth <= 0:
            return
        if depth == 1:
            yield number, book[place + 4 : place + 4 + size]
        place += 4 + size


def _sheet(book: bytes, place: int) -> SheetFacts:
    sheet = SheetFacts()
    for number, body in _records(book, place):
        if number == _ROW and body[12] & 0x20:
            sheet.hidden_rows.add(struct.unpack_from("<H", body)[0])
        if number == _COLUMNS and body[8] & 1:
            first, last = struct.unpack_from("<HH", body)
            sheet.hide_columns(first, last + 1)
        if number not in _CELLS:
            continue
        row, column = struct.unpack_from("<HH", body)
        if number == 0xBD:
            column = struct.unpack_from("<H", body, len(body) - 2)[0]
        sheet.note(row, column)
        if number == _ERROR and body[7]:
            sheet.errors[row, column] = ERRORS.get(body[6], "#N/A")
        if number == _FORMULA and body[6] == 2 and body[12:14] == b"\xff\xff":
            sheet.errors[row, column] = ERRORS.get(body[8], "#N/A")
    return sheet
