"""The five parts of Standar Data: what the file tells, and what a person has to write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from validation_service.model.document.naming import MEASURES, SMALL_WORDS
from validation_service.model.period import frequency_of
from validation_service.model.proposal.fields import title_of
from validation_service.model.proposal.notes import Notes
from validation_service.model.proposal.sample import Sample
from validation_service.model.proposal.words import (
    CLASSES,
    FREQUENCIES,
    LATITUDE,
    LONGITUDE,
    PERIODS,
    is_code,
    is_name,
    is_running,
    level_of,
    says,
    tokens,
)

UKURAN = {"jumlah": "Jumlah", "banyaknya": "Jumlah", "total": "Jumlah", "persentase": "Persentase"}
UKURAN |= {"persen": "Persentase", "rata": "Rata-rata", "rerata": "Rata-rata", "indeks": "Indeks"}
UKURAN |= {"rasio": "Rasio", "laju": "Laju", "jml": "Jumlah"}
LONG_ENOUGH = 20
Document = dict[str, Any]


def parts_of(sample: Sample, fields: Sequence[Mapping[str, Any]], notes: Notes) -> Document:
    measured = [
        field for field in fields if field["type"] in ("integer", "number") and not _identifies(field["name"])
    ]
    example = _example(measured)
    satuan = _satuan(sample, measured, notes)
    return {
        "satudata:konsep": notes.ask(
            "$['satudata:konsep']",
            f"nama konsep, tanpa ukuran, wilayah, dan waktu{example[0]}",
            f"the name of the konsep, without ukuran, wilayah and time{example[1]}",
        ),
        "satudata:definisi": _definisi(sample, notes),
        "satudata:klasifikasi": _klasifikasi(sample, notes),
        "satudata:ukuran": _ukuran(measured, satuan, notes),
        "satudata:satuan": satuan
        or notes.ask(
            "$['satudata:satuan']",
            "satuan, misalnya Orang atau Hektare",
            "the satuan, such as Orang or Hektare",
        ),
    }


def _identifies(name: str) -> bool:
    return is_running(name) or is_code(name) or says(name, PERIODS | LATITUDE | LONGITUDE)


def _example(measured: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    for field in measured:
        bare = MEASURES.sub("", title_of(field["name"])).strip(" -_()")
        bare = " ".join(word if word in SMALL_WORDS else word.title() for word in bare.split())
        if len(bare) > 2 and not any(character.isdigit() for character in bare):
            return f', misalnya "{bare}"', f', such as "{bare}"'
    return "", ""


def _constant(sample: Sample, *words: str) -> str | None:
    """The one value of a column of that name."""
    for column in sample.columns:
        if column.distinct == 1 and set(tokens(column.name)) & set(words):
            return column.texts[0]
    return None


def _definisi(sample: Sample, notes: Notes) -> str:
    given = _constant(sample, "definisi", "keterangan")
    place = "$['satudata:definisi']"
    if given and len(given) >= LONG_ENOUGH:
        notes.guess(
            place, "Dari kolom definisi di dalam berkas.", "From the column of definitions in the file."
        )
        return given
    return notes.ask(
        place,
        "definisi yang membatasi arti dan cakupannya",
        "the definition that bounds its meaning and scope",
    )


def _klasifikasi(sample: Sample, notes: Notes) -> str:
    names = [column.name for column in sample.columns]
    place = "$['satudata:klasifikasi']"
    found = ["Wilayah"] if any(level_of(name) or "wilayah" in tokens(name) for name in names) else []
    found += [title for title, shape in CLASSES if any(shape.search(name) for name in names)]
    if not found:
        return notes.ask(
            place, "penggolongannya, misalnya 1. Wilayah", "how it is classified, such as 1. Wilayah"
        )
    notes.guess(place, "Dari nama kolom; periksa.", "From the names of columns; look at it.")
    return " ".join(f"{number}. {title}" for number, title in enumerate(found, 1))


def _ukuran(measured: Sequence[Mapping[str, Any]], satuan: str | None, notes: Notes) -> str:
    place = "$['satudata:ukuran']"
    found = list(
        dict.fromkeys(
            UKURAN[word] for field in measured for word in tokens(field["name"])[:1] if word in UKURAN
        )
    )
    if len(found) == 1 and found[0] != satuan:
        notes.guess(place, "Dari nama kolom nilainya.", "From the name of the column of values.")
        return found[0]
    return notes.ask(
        place, "ukuran, misalnya Jumlah atau Persentase", "the ukuran, such as Jumlah or Persentase"
    )


def _satuan(sample: Sample, measured: Sequence[Mapping[str, Any]], notes: Notes) -> str | None:
    place = "$['satudata:satuan']"
    if (told := _constant(sample, "satuan", "unit")) and not told.replace(".", "").isdigit():
        notes.guess(
            place,
            "Dari kolom satuan di dalam berkas; periksa apakah benar satuan.",
            "From the column satuan in the file; see whether it is one.",
        )
        return told.title() if told.isupper() or told.islower() else told
    units = {field.get("satudata:satuan") for field in measured}
    if len(units) == 1 and (unit := units.pop()):
        notes.guess(place, "Dari nama kolom nilainya.", "From the name of the column of values.")
        return str(unit)
    return None


def period_of(sample: Sample, fields: Sequence[Mapping[str, Any]], notes: Notes) -> Document:
    """``satudata:kolomPeriode`` and ``satudata:periode``."""
    years = [field for field in fields if field["type"] == "year" and not is_name(field["name"])]
    if not years:
        return _written_periods(sample, notes)
    names = [column.name for column in sample.columns]
    frequency = next(
        (each for each, words in FREQUENCIES if any(says(name, words) for name in names)), "tahunan"
    )
    name = years[0]["name"]
    notes.guess(
        "$['satudata:kolomPeriode']",
        f'Tahun ada di "{name}"; periode {frequency} diduga dari nama kolom.',
        f'The year is in "{name}"; the period {frequency} is guessed from the names of columns.',
    )
    return {"satudata:periode": frequency, "satudata:kolomPeriode": name}


def _written_periods(sample: Sample, notes: Notes) -> Document:
    """A column of 2024-S1, 2024-S2 …, all of one frequency."""
    for column in sample.columns:
        if not column.texts or frequency_of(column.texts[0]) in (None, "tahunan"):
            continue
        frequencies = {frequency_of(text) for text in column.texts}
        if len(frequencies) == 1 and (frequency := frequencies.pop()):
            notes.guess(
                "$['satudata:kolomPeriode']",
                f'Kolom "{column.name}" memuat periode {frequency}.',
                f'The column "{column.name}" holds periods, {frequency}.',
                share=1.0,
            )
            return {"satudata:periode": frequency, "satudata:kolomPeriode": column.name}
    return {}
