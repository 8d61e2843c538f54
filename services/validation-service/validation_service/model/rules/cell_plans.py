"""How the cells of each field are judged: expressions for where a rule may be broken, and where it is.

A cell has one problem of kind: it is blank (NL-01), a mark (NL-02), dressed wrongly (SD-06) or of the wrong
type (SD-01), in this order. Range, pattern, choice and length are asked only where its type is right.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import polars as pl

from muara_kernel.events.finding import Text
from validation_service.model.rules.blanks import is_mark, is_missing, may_be_blank_or_mark, must_be_filled
from validation_service.model.rules.columns import column
from validation_service.model.rules.limits import off_limits
from validation_service.model.rules.mistakes import Explain, mistaken_blanks, mistaken_limits, mistaken_types
from validation_service.model.rules.spelling import shows_nothing
from validation_service.model.rules.types import EXPECTED, has_other_separators, separators, typed
from validation_service.model.standard import Field, Standard

Words = dict[str, Text | str | int]
RAW = "raw"
TEXT, VALUE, MISSING, MARK, DRESSED = "text", "value", "missing", "mark", "dressed"
EMPTY: Words = {"said": ""}


@dataclass(frozen=True)
class Probe:
    """Where a rule is broken, over the columns of the facts; ``explain`` tells usual mistakes by name."""

    rule: str
    broken: pl.Expr
    words: Words
    explain: Explain | None = None


@dataclass(frozen=True)
class Plan:
    """How one field is checked. ``suspicious`` is true at least wherever a probe is. ``facts`` are what the
    probes ask about a cell, each step from those before."""

    field: Field
    suspicious: pl.Expr
    facts: tuple[tuple[pl.Expr, ...], ...]
    probes: tuple[Probe, ...]


@lru_cache(maxsize=256)
def plans(standard: Standard) -> tuple[Plan, ...]:
    """Building expressions costs more than checking a small file with them, so they are kept."""
    return tuple(
        Plan(
            field=field,
            suspicious=_suspicious(pl.col(column(index)), field, standard),
            facts=_facts(field, standard),
            probes=_probes(field, standard),
        )
        for index, field in enumerate(standard.fields)
    )


def _suspicious(raw: pl.Expr, field: Field, standard: Standard) -> pl.Expr:
    value = typed(raw, field)
    bad = pl.lit(False) if field.type == "string" else value.is_null()
    for _, broken, _ in off_limits(raw, value, field):
        bad |= broken
    if field.type == "string" and field.enum is None:
        bad |= may_be_blank_or_mark(raw)
        if must_be_filled(field, standard):
            bad |= shows_nothing(raw)
    if named := [value for value in standard.missing_values if value.strip()]:
        bad |= raw.str.strip_chars().is_in(named)
    bad = bad.fill_null(True)
    return bad | raw.is_null() if must_be_filled(field, standard) else bad & raw.is_not_null()


def _facts(field: Field, standard: Standard) -> tuple[tuple[pl.Expr, ...], ...]:
    """Each is named, and so found out once: what expressions have in common is worked out for each."""
    raw, text = pl.col(RAW), pl.col(TEXT)
    missing = is_missing(raw, standard) | shows_nothing(raw).fill_null(False)
    blank = missing.alias(MISSING), is_mark(raw, field, standard).alias(MARK)
    if field.type == "string":
        return (blank,)
    value = typed(text, field).alias(VALUE), has_other_separators(text, field).alias(DRESSED)
    return ((*blank, raw.str.strip_chars().alias(TEXT)), value)


def _probes(field: Field, standard: Standard) -> tuple[Probe, ...]:
    raw = pl.col(RAW)
    text, value = (raw, raw) if field.type == "string" else (pl.col(TEXT), pl.col(VALUE))
    missing, mark = pl.col(MISSING), pl.col(MARK)
    there = ~missing & ~mark
    dressed = (there & value.is_null() & pl.col(DRESSED)).fill_null(False)
    right = there & value.is_not_null()
    probes = []
    if must_be_filled(field, standard):
        blank = missing & ~_is_answered(raw, field, standard)
        probes.append(Probe("NL-01", blank, EMPTY, mistaken_blanks(field, standard)))
    probes.append(Probe("NL-02", mark, {"blank": _if_blank(field, standard)}))
    if field.type != "string":
        expected, example = EXPECTED[field.type]
        how, dressed_example = separators(field)
        shown = dressed_example if field.type == "number" else _example(field, example)
        probes.append(Probe("SD-06", dressed, {"expected": how, "example": dressed_example}))
        wrong = there & value.is_null() & ~dressed
        words: Words = {"expected": _expected(field, expected), "example": shown}
        probes.append(Probe("SD-01", wrong, words, mistaken_types(field)))
        probes.append(Probe("SD-07", right & (text != raw), {}))
    for rule, broken, what in off_limits(text, value, field):
        usual = mistaken_limits(rule, field, what)
        probes.append(Probe(rule, right & broken, {"expected": what}, usual))
    return tuple(replace(probe, broken=probe.broken.fill_null(False)) for probe in probes)


def _is_answered(raw: pl.Expr, field: Field, standard: Standard) -> pl.Expr:
    """Whether it says why there is no data, in a column that accepts it; a key column never does."""
    answers = [value for value, _ in standard.missing_labels if value.strip()]
    if not field.may_be_unavailable or field.name in standard.primary_key or not answers:
        return pl.lit(False)
    return raw.str.strip_chars().is_in(answers).fill_null(False)


def _if_blank(field: Field, standard: Standard) -> Text:
    if must_be_filled(field, standard):
        return Text("", "")
    return Text(
        ", atau kosongkan sel bila datanya tidak ada", ", or leave the cell empty if there is no data"
    )


def _expected(field: Field, expected: Text) -> Text:
    if field.type != "boolean":
        return expected
    choices = ", ".join(dict.fromkeys(field.true_values + field.false_values))
    return Text(f"salah satu dari {choices}", f"one of {choices}")


def _example(field: Field, example: Text) -> Text | str:
    if field.type == "date":
        return field.date_format.replace("%Y", "2024").replace("%m", "07").replace("%d", "31")
    return field.true_values[0] if field.type == "boolean" else example
