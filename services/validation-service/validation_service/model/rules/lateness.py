"""JD-01: whether the data came within the days that its schedule gives it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from muara_kernel.events.finding import Finding
from validation_service.model.facts import Facts
from validation_service.model.period import ends, read_period
from validation_service.model.rules.catalogue import found
from validation_service.model.standard import Standard


def check_lateness(facts: Facts, standard: Standard) -> Iterator[Finding]:
    period = read_period(facts.period, facts.frequency)
    if period is None or standard.due_days is None:
        return
    due = ends(period) + timedelta(days=standard.due_days)
    late = (facts.received_on - due).days
    if late > 0:
        yield found(
            "JD-01",
            value=facts.period,
            received=facts.received_on.isoformat(),
            due=due.isoformat(),
            late=late,
            days=standard.due_days,
        )
