"""The sender's own table back, with what is to be repaired beside each row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Literal

import polars as pl

from validation_service.model.enclosures.spreadsheet import header_line, lines
from validation_service.model.reading.grid import ROW, Grid
from validation_service.model.rules.everything import Everything
from validation_service.model.rules.places import SENTENCE
from validation_service.model.standard import Standard

Format = Literal["csv", "xlsx"]
Part = tuple[pl.DataFrame, pl.DataFrame]
"""Rows: number, cells, REASONS; and what is told about them."""

REASONS = "hasil_pemeriksaan"
MOST_CELLS: dict[Format, int] = {"csv": 3_000_000, "xlsx": 300_000}
"""What is given back at most, so that it takes seconds: of ten columns 270,000 rows, or 27,000."""
PART = 12_500
MOST_REASONS = 20
LONGEST_REASONS = 4_000
END = 1 << 32


@dataclass(frozen=True)
class Annotated:
    """``rows`` are written of ``of``; unless it is ``whole`` they are the first of those with findings."""

    format: Format
    rows: int
    of: int
    whole: bool


def write_annotated(grid: Grid, everything: Everything, standard: Standard, out: BinaryIO) -> Annotated:
    """A workbook for a workbook, CSV in UTF-8 with BOM for all else, with the sender's delimiter."""
    format_: Format = "xlsx" if grid.understood.get("format") in ("xlsx", "xls", "ods") else "csv"
    most = max(1, MOST_CELLS[format_] // (len(grid.header) + 1))
    broken = everything.rows().unique(maintain_order=True)
    broken = broken.filter(broken > (grid.header_row or 0))
    of = grid.frame.height + broken.filter(~broken.is_in(grid.frame[ROW].implode())).len()
    whole = of <= most
    frame = grid.frame if whole else grid.frame.filter(pl.col(ROW).is_in(broken.head(most).implode()))
    parts = _parts(grid, frame, everything, END if whole else _end(broken, most))
    if format_ == "xlsx":
        # openpyxl takes a fifth of a second to import, and few checks need it.
        from validation_service.model.enclosures.workbook import write_workbook

        marked = ((rows, _marked(told)) for rows, told in parts)
        written = write_workbook(grid.header, marked, standard, out, reasons=REASONS)
    else:
        written = _write_csv(grid, parts, out)
    return Annotated(format_, written, of, whole)


def _end(broken: pl.Series, most: int) -> int:
    return int(broken[most]) if len(broken) > most else END


def _write_csv(grid: Grid, parts: Iterator[Part], out: BinaryIO) -> int:
    delimiter, written = str(grid.understood.get("delimiter") or ","), 0
    out.write(header_line([*grid.header, REASONS], delimiter))
    for rows, _ in parts:
        out.write(lines(rows.select(pl.exclude(ROW)), delimiter))
        written += rows.height
    return written


def _parts(grid: Grid, frame: pl.DataFrame, everything: Everything, end: int) -> Iterator[Part]:
    """The rows of the frame and those with findings that are not in it, some at a time; those before ``end``.

    What is said of the file as a whole stands in the first row, where a reader begins.
    """
    header_row = grid.header_row or 0
    about_all = _about_all(everything.between(0, header_row + 1))
    start = header_row + 1
    for offset in range(0, max(1, frame.height), PART):
        after = offset + PART
        until = min(end, int(frame[ROW][after])) if after < frame.height else end
        told = everything.between(start, until)
        reasons = _joined(told)
        rows = frame.slice(offset, PART).join(reasons, on=ROW, how="full", coalesce=True).sort(ROW)
        if offset == 0 and about_all:
            rows = _with_what_is_about_all(rows, about_all)
        yield rows, told
        start = until


def _about_all(told: pl.DataFrame) -> str:
    """Without mere notes about no column: they are about the standard."""
    said = told.filter(pl.col("column").is_not_null() | (pl.col("severity") != "catatan"))
    joined = _joined(said.with_columns(pl.lit(0, pl.UInt32).alias(ROW)), numbered=False)[REASONS].to_list()
    return f"Seluruh berkas: {joined[0]}" if joined else ""


def _joined(told: pl.DataFrame, *, numbered: bool = True) -> pl.DataFrame:
    """ROW and REASONS, a line for each row with findings."""
    column = pl.when(pl.col("column").is_not_null()).then(pl.concat_str(pl.lit(" "), "column"))
    reason = pl.concat_str(pl.lit("["), "rule", column.otherwise(pl.lit("")), pl.lit("] "), SENTENCE)
    grouped = (
        told.select(ROW, reason=reason)
        .group_by(ROW, maintain_order=True)
        .agg(pl.col("reason").head(MOST_REASONS).str.join(" | "), pl.len().alias("count"))
    )
    more = pl.concat_str(pl.lit(" | dan "), pl.col("count") - MOST_REASONS, pl.lit(" temuan lagi"))
    parts = [
        pl.concat_str(pl.lit("Baris "), ROW, pl.lit(": ")) if numbered else pl.lit(""),
        pl.col("reason").str.slice(0, LONGEST_REASONS),
        pl.when(pl.col("count") > MOST_REASONS).then(more).otherwise(pl.lit("")),
    ]
    return grouped.select(ROW, pl.concat_str(parts).alias(REASONS))


def _marked(told: pl.DataFrame) -> dict[int, list[str]]:
    """By row the columns that have findings."""
    named = told.filter(pl.col("column").is_not_null()).group_by(ROW).agg(pl.col("column").unique())
    return dict(named.iter_rows())


def _with_what_is_about_all(rows: pl.DataFrame, said: str) -> pl.DataFrame:
    if not rows.height:
        blank = {name: [None] for name in rows.columns if name != REASONS}
        return pl.DataFrame(blank | {REASONS: [said]}, schema=rows.schema)
    own = pl.when(pl.col(REASONS).is_null()).then(pl.lit("")).otherwise(pl.concat_str(pl.lit(" | "), REASONS))
    first = pl.int_range(pl.len()) == 0
    both = pl.concat_str(pl.lit(said), own)
    return rows.with_columns(pl.when(first).then(both).otherwise(pl.col(REASONS)).alias(REASONS))
