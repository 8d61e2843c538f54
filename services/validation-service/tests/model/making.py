"""Small workbooks made byte by byte, in the formats that no library here writes."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

Cells = Sequence[Sequence[object]]
SECTOR = 512
END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


@dataclass(frozen=True)
class Wrong:
    """A cell whose stored result is an error, by its number in Excel's binary formats."""

    number: int = 42


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def compound(streams: dict[str, bytes]) -> bytes:
    """An OLE file; every stream is made long enough to lie in whole sectors."""
    contents = [data.ljust(4096, b"\0") for data in streams.values()]
    contents = [data + b"\0" * (-len(data) % SECTOR) for data in contents]
    directory_size = -(-(len(streams) + 1) // 4)
    table, starts, place = [FAT], [], 1 + directory_size
    table += [*range(2, 1 + directory_size), END]
    for data in contents:
        starts.append(place)
        place += len(data) // SECTOR
        table += [*range(len(table) + 1, place), END]
    entries = [_entry("Root Entry", 5, END, 0)]
    entries += [_entry(n, 2, s, len(c)) for n, s, c in zip(streams, starts, contents, strict=True)]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6xIIIIIIIII", 62, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, END, 0, END, 0)
    header += struct.pack("<109I", 0, *[FREE] * 108)
    sectors = struct.pack(f"<{len(table)}I", *table).ljust(SECTOR, b"\xff")
    return header + sectors + b"".join(entries).ljust(directory_size * SECTOR, b"\0") + b"".join(contents)


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    links = struct.pack("<III", FREE, FREE, FREE)
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBB", len(text), kind, 1)
        + links
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def biff(number: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", number, len(body)) + body


def xls(
    sheets: dict[str, Cells],
    *,
    in_globals: bytes = b"",
    in_sheets: bytes = b"",
    extra: dict[str, bytes] | None = None,
    kind: int = 0,
) -> bytes:
    """``in_globals``: further records of the workbook, ``in_sheets`` of each sheet; ``extra``: further
    streams."""
    bodies = [_xls_sheet(cells, in_sheets) for cells in sheets.values()]
    start = biff(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)) + in_globals
    size = len(start) + sum(12 + len(name) for name in sheets) + 4
    boundaries = b""
    for name, body in zip(sheets, bodies, strict=True):
        boundaries += biff(0x85, struct.pack("<IBBBB", size, 0, kind, len(name), 0) + name.encode("latin-1"))
        size += len(body)
    return compound({"Workbook": start + boundaries + biff(0x0A) + b"".join(bodies), **(extra or {})})


def _xls_sheet(cells: Cells, more: bytes) -> bytes:
    out = biff(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)) + more
    for row, record in enumerate(cells):
        out += b"".join(_xls_cell(row, column, value) for column, value in enumerate(record))
    return out + biff(0x0A)


