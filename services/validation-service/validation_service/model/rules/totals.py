"""AG-01, AG-06, AG-07: rows of totals among the data, by their word or by a code above those of the data."""

from __future__ import annotations

import polars as pl

from validation_service.model.reading.grid import ROW
from validation_service.model.rules.catalogue import found
from validation_service.model.rules.codes import LENGTHS, WELL_FORMED
from validation_service.model.rules.columns import column
from validation_service.model.rules.findings import MOST_PER_RULE, Findings
from validation_service.model.rules.totals_compared import compare_totals
from validation_service.model.rules.totals_words import CODE, KIND, WORD, by_word, none_of
from validation_service.model.rules.totals_words import may_be_total as may_be_total
from validation_service.model.standard import Standard


def set_totals_aside(frame: pl.DataFrame, standard: Standard, findings: Findings) -> pl.DataFrame:
    """The frame without its totals rows, each of which is reported once."""
    if not frame.height:
        return frame
    total = by_word(frame, standard)
    if standard.totals_rows == "periksa":
        total = pl.concat([total, _by_code(frame, standard)]).unique(ROW, keep="first").sort(ROW)
    if not total.height:
        return frame
    if standard.totals_rows == "periksa":
        undecided = pl.col(ROW).is_in(compare_totals(frame, total, standard, findings).implode())
        _tell("AG-06", total.filter(~undecided), findings)
        _tell("AG-07", total.filter(undecided), findings)
    else:
        _tell("AG-01", total, findings)
    return frame.filter(~pl.col(ROW).is_in(total[ROW].implode()))


def _tell(rule: str, total: pl.DataFrame, findings: Findings) -> None:
    first = [
        found(rule, row=row, value=word) for row, word in total.select(ROW, WORD).head(MOST_PER_RULE).rows()
    ]
    if first:
        findings.add_many(rule, total.height, first, every=total.select(ROW, value=WORD))


def _by_code(frame: pl.DataFrame, standard: Standard) -> pl.DataFrame:
    """Rows with a code above that of other rows, such as 35.08 among 35.08.01, 35.08.02 …"""
    for index, field in enumerate(standard.fields):
        level = field.reference.level if field.reference else None
        if level in LENGTHS and column(index) in frame.columns:
            return _above(frame, index, LENGTHS[level])
    return none_of(frame)


def _above(frame: pl.DataFrame, index: int, length: int) -> pl.DataFrame:
    code = pl.col(CODE)
    coded = frame.select(ROW, pl.col(column(index)).str.strip_chars().alias(CODE))
    higher = coded.filter((code.str.len_bytes() < length) & code.str.contains(WELL_FORMED))
    if not higher.height:
        return none_of(frame)
    lower = coded.filter(code.str.len_bytes() == length).select(CODE).unique()
    over = {
        cut: set(lower.select(code.str.slice(0, cut)).unique().to_series())
        for cut in LENGTHS.values()
        if cut < length
    }
    above = [higher.filter(code.str.len_bytes() == cut, code.is_in(codes)) for cut, codes in over.items()]
    return pl.concat(above).select(ROW, code.alias(WORD), pl.lit("code").alias(KIND), CODE)
