"""The constraints of a field: what may stand in its cells."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypedDict

from validation_service.model.document.node import Node
from validation_service.model.patterns import compiles
from validation_service.model.reading.cells import as_text
from validation_service.model.standard import Bound, Field, FieldType

CONSTRAINTS = (
    *("required", "unique", "minimum", "maximum"),
    *("minLength", "maxLength", "pattern", "enum"),
)
LONGEST_PATTERN = 500
MOST_CHOICES = 10_000


class Constraints(TypedDict):
    required: bool
    unique: bool
    minimum: Bound | None
    maximum: Bound | None
    min_length: int | None
    max_length: int | None
    pattern: str | None
    enum: tuple[str, ...] | None


def read_constraints(field: Node, shape: Field) -> Constraints:
    """``shape`` has the type and the format in which the values are written."""
    node = field.object("constraints") or Node({}, field.at("constraints"), field.notes)
    _refuse_unknown(node)
    read = Constraints(
        required=node.flag("required"),
        unique=node.flag("unique"),
        minimum=_bound(node, "minimum", shape),
        maximum=_bound(node, "maximum", shape),
        min_length=_length(node, "minLength", shape.type),
        max_length=_length(node, "maxLength", shape.type),
        pattern=read_pattern(node, "pattern"),
        enum=_enum(node, "enum", shape) or _categories(field, shape),
    )
    _ordered(node, read["minimum"], read["maximum"])
    _ordered(node, read["min_length"], read["max_length"])
    return read


def read_pattern(node: Node, key: str) -> str | None:
    given = node.get(key)
    if given is None:
        return None
    if given == "":
        node.refuse(
            key,
            "Pola kosong menolak setiap sel yang terisi: isi polanya, atau hapus kunci ini.",
            "An empty pattern refuses every cell that is filled in: write one, or remove this key.",
        )
        return None
    if isinstance(given, str) and len(given) <= LONGEST_PATTERN and compiles(given):
        return given
    node.refuse(
        key,
        f"Pola tidak dapat dipakai: harus pola reguler yang benar, tanpa rujukan balik atau tengok "
        f"depan/belakang, dan paling panjang {LONGEST_PATTERN} huruf.",
        f"The pattern cannot be used: it must be a correct regular expression without back-references or "
        f"look-around, of at most {LONGEST_PATTERN} characters.",
    )
    return None


def _refuse_unknown(node: Node) -> None:
    for key in node.value:
        if key not in CONSTRAINTS:
            known = ", ".join(CONSTRAINTS)
            node.refuse(
                str(key),
                f"Batasan ini belum didukung; yang didukung {known}.",
                f"This constraint is not supported; supported are {known}.",
            )


def _ordered(node: Node, low: Any, high: Any) -> None:
    if low is not None and high is not None and low > high:
        node.notes.add(
            node.place,
            f"Batas bawah {low} melebihi batas atas {high}.",
            f"The minimum {low} is above the maximum {high}.",
        )


def _bound(node: Node, key: str, shape: Field) -> Bound | None:
    given = node.get(key)
    if given is None:
        return None
    read = _as_bound(given, shape)
    if read is None:
        node.refuse(
            key,
            f"Batas {given!r:.100} tidak sesuai dengan tipe {shape.type}.",
            f"The bound {given!r:.100} does not fit the type {shape.type}.",
        )
    return read


def _as_bound(value: Any, shape: Field) -> Bound | None:
    if isinstance(value, bool) or shape.type in ("string", "boolean"):
        return None
    try:
        if shape.type == "date":
            return _as_date(str(value), shape.date_format)
        number = float(value)
        if shape.type == "number":
            return number if math.isfinite(number) else None
        return int(value) if number.is_integer() and abs(number) < 2**62 else None
    except (TypeError, ValueError, OverflowError):
        return None


def _as_date(text: str, date_format: str) -> date:
    """As the column writes it or, as other tools do, as ISO 8601 does."""
    try:
        return datetime.strptime(text, date_format).date()  # noqa: DTZ007 - a date has no zone
    except ValueError:
        return date.fromisoformat(text)


def _length(node: Node, key: str, kind: FieldType) -> int | None:
    given = node.get(key)
    if given is None:
        return None
    if kind == "string" and isinstance(given, int) and not isinstance(given, bool) and 0 <= given < 2**31:
        return given
    node.refuse(
        key,
        "Panjang hanya untuk teks, dan berupa bilangan bulat mulai dari 0.",
        "A length is only for strings, and a whole number from 0.",
    )
    return None


def _enum(node: Node, key: str, shape: Field) -> tuple[str, ...] | None:
    given = node.get(key)
    if given is None:
        return None
    if isinstance(given, list) and 0 < len(given) <= MOST_CHOICES and all(map(_is_scalar, given)):
        return tuple(as_text(each, shape) or "" for each in given)
    node.refuse(
        key, "Pilihan harus berupa daftar yang tidak kosong.", "The choices must be a list with members."
    )
    return None


def _categories(field: Node, shape: Field) -> tuple[str, ...] | None:
    """Table Schema v2 lists categories bare or with a label; here they are choices."""
    given = field.get("categories")
    if isinstance(given, list):
        given = [each.get("value") if isinstance(each, Mapping) else each for each in given]
    return _enum(Node({"categories": given}, field.place, field.notes), "categories", shape)


def _is_scalar(value: object) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)
