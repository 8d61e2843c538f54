"""The rules that need to see a table as a whole, one after the other."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from validation_service.model.codelists.codelist import Codelist
from validation_service.model.facts import Facts
from validation_service.model.rules.changes import FetchEdition, check_changes, watched
from validation_service.model.rules.completeness import check_completeness
from validation_service.model.rules.findings import Findings
from validation_service.model.rules.group_sums import check_group_sums
from validation_service.model.rules.periods import check_period_of_rows
from validation_service.model.rules.sequence import check_sequences
from validation_service.model.standard import Standard


def check_whole_table(
    frame: pl.DataFrame,
    standard: Standard,
    codelists: Mapping[str, Codelist],
    facts: Facts,
    before: FetchEdition,
    findings: Findings,
) -> None:
    """``frame`` without its totals rows, with at least ``columns_needed``."""
    check_group_sums(frame, standard, findings)
    check_sequences(frame, standard, findings)
    check_completeness(frame, standard, codelists, facts, findings)
    check_changes(frame, standard, facts.period, before, findings)
    check_period_of_rows(frame, standard, facts, findings)


def columns_needed(standard: Standard) -> frozenset[int]:
    """The fields that these rules look at, by index."""
    names: set[str] = set()
    for each in standard.group_sums:
        names |= {each.field, *each.per}
    names |= {field.name for field in standard.fields if field.consecutive}
    names |= {field.name for field in standard.fields if field.reference and field.reference.complete}
    if changing := {field.name for _, field, _ in watched(standard)}:
        names |= changing | set(standard.primary_key)
    if standard.period_column:
        names.add(standard.period_column)
    return frozenset(standard.position(name) for name in names)
