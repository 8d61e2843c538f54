"""The type of a column: what nearly all of its values are, as the engine will judge them."""

from __future__ import annotations

import polars as pl

from validation_service.model.proposal.damage import LOST_DIGITS, note_changed_into_dates, note_damage
from validation_service.model.proposal.dates import Properties, date_of
from validation_service.model.proposal.notes import Notes, listed, percent
from validation_service.model.proposal.numbers import all_end_in_zero, cells, fits, numbers_of, with_signs
from validation_service.model.proposal.odd import enough, note_odd, part_like
from validation_service.model.proposal.sample import Column
from validation_service.model.proposal.words import (
    LATITUDE,
    LONGITUDE,
    YEARS,
    is_code,
    is_running,
    level_of,
    says,
)
from validation_service.model.standard import Field

TRUTHS = (("ya", "tidak"), ("true", "false"), ("benar", "salah"), ("yes", "no"))
LEADING_ZERO = r"^0[0-9]+$"
LONG = r"^[0-9]{10,}$"
DOTTED_PLACE = r"^[0-9]{2}\.[0-9]{2}(?:\.[0-9]{2}(?:\.[0-9]{4})?)?$"
PART_OF_A_YEAR = r"^(?:19|20)[0-9]{2}-(?:S[12]|T[1-4]|0[1-9]|1[0-2])$"
MOSTLY = 0.5
SIGNS = ("bertanda lain seperti Rp, %, atau kurung", "with other signs such as Rp, % or brackets")
OTHERS = ("tetapi sisanya terlalu banyak", "but too many are not")


def typed_as(column: Column, place: str, notes: Notes) -> Properties:
    """The keys of Table Schema for the type; each guess is noted."""
    if not column.filled:
        notes.guess(
            f"{place}.type",
            f'Kolom "{column.name}" kosong seluruhnya; tipenya tidak dapat diduga.',
            f'The column "{column.name}" is blank throughout; its type cannot be guessed.',
        )
        return {"type": "string"}
    for guess in (_code, _truth, _period, _year, date_of, _number):
        found = guess(column, place, notes)
        if found is not None:
            return found
    note_changed_into_dates(column, place, notes)
    return {"type": "string"}


def _code(column: Column, place: str, notes: Notes) -> Properties | None:
    zeros = part_like(column, LEADING_ZERO)
    if zeros:
        share = zeros / column.filled
        notes.guess(
            f"{place}.type",
            f"{percent(share)}% nilainya diawali nol: kode, disimpan sebagai teks.",
            f"{percent(share)}% of the values begin with a zero: codes, kept as text.",
            share,
        )
        return {"type": "string"}
    digits = part_like(column, "^'?[0-9][0-9.]*$") + part_like(column, LOST_DIGITS)
    if is_code(column.name) and digits:
        note_damage(column, place, notes)
        notes.guess(
            f"{place}.type",
            "Menurut namanya kolom kode, jadi teks, bukan bilangan.",
            "By its name a column of codes, so text and no number.",
            digits / column.filled,
        )
        return {"type": "string"}
    dotted = part_like(column, DOTTED_PLACE) if level_of(column.name) else 0
    long = part_like(column, LONG) if column.counts["text"].str.len_chars().n_unique() == 1 else 0
    if max(dotted, long) == column.filled:
        notes.guess(
            f"{place}.type",
            "Nilainya berbentuk kode, jadi teks, bukan bilangan.",
            "The values are shaped like codes, so text and no number.",
            1.0,
        )
        return {"type": "string"}
    return None


def _truth(column: Column, place: str, notes: Notes) -> Properties | None:
    texts = column.texts
    plain = {text.casefold() for text in texts}
    for yes, no in TRUTHS:
        if plain == {yes, no} or (plain <= {yes, no} and yes in ("true", "benar")):
            notes.guess(
                f"{place}.type", f"Semua nilainya {yes}/{no}.", f"All values are {yes}/{no}.", share=1.0
            )
            return {
                "type": "boolean",
                "trueValues": sorted({text for text in texts if text.casefold() == yes} | {yes}),
                "falseValues": sorted({text for text in texts if text.casefold() == no} | {no}),
            }
    return None


