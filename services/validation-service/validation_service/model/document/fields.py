"""The fields of a Table Schema."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import get_args

from validation_service.model.document.constraints import read_constraints
from validation_service.model.document.field_keys import FIELD_KEYS, with_satudata
from validation_service.model.document.node import Node
from validation_service.model.standard import Field, FieldType

MOST_FIELDS = 1_000
KINDS: tuple[FieldType, ...] = get_args(FieldType)
UNSUPPORTED = ("missingValues", "bareNumber")
"""Keys of a Table Schema field that would change what its cells mean, and that are not understood here."""


@dataclass(frozen=True)
class Declared:
    """The fields that could be read, and the names of all; ``places`` says where each stands."""

    fields: tuple[Field, ...]
    places: Mapping[str, str]
    complete: bool = False

    def __contains__(self, name: object) -> bool:
        return name in self.places

    def find(self, name: str) -> Field | None:
        """None where there is no such field, or where it could not be read and is refused already."""
        return self._by_name.get(name)

    @cached_property
    def _by_name(self) -> dict[str, Field]:
        return {field.name: field for field in self.fields}


def read_fields(document: Node) -> Declared:
    given = document.get("fields")
    if not isinstance(given, list) or not given:
        document.refuse("fields", "Standar belum mempunyai kolom.", "The standard has no fields.")
        return Declared((), {})
    if len(given) > MOST_FIELDS:
        document.refuse("fields", f"Paling banyak {MOST_FIELDS} kolom.", f"At most {MOST_FIELDS} fields.")
        return Declared((), {})
    read: list[Field] = []
    places: dict[str, str] = {}
    for index, each in enumerate(given):
        place = f"$.fields[{index}]"
        if not isinstance(each, Mapping):
            document.notes.add(place, "Kolom harus berupa objek.", "A field must be an object.")
            continue
        node = Node(each, place, document.notes)
        if (name := _name(node, places)) is not None:
            places[name] = place
            if (field := _field(node, name)) is not None:
                read.append(field)
    return Declared(tuple(read), places, complete=len(read) == len(given))


def _name(node: Node, seen: Mapping[str, str]) -> str | None:
    name = node.get("name")
    if not isinstance(name, str) or not name.strip():
        node.refuse("name", "Kolom belum bernama.", "The field has no name.")
        return None
    if name in seen:
        node.refuse("name", f'Nama kolom "{name}" berulang.', f'The field name "{name}" is repeated.')
        return None
    return name


def _field(node: Node, name: str) -> Field | None:
    kind = _kind(node)
    node.only(FIELD_KEYS, namespaced=True)
    for key in UNSUPPORTED:
        if node.get(key) not in (None, True):
            node.refuse(key, "Kunci ini belum didukung.", "This key is not supported.")
    if kind is None:
        return None
    shape = Field(
        name=name, title=str(node.get("title") or ""), type=kind, date_format=_date_format(node, kind)
    )
    shape = _with_truths(node, _with_separators(node, shape))
    return with_satudata(node, replace(shape, **read_constraints(node, shape)))


def _kind(node: Node) -> FieldType | None:
    given = node.value.get("type", "string")
    for kind in KINDS:
        if given == kind:
            return kind
    known = ", ".join(KINDS)
    node.refuse("type", f"Tipe tidak dikenal; pilih {known}.", f"Unknown type; choose one of {known}.")
    return None


def _date_format(node: Node, kind: FieldType) -> str:
    given = node.get("format")
    if kind != "date" or given in (None, "default"):
        return "%Y-%m-%d"
    parts = re.findall(r"%.", given) if isinstance(given, str) and len(given) <= 20 else []
    if sorted(parts) == ["%Y", "%d", "%m"]:
        return str(given)
    node.refuse(
        "format",
        "Format tanggal memuat %d, %m dan %Y masing-masing sekali.",
        "A date format holds %d, %m and %Y once each.",
    )
    return "%Y-%m-%d"


def _with_separators(node: Node, field: Field) -> Field:
    decimal, group = node.value.get("decimalChar", "."), node.value.get("groupChar", "")
    for key, char, allowed in (
        ("decimalChar", decimal, (".", ",")),
        ("groupChar", group, ("", ".", ",", " ", "'")),
    ):
        if char not in allowed:
            node.refuse(
                key,
                f"Pemisah angka tidak dikenal: {char!r:.20}.",
                f"Unknown separator of numbers: {char!r:.20}.",
            )
            return field
    if decimal == group and field.type == "number":
        node.refuse(
            "groupChar",
            "Pemisah ribuan sama dengan pemisah desimal.",
            "The group separator is the same as the decimal separator.",
        )
    return replace(field, decimal=decimal, group=group)


def _with_truths(node: Node, field: Field) -> Field:
    true = _texts(node, "trueValues") or field.true_values
    false = _texts(node, "falseValues") or field.false_values
    if both := sorted(set(true) & set(false)):
        shown = ", ".join(both)
        node.refuse(
            "falseValues",
            f"Nilai ini berarti benar sekaligus salah: {shown}.",
            f"These values mean both true and false: {shown}.",
        )
    return replace(field, true_values=true, false_values=false)


def _texts(node: Node, key: str) -> tuple[str, ...] | None:
    given = node.get(key)
    if given is None:
        return None
    if isinstance(given, list) and given and all(isinstance(each, str) for each in given):
        return tuple(given)
    node.refuse(key, "Harus berupa daftar teks.", "Must be a list of texts.")
    return None
