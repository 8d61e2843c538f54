"""PD: the period exists, fits the dataset and has begun."""

from __future__ import annotations

from collections.abc import Iterator

from muara_kernel.events.finding import Finding, Text
from validation_service.model.facts import Facts
from validation_service.model.period import EXAMPLES, frequency_of, has_begun, read_period
from validation_service.model.rules.catalogue import found


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


def _problem(facts: Facts) -> Text:
    other = frequency_of(facts.period)
    if other:
        return Text(
            f"adalah periode {other}, padahal dataset ini {facts.frequency}",
            f"is {other}, but this dataset is {facts.frequency}",
        )
    return Text("tidak ada", "does not exist")
