"""What calamine does not tell of a sheet: formulas without a value, error values, the farthest cell."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml import ElementTree as Xml

from validation_service.model.reading.zip_guard import broken

_ROW_NUMBER = re.compile(rb'<(?:\w+:)?row\b[^>]*?\sr="(\d+)"')
_FAR_COLUMN = re.compile(rb'\sr="([A-Z]{2,})\d+"')
_CELL = re.compile(r"([A-Z]+)(\d+)")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True)
class SheetXml:
    """Places count from 0: (row, column). ``cells`` is the size of the area up to the farthest cell."""

    cells: int = 0
    unsaved: tuple[tuple[int, int], ...] = ()
    errors: dict[tuple[int, int], str] = field(default_factory=dict)

    @staticmethod
    def read(archive: zipfile.ZipFile, path: str) -> SheetXml:
        """Raises Unreadable when the sheet is no XML, or one with entities."""
        data = _member(archive, path)
        _refuse_entities(data)
        cells = _area(data)
        if b"<f" not in data and b":f" not in data and b't="e"' not in data:
            return SheetXml(cells)
        unsaved: list[tuple[int, int]] = []
        errors: dict[tuple[int, int], str] = {}
        for place, kind, formula, value in _formulas_and_errors(data):
            if kind == "e" and value:
                errors[place] = value
            elif formula and not value and kind != "str":
                unsaved.append(place)
        return SheetXml(cells, tuple(unsaved), errors)


def sheet_paths(archive: zipfile.ZipFile) -> dict[str, str]:
    """The sheets of the workbook by name; empty when this is no workbook."""
    names = set(archive.namelist())
    if "xl/workbook.xml" not in names or "xl/_rels/workbook.xml.rels" not in names:
        return {}
    relations = {
        each.get("Id"): each.get("Target", "") for each in _tree(archive, "xl/_rels/workbook.xml.rels").iter()
    }
    paths = {}
    for each in _tree(archive, "xl/workbook.xml").iter():
        target = relations.get(each.get(_RELATION), "")
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        if _local(each.tag) == "sheet" and path in names:
            paths[each.get("name", "")] = path
    return paths


def _member(archive: zipfile.ZipFile, path: str) -> bytes:
    try:
        return archive.read(path)
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError, EOFError) as error:
        raise broken() from error


def _tree(archive: zipfile.ZipFile, path: str) -> Any:
    try:
        return Xml.fromstring(_member(archive, path), forbid_dtd=True)
    except (Xml.ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise broken() from error


def _refuse_entities(data: bytes) -> None:
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise broken()


def _area(data: bytes) -> int:
    rows = max(map(int, _ROW_NUMBER.findall(data)), default=data.count(b"<row"))
    far = max(set(_FAR_COLUMN.findall(data)), key=lambda name: (len(name), name), default=b"Z")
    return rows * (_column(far.decode()) + 1)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _formulas_and_errors(data: bytes) -> Iterator[tuple[tuple[int, int], str, bool, str]]:
    """(place, type, has a formula, stored value) of the cells that say where they are."""
    try:
        for _, element in Xml.iterparse(io.BytesIO(data), forbid_dtd=True):
            name = _local(element.tag)
            if name == "c" and (match := _CELL.fullmatch(element.get("r", ""))):
                parts = {_local(part.tag): part.text or "" for part in element}
                place = (int(match[2]) - 1, _column(match[1]))
                yield place, element.get("t", ""), "f" in parts, parts.get("v", "")
            if name == "row":
                element.clear()
    except (Xml.ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise broken() from error


def _local(tag: object) -> str:
    return str(tag).rpartition("}")[2]
