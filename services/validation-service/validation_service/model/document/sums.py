"""Sums that a table must keep: within a row, and over groups of rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from validation_service.model.document.field_keys import NUMERIC
from validation_service.model.document.fields import Declared
from validation_service.model.document.names import known_name, known_names
from validation_service.model.document.node import Node, Notes
from validation_service.model.standard import GroupSum, Sum

SUMS, GROUP_SUMS = "satudata:jumlah", "satudata:jumlahKelompok"
SUM_KEYS = ("total", "bagian", "toleransi")
GROUP_SUM_KEYS = ("kolom", "per", "samaDengan", "toleransi")


def read_sums(document: Node, declared: Declared) -> tuple[Sum, ...]:
    read = [(node.place, _sum(node, declared)) for node in document.objects(SUMS)]
    sums = {place: each for place, each in read if each is not None}
    _refuse_circles(document.notes, sums)
    return tuple(sums.values())


def read_group_sums(document: Node, declared: Declared) -> tuple[GroupSum, ...]:
    read = (_group_sum(node, declared) for node in document.objects(GROUP_SUMS))
    return tuple(each for each in read if each is not None)


def _sum(node: Node, declared: Declared) -> Sum | None:
    node.only(SUM_KEYS)
    total = known_name(node, "total", declared)
    parts = known_names(node, "bagian", declared)
    tolerance = node.number("toleransi", least=0) or 0.0
    if total is None or not parts:
        return None
    _numeric(node, "total", total, declared)
    for index, part in enumerate(parts):
        _numeric(node, f"bagian[{index}]", part, declared)
    if total in parts:
        node.refuse(
            "bagian",
            f'Jumlah "{total}" tidak dapat menjadi bagian dari dirinya.',
            f'The total "{total}" cannot be among its own parts.',
        )
        return None
    return Sum(total, parts, tolerance)


def _group_sum(node: Node, declared: Declared) -> GroupSum | None:
    node.only(GROUP_SUM_KEYS)
    name = known_name(node, "kolom", declared)
    per = known_names(node, "per", declared, may_be_empty=True)
    equals = node.number("samaDengan")
    tolerance = node.number("toleransi", least=0) or 0.0
    if node.get("samaDengan") is None:
        node.refuse("samaDengan", "Sebutkan berapa jumlahnya.", "Say what the sum is.")
    if name is None or per is None or equals is None:
        return None
    _numeric(node, "kolom", name, declared)
    if name in per:
        node.refuse(
            "per",
            f'Kolom "{name}" tidak dapat dijumlahkan per dirinya sendiri.',
            f'The field "{name}" cannot be summed per itself.',
        )
    return GroupSum(name, per, equals, tolerance)


def _numeric(node: Node, key: str, name: str, declared: Declared) -> None:
    field = declared.find(name)
    if field is not None and field.type not in NUMERIC:
        node.refuse(
            key,
            f'Kolom "{name}" bertipe {field.type}, tidak dapat dijumlahkan.',
            f'The field "{name}" is of type {field.type} and cannot be summed.',
        )


def _refuse_circles(notes: Notes, sums: Mapping[str, Sum]) -> None:
    """A total may be part of another total, but never, by whatever way, of itself."""
    parts_of: dict[str, set[str]] = {}
    for each in sums.values():
        parts_of.setdefault(each.total, set()).update(each.parts)
    circular = set(_circular(parts_of))
    for place, each in sums.items():
        if each.total in circular and circular & set(each.parts):
            notes.add(
                place,
                f'Jumlah "{each.total}" akhirnya menjadi bagian dari dirinya sendiri.',
                f'The total "{each.total}" is in the end a part of itself.',
            )


def _circular(parts_of: Mapping[str, set[str]]) -> Iterator[str]:
    """The totals of every circle there is."""
    left = dict(parts_of)
    while True:
        try:
            TopologicalSorter(left).prepare()
        except CycleError as error:
            circle: list[str] = error.args[1]
            yield from circle
            left = {total: parts for total, parts in left.items() if total not in circle}
        else:
            return
