"""What each totals row may be the sum of: the rows before or after it, all of them, those below its code.

Rows "before" and "after" reach to the next totals row; "wide" ones pass over sub-totals, to the next row that
is called just Jumlah. All of them only within the scope of the totals row: where it says 2023 or Perempuan,
as rows of data do, it is over the rows that say so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import polars as pl

from validation_service.model.reading.grid import ROW
from validation_service.model.rules.sums import is_off
from validation_service.model.rules.totals_words import CODE

Side = Literal["before", "after"]
"""Of a totals row, on which the rows of its group stand."""
Reading = Literal["before", "after", "wide before", "wide after", "all", "code"]
SIDES: tuple[Side, Side] = ("before", "after")
OWN_CODE, NEAR, WIDE, SCOPE, AT_EDGE, ROWS = "own code", "near", "wide", "scope", "at edge", "rows"
PLACE = "place"
SIGMAS = 6
OF_SUM = 1e-3


def scoped(
    told: pl.DataFrame, data: pl.DataFrame, names: Sequence[str], scopes: Sequence[str]
) -> pl.DataFrame:
    """``told`` in their order, each with the sums of ``names`` that it may be; of ``scopes``, those columns
    count that it fills."""
    if not scopes:
        return _summed(told, data, names, [])
    parts = []
    for filled in told.select(pl.col(each).is_not_null() for each in scopes).unique().rows():
        same = [pl.col(each).is_not_null() == there for each, there in zip(scopes, filled, strict=True)]
        within = [each for each, there in zip(scopes, filled, strict=True) if there]
        parts.append(_summed(told.filter(same), data, names, within))
    return pl.concat(parts).sort(ROW)


def wide(side: Side) -> Reading:
    return "wide before" if side == "before" else "wide after"


def has(name: str, reading: Reading) -> pl.Expr:
    return pl.col(f"{name} {reading}").is_not_null()


def agrees(name: str, reading: Reading) -> pl.Expr:
    """False where either is unknown."""
    return (~_off(name, reading)).fill_null(False)


def differs(name: str, reading: Reading) -> pl.Expr:
    return _off(name, reading).fill_null(False)


def slack(name: str) -> str:
    """The column of what rounding may have changed in each cell of ``name``."""
    return f"{name} slack"


def most_slack(name: str) -> str:
    return f"{name} most slack"


def _off(name: str, reading: Reading) -> pl.Expr:
    sum_, worst = pl.col(f"{name} {reading}"), pl.col(f"{slack(name)} {reading}")
    return is_off(pl.col(name), sum_, rounding(worst, pl.col(most_slack(name)), sum_))


def rounding(worst: pl.Expr, one: pl.Expr, sum_: pl.Expr) -> pl.Expr:
    """How far from their sum a total may be, because every number was rounded for itself.

    ``one`` is half of the last digit, ``worst`` as much for each number. Of many numbers most errors cancel
    each other out: six standard deviations of their sum are allowed, which beyond twelve numbers is less than
    the worst. Those of numbers that are alike do not, so a thousandth of the sum is allowed too.
    """
    likely = SIGMAS / 3**0.5 * (worst * one).sqrt()
    return pl.min_horizontal(worst, pl.max_horizontal(likely, sum_.abs() * OF_SUM))


def _summed(
    told: pl.DataFrame, data: pl.DataFrame, names: Sequence[str], scopes: Sequence[str]
) -> pl.DataFrame:
    scope = pl.concat_str(scopes, separator="\x1f") if scopes else pl.lit("")
    told, data = told.with_columns(scope.alias(SCOPE)), data.with_columns(scope.alias(SCOPE))
    readings: tuple[tuple[str, Reading, Reading], ...] = (
        (NEAR, "before", "after"),
        (WIDE, "wide before", "wide after"),
    )
    for column, before, after in readings:
        sums = _sums(data, names, [column, SCOPE]).rename({column: PLACE})
        told = _joined(told.with_columns(pl.col(column).alias(PLACE)), _named(sums, before))
        told = _joined(told.with_columns((pl.col(column) + 1).alias(PLACE)), _named(sums, after))
    ends = data.group_by(SCOPE).agg(first=pl.col(ROW).min(), last=pl.col(ROW).max())
    told = _joined(_joined(told, _named(_sums(data, names, [SCOPE]), "all")), ends)
    at_edge = ((pl.col(ROW) < pl.col("first")) | (pl.col(ROW) > pl.col("last"))).fill_null(False)
    told = _joined(told, _named(pl.concat(_below_codes(told, data, names)), "code"))
    return told.with_columns(at_edge.alias(AT_EDGE))


def _joined(told: pl.DataFrame, sums: pl.DataFrame) -> pl.DataFrame:
    keys = [each for each in (SCOPE, PLACE, CODE) if each in sums.columns]
    return told.join(sums, on=keys, how="left", nulls_equal=True, maintain_order="left")


def _named(sums: pl.DataFrame, reading: Reading) -> pl.DataFrame:
    return sums.rename(
        {each: f"{each} {reading}" for each in sums.columns if each not in (SCOPE, PLACE, CODE)}
    )


def _sums(data: pl.DataFrame, names: Sequence[str], keys: Sequence[str]) -> pl.DataFrame:
    """Null where a number is."""
    summed = [
        pl.when(pl.col(each).null_count() == 0).then(pl.col(each).sum()).alias(each)
        for name in names
        for each in (name, slack(name))
    ]
    return data.group_by(keys).agg(pl.len().alias(ROWS), *summed)


def _below_codes(told: pl.DataFrame, data: pl.DataFrame, names: Sequence[str]) -> Iterator[pl.DataFrame]:
    """The sums of the data below each length of code that occurs among the totals."""
    yield _sums(data.clear().with_columns(pl.lit(None, pl.String).alias(CODE)), names, [CODE, SCOPE])
    lengths = told.select(pl.col(CODE).drop_nulls().str.len_bytes().unique()).to_series()
    for length in lengths.to_list():
        cut = data.with_columns(pl.col(OWN_CODE).str.slice(0, length).alias(CODE))
        yield _sums(cut, names, [CODE, SCOPE])
