"""Wide tables: columns of which the names are years or months."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from muara_kernel.events.finding import Text
from validation_service.model.proposal.notes import Notes, listed
from validation_service.model.proposal.sample import Column, Sample
from validation_service.model.proposal.words import is_code, is_running

SPECIAL = re.compile(r"([.^$*+?{}\[\]\\|()])")
MARK = re.compile(r"[*¹²³]")
"""Behind the years of figures that are not final."""
PLACE = "$['satudata:tabelLebar']"
Document = dict[str, Any]
Family = tuple[str, str]


@dataclass(frozen=True)
class Kind:
    """``shape`` has what comes before and after; fewer columns than ``least`` may be called so by chance."""

    word: str
    said: Text
    shape: re.Pattern[str]
    least: int
    year: bool

    def group(self, written: Sequence[str]) -> str:
        marks = r"[*¹²³]*" if any(MARK.search(text) for text in written) else ""
        return rf"(\d{{4}}){marks}" if self.year else f"({'|'.join(written)})"

    def field(self, name: str, written: Sequence[str]) -> Document:
        title, required = self.word.capitalize(), {"required": True}
        if self.year:
            return {"name": name, "title": title, "type": "year", "constraints": required}
        return {
            "name": name,
            "title": title,
            "type": "string",
            "constraints": required | {"enum": list(written)},
        }


YEARS = Kind(
    "tahun",
    Text("Tahun", "Years"),
    re.compile(r"(?P<before>.*?)(?P<year>(?:19|20)[0-9]{2})(?P<mark>[*¹²³]*)(?P<after>[^0-9]*)"),
    least=2,
    year=True,
)
MONTHS = Kind(
    "bulan",
    Text("Bulan", "Months"),
    re.compile(
        r"(?P<before>(?:.*[^a-z])?)"
        r"(?:januari|februari|pebruari|maret|april|mei|juni|juli|agustus|september|oktober|november|nopember"
        r"|desember|jan|feb|peb|mar|apr|jun|jul|agu|agt|ags|agust|aug|sept?|okt|oct|nov|nop|des|dec)"
        r"(?P<mark>)(?P<after>(?:[^a-z].*)?)",
        re.IGNORECASE,
    ),
    least=3,
    year=False,
)


def spread(sample: Sample, fields: list[Document], notes: Notes) -> tuple[list[Document], Document | None]:
    """The fields with one for the year or month and one for the value, and what joins them; else as given."""
    for kind in (YEARS, MONTHS):
        if families := _families(kind, sample, fields):
            return _spread_over(kind, families, sample, fields, notes)
    return fields, None


def _spread_over(
    kind: Kind, families: dict[Family, list[int]], sample: Sample, fields: list[Document], notes: Notes
) -> tuple[list[Document], Document | None]:
    measured = sum(_is_measured(column, field) for column, field in zip(sample.columns, fields, strict=True))
    if len(families) != 1 or 2 * len(next(iter(families.values()))) < measured:
        shown = listed([f"{before}…{after}" for before, after in families])
        notes.guess(
            PLACE,
            f"{kind.said.id} ada di judul sebagian kolom ({shown}); dibiarkan apa adanya. "
            f"Lebih baik satu baris per {kind.word}.",
            f"{kind.said.en} are in the names of some columns ({shown}); left as they are. "
            f"A row for each is better.",
        )
        return fields, None
    ((before, after), indexes), *_ = families.items()
    names = [sample.columns[index].name for index in indexes]
    kept = [field for index, field in enumerate(fields) if index not in indexes]
    taken = {field["name"] for field in kept} | set(names)
    told, value = _free(kind.word, taken), _free("nilai", taken)
    notes.guess(
        PLACE,
        f"{kind.said.id} ada di judul kolom: {listed(names)}.",
        f"{kind.said.en} are in the names of columns: {listed(names)}.",
        share=1.0,
    )
    value_field = _merged([fields[index] for index in indexes], value)
    written = [name[len(before) : len(name) - len(after)] for name in names]
    pattern = _escaped(before) + kind.group(written) + _escaped(after)
    return [*kept, kind.field(told, written), value_field], {
        "kolom": pattern,
        "menjadi": told,
        "nilai": value,
    }


def _escaped(text: str) -> str:
    return SPECIAL.sub(r"\\\1", text)


def _families(kind: Kind, sample: Sample, fields: Sequence[Mapping[str, Any]]) -> dict[Family, list[int]]:
    found: dict[Family, list[int]] = {}
    for column, field in zip(sample.columns, fields, strict=True):
        match = kind.shape.fullmatch(column.name)
        if match and _is_measured(column, field):
            found.setdefault((match["before"], match["after"]), []).append(column.index)
    several = {family: indexes for family, indexes in found.items() if len(indexes) >= kind.least}
    if several or kind is MONTHS:
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
