"""AG-04 and AG-03: totals that are the sum of their parts row by row, and percentages from 0 to 100."""

from __future__ import annotations

import re
from functools import reduce
from operator import add
from typing import Any, overload

import polars as pl

from validation_service.model.rules.columns import column
from validation_service.model.rules.probe import RowProbe, kept, number_of, plain
from validation_service.model.standard import Field, Standard, Sum

NEAR, NEAR_OF_VALUE = 1e-9, 1e-15
PERCENT = {"persen", "%", "persentase", "percent"}


@kept
def row_probes(standard: Standard) -> tuple[RowProbe, ...]:
    return (
        *(_of_sum(each, standard) for each in standard.sums),
        *(
            _of_percent(index, field, standard)
            for index, field in enumerate(standard.fields)
            if is_open_percentage(field)
        ),
    )


@overload
def is_off(value: pl.Expr, sum_: pl.Expr, tolerance: pl.Expr | float) -> pl.Expr: ...


@overload
def is_off(value: float, sum_: float, tolerance: float) -> bool: ...


def is_off(value: Any, sum_: Any, tolerance: Any) -> Any:
    """Further apart than tolerated, and than rounding makes them; null where one is unknown."""
    return abs(value - sum_) > tolerance + NEAR + NEAR_OF_VALUE * (abs(value) + abs(sum_))


def decimals(index: int, standard: Standard) -> pl.Expr:
    """How many digits are written after the decimal sign; 0 for whole numbers."""
    field = standard.fields[index]
    if field.type != "number":
        return pl.lit(0.0)
    after = pl.col(column(index)).str.extract(rf"{re.escape(field.decimal)}([0-9]+)\s*$", 1)
    return after.str.len_bytes().cast(pl.Float64).fill_null(0.0)


def half_a_unit(digits: pl.Expr, most: pl.Expr) -> pl.Expr:
    """What rounding to ``most`` digits may have changed; nothing where the number is written whole."""
    return pl.when(digits > 0).then(0.5 * pl.lit(10.0).pow(-most)).otherwise(0.0)


def _of_sum(each: Sum, standard: Standard) -> RowProbe:
    total = standard.position(each.total)
    parts = [standard.position(part) for part in each.parts]
    value, sum_ = number_of(total, standard), reduce(add, (number_of(part, standard) for part in parts))
    written = [decimals(part, standard) for part in parts]
    rounded = reduce(add, (half_a_unit(digits, pl.max_horizontal(written)) for digits in written))
    return RowProbe(
        rule="AG-04",
        broken=is_off(value, sum_, each.tolerance or rounded).fill_null(False),
        column=each.total,
        value=pl.col(column(total)),
        needs=frozenset({total, *parts}),
        words={"parts": " + ".join(each.parts)},
        shown={"sum": plain(sum_), "difference": plain((value - sum_).abs())},
    )


def is_open_percentage(field: Field) -> bool:
    """A percentage for which the standard gives no bounds."""
    unbounded = field.minimum is None and field.maximum is None
    return unbounded and field.type in ("integer", "number") and field.satuan.strip().lower() in PERCENT


def _of_percent(index: int, field: Field, standard: Standard) -> RowProbe:
    return RowProbe(
        rule="AG-03",
        broken=(~number_of(index, standard).is_between(0, 100)).fill_null(False),
        column=field.name,
        value=pl.col(column(index)),
        needs=frozenset({index}),
    )
