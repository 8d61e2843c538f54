"""A proposal that is refused once it is filled in is none: what contradicts itself is left out."""

from __future__ import annotations

import copy
import re
from typing import Any

from validation_service.model.document.dataset_keys import FILL_IN
from validation_service.model.document.field_keys import PARTS
from validation_service.model.proposal.notes import Notes
from validation_service.model.standard import BadStandard, Standard

Document = dict[str, Any]
OPTIONAL = (
    *("satudata:jumlah", "satudata:tabelLebar", "satudata:kolomPeriode", "satudata:periode"),
    *("satudata:level", "satudata:lembar", "satudata:pengodean", "satudata:barisJumlah", "primaryKey"),
)
FIELD = re.compile(r"\$\.fields\[(\d+)\]")
MARK = re.compile(r"\$\.missingValues\[(\d+)\]")
ANSWERS = {"konsep": "Data", "definisi": "isi", "klasifikasi": "isi", "ukuran": "Jumlah", "satuan": "Satuan"}
ROUNDS = 5


def proven(document: Document, notes: Notes) -> Document:
    for _ in range(ROUNDS):
        try:
            Standard.parse(answered(document))
        except BadStandard as error:
            for place in {problem.place for problem in error.problems if problem.severity == "galat"}:
                _leave_out(document, place, notes)
        else:
            break
    return document


def answered(document: Document) -> Document:
    """With something in each place that a person has to fill in."""
    filled = copy.deepcopy(document)
    for part in PARTS:
        if str(filled[f"satudata:{part}"]).startswith(FILL_IN):
            filled[f"satudata:{part}"] = ANSWERS[part]
    return filled


def _leave_out(document: Document, place: str, notes: Notes) -> None:
    if match := FIELD.match(place):
        field = document["fields"][int(match[1])]
        for key in [key for key in field if key not in ("name", "title", "type")]:
            del field[key]
        if not place.endswith("name"):
            field["type"] = "string"
    elif match := MARK.match(place):
        marks = document["missingValues"]
        if int(match[1]) < len(marks):
            marks[int(match[1])] = ""
        document["missingValues"] = list({str(mark): mark for mark in marks}.values())
    elif key := next((key for key in OPTIONAL if key in place), None):
        document.pop(key, None)
    elif part := next((part for part in PARTS if f"satudata:{part}" in place), None):
        document[f"satudata:{part}"] = notes.ask(f"$['satudata:{part}']", f"{part}", f"the {part}")
        return
    notes.guess(
        place,
        "Dugaan di sini saling bertentangan dan dilepas.",
        "The guesses here contradicted each other and were dropped.",
    )