def _period(column: Column, place: str, notes: Notes) -> Properties | None:
    """2024-S1 among years, or alone, is a period and text."""
    parts = part_like(column, PART_OF_A_YEAR)
    if not parts or not enough(column, parts + part_like(column, r"^(?:19|20)[0-9]{2}$")):
        return None
    notes.guess(
        f"{place}.type",
        "Periode seperti 2024-S1, 2024-T3, atau 2024-07, ditulis sebagai teks.",
        "Periods such as 2024-S1, 2024-T3 or 2024-07, written as text.",
        parts / column.filled,
    )
    return {"type": "string"}


def _year(column: Column, place: str, notes: Notes) -> Properties | None:
    if not says(column.name, YEARS):
        return None
    good = fits(column.counts, Field(name="", type="year"))
    likely = column.counts.select(pl.col("text").str.contains(r"^(?:19[4-9]|20)[0-9]{2}$")).to_series()
    years = cells(column.counts, good & likely)
    if not enough(column, years):
        return None
    note_odd(column, good & likely, place, notes, "tahun", "years")
    return {"type": "year"}


def _number(column: Column, place: str, notes: Notes) -> Properties | None:
    numbers = numbers_of(column.counts, column.name, commas=column.commas)
    if numbers is None or not enough(column, numbers.cells):
        _note_nearly_numbers(column, numbers.cells if numbers else 0, place, notes)
        return None
    good = numbers.fits(column.counts)
    note_odd(column, good, place, notes, "bilangan", "numbers")
    if numbers.doubt:
        notes.guess(
            f"{place}.{'groupChar' if numbers.group else 'decimalChar'}",
            f"Tanda pemisah dapat berarti desimal atau ribuan, misalnya {listed(column.texts[:1])}; "
            f"diduga {'ribuan' if numbers.group else 'desimal'}. Periksa.",
            f"The separator may mean decimals or thousands, as in {listed(column.texts[:1])}; "
            f"taken for {'thousands' if numbers.group else 'decimals'}. Look at it.",
            numbers.cells / column.filled,
        )
    elif numbers.group or numbers.decimal != ".":
        notes.guess(
            f"{place}.type",
            f'Bilangan dengan desimal "{numbers.decimal}" dan ribuan "{numbers.group}".',
            f'Numbers with "{numbers.decimal}" for decimals and "{numbers.group}" for thousands.',
            numbers.cells / column.filled,
        )
    properties: Properties = {"type": numbers.type}
    if numbers.type == "number":
        if all_end_in_zero(column.counts, numbers):
            notes.guess(
                f"{place}.type",
                'Semua bilangan bulat tetapi ditulis dengan desimal (".0"); lebih baik integer.',
                'All are whole but written with decimals (".0"); integer would be better.',
                numbers.cells / column.filled,
            )
        properties["decimalChar"] = numbers.decimal
    if numbers.group:
        properties["groupChar"] = numbers.group
    return properties | _bounds(column, good)


def _bounds(column: Column, good: pl.Series) -> Properties:
    """Degrees have bounds of their own."""
    for words, most in ((LATITUDE, 90), (LONGITUDE, 180)):
        if says(column.name, words) and len(column.name) > 1:
            values = column.counts.filter(good)["text"].cast(pl.Float64, strict=False)
            if values.null_count() == 0 and bool((values.abs() <= most).all()):
                return {"constraints": {"minimum": -most, "maximum": most}}
    return {}


def _note_nearly_numbers(column: Column, numbers: int, place: str, notes: Notes) -> None:
    share = max(numbers, signed := with_signs(column.counts)) / column.filled
    if share < MOSTLY or is_running(column.name):
        return
    why = SIGNS if signed > numbers else OTHERS
    notes.guess(
        f"{place}.type",
        f"{percent(share)}% nilainya bilangan {why[0]}; dibaca sebagai teks.",
        f"{percent(share)}% of the values are numbers {why[1]}; read as text.",
        share,
    )
