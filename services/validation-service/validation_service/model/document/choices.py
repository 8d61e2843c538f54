"""Choices that the field itself would not accept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from muara_kernel.events.finding import Text
from validation_service.model.document.fields import Declared
from validation_service.model.document.node import Notes
from validation_service.model.document.values import objections
from validation_service.model.standard import Field

MOST_TOLD = 10
REPEATED = Text("berulang", "is repeated")
PADDED = Text("diapit spasi atau kosong", "has spaces around it or is empty")


def refuse_impossible_choices(notes: Notes, declared: Declared) -> None:
    for field in declared.fields:
        place = f"{declared.places[field.name]}.constraints.enum"
        told = 0
        for index, choice, reason in _impossible(field):
            if told < MOST_TOLD:
                told += 1
                notes.add(
                    f"{place}[{index}]",
                    f'Pilihan "{choice}" {reason.id}.',
                    f'The choice "{choice}" {reason.en}.',
                )


def _impossible(field: Field) -> Iterator[tuple[int, str, Text]]:
    choices = field.enum or ()
    seen: set[str] = set()
    refused = objections(choices, replace(field, enum=None))
    for index, (choice, objection) in enumerate(zip(choices, refused, strict=True)):
        reason = PADDED if choice != choice.strip() or not choice else objection
        if choice in seen:
            reason = REPEATED
        seen.add(choice)
        if reason is not None:
            yield index, choice, reason
