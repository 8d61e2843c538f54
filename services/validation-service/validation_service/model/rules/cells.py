"""NL and SD over a table: a cheap pass finds the cells that may be wrong, an exact one judges only those."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

import polars as pl

from muara_kernel.events.finding import Finding, Text
from validation_service.model.reading.grid import ROW
from validation_service.model.rules.catalogue import found
from validation_service.model.rules.cell_plans import RAW, Plan, Probe, Words, plans
from validation_service.model.rules.columns import column, picked
from validation_service.model.rules.findings import MOST_PER_RULE, Findings
from validation_service.model.rules.mistake import Mistake
from validation_service.model.rules.plain_cells import is_plain_column
from validation_service.model.standard import Standard

Said = tuple[tuple[str, Text | str], ...]
A_FEW = 300
"""Up to so many rows a look in Python is quicker than all of the expressions."""
AS_WRITTEN = pl.QueryOptFlags.none()
MOST_EXPLAINED = 20_000
"""Cells of one column that break one rule; of those beyond only what the rule says is said."""


def check_cells(
    frame: pl.DataFrame, standard: Standard, findings: Findings, spoken_for: dict[int, list[int]]
) -> None:
    """``spoken_for``: by field the rows whose cell has its finding already."""
    present = {index: plan for index, plan in enumerate(plans(standard)) if column(index) in frame.columns}
    if not present or not frame.height:
        return
    suspects = {
        index: _without(rows, spoken_for.get(index, ()))
        for index, rows in _suspects(frame, present, standard)
    }
    asked = [_asked(rows, present[index]) for index, rows in suspects.items()]
    answers = pl.collect_all(asked, optimizations=AS_WRITTEN)
    for (index, rows), broken in zip(suspects.items(), answers, strict=True):
        _judge(rows, broken, present[index], findings)


def _suspects(
    frame: pl.DataFrame, present: Mapping[int, Plan], standard: Standard
) -> Iterator[tuple[int, pl.DataFrame]]:
    """By field ROW and RAW of the cells that may break a rule."""
    if frame.height <= A_FEW:
        for index in present:
            if not is_plain_column(frame[column(index)], index, standard):
                yield index, _cells(frame, index)
        return
    masks = frame.select(plan.suspicious.alias(column(index)) for index, plan in present.items())
    for index in present:
        suspicious = masks[column(index)]
        if suspicious.any():
            yield index, picked(_cells(frame, index), suspicious)


def _cells(frame: pl.DataFrame, index: int) -> pl.DataFrame:
    return pl.DataFrame([frame[ROW], frame[column(index)].alias(RAW)])


def _without(rows: pl.DataFrame, told: Sequence[int]) -> pl.DataFrame:
    return rows.filter(~pl.col(ROW).is_in(told)) if told else rows


def _asked(rows: pl.DataFrame, plan: Plan) -> pl.LazyFrame:
    """A column for each probe, true where its rule is broken."""
    asked = rows.lazy()
    for step in plan.facts:
        asked = asked.with_columns(step)
    return asked.select(probe.broken.alias(str(n)) for n, probe in enumerate(plan.probes))


def _judge(rows: pl.DataFrame, broken: pl.DataFrame, plan: Plan, findings: Findings) -> None:
    for n, probe in enumerate(plan.probes):
        mask = broken[str(n)]
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
