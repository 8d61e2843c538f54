"""Workbooks that are zip files: XLSX, XLSB and ODS, looked into before they are opened."""

from __future__ import annotations

import io
import posixpath
import zipfile

from muara_kernel.events.finding import Text
from validation_service.model.reading.book import ENCRYPTED, Book, BookKind, SheetFacts, refuse_far_cells
from validation_service.model.reading.grid import unreadable
from validation_service.model.reading.hidden import note_hidden_in_xml
from validation_service.model.reading.ods_xml import read_ods
from validation_service.model.reading.sheet_xml import (
    area,
    local,
    member,
    note_formulas_and_errors,
    sheet_bytes,
    tree,
    without_far_rows,
)
from validation_service.model.reading.xlsb_records import look_into_sheet, sheet_relations
from validation_service.model.reading.zip_guard import opened

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def zip_book(data: bytes) -> Book:
    """Raises Unreadable for what is no workbook, or none that may be opened."""
    archive = opened(data)
    names = set(archive.namelist())
    if "xl/workbook.xml" in names and "xl/_rels/workbook.xml.rels" in names:
        return XlsxBook(data, archive)
    if "xl/workbook.bin" in names and "xl/_rels/workbook.bin.rels" in names:
        return KnownBook("xlsb", data, _xlsb_sheets(archive))
    if "content.xml" in names:
        if "META-INF/manifest.xml" in names and b"encryption-data" in member(
            archive, "META-INF/manifest.xml"
        ):
            raise unreadable(*ENCRYPTED)
        book = KnownBook("ods", data, read_ods(member(archive, "content.xml")))
        refuse_far_cells(book.sizes())
        return book
    raise unreadable(
        Text(
            "Berkas zip ini bukan buku kerja XLSX, XLSB atau ODS.", "This zip file is no XLSX, XLSB or ODS."
        ),
        Text("Kirim datanya sebagai XLSX, CSV atau JSON.", "Send the data as XLSX, CSV or JSON."),
    )


class KnownBook:
    """Everything about its sheets was found in one go."""

    def __init__(self, kind: BookKind, data: bytes, sheets: dict[str, SheetFacts]) -> None:
        self.kind, self.data, self._sheets = kind, data, sheets

    def sizes(self) -> dict[str, int]:
        return {name: sheet.cells for name, sheet in self._sheets.items()}

    def facts(self, name: str) -> SheetFacts:
        return self._sheets.get(name, SheetFacts())


class XlsxBook:
    kind: BookKind = "xlsx"

    def __init__(self, data: bytes, archive: zipfile.ZipFile) -> None:
        self.data, self._archive = data, archive
        self._paths = _paths(archive, "xl/workbook.xml", "xl/_rels/workbook.xml.rels")
        self._sizes: dict[str, int] = {}
        self._far_rows: dict[str, list[int]] = {}
        changed = {}
        for name, path in self._paths.items():
            sheet, far = without_far_rows(sheet_bytes(archive, path))
            self._sizes[name] = area(sheet)
            if far:
                self._far_rows[name], changed[path] = far, sheet
        if changed:
            self.data = _with_members(archive, changed)

    def sizes(self) -> dict[str, int]:
        return self._sizes

    def facts(self, name: str) -> SheetFacts:
        facts = SheetFacts(far_rows=self._far_rows.get(name, []))
        if name in self._paths:
            sheet, _ = without_far_rows(sheet_bytes(self._archive, self._paths[name]))
            note_formulas_and_errors(sheet, facts)
            note_hidden_in_xml(sheet, facts)
        return facts


def _with_members(archive: zipfile.ZipFile, changed: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy:
        for each in archive.infolist():
            copy.writestr(each.filename, changed.get(each.filename) or member(archive, each.filename))
    return out.getvalue()


def _paths(archive: zipfile.ZipFile, book: str, relations: str) -> dict[str, str]:
    """The sheets of the workbook by name."""
    targets = _targets(archive, relations)
    sheets = (
        (each.get("name", ""), each.get(_RELATION))
        for each in tree(archive, book).iter()
        if local(each.tag) == "sheet"
    )
    return {name: targets[relation] for name, relation in sheets if relation in targets}


def _targets(archive: zipfile.ZipFile, relations: str) -> dict[str, str]:
    names, targets = set(archive.namelist()), {}
    for each in tree(archive, relations).iter():
        target = each.get("Target", "")
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        if path in names and "sheets/" in path:
            targets[each.get("Id", "")] = path
    return targets


def _xlsb_sheets(archive: zipfile.ZipFile) -> dict[str, SheetFacts]:
    targets = _targets(archive, "xl/_rels/workbook.bin.rels")
    relations = sheet_relations(member(archive, "xl/workbook.bin"))
    return {
        name: look_into_sheet(member(archive, targets[relation]))
        for name, relation in relations.items()
        if relation in targets
    }
