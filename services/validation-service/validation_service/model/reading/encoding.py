"""The encoding of a text: BOM, then strict UTF-8, then Windows-1252 for the sake of checking the rest."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

import polars as pl

from muara_kernel.events.finding import Text
from validation_service.model.reading.grid import ROW, Grid, unreadable
from validation_service.model.rules.catalogue import found
from validation_service.model.rules.findings import MOST_PER_RULE

NOT_ASCII = r"[^\x00-\x7f]"


@dataclass(frozen=True)
class Decoded:
    """``body`` is UTF-8 without BOM and with LF or CRLF line ends. ``honest`` is False where the sender's
    bytes were not UTF-8."""

    body: bytes
    encoding: str
    honest: bool = True


def decode(data: bytes) -> Decoded:
    """Raises Unreadable for UTF-16 that is broken."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Decoded(_lines(_utf16(data)), "utf-16", honest=False)
    encoding, body = ("utf-8-sig", data[3:]) if data.startswith(codecs.BOM_UTF8) else ("utf-8", data)
    if body.isascii() or _is_utf8(body):
        return Decoded(_lines(body), encoding)
    return Decoded(_lines(body.decode("cp1252", "replace").encode()), "windows-1252", honest=False)


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _utf16(data: bytes) -> bytes:
    try:
        return data.decode("utf-16").replace("\0", "").encode("utf-8", "replace")
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
        )
    if not grid.found.counts["IO-02"]:  # the broken text stands in rows that were set aside
        grid.found.add(found("IO-02", encoding=shown))
