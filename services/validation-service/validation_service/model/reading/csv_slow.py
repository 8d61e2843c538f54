"""The slow and certain way into a CSV: record by record, naming every row that does not fit."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from muara_kernel.events.finding import Finding, Text
from validation_service.model.reading.grid import Grid, Rows
from validation_service.model.rules.catalogue import found
from validation_service.model.rules.findings import MOST_PER_RULE, Findings

FIX_QUOTES = Text(
    'Apit sel dengan sepasang tanda kutip, dan tulis kutip di dalamnya dua kali ("").',
    'Put a pair of quotes around the cell, and write a quote inside it twice ("").',
)


def slow_rows(text: str, delimiter: str, header: list[str], header_index: int) -> Grid:
    findings = Findings()
    rows = Rows(len(header))
    set_aside = 0
    for number, record in _records(text, delimiter):
        if number <= header_index + 1:
            continue
        if isinstance(record, str):
            findings.add_many("IO-01", 1, _broken(number, record, findings))
            set_aside += 1
        elif len(record) == len(header):
            rows.add(number, [cell or None for cell in record])
        elif not any(record):
            rows.add(number, [None] * len(header))
        else:
            findings.add_many("IO-08", 1, _uneven(number, record, len(header), findings))
            set_aside += 1
    return Grid(
        header=header, frame=rows.frame(), header_row=header_index + 1, found=findings, set_aside=set_aside
    )


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str] | str]]:
    """Each record with its number; what the reader says where a record is broken."""
    reader = csv.reader(io.StringIO(text.rstrip("\r\n"), newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            yield number, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield number, str(error)


def _broken(number: int, error: str, so_far: Findings) -> list[Finding]:
    if so_far.counts["IO-01"] >= MOST_PER_RULE:
        return []
    if "unexpected end" in error:
        reason = Text(
            f"Tanda kutip yang dibuka pada baris {number} tidak pernah ditutup; sisa berkas tidak terbaca.",
            f"A quote opened in row {number} is never closed; the rest of the file cannot be read.",
        )
    elif "field larger" in error:
        reason = Text(f"Sel pada baris {number} terlalu panjang.", f"A cell in row {number} is too long.")
    else:
        reason = Text(
            f"Tanda kutip pada baris {number} tidak benar, sehingga selnya tidak jelas.",
            f"The quotes in row {number} are wrong, so that its cells are not clear.",
        )
    return [found("IO-01", row=number, reason=reason, repair=FIX_QUOTES)]


def _uneven(number: int, record: list[str], expected: int, so_far: Findings) -> list[Finding]:
    if so_far.counts["IO-08"] >= MOST_PER_RULE:
        return []
    size = len(record)
    shown = Text(f"{size} sel", f"{size} cell" if size == 1 else f"{size} cells")
    return [found("IO-08", row=number, value=next(filter(None, record), ""), found=shown, expected=expected)]
