"""IO-15: cells whose text carries codes of HTML."""

from __future__ import annotations

import re

import polars as pl

from validation_service.model.reading.grid import ROW, Grid
from validation_service.model.rules.catalogue import found
from validation_service.model.rules.findings import MOST_PER_RULE

HTML = (
    r"(?i)&(?:#\d{1,6}|#x[0-9a-f]{1,6}|[a-z]{2,8});"
    r"|</?(?:sup|sub|b|i|u|em|strong|small|br|p|span|div|font|a|td|tr|th|ul|li)(?:\s[^<>]{0,200})?/?>"
)
_HTML = re.compile(HTML)


def may_hold_markup(data: bytes) -> bool:
    """Cheap, and true at least where a text has such codes."""
    return b"<" in data or b"&" in data


def note_markup(grid: Grid) -> None:
    for name in grid.header:
        if match := _HTML.search(name):
            words = {"row": grid.header_row, "column": name, "value": name, "code": match[0]}
            grid.found.tell("IO-15", **words)
    suspects = grid.frame.select(_is_suspect(pl.exclude(ROW)).any()).row(0)
    for index, (name, suspect) in enumerate(zip(grid.header, suspects, strict=True)):
        if suspect:
            _note_column(grid, str(index), name)


def _is_suspect(cell: pl.Expr) -> pl.Expr:
    return cell.str.contains("<", literal=True) | cell.str.contains("&", literal=True)


def _note_column(grid: Grid, place: str, name: str) -> None:
    cell = pl.col(place)
    cells = grid.frame.filter(_is_suspect(cell)).filter(cell.str.contains(HTML))
    if not cells.height:
        return
    every = cells.select(ROW, value=cell, code=cell.str.extract(f"({HTML})"))
    first = [
        found("IO-15", row=row, column=name, value=value, code=code)
        for row, value, code in every.head(MOST_PER_RULE).rows()
    ]
    grid.found.add_many("IO-15", every.height, first, every=every, column=name)
