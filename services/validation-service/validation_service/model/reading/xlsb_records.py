"""XLSB: where values stand in a sheet, and which of them are errors."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from validation_service.model.reading.book import SheetFacts
from validation_service.model.reading.xls_guard import ERRORS
from validation_service.model.reading.zip_guard import broken

_ROW, _BLANK, _FIRST_CELL, _LAST_CELL, _COLUMNS, _SHEET = 0, 1, 2, 11, 60, 156
_ERRORS = (3, 11)


def sheet_relations(data: bytes) -> dict[str, str]:
    """The id of each sheet's relation by the sheet's name; raises Unreadable."""
    try:
        return dict(_named(body) for number, body in _records(data) if number == _SHEET)
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise broken() from error


def look_into_sheet(data: bytes) -> SheetFacts:
    """Raises Unreadable."""
    facts, row = SheetFacts(), 0
    try:
        for number, body in _records(data):
            if number == _ROW:
                (row,) = struct.unpack_from("<I", body)
                if len(body) > 11 and body[11] & 0x10:
                    facts.hidden_rows.add(row)
            elif number == _COLUMNS:
                first, last, _, _, flags = struct.unpack_from("<IIIIH", body)
                if flags & 1:
                    facts.hide_columns(first, last + 1)
            elif _FIRST_CELL <= number <= _LAST_CELL:
                (column,) = struct.unpack_from("<I", body)
                facts.note(row, column)
                if number in _ERRORS:
                    facts.errors[row, column] = ERRORS.get(body[8], "#N/A")
    except (struct.error, IndexError) as error:
        raise broken() from error
    return facts


def _named(body: bytes) -> tuple[str, str]:
    relation, place = _text(body, 8)
    name, _ = _text(body, place)
    return name, relation


def _text(body: bytes, place: int) -> tuple[str, int]:
    (length,) = struct.unpack_from("<I", body, place)
    end = place + 4 + 2 * length
    return body[place + 4 : end].decode("utf-16-le"), end


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place < len(data):
        number, place = _varied(data, place, 2)
        size, place = _varied(data, place, 4)
        yield number, data[place : place + size]
        place += size


def _varied(data: bytes, place: int, most: int) -> tuple[int, int]:
    """A number of seven bits a byte, the highest bit saying that another follows."""
    number = 0
    for shift in range(0, 7 * most, 7):
        byte = data[place]
        place += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            break
    return number, place
