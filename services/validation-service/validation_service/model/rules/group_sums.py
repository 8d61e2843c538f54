"""AG-05: what adds up to a given number, such as shares to 100, over the table or in each of its groups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from muara_kernel.events.finding import Finding, Text
from validation_service.model.reading.grid import ROW
from validation_service.model.rules.catalogue import found
from validation_service.model.rules.columns import column
from validation_service.model.rules.findings import MOST_PER_RULE, Findings
from validation_service.model.rules.probe import number_of, plain, value_of
from validation_service.model.rules.sums import is_off
from validation_service.model.standard import GroupSum, Standard


def check_group_sums(frame: pl.DataFrame, standard: Standard, findings: Findings) -> None:
    for each in standard.group_sums:
        indexes = [standard.position(name) for name in (each.field, *each.per)]
        if frame.height and all(column(index) in frame.columns for index in indexes):
            _check(frame, each, indexes, standard, findings)


def _check(
    frame: pl.DataFrame, each: GroupSum, indexes: Sequence[int], standard: Standard, findings: Findings
) -> None:
    field, *per = indexes
    keys = [column(index) for index in per]
    cells = frame.select(
        ROW,
        number_of(field, standard).alias("number"),
        *(value_of(index, standard).cast(pl.String).alias(column(index)) for index in per),
    ).drop_nulls(keys or ROW)
    number = pl.col("number")
    summed = [pl.col(ROW).first(), number.sum().alias("sum"), number.null_count().alias("unknown")]
    sums = cells.group_by(keys, maintain_order=True).agg(summed) if keys else cells.select(summed)
    off = (pl.col("unknown") == 0) & is_off(pl.col("sum"), pl.lit(each.equals), each.tolerance)
    wrong = sums.filter(off).sort(ROW)
    if wrong.height:
        every = wrong.select(
            ROW,
            plain(pl.col("sum")).alias("value"),
            plain((pl.col("sum") - each.equals).abs()).alias("difference"),
            _named(each.per, keys).alias("group"),
        )
        first = list(_told(every.head(MOST_PER_RULE), each))
        findings.add_many("AG-05", every.height, first, every=every, column=each.field)


def _named(per: Sequence[str], keys: Sequence[str]) -> pl.Expr:
    """``untuk tahun 2024, jenis SD``, with a space before it; nothing for the whole table."""
    if not keys:
        return pl.lit("")
    parts = [pl.concat_str(pl.lit(f"{name} "), pl.col(key)) for name, key in zip(per, keys, strict=True)]
    return pl.concat_str(pl.lit(" untuk "), pl.concat_str(parts, separator=", "))


def _told(rows: pl.DataFrame, each: GroupSum) -> Iterator[Finding]:
    expected = f"{each.equals:g}"
    for row in rows.to_dicts():
        group = Text(row["group"], row["group"].replace(" untuk ", " for ", 1))
        words = {"difference": row["difference"], "expected": expected, "group": group}
        yield found("AG-05", row=row[ROW], column=each.field, value=row["value"], **words)
