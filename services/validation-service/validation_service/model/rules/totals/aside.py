"""AG-01, AG-06, AG-07: rows of totals are set aside, and compared where the standard says so."""

from __future__ import annotations

import re
from typing import Any

import polars as pl

from muara_kernel.events.finding import Text
from muara_kernel.events.words import counted
from validation_service.model.reading.grid import ROW
from validation_service.model.rules.catalogue import found
from validation_service.model.rules.codings import LENGTHS, WELL_FORMED
from validation_service.model.rules.columns import column, picked
from validation_service.model.rules.findings import MOST_PER_RULE, Findings
from validation_service.model.rules.totals.by_word import by_word
from validation_service.model.rules.totals.compared import MOST_COMPARED, compare_totals
from validation_service.model.rules.totals.words import CODE, KIND, WORD
from validation_service.model.standard import Standard

UNCLEAR = Text("tidak jelas baris mana yang dijumlahkan", "it is not clear which rows it sums up")
_MOST = counted(MOST_COMPARED)
TOO_MANY = Text(
    f"terlalu banyak, paling banyak {_MOST.id} baris jumlah dibandingkan",
    f"there are too many, {_MOST.en} totals rows are compared at most",
)
_WELL_FORMED = re.compile(WELL_FORMED)


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
        if undecided is None:
            _tell("AG-07", totals, findings, why=TOO_MANY)
        else:
            _tell("AG-06", picked(totals, ~undecided), findings)
            _tell("AG-07", picked(totals, undecided), findings, why=UNCLEAR)
    else:
        _tell("AG-01", totals, findings)
    return data


def _totals(frame: pl.DataFrame, standard: Standard) -> pl.DataFrame:
    """ROW, WORD, KIND and CODE; where word and code both tell, the word counts."""
    worded = by_word(frame, standard)
    coded = _by_code(frame, standard) if standard.totals_rows == "periksa" else None
    return worded if coded is None else pl.concat([worded, coded]).unique(ROW, keep="first").sort(ROW)


def _by_code(frame: pl.DataFrame, standard: Standard) -> pl.DataFrame | None:
    """Rows with a code above those of other rows, such as 35.08 among 35.08.01, 35.08.02 …"""
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


def _tell(rule: str, totals: pl.DataFrame, findings: Findings, **words: Any) -> None:
    every = pl.DataFrame([totals[ROW], totals[WORD].alias("value")])
    first = [found(rule, row=row, value=word, **words) for row, word in every.head(MOST_PER_RULE).iter_rows()]
    if first:
        findings.add_many(rule, totals.height, first, every=every)
