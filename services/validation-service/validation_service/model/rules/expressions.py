"""AV: the aturan validasi of the standard and of its MS-Var."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from muara_kernel.events.finding import Text
from validation_service.model.expressions import Expression, parse
from validation_service.model.expressions.engine import translated
from validation_service.model.rules.blanks import is_missing
from validation_service.model.rules.catalogue import LONGEST_VALUE
from validation_service.model.rules.columns import column
from validation_service.model.rules.probe import RowProbe, kept, value_of
from validation_service.model.standard import Standard, TableRule

MOST_SHOWN = 6
BLANK = "–"
LONGEST_SHOWN = 200


@kept
def row_probes(standard: Standard) -> tuple[RowProbe, ...]:
    types = {field.name: field.type for field in standard.fields}
    return tuple(
        probe for rule in standard.rules for probe in _of_rule(rule, parse(rule.text, types), standard)
    )


def _of_rule(rule: TableRule, expression: Expression, standard: Standard) -> Iterator[RowProbe]:
    asked = translated(
        expression.root,
        lambda name: value_of(standard.position(name), standard),
        lambda name: is_missing(pl.col(column(standard.position(name))), standard),
    )
    shown = _values(expression, standard)
    needs = frozenset(standard.position(name) for name in expression.columns)
    only = expression.columns[0] if len(expression.columns) == 1 else None
    value = pl.col(column(standard.position(only))) if only else shown
    about = {"column": only, "value": value, "shown": {"values": shown}, "needs": needs}
    text = rule.text if len(rule.text) <= LONGEST_SHOWN else rule.text[: LONGEST_SHOWN - 1] + "…"
    yield RowProbe(
        rule="AV-01",
        broken=(~asked.holds).fill_null(False),
        words={"said": _said(rule, text), "aturan": text},
        severity=rule.severity,
        whole=bool(expression.totalled),
        **about,  # type: ignore[arg-type]
    )
    yield RowProbe(
        rule="AV-02",
        broken=asked.holds.is_null() & asked.failed,
        words={"aturan": text},
        whole=bool(expression.totalled),
        **about,  # type: ignore[arg-type]
    )


def _said(rule: TableRule, text: str) -> Text:
    if rule.message:
        return Text(rule.message.rstrip(" .") + ".", rule.message.rstrip(" .") + ".")
    return Text(f"Aturan validasi {text} tidak terpenuhi.", f"The rule {text} does not hold.")


def _values(expression: Expression, standard: Standard) -> pl.Expr:
    """``laki_laki = 5, perempuan = 6``, of the first few columns."""
    parts: list[pl.Expr] = []
    for n, name in enumerate(expression.columns[:MOST_SHOWN]):
        raw = pl.col(column(standard.position(name)))
        short = pl.concat_str(raw.str.slice(0, LONGEST_VALUE - 1), pl.lit("…"))
        told = pl.when(raw.str.len_chars() > LONGEST_VALUE).then(short).otherwise(raw)
        parts += [pl.lit(f"{', ' if n else ''}{name} = "), told.fill_null(BLANK)]
    return pl.concat_str(parts) if parts else pl.lit("")
