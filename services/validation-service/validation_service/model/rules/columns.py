"""The frame as the rules see it: one text column per field, named by the field's place in the standard."""

from __future__ import annotations

import polars as pl

from validation_service.model.reading.grid import ROW, Grid

SMALL = 2_000
"""Up to so many rows a look through them in Python is quicker than a query; most files are small."""


def column(index: int) -> str:
    return f"f{index}"


def laid_out(grid: Grid, places: dict[int, int]) -> pl.DataFrame:
    cells = [grid.frame[str(place)].alias(column(index)) for index, place in places.items()]
    return pl.DataFrame([grid.frame[ROW], *cells])


def picked(frame: pl.DataFrame, mask: pl.Series) -> pl.DataFrame:
    """The rows where ``mask`` is true. For few columns this is quicker than a filter, which plans a query."""
    return pl.DataFrame([cells.filter(mask) for cells in frame.iter_columns()])
