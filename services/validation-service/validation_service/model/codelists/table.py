"""The rows of a code list: read from CSV or JSON, refused where they are no list, written in one form."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from muara_kernel.events.finding import Text
from validation_service.model.codelists.problems import (
    MOST_PROBLEMS,
    Place,
    refuse_bad_codes,
    refuse_bad_parents,
)
from validation_service.model.problem import BadCodelist, Problem

COLUMNS = ("kode", "nama", "induk", "kode_bps")
HELD = ("kode", "nama", "kode_bps")
BOM = b"\xef\xbb\xbf"


def read_entries(data: bytes) -> pl.DataFrame:
    """What a check needs of the canonical rows: kode (sorted), nama and kode_bps; raises BadCodelist."""
    table = _read(data)
    refuse_bad_codes(table, _in_csv)
    held = table.select(
        "kode", pl.col("nama").fill_null(""), *(name for name in HELD[2:] if name in table.columns)
    )
    return (held if held["kode"].is_sorted() else held.sort("kode")).rechunk()


def table_of_csv(data: bytes) -> pl.DataFrame:
    """The entries of a file with the columns of a list and no others; raises BadCodelist by line."""
    table = _read(data)
    strange = [name for name in table.columns if name not in COLUMNS]
    if strange:
        names = ", ".join(strange)
        raise BadCodelist(
            [
                Problem(
                    "baris 1",
                    Text(
                        f"Kolom {names} bukan kolom daftar; pakai {', '.join(COLUMNS)}.",
                        f"{names}: no columns of a list; use {', '.join(COLUMNS)}.",
                    ),
                )
            ]
        )
    return _checked(table, _in_csv)


def table_of_stored(data: bytes) -> pl.DataFrame:
    """All columns of a list as it was adopted; those that it does not have are null."""
    table = _read(data)
    absent = [pl.lit(None, pl.String).alias(name) for name in COLUMNS if name not in table.columns]
    return table.select(pl.all(), *absent).select(COLUMNS)


def table_of_entries(entries: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """The entries of a JSON list; raises BadCodelist by JSON path."""
    rows = list(entries)
    problems = [
        Problem(
            f"$.entries[{index}]", Text("Kode dan nama harus berupa teks.", "Code and name must be texts.")
        )
        for index, row in enumerate(rows)
        if not isinstance(row, Mapping)
        or not all(isinstance(row.get(name, ""), str | None) for name in COLUMNS)
        or not _encodes(row)
    ]
    if problems:
        raise BadCodelist(problems[:MOST_PROBLEMS])
    columns = {name: [row.get(name) for row in rows] for name in COLUMNS}
    return _checked(pl.DataFrame(columns, schema=dict.fromkeys(COLUMNS, pl.String)), _in_json)


def to_csv(table: pl.DataFrame) -> bytes:
    """The canonical rows: sorted by code, only the columns that are used, LF."""
    used = [name for name in COLUMNS[2:] if name in table.columns and table[name].null_count() < table.height]
    return table.select(*COLUMNS[:2], *used).sort("kode").write_csv().encode()


def entries_to_csv(entries: Iterable[Mapping[str, Any]]) -> bytes:
    return to_csv(table_of_entries(entries))


def _checked(table: pl.DataFrame, place: Place) -> pl.DataFrame:
    if not table.height:
        raise BadCodelist([Problem("$", Text("Daftar ini kosong.", "This list is empty."))])
    # Before a blank is taken for nothing: a code of one space is not an empty code.
    refuse_bad_codes(table, place)
    table = table.with_columns(pl.when(pl.all() != "").then(pl.all()).name.keep())
    refuse_bad_parents(table, place)
    return table


def _in_csv(row: int, column: str) -> str:
    return f"baris {row + 2}, kolom {column}"


def _in_json(row: int, column: str) -> str:
    return f"$.entries[{row}].{column}"


def _encodes(row: Mapping[str, Any]) -> bool:
    try:
        "".join(row.get(name) or "" for name in COLUMNS).encode()
    except UnicodeEncodeError:
        return False
    return True


def _read(data: bytes) -> pl.DataFrame:
    data = data.removeprefix(BOM)
    try:
        table = pl.read_csv(data, infer_schema=False)
    except pl.exceptions.PolarsError as error:
        raise BadCodelist([_why_unreadable(data)]) from error
    if not set(COLUMNS[:2]) <= set(table.columns):
        words = Text("Daftar harus berkolom kode dan nama.", "A list must have columns kode and nama.")
        raise BadCodelist([Problem("baris 1", words)])
    return table


def _why_unreadable(data: bytes) -> Problem:
    """The first line that makes it no table."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Problem(f"baris {line}", Text("Bukan teks UTF-8.", "This is no UTF-8 text."))
    rows = csv.reader(io.StringIO(text, newline=""))
    header = next(rows, [])
    for row in rows:
        if len(row) > len(header):
            words = Text(
                f"Ada {len(row)} nilai, padahal hanya {len(header)} kolom; "
                "nilai yang memuat koma harus diapit tanda kutip.",
                f"There are {len(row)} values for {len(header)} columns; "
                "a value with a comma must stand in quotes.",
            )
            return Problem(f"baris {rows.line_num}", words)
    return Problem("baris 1", Text("Bukan tabel CSV.", "This is no CSV table."))
