"""What is around the table: its sheet, its encoding, rows of totals, columns without a name."""

from __future__ import annotations

from typing import Any

from validation_service.model.document.dataset_keys import ENCODINGS
from validation_service.model.document.naming import PROVINCES
from validation_service.model.proposal.notes import Notes, listed
from validation_service.model.proposal.sample import Sample
from validation_service.model.proposal.words import level_of

Document = dict[str, Any]


def surroundings_of(sample: Sample, notes: Notes) -> Document:
    return {**_sheet(sample, notes), **_encoding(sample, notes), **_totals(sample, notes)}


def _sheet(sample: Sample, notes: Notes) -> Document:
    """Named only where there are several: the next file may call its only one otherwise."""
    others = sample.grid.understood.get("other_sheets")
    sheet = sample.grid.understood.get("sheet")
    if not others or not sheet:
        return {}
    notes.guess(
        "$['satudata:lembar']",
        f'Yang dibaca lembar "{sheet}"; lembar lain {listed(others)} butuh standar sendiri.',
        f'The sheet "{sheet}" was read; the others, {listed(others)}, need standards of their own.',
    )
    return {"satudata:lembar": sheet}


def _encoding(sample: Sample, notes: Notes) -> Document:
    encoding = str(sample.grid.understood.get("encoding") or "").removesuffix("-sig")
    if encoding not in ENCODINGS or encoding == "utf-8":
        return {}
    notes.guess(
        "$['satudata:pengodean']",
        f"Contoh ini ditulis dalam {encoding}. Lebih baik UTF-8: hapus baris ini bila dapat.",
        f"The sample is written in {encoding}. UTF-8 is better: take this line out if you can.",
    )
    return {"satudata:pengodean": encoding}


def _totals(sample: Sample, notes: Notes) -> Document:
    if not sample.totals:
        return {}
    notes.guess(
        "$['satudata:barisJumlah']",
        f"{sample.totals} baris jumlah di antara data; diperiksa terhadap jumlah baris lain.",
        f"{sample.totals} rows of totals among the data; they are held against the sum of the others.",
    )
    return {"satudata:barisJumlah": "periksa"}


def note_surroundings(sample: Sample, notes: Notes) -> None:
    if not sample.head.given:
        notes.guess(
            "$.fields",
            "Berkas ini tidak mempunyai judul kolom; namanya dibuat menurut urutan dan harus diganti.",
            "This file has no header; names were made by position. Replace them by the right ones.",
        )
    elif sample.head.rows > 1:
        notes.guess(
            "$.fields",
            f"Judul kolom terdiri atas {sample.head.rows} baris dan digabung.",
            f"The header has {sample.head.rows} rows, which were joined.",
        )
    if sample.left_out:
        shown, count = ", ".join(map(str, sample.left_out[:10])), len(sample.left_out)
        notes.guess(
            "$.fields",
            f"{count} kolom tanpa nama atau dengan nama berulang tidak diusulkan: kolom ke-{shown}.",
            f"{count} columns without a name, or with one twice, are left out: column {shown}.",
        )
    if sample.beyond:
        notes.guess(
            "$.fields",
            f"{sample.beyond} kolom selebihnya tidak diusulkan.",
            f"The other {sample.beyond} columns are left out.",
        )
    _note_a_region_at_the_end(sample, notes)
    if sample.frame.height < 2:
        notes.guess(
            "$.fields",
            f"Contoh ini hanya {sample.frame.height} baris; dugaannya lemah.",
            f"The sample has only {sample.frame.height} rows; the guesses are weak.",
        )


def _note_a_region_at_the_end(sample: Sample, notes: Notes) -> None:
    """Tables of BPS end with the province, which is the total of the kabupaten above."""
    if sample.frame.height < 3 or not sample.columns:
        return
    first = sample.columns[0]
    last = sample.frame["f0"][-1]
    if level_of(first.name) not in (None, "provinsi") and any(last == name for name in PROVINCES):
        notes.guess(
            "$['satudata:barisJumlah']",
            f'Baris terakhir, "{last}", agaknya jumlah baris di atasnya: hapus, atau tulis aturan.',
            f'The last row, "{last}", is probably the total of those above. Take it out, or write a rule.',
        )
