"""Rows of totals by a code above those of other rows, such as 35.08 among 35.08.01, 35.08.02 …"""

from __future__ import annotations

import re

import polars as pl

from validation_service.model.reading.grid import ROW
from validation_service.model.rules.codes import LENGTHS, WELL_FORMED
from validation_service.model.rules.columns import column
from validation_service.model.rules.totals.words import CODE, KIND, WORD
from validation_service.model.standard import Standard

_WELL_FORMED = re.compile(WELL_FORMED)


def by_code(frame: pl.DataFrame, standard: Standard) -> pl.DataFrame | None:
    """ROW, WORD, KIND and CODE of the totals rows, if there are any."""
    for index, field in enumerate(standard.fields):
        level = field.reference.level if field.reference else None
        if level in LENGTHS and column(index) in frame.columns:
            return _above(pl.DataFrame([frame[ROW], frame[column(index)].alias(CODE)]), LENGTHS[level])
    return None


def _above(coded: pl.DataFrame, length: int) -> pl.DataFrame | None:
    distinct = {code.strip() for code in coded[CODE].unique().to_list() if code is not None}
    lowest = [code for code in distinct if len(code) == length]
    over = {code[:cut] for cut in LENGTHS.values() if cut < length for code in lowest}
    above = [code for code in distinct & over if len(code) < length and _WELL_FORMED.match(code)]
    if not above:
        return None
    code = pl.col(CODE).str.strip_chars()
    return coded.filter(code.is_in(above)).select(ROW, code.alias(WORD), pl.lit("code").alias(KIND), code)
