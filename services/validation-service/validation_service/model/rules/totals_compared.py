"""AG-02: the numbers of totals rows against the sums of their data.

What a total is over follows from its kind: over ``all`` rows (of its period, where it names one), over the
``group`` of rows since the total before it, or over the rows below its ``code``. A row "Jumlah" that is not
the last may be over its group too. Where a cell of the data is unknown, so is the sum, and nothing is said.
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
from validation_service.model.rules.sums import PERCENT, decimals, half_a_unit, is_off
from validation_service.model.standard import Field, Standard

WORD, KIND, CODE = "word", "kind", "code"
PERIOD, GROUP = "period", "group"
RATIO = re.compile(
    r"persen|%|rata|rerata|indeks|rasio|proporsi|laju|kepadatan|median|per[ _]kapita|harga|harapan",
    re.I,
)
"""Measures that do not add up."""


def compare_totals(frame: pl.DataFrame, totals: pl.DataFrame, standard: Standard, findings: Findings) -> None:
    indexes = [
        n for n, each in enumerate(standard.fields) if adds_up(each, standard) and column(n) in frame.columns
    ]
    if not indexes:
        return
    names = [column(index) for index in indexes]
    cells = _laid_out(frame, totals, indexes, standard)
    data, told = (
        cells.filter(pl.col(KIND).is_null()),
        cells.filter(pl.col(KIND).is_in(["all", "group", "code"])),
    )
    judged = _with_sums(told, data, [*names, *map(_slack, names)])
    for index in indexes:
        _compare(judged, frame, index, standard.fields[index].name, findings)


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


def _laid_out(
    frame: pl.DataFrame, totals: pl.DataFrame, indexes: Sequence[int], standard: Standard
) -> pl.DataFrame:
    """All rows in their order, with their numbers and what a total may be over."""
    boundary = pl.col(KIND).is_in(["all", "group"]).fill_null(False)
    return (
        frame.select(
            ROW,
            _period(frame, standard).alias(PERIOD),
            _code(frame, standard).alias("own"),
            *(number_of(index, standard).alias(column(index)) for index in indexes),
            *(_rounded_by(index, standard).alias(_slack(column(index))) for index in indexes),
        )
        .join(totals.select(ROW, KIND, CODE), on=ROW, how="left", maintain_order="left")
        .with_columns(boundary.cum_sum().shift(1, fill_value=0).alias(GROUP))
    )


def _slack(name: str) -> str:
    return f"{name} slack"


def _rounded_by(index: int, standard: Standard) -> pl.Expr:
    """By how much rounding may have changed each cell; the column tells to how many digits."""
    digits = decimals(index, standard)
    return half_a_unit(digits, digits.max())


def _period(frame: pl.DataFrame, standard: Standard) -> pl.Expr:
    if standard.period_column:
        name = column(standard.position(standard.period_column))
        if name in frame.columns:
            text = pl.col(name).str.strip_chars()
            return pl.when(text != "").then(text)
    return pl.lit(None, pl.String)


def _code(frame: pl.DataFrame, standard: Standard) -> pl.Expr:
    for index, field in enumerate(standard.fields):
        if field.reference and field.reference.level and column(index) in frame.columns:
            return pl.col(column(index)).str.strip_chars()
    return pl.lit(None, pl.String)


def _with_sums(told: pl.DataFrame, data: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """For each total and column ``f1 whole``, the sum that is expected; ``f1 other`` will do as well."""
    told = _joined(told, _sums(data, names, [GROUP], "group"), [GROUP])
    told = _joined(told, _sums(data, names, [PERIOD], "period"), [PERIOD])
    told = told.join(_sums(data, names, [], "table"), how="cross", maintain_order="left")
    told = _joined(told, _under_codes(data, names, told), [CODE, PERIOD])
    last = pl.int_range(pl.len()).over(KIND, PERIOD) == pl.len().over(KIND, PERIOD) - 1
    kind, dated = pl.col(KIND), pl.col(PERIOD).is_not_null()
    expected = []
    for name in names:
        over_all = pl.when(dated).then(pl.col(f"{name} period")).otherwise(pl.col(f"{name} table"))
        group, code = pl.col(f"{name} group"), pl.col(f"{name} code")
        whole = (
            pl.when(kind == "code").then(code).when((kind == "group") | ~last).then(group).otherwise(over_all)
        )
        other = pl.when(kind == "all").then(pl.when(last).then(group).otherwise(over_all))
        expected += [whole.alias(f"{name} whole"), other.alias(f"{name} other")]
    return told.with_columns(expected)


def _joined(told: pl.DataFrame, sums: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    return told.join(sums, on=keys, how="left", nulls_equal=True, maintain_order="left")


def _sums(data: pl.DataFrame, names: Sequence[str], keys: Sequence[str], suffix: str) -> pl.DataFrame:
    sums = [
        pl.when(pl.col(name).null_count() == 0, pl.len() > 0)
        .then(pl.col(name).sum())
        .alias(f"{name} {suffix}")
        for name in names
    ]
    return data.group_by(keys).agg(sums) if keys else data.select(sums)


def _under_codes(data: pl.DataFrame, names: Sequence[str], told: pl.DataFrame) -> pl.DataFrame:
    """The sums of the data below each length of code that occurs among the totals."""
    lengths = told.select(pl.col(CODE).drop_nulls().str.len_bytes().unique()).to_series().to_list()
    parts = [_sums(data.clear().with_columns(code=pl.lit(None, pl.String)), names, [CODE, PERIOD], "code")]
    for length in lengths:
        cut = data.with_columns(pl.col("own").str.slice(0, length).alias(CODE))
        parts.append(_sums(cut, names, [CODE, PERIOD], "code"))
    return pl.concat(parts)


def _compare(judged: pl.DataFrame, frame: pl.DataFrame, index: int, field: str, findings: Findings) -> None:
    name = column(index)
    value, whole, other = pl.col(name), pl.col(f"{name} whole"), pl.col(f"{name} other")
    slack, other_slack = (pl.col(f"{_slack(name)} {which}") for which in ("whole", "other"))
    fits_other = (~is_off(value, other, other_slack)).fill_null(False)
    wrong = judged.filter(is_off(value, whole, slack).fill_null(False) & ~fits_other)
    if not wrong.height:
        return
    raw = frame.select(ROW, pl.col(name).alias("value"))
    every = wrong.select(ROW, sum=plain(whole), difference=plain((value - whole).abs())).join(
        raw, on=ROW, how="left", maintain_order="left"
    )
    first = list(_told(every.head(MOST_PER_RULE), field))
    findings.add_many("AG-02", every.height, first, every=every, column=field)


def _told(rows: pl.DataFrame, field: str) -> Iterator[Finding]:
    for row in rows.to_dicts():
        yield found("AG-02", row=row.pop(ROW), column=field, **row)
