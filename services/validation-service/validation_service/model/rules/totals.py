"""AG-01: rows of totals among the data."""

from __future__ import annotations

import re

import polars as pl

from validation_service.model.reading.grid import ROW
from validation_service.model.rules.catalogue import found
from validation_service.model.rules.columns import SMALL, column
from validation_service.model.rules.findings import MOST_PER_RULE, Findings
from validation_service.model.standard import Standard

TOTAL = (
    r"(?i)^\s*(?:(?:sub\s*-?\s*|grand\s+)?(?:jumlah|total)"
    r"(?:\s*(?:/|dan|atau|keseluruhan|seluruhnya|semua|akhir|umum|total|jumlah|kabupaten|kota|kecamatan)\s*)*)\s*:?\s*$"
)
MAY_BE_TOTAL = r"(?i)^\s*(?:sub|grand|jumlah|total)"
_MAY_BE_TOTAL = re.compile(MAY_BE_TOTAL)


def set_totals_aside(frame: pl.DataFrame, standard: Standard, findings: Findings) -> pl.DataFrame:
    """The frame without its totals rows, each of which is reported once."""
    texts = [
        (index, field)
        for index, field in enumerate(standard.fields)
        if field.type == "string" and column(index) in frame.columns
    ]
    if not texts or not frame.height:
        return frame
    if frame.height <= SMALL and not any(_may_be_total(frame[column(index)]) for index, _ in texts):
        return frame
    # Each total has its word in one of these columns, or it could not be the first text of its row.
    narrowed = frame.filter(pl.any_horizontal(pl.col(column(i)).str.contains(MAY_BE_TOTAL) for i, _ in texts))
    if not narrowed.height:
        return frame
    total = narrowed.select(ROW, word=_first_text([index for index, _ in texts])).filter(
        pl.col("word").str.contains(TOTAL) & _codes_agree(narrowed, standard)
    )
    allowed = [choice for _, field in texts for choice in field.enum or ()]
    total = total.filter(~pl.col("word").is_in(allowed))
    if not total.height:
        return frame
    findings.add_many(
        "AG-01",
        total.height,
        [found("AG-01", row=row, value=word) for row, word in total.head(MOST_PER_RULE).rows()],
    )
    return frame.filter(~pl.col(ROW).is_in(total[ROW].implode()))


def _may_be_total(cells: pl.Series) -> bool:
    return any(cell is not None and _MAY_BE_TOTAL.match(cell) for cell in cells.to_list())


def _first_text(indexes: list[int]) -> pl.Expr:
    return pl.coalesce(_filled(index) for index in indexes)


def _filled(index: int) -> pl.Expr:
    text = pl.col(column(index)).str.strip_chars()
    return pl.when(text != "").then(text)


def _codes_agree(frame: pl.DataFrame, standard: Standard) -> pl.Series:
    """The code columns of a totals row are blank, or say the same."""
    codes = [
        index
        for index, field in enumerate(standard.fields)
        if field.reference is not None and column(index) in frame.columns
    ]
    blank_or_word = [_filled(index).is_null() | _filled(index).str.contains(MAY_BE_TOTAL) for index in codes]
    return frame.select(pl.all_horizontal(pl.lit(True), *blank_or_word).alias("agree")).to_series()
