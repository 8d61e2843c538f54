"""The first rows of a table that have findings, so that a page can show them without opening the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from muara_kernel.events.finding import Finding
from validation_service.model.reading.grid import ROW, Grid
from validation_service.model.rules.everything import Everything

MOST_ROWS = 200
MOST_COLUMNS = 60
LONGEST_CELL = 200


def excerpt(
    grid: Grid, everything: Everything, told: Sequence[Finding], counts: Mapping[str, int]
) -> dict[str, Any]:
    """``header``; ``rows``, each with its number as ``row`` and its ``cells``, none where the row could not
    be laid under the header; ``rows_with_findings``, how many there are in all. Of a wide table those columns
    are left out first that have no findings; ``columns_left_out`` says how many.

    Every finding in a row that is shown is among ``told``, except perhaps in the very first.
    """
    below = everything.rows()
    below = below.filter(below > (grid.header_row or 0)).unique(maintain_order=True)
    shown = _told_in_full(below.head(MOST_ROWS).to_list(), told, counts)
    columns = _columns(grid, {f.column for f in told if f.row in set(shown)})
    cells = [_cut(pl.col(str(index)).fill_null("")).alias(str(index)) for index in columns]
    frame = grid.frame.filter(pl.col(ROW).is_in(shown)).select(ROW, *cells)
    laid = {row[0]: list(row[1:]) for row in frame.rows()}
    return {
        "header": [_cut_text(grid.header[index]) for index in columns],
        "rows": [{"row": row, "cells": laid.get(row, [])} for row in shown],
        "rows_with_findings": len(below),
        "columns_left_out": len(grid.header) - len(columns),
    }


def _told_in_full(rows: list[int], told: Sequence[Finding], counts: Mapping[str, int]) -> list[int]:
    kept = Counter(finding.rule for finding in told)
    last = {finding.rule: finding.row or 0 for finding in told}
    ends = [last[rule] for rule in kept if counts.get(rule, 0) > kept[rule]]
    return [row for row in rows if row < min(ends)] or rows[:1] if ends else rows


def _columns(grid: Grid, with_findings: set[str | None]) -> list[int]:
    places = range(len(grid.header))
    wanted = [index for index in places if grid.header[index] in with_findings]
    others = [index for index in places if grid.header[index] not in with_findings]
    return sorted((wanted + others)[:MOST_COLUMNS])


def _cut(cell: pl.Expr) -> pl.Expr:
    short = pl.concat_str(cell.str.slice(0, LONGEST_CELL - 1), pl.lit("…"))
    return pl.when(cell.str.len_chars() > LONGEST_CELL).then(short).otherwise(cell)


def _cut_text(text: str) -> str:
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"