def _xls_cell(row: int, column: int, value: object) -> bytes:
    place = struct.pack("<HHH", row, column, 0)
    if isinstance(value, Wrong):
        return biff(0x205, place + bytes([value.number, 1]))
    if isinstance(value, int | float):
        return biff(0x203, place + struct.pack("<d", value))
    if not value:
        return b""
    text = str(value).encode("utf-16-le")
    return biff(0x204, place + struct.pack("<HB", len(text) // 2, 1) + text)


NAMES = {
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
}
ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"


def ods(
    sheets: dict[str, Cells], *, columns: str = "", rows: str = "", members: dict[str, bytes] | None = None
) -> bytes:
    """``columns`` and ``rows``: XML put at the beginning and at the end of each sheet."""
    tables = "".join(
        f'<table:table table:name="{name}">{columns}{"".join(map(_ods_row, cells))}{rows}</table:table>'
        for name, cells in sheets.items()
    )
    names = "".join(f' xmlns:{short}="{long}"' for short, long in NAMES.items())
    body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    content = f'<?xml version="1.0"?><office:document-content{names}>{body}</office:document-content>'
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    base = {"mimetype": ODS_TYPE, "content.xml": content.encode(), "META-INF/manifest.xml": manifest.encode()}
    return zipped(base | (members or {}))


def _ods_row(record: Sequence[object]) -> str:
    return f"<table:table-row>{''.join(map(ods_cell, record))}</table:table-row>"


def ods_cell(value: object, more: str = "") -> str:
    if isinstance(value, Wrong):
        kind = 'office:value-type="string" calcext:value-type="error"'
        return f"<table:table-cell {kind}><text:p>#N/A</text:p></table:table-cell>"
    if isinstance(value, int | float):
        return f'<table:table-cell {more} office:value-type="float" office:value="{value}"/>'
    if not value:
        return f"<table:table-cell {more}/>"
    text = f"<text:p>{escape(str(value))}</text:p>"
    return f'<table:table-cell {more} office:value-type="string">{text}</table:table-cell>'


def xlsb(
    sheets: dict[str, Cells],
    *,
    far: tuple[int, int] | None = None,
    hidden_row: int | None = None,
    hidden_column: int | None = None,
) -> bytes:
    """``far``: a further cell at this row and column of each sheet."""
    bundle = b"".join(
        _bin(156, struct.pack("<II", 0, n) + _wide(f"rId{n}") + _wide(name))
        for n, name in enumerate(sheets, 1)
    )
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{kind}" Target="worksheets/sheet{n}.bin"/>'
        for n, _ in enumerate(sheets, 1)
    )
    schema = "http://schemas.openxmlformats.org/package/2006/relationships"
    members = {
        "[Content_Types].xml": b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "xl/workbook.bin": _bin(131) + _bin(153, bytes(12)) + _bin(143) + bundle + _bin(144) + _bin(132),
        "xl/_rels/workbook.bin.rels": f'<Relationships xmlns="{schema}">{relations}</Relationships>'.encode(),
    }
    for n, cells in enumerate(sheets.values(), 1):
        members[f"xl/worksheets/sheet{n}.bin"] = _xlsb_sheet(cells, far, hidden_row, hidden_column)
    return zipped(members)


def _xlsb_sheet(
    cells: Cells, far: tuple[int, int] | None, hidden_row: int | None, hidden_column: int | None
) -> bytes:
    width = max(map(len, cells))
    out = _bin(129) + _bin(148, struct.pack("<IIII", 0, len(cells) - 1, 0, width - 1))
    if hidden_column is not None:
        info = struct.pack("<IIIIH", hidden_column, hidden_column, 2304, 0, 1)
        out += _bin(390) + _bin(60, info) + _bin(391)
    out += _bin(145)
    for row, record in enumerate(cells):
        flags = bytes([0x10 if row == hidden_row else 0])
        out += _bin(0, struct.pack("<I", row) + bytes(7) + flags + bytes(5))
        out += b"".join(_xlsb_cell(column, value) for column, value in enumerate(record))
    if far:
        out += _bin(0, struct.pack("<I", far[0]) + bytes(13)) + _xlsb_cell(far[1], 1)
    return out + _bin(146) + _bin(130)


def _xlsb_cell(column: int, value: object) -> bytes:
    place = struct.pack("<II", column, 0)
    if isinstance(value, Wrong):
        return _bin(3, place + bytes([value.number]))
    if isinstance(value, int | float):
        return _bin(5, place + struct.pack("<d", value))
    return _bin(6, place + _wide(str(value))) if value else b""


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _bin(number: int, body: bytes = b"") -> bytes:
    kind = bytes([number]) if number < 0x80 else bytes([number & 0x7F | 0x80, number >> 7])
    size = len(body)
    length = b""
    while True:
        size, low = size >> 7, size & 0x7F
        length += bytes([low | (0x80 if size else 0)])
        if not size:
            return kind + length + body
