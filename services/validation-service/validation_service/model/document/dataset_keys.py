"""The ``satudata:`` keys of a dataset that stand alone."""

from __future__ import annotations

import re
from typing import Literal

from validation_service.model.document.field_keys import LEVELS as WILAYAH
from validation_service.model.document.field_keys import PARTS
from validation_service.model.document.fields import Declared
from validation_service.model.document.names import known_name
from validation_service.model.document.node import Node
from validation_service.model.period import SHAPES
from validation_service.model.standard import Standard, TotalsRows

DATASET_KEYS = (
    *(f"satudata:{part}" for part in PARTS),
    *("satudata:kodeSDSN", "satudata:level", "satudata:periode", "satudata:kolomPeriode"),
    *("satudata:jumlah", "satudata:jumlahKelompok", "satudata:barisJumlah", "satudata:aturan"),
    *("satudata:tabelLebar", "satudata:jadwal", "satudata:lembar", "satudata:pengodean"),
    *("satudata:msInd", "satudata:msKeg"),
)
LEVELS = ("provinsi", "kabupaten", "kecamatan", "desa-kelurahan", "lokasi")
TOTALS: tuple[TotalsRows, ...] = ("tolak", "periksa")
ENCODINGS: tuple[Literal["utf-8", "windows-1252", "utf-16"], ...] = ("utf-8", "windows-1252", "utf-16")
KODE_SDSN = r"[A-Z]{1,2}[0-9]{5}\.[0-9]{2}\.[0-9]{2}"
LONGEST_DELAY = 3_660
PERIODS = ("string", "integer", "year", "date")
FILL_IN = "ISI:"
"""How a proposed standard marks what a person has still to write."""


def read_part(document: Node, part: str) -> str:
    value = document.get(f"satudata:{part}")
    if isinstance(value, str) and value.strip() and not value.lstrip().startswith(FILL_IN):
        return value
    document.refuse(
        f"satudata:{part}",
        f"Bagian {part} dari Standar Data belum diisi.",
        f"The part {part} of Standar Data is not filled in.",
    )
    return ""


def read_kode_sdsn(document: Node) -> str:
    code = document.text("satudata:kodeSDSN") or ""
    if code and not re.fullmatch(KODE_SDSN, code):
        document.refuse(
            "satudata:kodeSDSN",
            "Kode SDSN terdiri atas satu atau dua huruf besar, 5, 2, dan 2 angka, misalnya SP00055.00.00.",
            "A kode SDSN is one or two capitals, then 5, 2 and 2 digits, such as SP00055.00.00.",
        )
        return ""
    return code


def read_level(document: Node) -> str | None:
    return document.choice("satudata:level", LEVELS)


def doubt_level(document: Node, standard: Standard) -> None:
    """Codes of a finer level than that of the data make more rows than it says."""
    for field in standard.fields:
        codes = field.reference.level if field.reference else None
        if standard.level in WILAYAH and codes and WILAYAH.index(codes) > WILAYAH.index(standard.level):
            document.notes.add(
                document.at("satudata:level"),
                f'Level data {standard.level}, tetapi kolom "{field.name}" meminta kode {codes}; sesuaikan '
                "salah satunya.",
                f'The level of the data is {standard.level}, but the field "{field.name}" asks for codes of '
                f"a {codes}; adapt one of them.",
                "peringatan",
            )


def read_frequency(document: Node) -> str | None:
    return document.choice("satudata:periode", tuple(SHAPES))


def read_totals_rows(document: Node) -> TotalsRows:
    return document.choice("satudata:barisJumlah", TOTALS) or "tolak"


def read_encoding(document: Node) -> str | None:
    return document.choice("satudata:pengodean", ENCODINGS)


def read_period_column(document: Node, declared: Declared) -> str | None:
    key = "satudata:kolomPeriode"
    if document.get(key) is None:
        return None
    name = known_name(document, key, declared)
    field = declared.find(name) if name is not None else None
    if field is not None and field.type not in PERIODS:
        document.refuse(
            key,
            f'Kolom "{field.name}" bertipe {field.type}, tidak dapat memuat periode.',
            f'The field "{field.name}" is of type {field.type} and cannot hold a period.',
        )
    return name


def read_due_days(document: Node) -> int | None:
    node = document.object("satudata:jadwal")
    if node is None:
        return None
    node.only(("hariSetelahPeriode",))
    days = node.number("hariSetelahPeriode", least=0, most=LONGEST_DELAY)
    if days is not None and days.is_integer():
        return int(days)
    if days is not None or node.get("hariSetelahPeriode") is None:
        node.refuse("hariSetelahPeriode", "Sebutkan berapa hari, bilangan bulat.", "Say how many whole days.")
    return None
