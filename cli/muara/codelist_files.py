"""Code lists as others keep them in files: a region's own list, and the wilayah in a file for each level."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

LEVELS = {
    "provinces": "provinsi",
    "regencies": "kabupaten/kota",
    "districts": "kecamatan",
    "villages": "desa/kelurahan",
}
PARENTS = {"regencies": "province_code", "districts": "regency_code", "villages": "district_code"}
DELIMITERS = ",;\t|"


class BadFile(Exception):
    """The file is not what it was taken for; the words name it, the line and the reason."""


@dataclass(frozen=True)
class Columns:
    """Which column of a file is what; None is none, an empty text "whichever is called so usually"."""

    code: str | None = ""
    name: str | None = ""
    parent: str | None = ""
    bps: str | None = ""


USUAL = {
    "code": ("kode", "code"),
    "name": ("nama", "name"),
    "parent": ("induk", "parent"),
    "bps": ("kode_bps",),
}


@dataclass(frozen=True)
class Entry:
    """One line of a file, as it will stand in the list; ``origin`` is where it was read."""

    kode: str
    nama: str
    induk: str
    kode_bps: str
    origin: str


def read_list(path: Path, columns: Columns) -> list[Entry]:
    """Codes and names stay as they are: what is wrong with them is told and not repaired."""
    header, rows = read_table(path)
    chosen = {
        kind: _column(path, header, kind, asked) for kind, asked in vars(columns).items() if asked is not None
    }
    return [
        Entry(
            *(row.get(chosen.get(kind) or "", "") for kind in ("code", "name", "parent", "bps")),
            origin=f"{path.name} baris {line}",
        )
        for line, row in rows
    ]


def read_wilayah(files: Mapping[str, Path]) -> list[Entry]:
    """The files of the package idn-area-data, by level, the highest first."""
    entries = []
    for level in LEVELS:
        if level in files:
            parent = PARENTS.get(level)
            # The highest level of what is given has nothing above it in the list.
            above = parent if entries else None
            entries += read_list(files[level], Columns("code", "name", above, None))
    return entries


def to_csv(entries: Sequence[Entry]) -> bytes:
    """As the service takes them; the n-th entry stands on line n + 2."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("kode", "nama", "induk", "kode_bps"))
    writer.writerows((each.kode, each.nama, each.induk, each.kode_bps) for each in entries)
    return out.getvalue().encode()


def _column(path: Path, header: Sequence[str], kind: str, asked: str) -> str | None:
    if asked:
        if asked not in header:
            raise BadFile(
                f"{path.name}: tidak ada kolom {asked}; ada / no such column; there are: {', '.join(header)}"
            )
        return asked
    usual = next((name for name in USUAL[kind] if name in header), None)
    if usual is None and kind == "code":
        raise BadFile(
            f"{path.name}: sebutkan kolom kodenya dengan --code / name the column of the codes with --code; "
            f"ada / there are: {', '.join(header)}"
        )
    return usual


def read_table(path: Path) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    """The header, and each row with its line."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFile(f"{path.name}: bukan teks UTF-8 / no UTF-8 text ({error.reason})") from error
    first = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header = next(reader, [])
    rows = []
    for values in reader:
        if len(values) > len(header):
            raise BadFile(
                f"{path.name} baris {reader.line_num}: {len(values)} nilai untuk {len(header)} kolom / "
                "more values than columns"
            )
        if values:
            padded = values + [""] * (len(header) - len(values))
            rows.append((reader.line_num, dict(zip(header, padded, strict=True))))
    return header, rows
