"""Missing values: 0, empty and not available are three things."""

from __future__ import annotations

import re
from collections.abc import Mapping

from validation_service.model.document.fields import Declared
from validation_service.model.document.node import Node, Notes
from validation_service.model.document.values import is_free, objections
from validation_service.model.standard import Field, Standard

KEY = "missingValues"
MOST_MARKS = 200
NUMBERS = ("integer", "number")
ZERO = re.compile(r"[+-]?0+(?:[.,]0*)?")
Labels = tuple[tuple[str, str], ...]


def read_missing_values(document: Node) -> tuple[tuple[str, ...], Labels]:
    """The texts, without spaces around them as the cells are read, and (text, label) of those that say why
    there is no data."""
    if document.get(KEY) is None:
        return ("",), ()
    values: list[str] = []
    labels: list[tuple[str, str]] = []
    for place, each in document.items(KEY, MOST_MARKS):
        value, label = (each.get("value"), each.get("label")) if isinstance(each, Mapping) else (each, None)
        if not isinstance(value, str) or not isinstance(label, str | None):
            document.notes.add(place, "Harus berupa teks.", "Must be a text.")
        elif (mark := value.strip()) in values and (mark or not value):
            document.notes.add(place, f'"{value}" berulang.', f'"{value}" is repeated.')
        elif label and not value.strip():
            document.notes.add(
                place,
                "Sel kosong tidak menjawab apa-apa dan tidak dapat diberi label.",
                "An empty cell is no answer and cannot be labelled.",
            )
        else:
            values.append(mark)
            labels += [(mark, label)] if label else []
    return tuple(dict.fromkeys(values)), tuple(labels)


def refuse_missing_that_are_values(document: Node, standard: Standard, declared: Declared) -> None:
    """What means "no data" must not be data as well: a choice, or a right value in the primary key.

    In another column that must be filled in it may be meant so, and is told; so is 0 in any of numbers.
    """
    marks = [value.strip() for value in standard.missing_values]
    for field in declared.fields:
        in_key = field.name in standard.primary_key
        for index in _values_among(marks, field, must_be_filled=field.required or in_key):
            mark, name = marks[index], field.name
            zero = _is_zero(mark) and field.type in NUMBERS
            document.notes.add(
                document.at(f"{KEY}[{index}]"),
                f'"{mark}" berarti tidak ada data, tetapi juga nilai yang sah di kolom "{name}"'
                + (": 0 adalah data. Pakai tanda lain, misalnya -." if zero else "."),
                f'"{mark}" means no data, but is a right value of the field "{name}" as well'
                + (": 0 is data. Use another mark, such as -." if zero else "."),
                "galat" if in_key or field.enum is not None else "peringatan",
            )


def _values_among(marks: list[str], field: Field, *, must_be_filled: bool) -> list[int]:
    if field.enum is not None:
        return [index for index, mark in enumerate(marks) if mark and mark in field.enum]
    judged = [index for index, mark in enumerate(marks) if mark and (must_be_filled or _is_zero(mark))]
    if is_free(field) or not judged or not (must_be_filled or field.type in NUMBERS):
        return []
    reasons = objections([marks[index] for index in judged], field)
    return [index for index, no in zip(judged, reasons, strict=True) if no is None]


def _is_zero(mark: str) -> bool:
    return ZERO.fullmatch(mark) is not None


def refuse_unanswerable(notes: Notes, standard: Standard, declared: Declared) -> None:
    """A column accepts "not available" only where the standard has words for it, and never in its key."""
    for field in declared.fields:
        place = f"{declared.places[field.name]}['satudata:bolehTidakTersedia']"
        if field.may_be_unavailable and not standard.missing_labels:
            notes.add(
                place,
                'Tidak ada missingValues berlabel, misalnya {"value": "-", "label": "tidak tersedia"}.',
                'There is no labelled missing value, such as {"value": "-", "label": "tidak tersedia"}.',
            )
        if field.may_be_unavailable and field.name in standard.primary_key:
            notes.add(
                place,
                "Kolom kunci utama tidak boleh tidak tersedia.",
                "A column of the primary key cannot be unavailable.",
            )
