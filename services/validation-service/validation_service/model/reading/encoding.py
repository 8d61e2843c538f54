"""The encoding of a text: BOM, then strict UTF-8, then Windows-1252 for the sake of checking the rest."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

import polars as pl

from muara_kernel.events.finding import Text
from validation_service.model.reading.grid import ROW, Grid, unreadable
from validation_service.model.rules.catalogue import found
from validation_service.model.rules.findings import MOST_PER_RULE

SEEN = 4096
BOM = codecs.BOM_UTF8
MOSTLY = 0.8
NOT_ASCII = r"[^\x00-\x7f]"


@dataclass(frozen=True)
class Decoded:
    """``body`` is UTF-8 without BOM and with LF or CRLF line ends. ``honest`` is False where the sender's
    bytes were not UTF-8."""

    body: bytes
    encoding: str
    honest: bool = True


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """Raises Unreadable for UTF-16 that is broken. What the standard declares is as good as UTF-8."""
    if codec := utf16(data):
        return Decoded(_lines(_from_utf16(data, codec)), "utf-16", honest=declared == "utf-16")
    encoding, body = ("utf-8-sig", data[3:]) if data.startswith(BOM) else ("utf-8", data)
    if body.isascii() or _is_utf8(body):
        return Decoded(_lines(body), encoding)
    text = _lines(body.decode("cp1252", "replace").encode())
    return Decoded(text, "windows-1252", honest=declared == "windows-1252")


def utf16(data: bytes) -> str | None:
    """The codec of a text whose every other byte is NUL, as ASCII becomes in UTF-16, or that says it with a
    BOM."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    head = data[:SEEN]
    first, second = head[::2], head[1::2]
    if len(head) > 3 and first.count(0) == 0 and second.count(0) > MOSTLY * len(second):
        return "utf-16-le"
    if len(head) > 3 and second.count(0) == 0 and first.count(0) > MOSTLY * len(first):
        return "utf-16-be"
    return None


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _from_utf16(data: bytes, codec: str) -> bytes:
    try:
        return data.decode(codec).replace("\0", "").encode("utf-8", "replace")
    except UnicodeDecodeError as error:
        raise unreadable(
            Text("Teks UTF-16 di dalam berkas ini rusak.", "The UTF-16 text in this file is broken."),
            Text('Simpan ulang sebagai "CSV UTF-8".', 'Save it again as "CSV UTF-8".'),
        ) from error


def _lines(body: bytes) -> bytes:
    if b"\r" in body and b"\n" not in body:  # as old Macs wrote them
        return body.replace(b"\r", b"\n")
    return body


def note_broken_cells(grid: Grid, decoded: Decoded) -> None:
    """IO-02 for each cell that is not plain ASCII in a text that was not UTF-8."""
    if decoded.honest:
        return
    shown = {"utf-16": "UTF-16", "windows-1252": "Windows-1252"}[decoded.encoding]
    if decoded.encoding == "utf-16":
        grid.found.add(found("IO-02", encoding=shown))
        return
    for name in grid.header:
        if not name.isascii():
            grid.found.add(found("IO-02", row=grid.header_row, column=name, value=name, encoding=shown))
    for index, name in enumerate(grid.header):
        cells = grid.frame.filter(pl.col(str(index)).str.contains(NOT_ASCII)).select(ROW, str(index))
        first = cells.head(MOST_PER_RULE).rows()
        grid.found.add_many(
            "IO-02",
            cells.height,
            [found("IO-02", row=row, column=name, value=value, encoding=shown) for row, value in first],
            every=cells.rename({str(index): "value"}),
            column=name,
        )
    if not grid.found.counts["IO-02"]:  # the broken text stands in rows that were set aside
        grid.found.add(found("IO-02", encoding=shown))
