"""The table of the validation benchmark: ten columns, the same bytes for the same height, known bad cells."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

SEED = 20261120
BAD_CELLS = 1_000
AT_ONCE = 500_000
FIRST_KEY = 3_508_000_001
KINDS = ("SD", "SMP", "SMA", "SMK", "MI", "MTs", "MA")
LONGEST_NOTE = 40
BAD: tuple[tuple[str, str], ...] = (
    ("nomor", "x12"),
    ("nomor", "the key of an earlier row"),
    ("kode", "35.8.01.2001"),
    ("nama", ""),
    ("tahun", "1999"),
    ("tahun", "20x4"),
    ("tanggal", "2024-02-30"),
    ("jenjang", "SDN"),
    ("murid", "-5"),
    ("murid", "1.5"),
    ("nilai", "100.5"),
    ("surel", "sekolah(at)contoh.example"),
    ("catatan", "k" * (LONGEST_NOTE + 1)),
)
"""The 13 kinds of bad cell: column and what is written into it. Each row has at most one."""
AGAIN = 1
"""The kind that repeats a key."""
DOCUMENT: dict[str, Any] = {
    "satudata:konsep": "Satuan Pendidikan",
    "satudata:definisi": "Kelompok layanan pendidikan.",
    "satudata:klasifikasi": "Jenjang",
    "satudata:ukuran": "Jumlah",
    "satudata:satuan": "Orang",
    "fields": [
        {"name": "nomor", "type": "integer", "constraints": {"required": True}},
        {
            "name": "kode",
            "type": "string",
            "constraints": {"required": True, "pattern": "35\\.08\\.[0-9]{2}\\.2[0-9]{3}"},
        },
        {
            "name": "nama",
            "type": "string",
            "constraints": {"required": True, "minLength": 3, "maxLength": 60},
        },
        {"name": "tahun", "type": "integer", "constraints": {"minimum": 2015, "maximum": 2026}},
        {"name": "tanggal", "type": "date"},
        {"name": "jenjang", "type": "string", "constraints": {"enum": list(KINDS)}},
        {"name": "murid", "type": "integer", "constraints": {"minimum": 0, "maximum": 5000}},
        {"name": "nilai", "type": "number", "constraints": {"minimum": 0, "maximum": 100}},
        {
            "name": "surel",
            "type": "string",
            "constraints": {"pattern": "[a-z0-9.]+@[a-z0-9-]+\\.example"},
        },
        {"name": "catatan", "type": "string", "constraints": {"maxLength": LONGEST_NOTE}},
    ],
    "primaryKey": ["nomor"],
}
NAMES = tuple(field["name"] for field in DOCUMENT["fields"])


def planted(height: int, bad: int = BAD_CELLS) -> dict[int, int]:
    """By place (from 0) of the row the kind of its bad cell; kinds take turns."""
    drawn = random.Random(SEED).sample(range(1, height), min(bad, height // 20))
    return {place: turn % len(BAD) for turn, place in enumerate(drawn)}


def truth(height: int, bad: int = BAD_CELLS) -> set[tuple[int, str]]:
    """(row as a spreadsheet counts, column) of every bad cell."""
    return {(place + 2, BAD[kind][0]) for place, kind in planted(height, bad).items()}


def write(path: Path, height: int, bad: int = BAD_CELLS) -> None:
    with path.open("wb") as out:
        out.write((",".join(NAMES) + "\n").encode())
        for block in _blocks(height, planted(height, bad)):
            block.write_csv(out, include_header=False, quote_style="never")


def _blocks(height: int, bad: dict[int, int]) -> Iterator[pl.DataFrame]:
    for start in range(0, height, AT_ONCE):
        end = min(start + AT_ONCE, height)
        here = {place: kind for place, kind in bad.items() if start <= place < end}
        yield _good(start, end).with_columns(_spoilt(name, here, start) for name in NAMES)


def _spoilt(name: str, bad: dict[int, int], start: int) -> pl.Expr:
    cells = {place: _bad_cell(place, kind) for place, kind in bad.items() if BAD[kind][0] == name}
    if not cells:
        return pl.col(name)
    place = pl.int_range(start, start + pl.len())
    return place.replace_strict(
        list(cells), list(cells.values()), default=pl.col(name), return_dtype=pl.String
    ).alias(name)


def _bad_cell(place: int, kind: int) -> str:
    return str(FIRST_KEY + place // 2) if kind == AGAIN else BAD[kind][1]


def _good(start: int, end: int) -> pl.DataFrame:
    """Whatever looks drawn at random follows from the row's place, by whole-number arithmetic."""
    n = pl.int_range(start, end, eager=True).alias("n").to_frame()
    drawn = [(pl.col("n") * factor + 12_345) % prime // 64 for factor, prime in _STREAMS]
    a, b, c, d, e = drawn
    return n.select(
        nomor=(pl.col("n") + FIRST_KEY).cast(pl.String),
        kode=pl.format("35.08.{}.2{}", _digits(a % 21 + 1, 2), _digits(b % 1000, 3)),
        nama=pl.format("Sekolah {} {}", _word(a), b % 9_973),
        tahun=(c % 12 + 2015).cast(pl.String),
        tanggal=pl.format("20{}-{}-{}", _digits(c % 26, 2), _digits(d % 12 + 1, 2), _digits(e % 28 + 1, 2)),
        jenjang=(d % len(KINDS)).replace_strict(range(len(KINDS)), KINDS, return_dtype=pl.String),
        murid=(e % 5_001).cast(pl.String),
        nilai=pl.format("{}.{}", a % 100, _digits(c % 100, 2)),
        surel=pl.format("sekolah.{}@{}.example", b % 99_991, _word(d).str.to_lowercase()),
        catatan=pl.when(e % 4 > 0).then(pl.format("petugas {}", d % 999)).otherwise(pl.lit("")),
    )


_STREAMS = (
    (48_271, 2_147_483_647),
    (69_621, 2_147_483_629),
    (40_692, 2_147_483_399),
    (16_807, 2_147_483_587),
    (39_373, 2_147_483_579),
)
_WORDS = ("Harapan", "Melati", "Semeru", "Bromo", "Pertiwi", "Merdeka", "Kencana", "Tunas", "Mekar", "Bakti")


def _word(drawn: pl.Expr) -> pl.Expr:
    return (drawn % len(_WORDS)).replace_strict(range(len(_WORDS)), _WORDS, return_dtype=pl.String)


def _digits(number: pl.Expr, width: int) -> pl.Expr:
    return number.cast(pl.String).str.zfill(width)
