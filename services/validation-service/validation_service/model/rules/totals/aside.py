"""AG-01, AG-06, AG-07: rows of totals are set aside, and compared where the standard says so."""

from __future__ import annotations

import polars as pl

from validation_service.model.reading.grid import ROW
from validation_service.model.rules.catalogue import found
from validation_service.model.rules.columns import picked
from validation_service.model.rules.findings import MOST_PER_RULE, Findings
from validation_service.model.rules.totals.by_code import by_code
from validation_service.model.rules.totals.by_word import by_word
from validation_service.model.rules.totals.compared import compare_totals
from validation_service.model.rules.totals.words import WORD
from validation_service.model.standard import Standard


def set_totals_aside(frame: pl.DataFrame, standard: Standard, findings: Findings) -> pl.DataFrame:
    """The frame without its totals rows, each of which is reported once."""
    if not frame.height:
        return frame
    totals = _totals(frame, standard)
    if not totals.height:
        return frame
    is_total = frame[ROW].is_in(totals[ROW].implode())
    data = picked(frame, ~is_total)
    if standard.totals_rows == "periksa":
        undecided = compare_totals(picked(frame, is_total), data, totals, standard, findings)
        _tell("AG-06", picked(totals, ~undecided), findings)
        _tell("AG-07", picked(totals, undecided), findings)
    else:
        _tell("AG-01", totals, findings)
    return data


def _totals(frame: pl.DataFrame, standard: Standard) -> pl.DataFrame:
    """ROW, WORD, KIND and CODE; where word and code both tell, the word counts."""
    worded = by_word(frame, standard)
    coded = by_code(frame, standard) if standard.totals_rows == "periksa" else None
    return worded if coded is None else pl.concat([worded, coded]).unique(ROW, keep="first").sort(ROW)


def _tell(rule: str, totals: pl.DataFrame, findings: Findings) -> None:
    every = pl.DataFrame([totals[ROW], totals[WORD].alias("value")])
    first = [found(rule, row=row, value=word) for row, word in every.head(MOST_PER_RULE).iter_rows()]
    if first:
        findings.add_many(rule, totals.height, first, every=every)
