"""What is around the table: its sheet, its encoding, rows of totals, columns without a name."""

from __future__ import annotations

import re
from typing import Any

import polars as pl

from validation_service.model.document.dataset_keys import ENCODINGS
from validation_service.model.document.naming import PROVINCES
from validation_service.model.proposal.notes import Notes, listed
from validation_service.model.proposal.sample import Column, Sample
from validation_service.model.proposal.words import is_code, is_running, level_of
from validation_service.model.reading.side_tables import letters

Document = dict[str, Any]
LEAST_ROWS = 4
MOST_IN_A_HEADING = 2
KABUPATEN = re.compile(r"(?:kabupaten|kab\.)\s+\S", re.IGNORECASE)


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
    if sample.beside is not None:
        place = letters(sample.grid.margin + sample.beside + 1)
        notes.guess(
            "$.fields",
            f"Kolom {place} dan seterusnya agaknya tabel lain di samping tabel ini; tidak diusulkan.",
            f"Column {place} and those behind it seem to be another table beside this one; left out.",
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
    _note_a_region_among_its_parts(sample, notes)
    _note_headings_among_data(sample, notes)
    if sample.frame.height < 2:
        notes.guess(
            "$.fields",
            f"Contoh ini hanya {sample.frame.height} baris; dugaannya lemah.",
            f"The sample has only {sample.frame.height} rows; the guesses are weak.",
        )


def _note_a_region_among_its_parts(sample: Sample, notes: Notes) -> None:
    """Tables of BPS end, or begin, with the region of which the others are the parts."""
    named = next((column for column in sample.columns if not is_running(column.name)), None)
    if sample.frame.height < LEAST_ROWS or named is None:
        return
    for place, (id_, en) in ((-1, ("terakhir", "last")), (0, ("pertama", "first"))):
        name = str(sample.frame[f"f{named.index}"][place] or "")
        if _is_higher(named, name) or _is_sum(sample, place):
            notes.guess(
                "$['satudata:barisJumlah']",
                f'Baris {id_}, "{name}", agaknya jumlah baris yang lain: hapus, atau tulis aturan.',
                f'The {en} row, "{name}", is probably the total of the others. Take it out, or write a rule.',
            )
            return


def _is_higher(column: Column, name: str) -> bool:
    level = level_of(column.name)
    if level in ("kecamatan", "desa-kelurahan"):
        return bool(KABUPATEN.match(name))
    return (level is not None and name == "INDONESIA") or (
        level not in (None, "provinsi") and any(name == each for each in PROVINCES)
    )


def _is_sum(sample: Sample, place: int) -> bool:
    """In most of the columns of whole numbers the others sum up to this row."""
    counted = [each for each in sample.columns if not (is_running(each.name) or is_code(each.name))]
    numbers = sample.frame.select(pl.col(f"f{each.index}").cast(pl.Int64, strict=False) for each in counted)
    whole = [each for each in numbers.get_columns() if not each.null_count()]
    sums = [each for each in whole if each[place] > 0 and 2 * each[place] == each.sum()]
    return 2 * len(sums) > len(whole)


def _note_headings_among_data(sample: Sample, notes: Notes) -> None:
    """Rows with a cell or two where most have four and more."""
    filled = sample.frame.select(pl.sum_horizontal(pl.all().is_not_null()).alias("n"))["n"]
    few = sample.frame.filter((filled > 0) & (filled <= MOST_IN_A_HEADING))
    usual = filled.median()
    if not few.height or not isinstance(usual, float) or usual < 2 * MOST_IN_A_HEADING:
        return
    shown = listed([cell for cell in few.row(0) if cell])
    notes.guess(
        "$.fields",
        f"{few.height} baris hampir kosong, misalnya {shown}: bila itu sub-judul, beri kolom sendiri.",
        f"{few.height} rows are nearly blank, as {shown}: if those are headings, give them a column.",
    )
