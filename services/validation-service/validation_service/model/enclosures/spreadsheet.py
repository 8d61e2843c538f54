"""Text that a spreadsheet program may open without running what a stranger wrote into it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import polars as pl

BOM = "\N{BYTE ORDER MARK}"
RUNS = r"(?s)^\s*[=＝]|^\s*[+\-@＋－＠].*[(|!]|^[\t\r\n]"
"""What a spreadsheet program would compute. A number such as -5, a mark such as - and a name such as @dinkes
are not: they stay as they were written."""
MASK = "'"


def harmless(cell: pl.Expr) -> pl.Expr:
    """The cell, with an apostrophe before it where a spreadsheet program would take it for a formula."""
    masked = pl.concat_str(pl.lit(MASK), cell)
    return pl.when(cell.str.contains(RUNS)).then(masked).otherwise(cell)


def harmless_texts(cells: Sequence[str]) -> list[str]:
    return pl.select(cell=harmless(pl.lit(pl.Series(cells, dtype=pl.String))))["cell"].to_list()


def header_line(names: Sequence[str], delimiter: str = ",") -> bytes:
    """The first line of a CSV in UTF-8 with BOM, as Excel wants it."""
    line = io.StringIO()
    csv.writer(line, delimiter=delimiter, lineterminator="\n").writerow(harmless_texts(names))
    return (BOM + line.getvalue()).encode("utf-8", "replace")


def lines(table: pl.DataFrame, delimiter: str = ",") -> bytes:
    """The rows as CSV, every text made harmless."""
    texts = [name for name, kind in table.schema.items() if kind == pl.String]
    told = table.with_columns(harmless(pl.col(name)).alias(name) for name in texts)
    return told.write_csv(separator=delimiter, include_header=False).encode("utf-8", "replace")
