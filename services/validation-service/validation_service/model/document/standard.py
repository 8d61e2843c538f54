"""The whole document: each part reads its own, then what they say is held against each other."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from validation_service.model.document import dataset_keys as dataset
from validation_service.model.document.choices import refuse_impossible_choices
from validation_service.model.document.field_keys import PARTS
from validation_service.model.document.fields import Declared, read_fields
from validation_service.model.document.json_text import refuse_too_deep
from validation_service.model.document.missing import (
    read_missing_values,
    refuse_missing_that_are_values,
    refuse_unanswerable,
)
from validation_service.model.document.misspelt import refuse_misspelt_keys
from validation_service.model.document.names import read_key, refuse_unknown_name_columns
from validation_service.model.document.naming import judge_names
from validation_service.model.document.node import Node, Notes
from validation_service.model.document.rules_key import read_rules
from validation_service.model.document.sums import read_group_sums, read_sums
from validation_service.model.document.wide_key import read_wide, refuse_what_cannot_be_wide
from validation_service.model.metadata.documents import metadata_warnings
from validation_service.model.standard import BadStandard, Standard

MOST_KEYS = 100


def read_standard(document: Mapping[str, Any], places: Collection[str] = ()) -> Standard:
    """Raises BadStandard."""
    notes = Notes()
    if not isinstance(document, Mapping):
        notes.add("$", "Standar data harus berupa objek JSON.", "A standard must be a JSON object.")
        raise BadStandard(notes.problems)
    refuse_too_deep(document)
    if not _can_be_stored(document):
        notes.add(
            "$",
            "Standar memuat huruf atau bilangan yang tidak dapat disimpan.",
            "The standard holds characters or numbers that cannot be stored.",
        )
        raise BadStandard(notes.problems)
    root = Node(document, "$", notes)
    parts = {part: dataset.read_part(root, part) for part in PARTS}
    judge_names(root, parts["konsep"], places)
    root.only(dataset.DATASET_KEYS, namespaced=True)
    refuse_misspelt_keys(root)
    declared = read_fields(root)
    standard = _read(root, parts, declared)
    _refuse_contradictions(root, standard, declared)
    if refusals := notes.refusals:
        raise BadStandard(refusals)
    return replace(standard, warnings=(*notes.warnings, *metadata_warnings(standard)))


def _can_be_stored(document: object) -> bool:
    """Neither half a surrogate nor NaN."""
    try:
        json.dumps(document, ensure_ascii=False, allow_nan=False).encode()
    except ValueError:
        return False
    return True


def _read(root: Node, parts: Mapping[str, str], declared: Declared) -> Standard:
    missing, labels = read_missing_values(root)
    ms_ind, ms_keg = root.object("satudata:msInd"), root.object("satudata:msKeg")
    return Standard(
        konsep=parts["konsep"],
        definisi=parts["definisi"],
        klasifikasi=parts["klasifikasi"],
        ukuran=parts["ukuran"],
        satuan=parts["satuan"],
        fields=declared.fields,
        primary_key=read_key(root, "primaryKey", root.value.get("primaryKey", []), declared),
        unique_keys=_unique_keys(root, declared),
        missing_values=missing,
        missing_labels=labels,
        kode_sdsn=dataset.read_kode_sdsn(root),
        level=dataset.read_level(root),
        frequency=dataset.read_frequency(root),
        period_column=dataset.read_period_column(root, declared),
        sums=read_sums(root, declared),
        group_sums=read_group_sums(root, declared),
        totals_rows=dataset.read_totals_rows(root),
        rules=read_rules(root, declared),
        wide=read_wide(root, declared),
        due_days=dataset.read_due_days(root),
        sheet=root.text("satudata:lembar"),
        encoding=dataset.read_encoding(root),
        ms_ind=ms_ind.value if ms_ind else None,
        ms_keg=ms_keg.value if ms_keg else None,
    )


def _unique_keys(root: Node, declared: Declared) -> tuple[tuple[str, ...], ...]:
    keys = (
        read_key(root, f"uniqueKeys[{index}]", each, declared)
        for index, (_, each) in enumerate(root.items("uniqueKeys", MOST_KEYS))
    )
    return tuple(key for key in keys if key)


def _refuse_contradictions(root: Node, standard: Standard, declared: Declared) -> None:
    refuse_unknown_name_columns(root.notes, declared)
    refuse_impossible_choices(root.notes, declared)
    refuse_missing_that_are_values(root, standard, declared)
    refuse_unanswerable(root.notes, standard, declared)
    dataset.doubt_level(root, standard)
    if standard.wide is not None and declared.complete:
        refuse_what_cannot_be_wide(root, standard, standard.wide)
