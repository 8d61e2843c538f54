"""AG-02: the numbers of totals rows against the sums of their data.

What a total is over follows from its kind: over ``all`` rows, over its ``group`` of rows or over the rows
below its ``code``. A row "Jumlah" with data on both sides may be over a group too. Where groups are, above
their totals or below, is the same in all of a table. Where a cell of the data is unknown, so is the sum, and
nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import polars as pl

from muara_kernel.events.finding import Finding
from validation_service.model.reading.grid import ROW
from validation_service.model.rules.catalogue import found
from validation_service.model.rules.columns import column
from validation_service.model.rules.findings import MOST_PER_RULE, Findings
from validation_service.model.rules.probe import number_of, plain
from validation_service.model.rules.sums import PERCENT, decimals, half_a_unit
from validation_service.model.rules.totals_scope import (
    BY_NAME,
    classes_of,
    other_scopes,
    with_neighbours,
    within_scope,
)
from validation_service.model.rules.totals_side import side_of
from validation_service.model.rules.totals_sums import (
    AT_EDGE,
    NEAR,
    OWN_CODE,
    SIDES,
    WIDE,
    Reading,
    Side,
    agrees,
    differs,
    most_slack,
    scoped,
    slack,
    wide,
)
from validation_service.model.rules.totals_words import CODE, KIND, WORD
from validation_service.model.standard import Field, Standard

RATIO = re.compile(
    r"persen|%|rata|rerata|indeks|rasio|proporsi|laju|kepadatan|median|per[ _]kapita|harga|harapan",
    re.I,
)
"""Measures that do not add up."""
Reads = tuple[pl.Expr, tuple[Reading, ...], tuple[Reading, ...]]
"""For which totals rows, what their sum ought to be (on either side where that is open), what will do."""


def compare_totals(
    frame: pl.DataFrame, totals: pl.DataFrame, standard: Standard, findings: Findings
) -> pl.Series:
    """Gives the rows of totals of which it cannot be told what they are over, unless they agree anyway."""
    indexes = [
        n for n, each in enumerate(standard.fields) if adds_up(each, standard) and column(n) in frame.columns
    ]
    if not indexes:
        return frame[ROW].clear()
    names = [column(index) for index in indexes]
    classes = classes_of(frame.filter(~pl.col(ROW).is_in(totals[ROW].implode())), standard)
    cells = with_neighbours(_laid_out(frame, totals, indexes, list(classes), standard), classes)
    data = cells.filter(pl.col(KIND).is_null())
    told = within_scope(cells.filter(pl.col(KIND).is_in(["all", "group", "code"])), data, classes)
    judged = scoped(told, data, names, list(classes))
    side = side_of(judged, names)
    off = judged.select(_off(name, side).alias(name) for name in names)
    for other, within in other_scopes(told, classes):
        if not off.select(pl.any_horizontal(pl.all().any())).item():
            break
        fits = scoped(other, data, names, within).select(_fits(name, side).alias(name) for name in names)
        off = off.select(pl.col(name) & ~fits[name] for name in names)
    open_ = judged.select(_is_open() & pl.lit(side is None)).to_series()
    for index, name in zip(indexes, names, strict=True):
        wrong = judged.filter(off[name] & ~open_)
        if wrong.height:
            _tell(wrong, frame, name, standard.fields[index].name, side, findings)
    return judged.filter(off.select(pl.any_horizontal(pl.all())).to_series() & open_)[ROW]


def adds_up(field: Field, standard: Standard) -> bool:
    """Whether the sum of the column means anything."""
    if field.type not in ("integer", "number") or field.name in (
        *standard.primary_key,
        standard.period_column,
    ):
        return False
    if field.consecutive or field.unique or field.reference or field.satuan.strip().lower() in PERCENT:
        return False
    ukuran = field.ukuran or ("" if field.satuan else standard.ukuran)
    return not any(RATIO.search(text) for text in (ukuran, field.name, field.title))


def _off(name: str, side: Side | None) -> pl.Expr:
    return pl.any_horizontal(
        rows & pl.any_horizontal(differs(name, each) for each in due) & ~_agrees_any(name, (*due, *also))
        for rows, due, also in _reads(side)
    )


def _fits(name: str, side: Side | None) -> pl.Expr:
    return pl.any_horizontal(rows & _agrees_any(name, (*due, *also)) for rows, due, also in _reads(side))


def _agrees_any(name: str, readings: Sequence[Reading]) -> pl.Expr:
    return pl.any_horizontal(agrees(name, each) for each in readings)


def _reads(side: Side | None) -> Iterator[Reads]:
    is_all, sides = pl.col(KIND) == "all", SIDES if side is None else (side,)
    beyond = tuple(map(wide, sides))
    yield pl.col(KIND) == "code", ("code",), ()
    yield pl.col(BY_NAME), ("all",), (*SIDES, *map(wide, SIDES))
    yield is_all & pl.col(AT_EDGE) & ~pl.col(BY_NAME), ("all",), (*sides, *beyond)
    yield _is_open() & is_all, sides if side is None else beyond, (*sides, *beyond, "all")
    yield _is_open() & ~is_all, sides, ()


def _is_open() -> pl.Expr:
    """Over which rows depends on the side: they are neither named nor all on one side of it."""
    over_all = pl.col(BY_NAME) | ((pl.col(KIND) == "all") & pl.col(AT_EDGE))
    return (pl.col(KIND) != "code") & ~over_all


def _laid_out(
    frame: pl.DataFrame,
    totals: pl.DataFrame,
    indexes: Sequence[int],
    classes: Sequence[str],
    standard: Standard,
) -> pl.DataFrame:
    """All rows in their order, with their numbers and what a total may be over."""
    numbers = [number_of(index, standard).alias(column(index)) for index in indexes]
    slacks = [_rounded_by(index, standard).alias(slack(column(index))) for index in indexes]
    cells = frame.select(
        ROW, _code(frame, standard).alias(OWN_CODE), *map(_text, classes), *numbers, *slacks
    ).join(totals.select(ROW, WORD, KIND, CODE), on=ROW, how="left", maintain_order="left")
    kind = pl.col(KIND)
    return cells.with_columns(
        _turn(kind.is_in(["all", "group"])).alias(NEAR),
        _turn(kind == "all").alias(WIDE),
        *(pl.col(slack(column(n))).max().alias(most_slack(column(n))) for n in indexes),
    )


def _turn(ends: pl.Expr) -> pl.Expr:
    """How many rows before it end a group."""
    return ends.fill_null(False).cum_sum().shift(1, fill_value=0)


def _rounded_by(index: int, standard: Standard) -> pl.Expr:
    """By how much rounding may have changed each cell; the column tells to how many digits."""
    digits = decimals(index, standard)
    return half_a_unit(digits, digits.max())


def _text(name: str) -> pl.Expr:
    text = pl.col(name).str.strip_chars()
    return pl.when(text != "").then(text)


def _code(frame: pl.DataFrame, standard: Standard) -> pl.Expr:
    for index, field in enumerate(standard.fields):
        if field.reference and field.reference.level and column(index) in frame.columns:
            return pl.col(column(index)).str.strip_chars()
    return pl.lit(None, pl.String)


def _tell(
    wrong: pl.DataFrame, frame: pl.DataFrame, name: str, field: str, side: Side | None, findings: Findings
) -> None:
    sum_ = pl.coalesce(pl.when(rows).then(pl.col(f"{name} {due[0]}")) for rows, due, _ in _reads(side))
    raw = frame.select(ROW, pl.col(name).alias("value"))
    every = wrong.select(ROW, sum=plain(sum_), difference=plain((pl.col(name) - sum_).abs())).join(
        raw, on=ROW, how="left", maintain_order="left"
    )
    first = list(_told(every.head(MOST_PER_RULE), field))
    findings.add_many("AG-02", every.height, first, every=every, column=field)


def _told(rows: pl.DataFrame, field: str) -> Iterator[Finding]:
    for row in rows.to_dicts():
        yield found("AG-02", row=row.pop(ROW), column=field, **row)
