"""All rules that look at one row at a time, asked of a table."""

from __future__ import annotations

from itertools import chain

import polars as pl

from validation_service.model.rules import expressions, spaces, sums
from validation_service.model.rules.findings import Findings
from validation_service.model.rules.probe import RowProbe, ask, kept
from validation_service.model.standard import Standard

FAMILIES = (spaces, sums, expressions)


@kept
def row_probes(standard: Standard) -> tuple[RowProbe, ...]:
    return tuple(chain.from_iterable(family.row_probes(standard) for family in FAMILIES))


def check_rows(
    frame: pl.DataFrame, standard: Standard, findings: Findings, whole: pl.DataFrame | None = None
) -> None:
    """``whole`` has all rows, with the columns of the rules that sum up columns, where ``frame`` has few."""
    probes = row_probes(standard)
    ask(frame, [probe for probe in probes if not probe.whole], findings)
    ask(frame if whole is None else whole, [probe for probe in probes if probe.whole], findings)
