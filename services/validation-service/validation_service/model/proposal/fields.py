"""A field of the proposed standard: its type, then what its cells have in common."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import polars as pl

from validation_service.model.proposal.notes import TOLERANCE, Notes, listed, percent
from validation_service.model.proposal.sample import Column
from validation_service.model.proposal.types import typed_as
from validation_service.model.proposal.words import COUNTS, is_code, is_name, is_running, says, unit_of

Document = dict[str, Any]
MOST_CHOICES, LONGEST_CHOICE = 20, 80
LEAST_REPEATED = 5
"""Times that each choice stands there on average."""
ENOUGH_ROWS = 5
"""Below so many nothing is said about what never repeats."""


def field_of(column: Column, notes: Notes) -> Document:
    place = f"$.fields[{column.index}]"
    properties = typed_as(column, place, notes)
    constraints = properties.pop("constraints", {})
    field: Document = {"name": column.name, "title": title_of(column.name), **properties}
    _filled_in(column, constraints, place, notes)
    _unique(column, field, constraints, place, notes)
    _choices(column, field, constraints, place, notes)
    _not_below_zero(column, field, constraints, place, notes)
    _unit(column, field, place, notes)
    if column.padded:
        notes.guess(
            place,
            f"{column.padded} sel diapit spasi; seharusnya tidak.",
            f"{column.padded} cells have spaces around them; they should not.",
        )
    if constraints:
        field["constraints"] = constraints
    return field


def title_of(name: str) -> str:
    words = " ".join(re.sub(r"[_\s]+", " ", name).split())
    return words[:1].upper() + words[1:] if words.islower() or "_" in name else words


def _filled_in(column: Column, constraints: Document, place: str, notes: Notes) -> None:
    if not column.filled or not column.rows:
        return
    if column.blanks == 0:
        if not column.marks:
            constraints["required"] = True
            return
        share, marks = column.filled / column.rows, listed(list(column.marks))
        notes.guess(
            f"{place}.constraints.required",
            f"{percent(share)}% terisi, sisanya {marks}; tidak diwajibkan. Bila itu jawaban, tambahkan "
            "required dan satudata:bolehTidakTersedia.",
            f"{percent(share)}% are filled in, the rest is {marks}; not required. If that is an answer, "
            "add required and satudata:bolehTidakTersedia.",
            share,
        )
        return
    share = 1 - column.blanks / column.rows
    nearly = column.blanks <= TOLERANCE * column.rows
    notes.guess(
        f"{place}.constraints.required",
        f"{column.blanks} sel kosong; tidak diwajibkan."
        + (" Hampir semua terisi: wajibkan bila memang harus ada." if nearly else ""),
        f"{column.blanks} cells are blank; not required."
        + (" Nearly all are filled in: require it if it has to be there." if nearly else ""),
        share,
    )


def _unique(column: Column, field: Document, constraints: Document, place: str, notes: Notes) -> None:
    running = is_running(column.name)
    if column.filled < ENOUGH_ROWS or not (running or is_code(column.name)):
        return
    if column.distinct == column.filled:
        constraints["unique"] = True
        notes.guess(
            f"{place}.constraints.unique", "Tidak ada nilai yang berulang.", "No value is repeated.", 1.0
        )
    if running and field["type"] == "integer":
        _consecutive(column, field, place, notes)


def _consecutive(column: Column, field: Document, place: str, notes: Notes) -> None:
    numbers = column.counts["text"].cast(pl.Int64, strict=False).drop_nulls().sort()
    steps = numbers.diff().drop_nulls()
    if not len(steps):
        return
    share = int((steps == 1).sum()) / len(steps)
    if share >= 1 - TOLERANCE and column.distinct == column.filled:
        field["satudata:berurutan"] = True
        skipped = int((steps != 1).sum())
        notes.guess(
            f"{place}['satudata:berurutan']",
            "Nomor urut" + (f"; {skipped} kali meloncat." if skipped else "."),
            "Running numbers" + (f"; {skipped} times one is skipped." if skipped else "."),
            share,
        )


def _choices(column: Column, field: Document, constraints: Document, place: str, notes: Notes) -> None:
    few = 2 <= column.distinct <= MOST_CHOICES and column.filled >= LEAST_REPEATED * column.distinct
    if field["type"] != "string" or not few or is_code(column.name) or is_name(column.name):
        return
    texts = column.texts
    if max(map(len, texts)) > LONGEST_CHOICE or all(re.fullmatch(r"[0-9.]+", text) for text in texts):
        return
    constraints["enum"] = texts
    _spelt_twice(texts, place, notes)
    rare = column.counts.filter(pl.col("n") <= max(1, TOLERANCE * column.filled / column.distinct))
    notes.guess(
        f"{place}.constraints.enum",
        f"{len(texts)} nilai yang berulang-ulang."
        + (f" Jarang, periksa: {listed(rare['text'].to_list())}." if rare.height else ""),
        f"{len(texts)} values that repeat."
        + (f" Rare, look at them: {listed(rare['text'].to_list())}." if rare.height else ""),
        1.0,
    )


def _spelt_twice(texts: list[str], place: str, notes: Notes) -> None:
    times = Counter(map(str.casefold, texts))
    if twice := sorted(text for text in texts if times[text.casefold()] > 1):
        notes.guess(
            f"{place}.constraints.enum",
            f"Hanya beda huruf besar dan kecil: {listed(twice)}. Pilih satu, hapus yang lain.",
            f"These differ in capital letters only: {listed(twice)}. Keep one of them.",
        )


def _not_below_zero(column: Column, field: Document, constraints: Document, place: str, notes: Notes) -> None:
    counted = says(column.name, COUNTS) or unit_of(column.name)
    if field["type"] not in ("integer", "number") or not counted:
        return
    if not any(text.startswith(("-", "−", "(")) for text in column.texts):
        constraints["minimum"] = 0
        notes.guess(
            f"{place}.constraints.minimum", "Tidak ada nilai negatif.", "No value is negative.", share=1.0
        )


def _unit(column: Column, field: Document, place: str, notes: Notes) -> None:
    unit = unit_of(column.name) if field["type"] in ("integer", "number") else None
    if unit:
        field["satudata:satuan"] = unit
        notes.guess(
            f"{place}['satudata:satuan']",
            f'Satuan "{unit}" dari nama kolomnya.',
            f'The satuan "{unit}" is from the name of the column.',
        )
