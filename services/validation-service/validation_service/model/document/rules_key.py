"""Aturan validasi: those of the standard, and those in the MS-Var of its fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from muara_kernel.events.finding import SEVERITIES
from validation_service.model.document.fields import Declared
from validation_service.model.document.node import Node, Notes
from validation_service.model.expressions import BadExpression, parse
from validation_service.model.standard import Field, FieldType, TableRule

KEY = "satudata:aturan"
RULE_KEYS = ("aturan", "pesan", "keparahan")
MS_VAR_RULES = "aturan_validasi"
MOST_RULES = 200


def read_rules(document: Node, declared: Declared) -> tuple[TableRule, ...]:
    stated = (_rule(document.notes, place, each) for place, each in document.items(KEY, MOST_RULES))
    rules = [rule for rule in stated if rule is not None]
    if not declared.complete:
        return tuple(rules)  # a rule may speak of a field that is refused already
    types: dict[str, FieldType] = {field.name: field.type for field in declared.fields}
    for rule in rules:
        if (wrong := objection(rule.text, types)) is not None:
            document.notes.add(rule.source, *wrong)
        else:
            for doubt in parse(rule.text, types).doubts:
                document.notes.add(rule.source, doubt.id, doubt.en, "peringatan")
    return (*rules, *_of_ms_var(declared, types))


def objection(text: str, types: Mapping[str, str]) -> tuple[str, str] | None:
    """(id, en) of what keeps a text from being an aturan over these fields."""
    try:
        parse(text, types)  # type: ignore[arg-type]
    except BadExpression as error:
        return f"Aturan tidak dapat dibaca. {error.text.id}", f"The rule cannot be read. {error.text.en}"
    return None


def _rule(notes: Notes, place: str, given: object) -> TableRule | None:
    if isinstance(given, str) and given.strip():
        return TableRule(given, place)
    if not isinstance(given, Mapping):
        notes.add(
            place,
            "Aturan berupa teks yang terisi, atau objek dengan aturan dan pesan.",
            "A rule is a text that is filled in, or an object with aturan and pesan.",
        )
        return None
    node = Node(given, place, notes)
    node.only(RULE_KEYS)
    text = node.text("aturan")
    if node.get("aturan") is None:
        node.refuse("aturan", "Aturan belum diisi.", "The rule is not filled in.")
    message, severity = node.text("pesan") or "", node.choice("keparahan", SEVERITIES)
    return TableRule(text, place, message, severity or "galat") if text else None


def _of_ms_var(declared: Declared, types: Mapping[str, FieldType]) -> Iterator[TableRule]:
    """Those that can be run; the forms hold rules in plain words too: model/metadata/ tells."""
    for field in declared.fields:
        for place, text in ms_var_rules(field, f"{declared.places[field.name]}['satudata:msVar']"):
            if objection(text, types) is None:
                yield TableRule(text, place)


def ms_var_rules(field: Field, place: str) -> Iterator[tuple[str, str]]:
    """Each with its place."""
    given, place = (field.ms_var or {}).get(MS_VAR_RULES), f"{place}.{MS_VAR_RULES}"
    if isinstance(given, str) and given.strip():
        yield place, given
    if isinstance(given, list):
        for index, each in enumerate(given):
            if isinstance(each, str) and each.strip():
                yield f"{place}[{index}]", each
