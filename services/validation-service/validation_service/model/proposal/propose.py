"""From the bytes of a sample to a standard that a person corrects; what was guessed is said, all of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from validation_service.model.codelists.codelist import Codelist
from validation_service.model.proposal.fields import field_of
from validation_service.model.proposal.keys import primary_key
from validation_service.model.proposal.missing import missing_values
from validation_service.model.proposal.notes import Note, Notes
from validation_service.model.proposal.parts import parts_of, period_of
from validation_service.model.proposal.places import add_codes, level_of_rows
from validation_service.model.proposal.proof import proven
from validation_service.model.proposal.sample import Sample, read_sample
from validation_service.model.proposal.sums import sums_of
from validation_service.model.proposal.surroundings import note_surroundings, surroundings_of
from validation_service.model.proposal.wide import spread

Document = dict[str, Any]
FIELD = re.compile(r"\$\.fields\[(\d+)\](.*)")
UNKNOWN_PLACE = -1


@dataclass(frozen=True)
class Proposal:
    """``standard`` is a document whose marked texts ("ISI: …") a person replaces; then it parses.

    ``notes`` name each guess, with the share of the values that support it, and each text to be filled in.
    """

    standard: Document
    notes: tuple[Note, ...]
    rows: int = 0
    understood: Mapping[str, Any] = field(default_factory=dict)

    @property
    def to_fill_in(self) -> tuple[str, ...]:
        return tuple(note.place for note in self.notes if note.fill_in)

    def told(self) -> Document:
        return {
            "standard": self.standard,
            "notes": [note.told() for note in self.notes],
            "to_fill_in": list(self.to_fill_in),
            "rows": self.rows,
            "understood": dict(self.understood),
        }


def propose(
    data: bytes,
    *,
    filename: str = "",
    media_type: str = "",
    sheet: str | None = None,
    codelists: Mapping[str, Codelist] | None = None,
) -> Proposal:
    """Raises Unreadable where there is no table in the bytes. It does no I/O."""
    sample = read_sample(data, filename=filename, media_type=media_type, sheet=sheet)
    notes, fields = _fields(sample)
    note_surroundings(sample, notes)
    add_codes(sample, fields, codelists or {}, notes)
    key = primary_key(sample, fields, notes)
    level = level_of_rows(sample, notes)
    places = [each["name"] for each in fields]
    narrow, wide = spread(sample, fields, notes)
    sums = [] if wide else sums_of(sample, fields, notes)
    parts = parts_of(sample, fields, notes)
    if wide and (key or sample.frame.height < 2):
        key = [name for name in key if name in {each["name"] for each in narrow}] + [wide["menjadi"]]
    period = _period_in_names(narrow, wide) or period_of(sample, narrow, notes)
    _leave_the_key_required(narrow, key)
    document: Document = {
        **parts,
        **({"satudata:level": level} if level else {}),
        **period,
        **surroundings_of(sample, notes),
        **({"satudata:tabelLebar": wide} if wide else {}),
        **({"satudata:jumlah": sums} if sums else {}),
        "missingValues": missing_values(sample.columns, notes),
        "fields": narrow,
        **({"primaryKey": key} if key else {}),
    }
    document = proven(document, notes)
    told = _at_their_places(notes.all, places, document)
    return Proposal(document, told, sample.frame.height, sample.grid.understood)


def _fields(sample: Sample) -> tuple[Notes, list[Document]]:
    """Once more where the types show that a row of totals is among the data."""
    notes, fields = _once(sample)
    if sample.without_totals([each["type"] for each in fields]):
        notes, fields = _once(sample)
    return notes, fields


def _once(sample: Sample) -> tuple[Notes, list[Document]]:
    notes = Notes()
    return notes, [field_of(column, notes) for column in sample.columns]


def _period_in_names(fields: list[Document], wide: Document | None) -> Document:
    is_year = any(wide and each["name"] == wide["menjadi"] and each["type"] == "year" for each in fields)
    return (
        {"satudata:periode": "tahunan", "satudata:kolomPeriode": wide["menjadi"]} if wide and is_year else {}
    )


def _leave_the_key_required(fields: list[Document], key: list[str]) -> None:
    for each in fields:
        if each["name"] in key:
            each.setdefault("constraints", {})["required"] = True
        if key == [each["name"]]:
            each.get("constraints", {}).pop("unique", None)


def _at_their_places(notes: list[Note], before: list[str], document: Document) -> tuple[Note, ...]:
    """Notes on columns of a wide table are on the field that stands for them, the weakest in each place."""
    now = {each["name"]: index for index, each in enumerate(document["fields"])}
    wide = document.get("satudata:tabelLebar")
    value = now.get(wide["nilai"], UNKNOWN_PLACE) if wide else UNKNOWN_PLACE
    moved: list[Note] = []
    weakest: dict[str, int] = {}
    for note in notes:
        match = FIELD.fullmatch(note.place)
        if match and int(match[1]) < len(before):
            name = before[int(match[1])]
            place = now.get(name, value)
            note = replace(note, place=f"$.fields[{place}]{match[2]}") if place >= 0 else note
            if name not in now and place >= 0 and weakest.setdefault(note.place, len(moved)) < len(moved):
                at = weakest[note.place]
                moved[at] = min(moved[at], note, key=_support)
                continue
        moved.append(note)
    return tuple(moved)


def _support(note: Note) -> float:
    return 1.0 if note.share is None else note.share
