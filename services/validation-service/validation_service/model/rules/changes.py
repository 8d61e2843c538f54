"""YY: how much values changed since the period before, in the table itself or against the edition before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from validation_service.model.reading.grid import ROW
from validation_service.model.rules.changes_told import BEFORE, NOW, PERIOD, PREVIOUS, tell_changes
from validation_service.model.rules.columns import column
from validation_service.model.rules.findings import Findings
from validation_service.model.rules.probe import number_of, value_of
from validation_service.model.standard import Change, Field, Standard

KEY = "key"


@dataclass(frozen=True)
class Edition:
    """The table of an earlier period, laid out as that of the check."""

    period: str
    frame: pl.DataFrame


FetchEdition = Callable[[], Edition | None]
"""The edition before, None where there is none to compare with; it is asked only when it is needed."""


def watched(standard: Standard) -> tuple[tuple[int, Field, Change], ...]:
    """The fields of numbers of which the changes are limited."""
    return tuple(
        (index, field, field.change)
        for index, field in enumerate(standard.fields)
        if field.change is not None and field.type in ("integer", "number")
    )


def check_changes(
    frame: pl.DataFrame, standard: Standard, period: str, before: FetchEdition, findings: Findings
) -> None:
    there = [each for each in watched(standard) if column(each[0]) in frame.columns]
    if not there or not frame.height:
        return
    if standard.wide_columns:
        for field, pairs in _side_by_side(frame, there, standard):
            tell_changes(pairs, field, findings)
        return
    dated = _period_column(frame, standard)
    within = dated is not None and _has_several(frame, dated)
    edition = None if within else before()
    for index, field, _ in there:
        if within and dated is not None:
            tell_changes(_within(frame, index, dated, standard), field, findings)
        elif edition is not None:
            tell_changes(_across(frame, edition, index, period, standard), field, findings)


def _period_column(frame: pl.DataFrame, standard: Standard) -> int | None:
    if standard.period_column is None:
        return None
    index = standard.position(standard.period_column)
    return index if column(index) in frame.columns else None


def _has_several(frame: pl.DataFrame, dated: int) -> bool:
    return frame[column(dated)].str.strip_chars().drop_nulls().n_unique() > 1


def _within(frame: pl.DataFrame, index: int, dated: int, standard: Standard) -> pl.DataFrame:
    period = value_of(dated, standard).cast(pl.String).str.strip_chars()
    cells = frame.select(*_cells(index, standard), _key(frame, standard), period.alias(PERIOD))
    cells = cells.drop_nulls([KEY, PERIOD])
    # Periods of one frequency sort as texts do.
    turn = pl.col(PERIOD).rank("dense").cast(pl.Int64).alias("turn")
    cells = cells.with_columns(turn)
    # Where several rows have the same key, nobody can tell which of them is the past of which.
    cells = cells.unique([KEY, "turn"], keep="none", maintain_order=True)
    earlier = cells.select(KEY, pl.col("turn") + 1, pl.col(NOW).alias(BEFORE), pl.col(PERIOD).alias(PREVIOUS))
    return cells.join(earlier, on=[KEY, "turn"], how="inner", maintain_order="left")


def _across(
    frame: pl.DataFrame, edition: Edition, index: int, period: str, standard: Standard
) -> pl.DataFrame:
    names = _key_names(standard)
    comparable = bool(names) or (frame.height == 1 and edition.frame.height == 1)
    needed = [column(index), *(column(standard.position(name)) for name in names)]
    if not comparable or not set(needed) <= set(frame.columns) & set(edition.frame.columns):
        return _no_pairs(frame)
    now = frame.select(*_cells(index, standard), _key(frame, standard), pl.lit(period).alias(PERIOD))
    earlier = edition.frame.select(
        _key(edition.frame, standard),
        number_of(index, standard).alias(BEFORE),
        pl.lit(edition.period).alias(PREVIOUS),
    ).unique(KEY, keep="none")
    return now.join(earlier, on=KEY, how="inner", maintain_order="left")


def _side_by_side(
    frame: pl.DataFrame, there: Sequence[tuple[int, Field, Change]], standard: Standard
) -> Iterator[tuple[Field, pl.DataFrame]]:
    """In a wide table each row holds its own past."""
    values = {each.name: each.value for each in standard.wide_columns}
    wide = [(values[field.name], index, field) for index, field, _ in there if field.name in values]
    wide.sort(key=lambda each: each[:2])
    for (previous, before, _), (period, index, field) in pairwise(wide):
        yield (
            field,
            frame.select(
                *_cells(index, standard),
                number_of(before, standard).alias(BEFORE),
                pl.lit(period).alias(PERIOD),
                pl.lit(previous).alias(PREVIOUS),
            ),
        )


def _cells(index: int, standard: Standard) -> list[pl.Expr]:
    return [pl.col(ROW), pl.col(column(index)).alias("value"), number_of(index, standard).alias(NOW)]


def _key_names(standard: Standard) -> list[str]:
    return [name for name in standard.primary_key if name != standard.period_column]


def _key(frame: pl.DataFrame, standard: Standard) -> pl.Expr:
    indexes = [standard.position(name) for name in _key_names(standard)]
    parts = [value_of(index, standard).cast(pl.String) for index in indexes if column(index) in frame.columns]
    return pl.concat_str(parts, separator="\x1f").alias(KEY) if parts else pl.lit("").alias(KEY)


def _no_pairs(frame: pl.DataFrame) -> pl.DataFrame:
    texts = dict.fromkeys(("value", PERIOD, PREVIOUS), pl.String)
    return pl.DataFrame(schema={ROW: frame[ROW].dtype, NOW: pl.Float64, BEFORE: pl.Float64, **texts})
