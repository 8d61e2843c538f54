"""A standard from a plain Table Schema: what it says is taken over, the five parts are asked for."""

from __future__ import annotations

from collections.abc import Mapping

from validation_service.model.document.field_keys import PARTS
from validation_service.model.proposal.notes import Note, Notes
from validation_service.model.proposal.propose import Proposal
from validation_service.model.table_schema import from_table_schema


def imported(schema: object, parts: Mapping[str, str]) -> Proposal:
    """``parts`` are those that are known; for the others a person is asked. Nothing is refused here."""
    document, problems = from_table_schema(schema, parts)
    notes = Notes()
    for part in PARTS:
        key = f"satudata:{part}"
        if not str(document.get(key) or "").strip():
            document[key] = notes.ask(f"$['{key}']", part, f"the {part}")
    said = tuple(Note(problem.place, problem.text) for problem in problems)
    return Proposal(document, (*notes.all, *said))
