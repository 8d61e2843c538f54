"""``satudata:tabelLebar``: columns of which the names are values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from muara_kernel.events.finding import Text
from validation_service.model.document.constraints import read_pattern
from validation_service.model.document.fields import Declared
from validation_service.model.document.names import known_name
from validation_service.model.document.node import Node
from validation_service.model.expressions import BadExpression, parse, rewritten
from validation_service.model.expressions.words import LONGEST
from validation_service.model.patterns import groups
from validation_service.model.standard import FieldType, Standard, Wide

KEY = "satudata:tabelLebar"
WIDE_KEYS = ("kolom", "menjadi", "nilai")
LONGEST_NAME = 100
"""A longer column name stands for no value."""
SAMPLES: dict[FieldType, str] = {
    "string": "'x'",
    "integer": "1",
    "number": "1",
    "year": "2024",
    "boolean": "benar",
    "date": "'2024-01-31'",
}
"""How a value in the header may stand in an aturan, by the type of its field."""

_NO_KEY = Text(
    'Nilai tabel lebar "{nilai}" tidak dapat menjadi kunci.',
    'The value "{nilai}" of a wide table cannot be part of a key.',
)
_NO_NAMES = Text(
    'Nama untuk kode tidak dapat berada di "{nama}" atau "{nilai}", yang melebar.',
    'The names of codes cannot stand in "{nama}" or "{nilai}", which are wide.',
)
_NO_PERIOD = Text(
    'Periode tabel lebar ada di "{nama}", bukan di "{nilai}".',
    'The period of the wide table is in "{nama}", not in "{nilai}".',
)
_NO_SUM = Text(
    '"{nama}" ada di judul kolom tabel lebar, tidak dapat dijumlahkan.',
    '"{nama}" is in the header of the wide table and cannot be summed.',
)
_NO_GROUP_SUM = Text(
    'Dalam tabel lebar, hanya "{nilai}" yang dapat dijumlahkan, per "{nama}".',
    'In a wide table only "{nilai}" can be summed, per "{nama}".',
)
_NO_RULE = Text(
    'Aturan ini tidak dapat berlaku untuk tiap kolom tabel lebar: "total" atas "{nilai}" dan "kosong" atas '
    '"{nama}" tidak dapat dipakai, dan keduanya tidak dapat disebut terlalu sering.',
    'This rule cannot be applied to each column of the wide table: "total" of "{nilai}" and "kosong" of '
    '"{nama}" cannot be used, and neither can be named too often.',
)


def read_wide(document: Node, declared: Declared) -> Wide | None:
    node = document.object(KEY)
    if node is None:
        return None
    node.only(WIDE_KEYS)
    pattern = _one_group(node)
    name, value = known_name(node, "menjadi", declared), known_name(node, "nilai", declared)
    if pattern is None or name is None or value is None:
        return None
    if name == value:
        node.refuse(
            "nilai",
            "Kolom nilai harus lain dari kolom yang diisi dari judul.",
            "The field of values must be another than the one filled in from the header.",
        )
        return None
    return Wide(pattern, name, value)


def _one_group(node: Node) -> str | None:
    if not isinstance(node.get("kolom"), str):
        node.refuse("kolom", "Sebutkan pola judul kolomnya.", "Give the pattern of the column names.")
        return None
    pattern = read_pattern(node, "kolom")
    if pattern is not None and (groups(pattern) != 1 or not _for_names(pattern)):
        node.refuse(
            "kolom",
            r"Pola harus mempunyai tepat satu kelompok dalam kurung, misalnya data_(\d{4}).",
            r"The pattern must have exactly one group in brackets, such as data_(\d{4}).",
        )
        return None
    return pattern


def _for_names(pattern: str) -> bool:
    """Where a header is looked for, names are matched one by one, which Python's own patterns do."""
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def refuse_what_cannot_be_wide(document: Node, standard: Standard, wide: Wide) -> None:
    """What would speak of several columns at once, or of the header as if it were a cell."""
    refuse = partial(_refuse, document, wide)
    for place, key in _keys(standard):
        if wide.value_field in key:
            refuse(place, _NO_KEY)
    for field in standard.fields:
        named = field.reference.name_column if field.reference else None
        if named in (wide.name_field, wide.value_field):
            refuse(f"fields[{standard.position(field.name)}]['satudata:kodeReferensi'].kolomNama", _NO_NAMES)
    if standard.period_column == wide.value_field:
        refuse("satudata:kolomPeriode", _NO_PERIOD)
    if any(wide.name_field in (each.total, *each.parts) for each in standard.sums):
        refuse("satudata:jumlah", _NO_SUM)
    for each in standard.group_sums:
        if each.field == wide.name_field or (
            each.field == wide.value_field and wide.name_field not in each.per
        ):
            refuse("satudata:jumlahKelompok", _NO_GROUP_SUM)
    for rule in standard.rules:
        if not _can_be_spread(rule.text, standard, wide):
            document.notes.add(rule.source, *_said(_NO_RULE, wide))


def _keys(standard: Standard) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "primaryKey", standard.primary_key
    yield from ((f"uniqueKeys[{index}]", key) for index, key in enumerate(standard.unique_keys))


def _can_be_spread(text: str, standard: Standard, wide: Wide) -> bool:
    """``total(nilai)`` would be the total of one column, ``kosong(judul)`` asks of the header; and the rule
    must be short enough with the longest names of columns."""
    types = {field.name: field.type for field in standard.fields}
    try:
        if wide.value_field in parse(text, types).totalled:
            return False
        parse(rewritten(text, {wide.name_field: SAMPLES[types[wide.name_field]]}, types), types)
        longest = "x" * 2 * (LONGEST_NAME + 1)
        return len(rewritten(text, {wide.name_field: longest, wide.value_field: longest}, types)) <= LONGEST
    except BadExpression:
        return False


def _refuse(document: Node, wide: Wide, key: str, text: Text) -> None:
    document.refuse(key, *_said(text, wide))


def _said(text: Text, wide: Wide) -> tuple[str, str]:
    words = {"nama": wide.name_field, "nilai": wide.value_field}
    return text.id.format(**words), text.en.format(**words)
