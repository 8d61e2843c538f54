"""PD: the period exists, fits the dataset and has begun, and the table is of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

import polars as pl

from muara_kernel.events.finding import Finding, Text
from validation_service.model.facts import Facts
from validation_service.model.period import EXAMPLES, containing, frequency_of, has_begun, read_period
from validation_service.model.rules.catalogue import found
from validation_service.model.rules.columns import column
from validation_service.model.rules.findings import Findings
from validation_service.model.rules.probe import value_of
from validation_service.model.standard import Standard

SHOWN = 3


def check_period(facts: Facts) -> Iterator[Finding]:
    period = read_period(facts.period, facts.frequency)
    if period is None:
        yield found(
            "PD-01",
            value=facts.period,
            problem=_problem(facts),
            frequency=facts.frequency,
            example=EXAMPLES.get(facts.frequency, "2024"),
        )
    elif not has_begun(period, facts.received_on):
        yield found("PD-02", value=facts.period, received=facts.received_on.isoformat())


def check_period_of_rows(frame: pl.DataFrame, standard: Standard, facts: Facts, findings: Findings) -> None:
    """Only where all that the table says of periods can be read as such."""
    if not facts.period_told or read_period(facts.period, facts.frequency) is None:
        return
    where, said = _said(frame, standard)
    periods = {_as_period(each, facts.frequency) for each in said}
    if periods and all(map(frequency_of, periods)) and not _is_among(facts.period, periods):
        first = sorted(periods)
        told = ", ".join(first if len(first) <= SHOWN else [*first[: SHOWN - 1], "…", first[-1]])
        findings.add(found("PD-03", column=where, value=facts.period, periods=told))


def _said(frame: pl.DataFrame, standard: Standard) -> tuple[str | None, Collection[str | int | date]]:
    """The column of periods with all that it says; in a wide table its first, with what its names say."""
    if standard.wide_columns and standard.wide_name and standard.wide_name.type == "year":
        return standard.wide_columns[0].name, {each.value.strip() for each in standard.wide_columns}
    if standard.period_column is None:
        return None, ()
    index = standard.position(standard.period_column)
    if column(index) not in frame.columns:
        return None, ()
    values = frame.select(value_of(index, standard).alias("period")).to_series()
    return standard.period_column, set(values.drop_nulls().unique().to_list())


def _as_period(said: str | int | date, frequency: str) -> str:
    return containing(said, frequency) if isinstance(said, date) else str(said).strip()


def _is_among(period: str, said: Collection[str]) -> bool:
    """A year holds its months, and a month is of its year."""
    return any(
        period == each or each.startswith(f"{period}-") or period.startswith(f"{each}-") for each in said
    )


def _problem(facts: Facts) -> Text:
    other = frequency_of(facts.period)
    if other:
        return Text(
            f"adalah periode {other}, padahal dataset ini {facts.frequency}",
            f"is {other}, but this dataset is {facts.frequency}",
        )
    return Text("tidak ada", "does not exist")
