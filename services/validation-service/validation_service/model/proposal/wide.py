"""Wide tables: columns of which the names are years."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from validation_service.model.proposal.notes import Notes, listed
from validation_service.model.proposal.sample import Column, Sample
from validation_service.model.proposal.words import is_code, is_running

NAME = re.compile(r"(?P<before>.*?)(?P<year>(?:19|20)[0-9]{2})(?P<after>[^0-9]*)")
SPECIAL = re.compile(r"([.^$*+?{}\[\]\\|()])")
PLACE = "$['satudata:tabelLebar']"
Document = dict[str, Any]
Family = tuple[str, str]


def spread_over_years(
    sample: Sample, fields: list[Document], notes: Notes
) -> tuple[list[Document], Document | None]:
    """The fields with one for the year and one for the value, and what joins them; else as they were."""
    families = _families(sample, fields)
    measured = sum(_is_measured(column, field) for column, field in zip(sample.columns, fields, strict=True))
    if len(families) != 1 or 2 * len(next(iter(families.values()))) < measured:
        if families:
            shown = listed([f"{before}…{after}" for before, after in families])
            notes.guess(
                PLACE,
                f"Tahun ada di judul sebagian kolom ({shown}); dibiarkan apa adanya. "
                "Lebih baik satu baris per tahun.",
                f"Years are in the names of some columns ({shown}); left as they are. "
                "A row per year is better.",
            )
        return fields, None
    ((before, after), indexes), *_ = families.items()
    names = [sample.columns[index].name for index in indexes]
    kept = [field for index, field in enumerate(fields) if index not in indexes]
    taken = {field["name"] for field in kept} | set(names)
    year, value = _free("tahun", taken), _free("nilai", taken)
    notes.guess(
        PLACE,
        f"Tahun ada di judul kolom: {listed(names)}.",
        f"Years are in the names of columns: {listed(names)}.",
        share=1.0,
    )
    value_field = _merged([fields[index] for index in indexes], value)
    year_field = {"name": year, "title": "Tahun", "type": "year", "constraints": {"required": True}}
    pattern = SPECIAL.sub(r"\\\1", before) + r"(\d{4})" + SPECIAL.sub(r"\\\1", after)
    return [*kept, year_field, value_field], {"kolom": pattern, "menjadi": year, "nilai": value}


def _families(sample: Sample, fields: Sequence[Mapping[str, Any]]) -> dict[Family, list[int]]:
    found: dict[Family, list[int]] = {}
    for column, field in zip(sample.columns, fields, strict=True):
        match = NAME.fullmatch(column.name)
        if match and _is_measured(column, field):
            found.setdefault((match["before"], match["after"]), []).append(column.index)
    several = {family: indexes for family, indexes in found.items() if len(indexes) > 1}
    if several:
        return several
    alone = {family: indexes for family, indexes in found.items() if family[0].lower() in ("data_", "")}
    return alone if len(alone) == 1 and len(found) == 1 else {}


def _is_measured(column: Column, field: Mapping[str, Any]) -> bool:
    measured = field["type"] in ("integer", "number") or not column.filled
    return measured and not is_code(column.name) and not is_running(column.name)


def _free(name: str, taken: set[str]) -> str:
    return name if name not in taken else _free(f"{name}_", taken)


def _merged(fields: Sequence[Mapping[str, Any]], name: str) -> Document:
    """What is true of all; a column that is blank throughout says nothing."""
    numeric = [field for field in fields if field["type"] in ("integer", "number")]
    kind = "number" if any(field["type"] == "number" for field in numeric) else "integer"
    merged: Document = {"name": name, "title": "Nilai", "type": kind if numeric else "number"}
    for key in ("decimalChar", "groupChar", "satudata:satuan"):
        values = {field[key] for field in numeric if key in field}
        if len(values) == 1:
            merged[key] = values.pop()
    constraints = [field.get("constraints", {}) for field in fields]
    common = {key: True for key in ("required",) if all(each.get(key) for each in constraints)} | {
        key: 0 for key in ("minimum",) if numeric and all(each.get(key) == 0 for each in constraints)
    }
    return merged | ({"constraints": common} if common else {})
