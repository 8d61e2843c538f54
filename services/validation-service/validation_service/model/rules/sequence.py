"""DP-02: whole numbers that ought to follow each other without a gap."""

from __future__ import annotations

import polars as pl

from validation_service.model.reading.grid import ROW
from validation_service.model.rules.catalogue import found
from validation_service.model.rules.columns import column
from validation_service.model.rules.findings import MOST_PER_RULE, Findings
from validation_service.model.rules.probe import value_of
from validation_service.model.standard import Standard

NUMBER, BEFORE = "number", "before"


def check_sequences(frame: pl.DataFrame, standard: Standard, findings: Findings) -> None:
    for index, field in enumerate(standard.fields):
        if field.consecutive and field.type in ("integer", "year") and column(index) in frame.columns:
            _check(frame, index, standard, findings)


def _check(frame: pl.DataFrame, index: int, standard: Standard, findings: Findings) -> None:
    numbers = frame.select(ROW, pl.col(column(index)).alias("value"), value_of(index, standard).alias(NUMBER))
    in_order = numbers.drop_nulls(NUMBER).unique(NUMBER, keep="first").sort(NUMBER)
    gaps = (
        in_order.with_columns(pl.col(NUMBER).shift(1).alias(BEFORE))
        .filter(pl.col(NUMBER) - pl.col(BEFORE) > 1)
        .sort(ROW)
    )
    if not gaps.height:
        return
    low, high = pl.col(BEFORE) + 1, pl.col(NUMBER) - 1
    range_ = pl.concat_str(low, pl.lit("–"), high)
    missing = pl.when(low == high).then(low.cast(pl.String)).otherwise(range_)
    every = gaps.select(ROW, "value", pl.col(BEFORE).cast(pl.String), missing=missing)
    name = standard.fields[index].name
    first = [
        found("DP-02", row=row.pop(ROW), column=name, **row) for row in every.head(MOST_PER_RULE).to_dicts()
    ]
    findings.add_many("DP-02", every.height, first, every=every, column=name)
