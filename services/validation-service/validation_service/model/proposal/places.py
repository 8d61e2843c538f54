"""Wilayah: which level the rows are of, and which columns hold codes of a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from validation_service.model.codelists.codelist import Codelist
from validation_service.model.proposal.notes import Notes, percent, tolerable
from validation_service.model.proposal.sample import Column, Sample
from validation_service.model.proposal.words import (
    LATITUDE,
    LEVELS,
    LONGITUDE,
    NAMES,
    is_code,
    level_of,
    level_word,
    says,
)

LEAST_CODES = 2
"""Different codes; one alone may be in a list by chance."""
DOTTED = {2: "provinsi", 5: "kabupaten", 8: "kecamatan", 13: "desa-kelurahan"}
SHAPES = (
    (
        r"^[1-9][0-9]\.[0-9]{2}(?:\.[0-9]{2}(?:\.[0-9]{4})?)?$",
        "kode wilayah Kemendagri",
        "wilayah-kemendagri",
    ),
    (r"^[1-9][0-9]{9}$", "kode desa/kelurahan BPS", ""),
    (r"^[1-9][0-9]{6}$", "kode kecamatan BPS", ""),
    (r"^[1-9][0-9]{3}$", "kode kabupaten/kota BPS", ""),
    (r"^[0-9X]\.[0-9X]{2}\.[0-9]{6}$", "kode DSSD", ""),
    (r"^[A-Z]{1,2}[0-9]{5}\.[0-9]{2}\.[0-9]{2}$", "kode SDSN", ""),
    (r"^[0-9X]\.[0-9X]{2}$", "kode bidang urusan", ""),
)
Document = dict[str, Any]


def level_of_rows(sample: Sample, notes: Notes) -> str | None:
    """The finest level of which there are several, by the names of the columns."""
    place = "$['satudata:level']"
    names = [column for column in sample.columns if column.filled]
    if any(says(c.name, LATITUDE) for c in names) and any(says(c.name, LONGITUDE) for c in names):
        notes.guess(place, "Setiap baris mempunyai koordinat: lokasi.", "Each row has coordinates: lokasi.")
        return "lokasi"
    found = {level: column for column in reversed(names) if column.blanks == 0 and (level := _level(column))}
    for several in (True, False):
        for level, _ in LEVELS:
            if level in found and (found[level].distinct > 1 or not several):
                name = found[level].name
                notes.guess(place, f'Dari kolom "{name}".', f'From the column "{name}".')
                return level
    return None


def _level(column: Column) -> str | None:
    return level_of(column.name) if not _measures(column) else None


def _measures(column: Column) -> bool:
    """Such as jumlah_desa."""
    return not is_code(column.name) and bool(
        column.counts.select(pl.col("text").str.contains(r"^[0-9.,]+$").all()).item()
    )


def add_codes(
    sample: Sample, fields: Sequence[Document], codelists: Mapping[str, Codelist], notes: Notes
) -> None:
    """``satudata:kodeReferensi`` where nearly all values are in a list that is there, else only a note."""
    for column, field in zip(sample.columns, fields, strict=True):
        if (
            field["type"] == "string"
            and column.filled
            and not _refers(column, field, sample, codelists, notes)
        ):
            _note_shape(column, notes)


def _refers(
    column: Column,
    field: Document,
    sample: Sample,
    codelists: Mapping[str, Codelist],
    notes: Notes,
) -> bool:
    if column.distinct < LEAST_CODES and not is_code(column.name):
        return False
    for id_, codelist in codelists.items():
        known = codelist.find(column.counts["text"])["kode"].is_not_null()
        share = int(column.counts["n"].filter(known).sum()) / column.filled
        if not known.any() or not tolerable(int(column.counts["n"].filter(~known).sum()), column.filled):
            continue
        reference: Document = {"daftar": id_}
        if level := _level_in(id_, column):
            reference["tingkat"] = level
        if names := _names_beside(column, sample):
            reference["kolomNama"] = names
        field["satudata:kodeReferensi"] = reference
        field.get("constraints", {}).pop("enum", None)
        notes.guess(
            f"$.fields[{column.index}]['satudata:kodeReferensi']",
            f'{percent(share)}% nilainya ada di daftar "{codelist.shown}".',
            f'{percent(share)}% of the values are in the list "{codelist.shown}".',
            share,
        )
        return True
    return False


def _level_in(codelist: str, column: Column) -> str | None:
    lengths = set(column.counts["text"].str.len_chars())
    return DOTTED.get(lengths.pop()) if codelist.startswith("wilayah") and len(lengths) == 1 else None


def _names_beside(column: Column, sample: Sample) -> str | None:
    """A column of names of the same level, the nearest."""
    word = level_word(column.name)
    named = [
        other
        for other in sample.columns
        if other is not column
        and not is_code(other.name)
        and (level_word(other.name) == word if level_of(column.name) else says(other.name, NAMES))
        and other.distinct >= column.distinct / 2
    ]
    nearest = min(named, key=lambda other: abs(other.index - column.index), default=None)
    return nearest.name if nearest else None


def _note_shape(column: Column, notes: Notes) -> None:
    if not (is_code(column.name) or level_of(column.name) or "." in column.texts[0]):
        return
    for shape, what, codelist in SHAPES:
        like = int(column.counts.filter(pl.col("text").str.contains(shape))["n"].sum())
        if like and tolerable(column.filled - like, column.filled):
            share = like / column.filled
            more = (
                f' Bila daftar "{codelist}" terpasang, tambahkan satudata:kodeReferensi.' if codelist else ""
            )
            also = (
                f' Where the list "{codelist}" is installed, add satudata:kodeReferensi.' if codelist else ""
            )
            notes.guess(
                f"$.fields[{column.index}]",
                f"{percent(share)}% nilainya berbentuk {what}.{more}",
                f"{percent(share)}% of the values are shaped like {what}.{also}",
                share,
            )
            return
