"""All findings of a check as one file, for whoever repairs them in a spreadsheet program."""

from __future__ import annotations

import gzip
from typing import BinaryIO

import polars as pl

from validation_service.model.enclosures.spreadsheet import header_line, lines
from validation_service.model.rules.everything import Everything
from validation_service.model.rules.places import ROW, SENTENCE, VALUE

HEADER = ("baris", "kolom", "aturan", "keparahan", "nilai", "pesan")
LEVEL = 3
"""Beyond it gzip takes much longer over findings and makes them hardly smaller."""


def write_listing(everything: Everything, out: BinaryIO) -> int:
    """CSV in UTF-8 with BOM, compressed with gzip; the same findings give the same bytes. Returns how many.

    ``baris`` is empty where a finding is about no row.
    """
    count = 0
    with gzip.GzipFile(filename="", mode="wb", compresslevel=LEVEL, fileobj=out, mtime=0) as packed:
        packed.write(header_line(HEADER))
        for window in everything.windows():
            row = pl.when(pl.col(ROW) > 0).then(pl.col(ROW))
            packed.write(lines(window.select(row, "column", "rule", "severity", VALUE, SENTENCE)))
            count += window.height
    return count
