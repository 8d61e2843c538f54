"""JSON: a list of row objects, alone or as "rows" or "data" of an object. The first object is row 1."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

from muara_kernel.events.finding import Text
from validation_service.model.reading.cells import PLAIN, Numeral, as_text
from validation_service.model.reading.grid import (
    MOST_CELLS,
    MOST_COLUMNS,
    Grid,
    Rows,
    unreadable,
    without_blank_rows,
)
from validation_service.model.rules.catalogue import found
from validation_service.model.rules.findings import Findings
from validation_service.model.standard import Standard

SHAPE = Text(
    'Kirim daftar objek, satu objek per baris: [{"kode": "…", "jumlah": 1}].',
    'Send a list of objects, one per row: [{"kode": "…", "jumlah": 1}].',
)
SMALLER = Text("Bagi menjadi beberapa berkas, atau kirim sebagai CSV.", "Split it, or send it as CSV.")
NO_OBJECT = Text("sesuatu yang bukan objek", "something that is no object")


class _Row(dict[str, Any]):
    """An object of JSON that remembers which of its keys came twice."""

    twice: tuple[str, ...] = ()


def read_json(data: bytes, standard: Standard) -> Grid:
    """Raises Unreadable."""
    findings = Findings()
    objects = _objects(_parsed(_decoded(data, findings)))
    header = list(dict.fromkeys(name for each in objects if isinstance(each, dict) for name in each))
    if len(header) > MOST_COLUMNS:
        raise unreadable(
            Text(f"Tabel ini mempunyai {len(header)} kolom.", f"This table has {len(header)} columns."),
            Text(f"Kirim paling banyak {MOST_COLUMNS} kolom.", f"Send at most {MOST_COLUMNS} columns."),
        )
    if len(objects) * len(header) > MOST_CELLS:
        raise unreadable(Text("Tabel ini terlalu besar.", "This table is too large."), SMALLER)
    grid = _grid(objects, header, standard, findings)
    grid.understood |= {
        "format": "json",
        "encoding": "utf-8",
        "header_row": None,
        "rows_counted_from": "first object",
    }
    without_blank_rows(grid)
    return grid


def _decoded(data: bytes, findings: Findings) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        findings.add(found("IO-02", encoding="Windows-1252"))
        return data.decode("cp1252", "replace")


def _pairs(pairs: list[tuple[str, Any]]) -> _Row:
    row = _Row(pairs)
    if len(row) != len(pairs):
        times = Counter(name for name, _ in pairs)
        row.twice = tuple(name for name in row if times[name] > 1)
    return row


def _parsed(text: str) -> Any:
    try:
        return json.loads(
            text, object_pairs_hook=_pairs, parse_int=Numeral, parse_float=Numeral, parse_constant=Numeral
        )
    except RecursionError as error:
        raise unreadable(
            Text("JSON ini bersarang terlalu dalam.", "This JSON is nested too deeply."), SHAPE
        ) from error
    except json.JSONDecodeError as error:
        raise unreadable(
            Text(
                f"Berkas ini bukan JSON yang benar: salah di baris {error.lineno}, huruf ke-{error.colno}.",
                f"This file is not correct JSON: an error in line {error.lineno}, character {error.colno}.",
            ),
            SHAPE,
        ) from error


def _objects(document: Any) -> list[Any]:
    if isinstance(document, dict):
        document = next(
            (document[name] for name in ("rows", "data") if isinstance(document.get(name), list)), None
        )
    if not isinstance(document, list) or (document and not any(isinstance(each, dict) for each in document)):
        raise unreadable(Text("JSON ini bukan daftar baris.", "This JSON is not a list of rows."), SHAPE)
    return document


def _grid(objects: list[Any], header: list[str], standard: Standard, findings: Findings) -> Grid:
    fields = {field.name: field for field in standard.fields}
    columns = [(name, fields.get(name, PLAIN)) for name in header]
    rows, set_aside, nested = Rows(len(header)), 0, dict[int, list[int]]()
    for number, each in enumerate(objects, start=1):
        if not isinstance(each, dict):
            shown = _storable(as_text(each) or "")
            findings.tell("IO-08", row=number, value=shown, found=NO_OBJECT, expected=len(header))
            set_aside += 1
            continue
        _note_repeated_keys(number, each, findings)
        cells = [each.get(name) for name in header]
        for index, cell in enumerate(cells):
            if isinstance(cell, dict | list):
                _note_nested(number, header[index], cell, findings)
                nested.setdefault(index, []).append(number)
                cells[index] = None
        rows.add(number, [as_text(cell, field) for cell, (_, field) in zip(cells, columns, strict=True)])
    frame = rows.frame()
    for number, index in rows.mended:
        findings.tell("IO-02", row=number, column=_storable(header[index]), encoding="UTF-8 (\ufffd)")
    return Grid(
        header=[_storable(name) for name in header],
        frame=frame,
        header_row=None,
        found=findings,
        set_aside=set_aside,
        spoken_for=nested,
    )


def _storable(name: str) -> str:
    return re.sub("[\ud800-\udfff]", "\ufffd", name)


def _note_repeated_keys(number: int, row: dict[str, Any], findings: Findings) -> None:
    for name in map(_storable, getattr(row, "twice", ())):
        reason = Text(
            f'Objek ke-{number} menyebut "{name}" lebih dari satu kali.',
            f'Object {number} names "{name}" more than once.',
        )
        findings.tell("IO-01", row=number, column=name, reason=reason, repair=SHAPE)


def _note_nested(number: int, name: str, value: Any, findings: Findings) -> None:
    findings.tell(
        "SD-01",
        row=number,
        column=_storable(name),
        value=_storable(as_text(value) or ""),
        expected=Text("satu nilai", "a single value"),
        example="35.08",
    )
