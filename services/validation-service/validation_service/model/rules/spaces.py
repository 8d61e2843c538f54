"""SD-08: texts with spaces around them, or doubled within. Codes and choices are judged by their lists."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from validation_service.model.rules.blanks import is_mark, is_missing
from validation_service.model.rules.columns import column
from validation_service.model.rules.probe import RowProbe, kept
from validation_service.model.standard import Field, Standard

SPACES = (" ", "\u00a0", "\t")
DOUBLED = "  "


@kept
def row_probes(standard: Standard) -> tuple[RowProbe, ...]:
    return tuple(
        _of_field(index, field, standard)
        for index, field in enumerate(standard.fields)
        if field.type == "string" and field.enum is None and field.reference is None
    )


def _of_field(index: int, field: Field, standard: Standard) -> RowProbe:
    raw = pl.col(column(index))
    return RowProbe(
        rule="SD-08",
        broken=_loose(raw),
        column=field.name,
        exact=~is_missing(raw, standard) & ~is_mark(raw, field, standard),
        value=raw,
        needs=frozenset({index}),
        is_fine=_are_tidy,
    )


def _loose(raw: pl.Expr) -> pl.Expr:
    loose = raw.str.contains(DOUBLED, literal=True)
    for space in SPACES:
        loose |= raw.str.starts_with(space) | raw.str.ends_with(space)
    return loose.fill_null(False)


def _are_tidy(cells: Sequence[str | None]) -> bool:
    return all(not cell or (cell == cell.strip() and DOUBLED not in cell) for cell in cells)
