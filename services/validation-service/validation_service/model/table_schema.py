"""From a plain Table Schema (Frictionless, v1 or v2) to the document of a standard.

What would not be checked here is left out or made wider, and each such place is noted; nothing is made
stricter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from validation_service.model.document.constraints import CONSTRAINTS
from validation_service.model.document.fields import KINDS, UNSUPPORTED
from validation_service.model.document.node import NAMESPACE, Notes
from validation_service.model.patterns import compiles
from validation_service.model.problem import Problem

YEARMONTH = "[0-9]{4}-(?:0[1-9]|1[0-2])"
DECIMALS, GROUPS = (".", ","), ("", ".", ",", " ", "'")
NOT_CHECKED = {
    "foreignKeys": (
        "Rujukan ke tabel lain tidak diperiksa; pakai satudata:kodeReferensi.",
        "References to other tables are not checked; use satudata:kodeReferensi.",
    ),
    "fieldsMatch": (
        "Kolom selalu dicocokkan menurut nama, dalam urutan apa pun.",
        "Columns are always matched by name, in any order.",
    ),
}
Document = dict[str, Any]


def from_table_schema(schema: object, parts: Mapping[str, str]) -> tuple[Document, list[Problem]]:
    """The document, to be parsed next, and what became of each place of the schema that is not taken over.

    ``parts``: konsep, definisi, klasifikasi, ukuran and satuan, as far as they are known. A Data Package or
    Data Resource with one schema is read as that schema.
    """
    notes = Notes()
    found = _schema_within(schema)
    if found is None:
        notes.add(
            "$", "Ini bukan Table Schema: tidak ada fields.", "This is no Table Schema: it has no fields."
        )
        found = {}
    document = {f"{NAMESPACE}{part}": text for part, text in parts.items()} | dict(found)
    for key, said in NOT_CHECKED.items():
        if document.pop(key, None) is not None:
            notes.add(f"$.{key}", *said, "catatan")
    if isinstance(found.get("fields"), list):
        document["fields"] = [_field(each, f"$.fields[{n}]", notes) for n, each in enumerate(found["fields"])]
    _missing_values(document, found, notes)
    return document, notes.problems


def _schema_within(given: object) -> Mapping[str, Any] | None:
    if not isinstance(given, Mapping):
        return None
    resources = given.get("resources")
    if isinstance(resources, list) and len(resources) == 1:
        return _schema_within(resources[0])
    inner = given.get("schema")
    if "fields" not in given and isinstance(inner, Mapping):
        return _schema_within(inner)
    return given if "fields" in given else None


def _field(given: object, place: str, notes: Notes) -> object:
    if not isinstance(given, Mapping):
        return given
    field = {key: value for key, value in given.items() if key not in (*UNSUPPORTED, "constraints")}
    constraints = given.get("constraints")
    field["constraints"] = dict(constraints) if isinstance(constraints, Mapping) else {}
    reader = _FieldImport(field, place, notes)
    reader.take_type(given)
    reader.take_separators()
    reader.take_constraints()
    if not field["constraints"]:
        del field["constraints"]
    return field


class _FieldImport:
    """Changes ``field`` where it stands, noting why."""

    def __init__(self, field: Document, place: str, notes: Notes) -> None:
        self.field = field
        self.constraints: Document = field["constraints"]
        self.place = place
        self.notes = notes

    def note(self, key: str, id_: str, en: str) -> None:
        self.notes.add(f"{self.place}.{key}", id_, en, "catatan")

    def take_type(self, given: Mapping[str, Any]) -> None:
        kind, format_ = str(given.get("type") or "string"), given.get("format")
        if kind == "yearmonth":
            self.constraints.setdefault("pattern", YEARMONTH)
        if kind in ("integer", "number") and given.get("bareNumber") is False:
            self.become_text("bareNumber", "angka yang bercampur tanda lain", "numbers among other signs")
        elif kind not in KINDS:
            self.become_text("type", f"tipe {kind}", f"the type {kind}")
        elif kind == "date":
            self.take_date_format(format_)
        elif format_ not in (None, "default"):
            del self.field["format"]
            self.note("format", f"Format {format_} tidak diperiksa.", f"The format {format_} is not checked.")

    def take_date_format(self, format_: object) -> None:
        pattern = str(format_ or "default").removeprefix("fmt:")
        if pattern == "any":
            self.become_text("format", "tanggal dalam format apa pun", "dates of any format")
        elif pattern != "default" and any(pattern.count(part) != 1 for part in ("%d", "%m", "%Y")):
            self.become_text("format", f"tanggal dalam format {pattern}", f"dates of the format {pattern}")
        elif format_ is not None:
            self.field["format"] = pattern

    def become_text(self, key: str, id_: str, en: str) -> None:
        self.field["type"] = "string"
        for name in ("format", "decimalChar", "groupChar", "trueValues", "falseValues"):
            self.field.pop(name, None)
        self.note(
            key, f"Dibaca sebagai teks, karena {id_} belum diperiksa.", f"Read as text: no check of {en}."
        )

    def take_separators(self) -> None:
        for key, allowed in (("decimalChar", DECIMALS), ("groupChar", GROUPS)):
            char = self.field.get(key)
            if char is not None and char not in allowed:
                self.become_text(key, f"pemisah {char!r}", f"numbers with {char!r}")

    def take_constraints(self) -> None:
        self.move_exclusive("exclusiveMinimum", "minimum", 1)
        self.move_exclusive("exclusiveMaximum", "maximum", -1)
        kind = self.field.get("type") or "string"
        for key in list(self.constraints):
            if key not in CONSTRAINTS:
                self.drop(key, lambda _: True)
        if kind in ("string", "boolean"):
            self.drop("minimum", lambda _: True)
            self.drop("maximum", lambda _: True)
        if kind != "string":
            self.drop("minLength", lambda _: True)
            self.drop("maxLength", lambda _: True)
        self.drop("pattern", lambda pattern: not (isinstance(pattern, str) and pattern and compiles(pattern)))
        if isinstance(choices := self.constraints.get("enum"), list):
            self.constraints["enum"] = [each for each in choices if each is not None and each != ""]

    def move_exclusive(self, key: str, inclusive: str, step: int) -> None:
        """Whole numbers have a next one."""
        bound, whole = self.constraints.get(key), self.field.get("type") in ("integer", "year")
        if whole and isinstance(bound, int) and inclusive not in self.constraints:
            del self.constraints[key]
            self.constraints[inclusive] = bound + step
            self.note(
                f"constraints.{key}",
                f"Ditulis sebagai {inclusive} {bound + step}.",
                f"Written as {inclusive} {bound + step}.",
            )

    def drop(self, key: str, unusable: Callable[[Any], bool]) -> None:
        if key in self.constraints and unusable(self.constraints[key]):
            del self.constraints[key]
            self.note(f"constraints.{key}", "Batasan ini tidak diperiksa.", "This constraint is not checked.")


def _missing_values(document: Document, found: Mapping[str, Any], notes: Notes) -> None:
    """Those of single fields are those of all; a blank has no label."""
    values: dict[str, Any] = {}
    given = found.get("missingValues", [""])
    for index, each in enumerate(given if isinstance(given, list) else []):
        value = each.get("value") if isinstance(each, Mapping) else each
        if isinstance(each, Mapping) and isinstance(value, str) and not value.strip():
            said = "Sel kosong tidak berlabel.", "A blank cell has no label."
            notes.add(f"$.missingValues[{index}]", *said, "catatan")
            each = value
        values.setdefault(str(value), each)
    for place, each in _of_fields(found):
        value = each.get("value") if isinstance(each, Mapping) else each
        if str(value) not in values:
            values[str(value)] = each
            said = "Berlaku untuk semua kolom.", "Holds for all columns."
            notes.add(place, *said, "catatan")
    if isinstance(given, list):
        document["missingValues"] = list(values.values())


def _of_fields(found: Mapping[str, Any]) -> list[tuple[str, Any]]:
    fields = found.get("fields")
    return [
        (f"$.fields[{n}].missingValues", value)
        for n, field in enumerate(fields if isinstance(fields, list) else [])
        if isinstance(field, Mapping) and isinstance(field.get("missingValues"), list)
        for value in field["missingValues"]
    ]
