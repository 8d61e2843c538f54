"""JSON: a list of row objects, alone or in an object; an object per line; the properties of GeoJSON."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from muara_kernel.events.finding import Text
from validation_service.model.reading.cells import PLAIN, as_text
from validation_service.model.reading.encoding import decode, utf16
from validation_service.model.reading.grid import MOST_CELLS, MOST_COLUMNS, Grid, Rows, too_wide, unreadable
from validation_service.model.reading.json_scan import SHAPE
from validation_service.model.reading.json_stream import Broken, Form, objects_of
from validation_service.model.rules.catalogue import found
from validation_service.model.rules.findings import Findings
from validation_service.model.standard import Field, Standard

SMALLER = Text("Bagi menjadi beberapa berkas, atau kirim sebagai CSV.", "Split it, or send it as CSV.")
ONE_PER_LINE = Text(
    'Tulis satu objek lengkap di setiap baris: {"kode": "…", "jumlah": 1}.',
    'Write one whole object in every line: {"kode": "…", "jumlah": 1}.',
)
LONGEST_SHOWN = 60
COUNTED: dict[Form, str] = {"json": "first object", "ndjson": "first line", "geojson": "first feature"}


def read_json(data: bytes, standard: Standard, *, lines_claimed: bool = False) -> Grid:
    """Raises Unreadable."""
    findings = Findings()
    text, encoding = _decoded(data, findings)
    source = objects_of(text, lines_claimed=lines_claimed)
    table = _Table(source.form, standard, findings)
    for number, element in source.elements:
        table.take(number, element)
    grid = table.grid()
    grid.understood |= {
        "format": source.form,
        "encoding": encoding,
        "rows_counted_from": COUNTED[source.form],
    }
    return grid


def _decoded(data: bytes, findings: Findings) -> tuple[str, str]:
    if utf16(data):
        findings.add(found("IO-02", encoding="UTF-16"))
        return decode(data).body.decode(), "utf-16"
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        findings.add(found("IO-02", encoding="Windows-1252"))
        return data.decode("cp1252", "replace"), "windows-1252"


class _Table:
    """Objects become rows as they come; a key that was not seen before is a new column."""

    def __init__(self, form: Form, standard: Standard, findings: Findings) -> None:
        self._form, self._findings = form, findings
        self._field_of = standard.field_of
        self._columns: dict[str, tuple[int, Field]] = {}
        self._rows = Rows(0)
        self._taken = self._set_aside = 0
        self._nested: dict[int, list[int]] = {}
        self._geometries: Counter[str] = Counter()

    def take(self, number: int, element: Any) -> None:
        row = self._properties(element) if self._form == "geojson" else element
        if isinstance(row, Broken):
            self._refuse_line(number, row)
        elif not isinstance(row, dict):
            self._refuse_element(number, row)
        else:
            self._take_row(number, row)

    def grid(self) -> Grid:
        """Raises Unreadable when nothing was a row."""
        if self._set_aside and not self._taken:
            raise unreadable(Text("JSON ini bukan daftar baris.", "This JSON is not a list of rows."), SHAPE)
        header = [_storable(name) for name in self._columns]
        frame = self._rows.frame()
        for number, index in self._rows.mended:
            self._findings.tell("IO-02", row=number, column=header[index], encoding="UTF-8 (\ufffd)")
        grid = Grid(header=header, frame=frame, header_row=None, found=self._findings)
        grid.set_aside, grid.spoken_for = self._set_aside, self._nested
        if self._geometries:
            grid.understood["geometry_not_read"] = dict(self._geometries)
        return grid

    def _properties(self, feature: Any) -> Any:
        properties = feature.get("properties") if isinstance(feature, dict) else feature
        if not isinstance(feature, dict) or not isinstance(properties, dict | None):
            return properties
        geometry = feature.get("geometry")
        if isinstance(geometry, dict):
            self._geometries[_storable(str(geometry.get("type")))[:50]] += 1
        return properties or {}

    def _take_row(self, number: int, row: dict[str, Any]) -> None:
        self._taken += 1
        for name in row:
            if name not in self._columns:
                self._columns[name] = (len(self._columns), self._field_of(name) or PLAIN)
        if len(self._columns) > MOST_COLUMNS:
            raise too_wide(len(self._columns))
        if self._taken * len(self._columns) > MOST_CELLS:
            raise unreadable(Text("Tabel ini terlalu besar.", "This table is too large."), SMALLER)
        self._note_repeated_keys(number, row)
        cells: list[str | None] = [None] * len(self._columns)
        for name, value in row.items():
            index, field = self._columns[name]
            if isinstance(value, dict | list):
                self._note_nested(number, name, value)
                self._nested.setdefault(index, []).append(number)
            else:
                cells[index] = as_text(value, field)
        self._rows.add(number, cells)

    def _refuse_line(self, number: int, line: Broken) -> None:
        reason = Text(
            f"Baris {number} bukan JSON yang benar: salah di huruf ke-{line.place}.",
            f"Line {number} is not correct JSON: an error at character {line.place}.",
        )
        self._findings.tell("IO-01", row=number, reason=reason, repair=ONE_PER_LINE)
        self._set_aside += 1

    def _refuse_element(self, number: int, element: Any) -> None:
        shown = _storable(as_text(element) or "null")
        reason = Text(
            f"Unsur ke-{number} bukan objek, jadi tidak dapat dibaca sebagai baris: {shown[:LONGEST_SHOWN]}",
            f"Element {number} is no object and cannot be read as a row: {shown[:LONGEST_SHOWN]}",
        )
        repair = ONE_PER_LINE if self._form == "ndjson" else SHAPE
        self._findings.tell("IO-01", row=number, value=shown, reason=reason, repair=repair)
        self._set_aside += 1

    def _note_repeated_keys(self, number: int, row: dict[str, Any]) -> None:
        for name in map(_storable, getattr(row, "twice", ())):
            reason = Text(
                f'Objek ke-{number} menyebut "{name}" lebih dari satu kali.',
                f'Object {number} names "{name}" more than once.',
            )
            self._findings.tell("IO-01", row=number, column=name, reason=reason, repair=SHAPE)

    def _note_nested(self, number: int, name: str, value: Any) -> None:
        self._findings.tell(
            "SD-01",
            row=number,
            column=_storable(name),
            value=_storable(as_text(value) or ""),
            expected=Text("satu nilai", "a single value"),
            example="35.08",
        )


def _storable(name: str) -> str:
    return re.sub("[\ud800-\udfff]", "\ufffd", name)
