"""YY: what is said of values and those before them, where they changed too much or not at all."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from muara_kernel.events.finding import Finding, Text
from validation_service.model.reading.grid import ROW
from validation_service.model.rules.catalogue import found
from validation_service.model.rules.findings import MOST_PER_RULE, Findings
from validation_service.model.rules.probe import DECIMALS, plain
from validation_service.model.standard import Field

NOW, BEFORE, PERIOD, PREVIOUS = "now", "before", "period", "previous"
PERCENT = "percent"


def tell_changes(pairs: pl.DataFrame, field: Field, findings: Findings) -> None:
    """``pairs`` of a value and the one before it: ROW, "value" as written, NOW, BEFORE, PERIOD, PREVIOUS."""
    change = field.change
    pairs = pairs.drop_nulls([NOW, BEFORE])
    if change is None or not pairs.height:
        return
    rise = (pl.col(NOW) - pl.col(BEFORE)) / pl.col(BEFORE).abs() * 100
    changes = pairs.with_columns(rise.alias(PERCENT)).filter(pl.col(PERCENT).is_finite())
    for limit, direction, by in (
        (change.most_rise, Text("naik", "rises"), pl.col(PERCENT)),
        (change.most_fall, Text("turun", "falls"), -pl.col(PERCENT)),
    ):
        if limit is not None:
            _tell_jumps(changes.filter(by > limit + 1e-9), field.name, limit, direction, findings)
    if not change.may_stay:
        _tell_copies(pairs, field.name, findings)


def _tell_jumps(jumps: pl.DataFrame, field: str, limit: float, direction: Text, findings: Findings) -> None:
    if not jumps.height:
        return
    every = jumps.select(
        ROW,
        "value",
        PREVIOUS,
        _shown(pl.col(PERCENT).abs(), limit).alias(PERCENT),
        plain(pl.col(BEFORE)).alias(BEFORE),
        direction=pl.lit(direction.id),
    )
    words = {"direction": direction, "limit": f"{limit:.15g}"}
    first = [
        found("YY-01", row=row.pop(ROW), column=field, **{**row, **words})
        for row in every.head(MOST_PER_RULE).to_dicts()
    ]
    findings.add_many("YY-01", every.height, first, every=every, column=field)


def _shown(percent: pl.Expr, limit: float) -> pl.Expr:
    """With as few decimals, from one on and below 100 only, as still show that it is above the limit."""
    rounded = [percent.round(decimals) for decimals in range(DECIMALS + 1)]
    large = pl.when((percent >= 100) & (rounded[0] > limit)).then(rounded[0])
    return plain(pl.coalesce(large, *(pl.when(each > limit).then(each) for each in rounded[1:]), percent))


def _tell_copies(pairs: pl.DataFrame, field: str, findings: Findings) -> None:
    """One finding for each period of several values in which nothing at all changed; elsewhere one for each
    value that did not."""
    by_period = pairs.group_by(PERIOD, PREVIOUS, maintain_order=True).agg(
        pl.col(ROW).first(), count=pl.len(), same=(pl.col(NOW) == pl.col(BEFORE)).all()
    )
    copied = by_period.filter("same", pl.col("count") > 1).sort(ROW)
    findings.add(*_copies(copied, field))
    alone = ~pl.col(PERIOD).is_in(copied[PERIOD].implode())
    _tell_stayed(pairs.filter(pl.col(NOW) == pl.col(BEFORE), alone), field, findings)


def _copies(periods: pl.DataFrame, field: str) -> Iterator[Finding]:
    for row in periods.to_dicts():
        whose = Text(f"Semua {row['count']} nilai", f"All {row['count']} values")
        words = {"whose": whose, "period": row[PERIOD], "previous": row[PREVIOUS]}
        yield found("YY-02", row=row[ROW], column=field, **words)


def _tell_stayed(stayed: pl.DataFrame, field: str, findings: Findings) -> None:
    if not stayed.height:
        return
    value = pl.col("value").str.strip_chars()
    every = stayed.select(ROW, "value", PERIOD, PREVIOUS, whose=pl.concat_str(pl.lit("Nilai "), value))
    first = [
        found("YY-02", row=row.pop(ROW), column=field, **row | {"whose": _one_value(row["value"].strip())})
        for row in every.head(MOST_PER_RULE).to_dicts()
    ]
    findings.add_many("YY-02", every.height, first, every=every, column=field)


def _one_value(value: str) -> Text:
    return Text(f"Nilai {value}", f"The value {value}")
