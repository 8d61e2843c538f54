"""NL and SD over a table: one cheap pass finds the rows that may be wrong, an exact one judges only those.

A cell has one problem of kind: it is blank (NL-01), a mark (NL-02), dressed wrongly (SD-06) or of the wrong
type (SD-01), in this order. Range, pattern, choice and length are asked only where its type is right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import zip_longest

import polars as pl

from muara_kernel.events.finding import Finding, Text
from validation_service.model.reading.grid import ROW
from validation_service.model.rules.blanks import is_mark, is_missing, may_be_blank_or_mark, must_be_filled
from validation_service.model.rules.catalogue import found
from validation_service.model.rules.columns import SMALL, column, picked
from validation_service.model.rules.findings import MOST_PER_RULE, Findings
from validation_service.model.rules.limits import off_limits
from validation_service.model.rules.mistakes import (
    Explain,
    Mistake,
    mistaken_blanks,
    mistaken_limits,
    mistaken_types,
)
from validation_service.model.rules.plain_cells import is_plain_column
from validation_service.model.rules.types import EXPECTED, has_other_separators, separators, typed
from validation_service.model.standard import Field, Standard

Words = dict[str, Text | str | int]
RAW = "raw"
TEXT, VALUE, MISSING, MARK, DRESSED = "text", "value", "missing", "mark", "dressed"
AS_WRITTEN = pl.QueryOptFlags.none()
EMPTY: Words = {"said": ""}
Said = tuple[tuple[str, Text | str], ...]
MOST_EXPLAINED = 20_000
"""Cells of one column that break one rule; of those beyond only what the rule says is said."""


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


def check_cells(
    frame: pl.DataFrame, standard: Standard, findings: Findings, spoken_for: dict[int, list[int]]
) -> None:
    """``spoken_for``: by field the rows whose cell has its finding already."""
    present = {index: plan for index, plan in enumerate(plans(standard)) if column(index) in frame.columns}
    if not present or not frame.height:
        return
    if frame.height <= SMALL:  # a look in Python is quicker than all of the expressions
        for index, plan in present.items():
            if not is_plain_column(frame[column(index)], index, standard):
                _judge(_without(spoken_for, index, frame), plan, findings)
        return
    masks = frame.select(plan.suspicious.alias(column(index)) for index, plan in present.items())
    for index, plan in present.items():
        suspicious = masks[column(index)]
        if suspicious.any():
            _judge(_without(spoken_for, index, frame.filter(suspicious)), plan, findings)


def _without(spoken_for: dict[int, list[int]], index: int, frame: pl.DataFrame) -> pl.DataFrame:
    rows = pl.DataFrame([frame[ROW], frame[column(index)].alias(RAW)])
    told = spoken_for.get(index)
    return rows.filter(~pl.col(ROW).is_in(told)) if told else rows


def _suspicious(raw: pl.Expr, field: Field, standard: Standard) -> pl.Expr:
    value = typed(raw, field)
    bad = pl.lit(False) if field.type == "string" else value.is_null()
    for _, broken, _ in off_limits(raw, value, field):
        bad |= broken
    if field.type == "string" and field.enum is None:
        bad |= may_be_blank_or_mark(raw)
    if named := [value for value in standard.missing_values if value.strip()]:
        bad |= raw.str.strip_chars().is_in(named)
    bad = bad.fill_null(True)
    return bad | raw.is_null() if must_be_filled(field, standard) else bad & raw.is_not_null()


def _facts(field: Field, standard: Standard) -> tuple[tuple[pl.Expr, ...], ...]:
    """Each is named, and so found out once: what expressions have in common is worked out for each."""
    raw, text = pl.col(RAW), pl.col(TEXT)
    blank = is_missing(raw, standard).alias(MISSING), is_mark(raw, field, standard).alias(MARK)
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


def _judge(rows: pl.DataFrame, plan: Plan, findings: Findings) -> None:
    asked = rows.lazy()
    for step in plan.facts:
        asked = asked.with_columns(step)
    broken = (probe.broken.alias(str(n)) for n, probe in enumerate(plan.probes))
    masks = asked.select(broken).collect(optimizations=AS_WRITTEN)
    for n, probe in enumerate(plan.probes):
        mask = masks[str(n)]
        count = int(mask.sum())
        if count and probe.rule == "SD-07":
            first = int(rows[ROW].filter(mask)[0])
            findings.add(found(probe.rule, row=first, column=plan.field.name, count=count))
        elif count:
            _tell(picked(rows, mask), probe, plan.field.name, findings)


def _tell(broken: pl.DataFrame, probe: Probe, name: str, findings: Findings) -> None:
    """Those of which the sentence says the same together."""
    cells = broken[RAW].head(MOST_EXPLAINED).to_list() if probe.explain else []
    mistakes = probe.explain(cells) if probe.explain else []
    places: dict[Said, list[int]] = {}
    for place, mistake in enumerate(mistakes):
        if mistake is not None and mistake.words:
            places.setdefault(mistake.words, []).append(place)
    plain = pl.Series([True]).new_from_index(0, broken.height)
    for words, each in places.items():
        plain = plain.scatter(each, False)
        _tell_alike(broken[each], probe, dict(words), [mistakes[place] for place in each], name, findings)
    if plain.any():
        alone = [mistake for mistake in mistakes if mistake is None or not mistake.words]
        _tell_alike(picked(broken, plain), probe, {}, alone, name, findings)


def _tell_alike(
    broken: pl.DataFrame,
    probe: Probe,
    words: Words,
    mistakes: Sequence[Mistake | None],
    name: str,
    findings: Findings,
) -> None:
    """``mistakes`` are those of the first of the rows, as far as they are known."""
    first = broken.head(MOST_PER_RULE).rows()
    told = [
        _told(row, raw, probe, words, mistake, name)
        for (row, raw), mistake in zip_longest(first, mistakes[: len(first)])
    ]
    findings.add_many(probe.rule, broken.height, told, every=broken.rename({RAW: "value"}), column=name)


def _told(
    row: int, raw: str | None, probe: Probe, words: Words, mistake: Mistake | None, name: str
) -> Finding:
    finding = found(probe.rule, row=row, column=name, value=raw, **{**probe.words, **words})
    return finding if mistake is None else replace(finding, hint=mistake.hint)
