"""Wide tables: what the names of the columns say is held against the standard, once for each column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from muara_kernel.events.finding import Text
from validation_service.model.codelists.codelist import Codelist
from validation_service.model.facts import Facts
from validation_service.model.reading.grid import ROW, Grid
from validation_service.model.rules.catalogue import found
from validation_service.model.rules.cells import check_cells
from validation_service.model.rules.codes import check_codes
from validation_service.model.rules.columns import column
from validation_service.model.rules.findings import Findings
from validation_service.model.rules.types import typed
from validation_service.model.standard import Field, Standard, WideColumn
from validation_service.model.wide import of_header


def check_wide_names(
    grid: Grid, standard: Standard, codelists: Mapping[str, Codelist], facts: Facts, findings: Findings
) -> None:
    """``standard`` as it was expanded for the header of the grid."""
    asked = of_header(standard)
    if asked is None:
        return
    columns = standard.wide_columns
    values = pl.DataFrame({ROW: range(len(columns)), column(0): [each.value for each in columns]})
    about = Findings()
    check_cells(values, asked, about, {})
    check_codes(values, asked, codelists, facts, about)
    for finding in about.ordered(()):
        name = columns[finding.row or 0].name
        findings.add(replace(finding, row=grid.header_row, column=name))
    _check_repeated(grid, columns, _meant(columns, asked.fields[0]), findings)


def _meant(columns: tuple[WideColumn, ...], field: Field) -> list[str]:
    """02020 is 2020 where a number is meant; what is no value at all stays as it is written."""
    texts = pl.DataFrame({"text": [each.value.strip() for each in columns]}, schema={"text": pl.String})
    values = texts.select(value=typed(pl.col("text"), field).cast(pl.String)).to_series()
    return values.fill_null(texts["text"]).to_list()


def _check_repeated(
    grid: Grid, columns: tuple[WideColumn, ...], meant: Sequence[str], findings: Findings
) -> None:
    seen: dict[str, WideColumn] = {}
    for each, value in zip(columns, meant, strict=True):
        first = seen.setdefault(value, each)
        if first is not each:
            problem = Text(
                f'"{each.name}" berarti {first.value}, sama dengan "{first.name}"',
                f'"{each.name}" means {first.value}, as "{first.name}" does',
            )
            position = grid.header.index(each.name) + 1
            findings.add(
                found(
                    "IO-06",
                    row=grid.header_row,
                    column=each.name,
                    value=each.name,
                    position=position,
                    problem=problem,
                )
            )
