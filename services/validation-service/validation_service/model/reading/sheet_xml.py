"""XLSX: what the reader does not tell of a sheet, and a way to open one whose last cell is absurdly far."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml import ElementTree as Xml

from validation_service.model.reading.book import GAP, Place, SheetFacts
from validation_service.model.reading.zip_guard import broken

_FILLED_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\sr="(\d+)"[^>/]*>')
_ROW_NUMBER = re.compile(rb'<row\b[^>]*?\sr="(\d+)"')
_FAR_COLUMN = re.compile(rb'\sr="([A-Z]{2,})\d+"[^>/]*>')
_CELL = re.compile(r"([A-Z]+)(\d+)")
_VALUES = (b"<v", b"<is", b"<f")


def sheet_bytes(archive: zipfile.ZipFile, path: str) -> bytes:
    """Raises Unreadable when the sheet cannot be unpacked, or is XML with entities."""
    data = member(archive, path)
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise broken()
    return data


def area(data: bytes) -> int:
    """Cells up to the farthest row and the farthest column in which something stands."""
    rows = max(map(int, _FILLED_ROW.findall(data)), default=data.count(b"<row"))
    far = max(set(_FAR_COLUMN.findall(data)), key=lambda name: (len(name), name), default=b"Z")
    return rows * (_column(far.decode()) + 1) if b"<v" in data or b"<is" in data or b"<f" in data else 0


def without_far_rows(data: bytes) -> tuple[bytes, list[int]]:
    """The sheet without what lies far below the table, and the numbers of the filled rows cut off."""
    last = data.rfind(b"<row")
    match = _ROW_NUMBER.match(data, last) if last >= 0 else None
    if match is None or int(match[1]) - data.count(b"<row") <= GAP:
        return data, []
    filled = list(_filled_rows(data))
    for (before, _), (row, start) in pairwise(filled):
        if row - before > GAP:
            end = data.find(b"</sheetData>", start)
            return data[:start] + data[end:], [number for number, place in filled if place >= start]
    return data, []


def _filled_rows(data: bytes) -> Iterator[tuple[int, int]]:
    starts = [(int(match[1]), match.start()) for match in _FILLED_ROW.finditer(data)]
    for (number, start), (_, end) in zip(starts, [*starts[1:], (0, len(data))], strict=True):
        if any(data.find(mark, start, end) >= 0 for mark in _VALUES):
            yield number, start


def note_formulas_and_errors(data: bytes, facts: SheetFacts) -> None:
    if b"<f" not in data and b":f" not in data and b't="e"' not in data:
        return
    for place, kind, formula, value in _formulas_and_errors(data):
        if kind == "e" and value:
            facts.errors[place] = value
        elif formula and not value and kind != "str":
            facts.unsaved.append(place)


def member(archive: zipfile.ZipFile, path: str) -> bytes:
    """Raises Unreadable."""
    try:
        return archive.read(path)
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError, EOFError) as error:
        raise broken() from error


def tree(archive: zipfile.ZipFile, path: str) -> Any:
    """Raises Unreadable."""
    try:
        return Xml.fromstring(member(archive, path), forbid_dtd=True)
    except (Xml.ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise broken() from error


def elements(data: bytes) -> Iterator[Any]:
    """Each element when it ends; raises Unreadable."""
    try:
        for _, element in Xml.iterparse(io.BytesIO(data), forbid_dtd=True):
            yield element
    except (Xml.ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise broken() from error


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _formulas_and_errors(data: bytes) -> Iterator[tuple[Place, str, bool, str]]:
    """(place, type, has a formula, stored value) of the cells that say where they are."""
    for element in elements(data):
        name = local(element.tag)
        if name == "c" and (match := _CELL.fullmatch(element.get("r", ""))):
            parts = {local(part.tag): part.text or "" for part in element}
            place = (int(match[2]) - 1, _column(match[1]))
            yield place, element.get("t", ""), "f" in parts, parts.get("v", "")
        if name == "row":
            element.clear()


def local(tag: object) -> str:
    return str(tag).rpartition("}")[2]
