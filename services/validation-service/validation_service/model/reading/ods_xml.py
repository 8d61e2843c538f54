"""ODS: where values stand in each sheet, what is merged, and cells whose formula has no result."""

from __future__ import annotations

from typing import Any

from validation_service.model.reading.book import SheetFacts
from validation_service.model.reading.header_rows import Merged
from validation_service.model.reading.sheet_xml import elements, local
from validation_service.model.reading.zip_guard import broken

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_CALC_TYPE = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_VISIBILITY, _HIDDEN = f"{_TABLE}visibility", ("collapse", "filter")
_CELLS = ("table-cell", "covered-table-cell")


def read_ods(data: bytes) -> dict[str, SheetFacts]:
    """Raises Unreadable. Cells and rows may be repeated by a number: a small file can have a vast sheet."""
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise broken()
    sheets: dict[str, SheetFacts] = {}
    facts, row, column = SheetFacts(), 0, 0
    for element in elements(data):
        name = local(element.tag)
        if name == "table-row":
            row += _note_row(element, row, facts)
            element.clear()
        elif name == "table-column":
            column += _note_column(element, column, facts)
        elif name == "table":
            sheets[element.get(f"{_TABLE}name", "")] = facts
            facts, row, column = SheetFacts(), 0, 0
            element.clear()
    return sheets


def _note_column(element: Any, column: int, facts: SheetFacts) -> int:
    """How many columns of the sheet this is."""
    times = _count(element, "number-columns-repeated")
    if element.get(_VISIBILITY) in _HIDDEN:
        facts.hide_columns(column, column + times)
    return times


def _note_row(element: Any, row: int, facts: SheetFacts) -> int:
    """How many rows of the sheet this is."""
    times, column = _count(element, "number-rows-repeated"), 0
    if element.get(_VISIBILITY) in _HIDDEN and len(element):
        facts.hidden_rows.add(row)
    for cell in element:
        if local(cell.tag) in _CELLS:
            width = _count(cell, "number-columns-repeated")
            if _is_filled(cell):
                facts.note(row + times - 1, column + width - 1)
                _note_cell(cell, row, column, facts)
            column += width
    return times


def _is_filled(cell: Any) -> bool:
    return (
        cell.get(f"{_OFFICE}value-type") is not None
        or cell.get(f"{_TABLE}formula") is not None
        or len(cell) > 0
    )


def _note_cell(cell: Any, row: int, column: int, facts: SheetFacts) -> None:
    if cell.get(_CALC_TYPE) == "error":
        facts.errors[row, column] = "".join(cell.itertext()).strip() or "#N/A"
    elif cell.get(f"{_TABLE}formula") is not None and cell.get(f"{_OFFICE}value-type") is None:
        facts.unsaved.append((row, column))
    right, down = _count(cell, "number-columns-spanned"), _count(cell, "number-rows-spanned")
    if right > 1 or down > 1:
        facts.merged.append(Merged(row, column, row + down - 1, column + right - 1))


def _count(element: Any, name: str) -> int:
    text = element.get(f"{_TABLE}{name}", "1")
    if not (text.isdecimal() and len(text) < 9):
        raise broken()
    return max(int(text), 1)
