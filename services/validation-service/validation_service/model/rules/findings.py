"""Findings as they come in: counted exactly, kept up to a limit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from muara_kernel.events.finding import Finding, Severity
from validation_service.model.rules.catalogue import found
from validation_service.model.rules.table import RULES

MOST_PER_RULE = 1_000


class Findings:
    """Collects findings of all rules. Of one rule and one source (a column, mostly) the first 1,000 by row
    must be given; the count is that of all."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._kept: dict[str, list[Finding]] = {}

    def add(self, *findings: Finding) -> None:
        for finding in findings:
            self.add_many(finding.rule, 1, (finding,))

    def tell(self, rule: str, **words: Any) -> None:
        """For a source that tells row after row: counts, and makes a finding only of the first 1,000."""
        if self.counts[rule] < MOST_PER_RULE:
            self.add(found(rule, **words))
        else:
            self.counts[rule] += 1

    def add_many(self, rule: str, count: int, first: Iterable[Finding]) -> None:
        self.counts[rule] += count
        self._kept.setdefault(rule, []).extend(first)

    def take(self, other: Findings) -> None:
        for rule, count in other.counts.items():
            self.add_many(rule, count, other._kept[rule])

    def ordered(self, columns: Sequence[str]) -> tuple[Finding, ...]:
        """At most 1,000 of each rule, by row and then by the column's place in the file."""
        place = {name: index for index, name in reversed(list(enumerate(columns)))}

        def order(finding: Finding) -> tuple[int, int, str]:
            return (finding.row or 0, place.get(finding.column or "", len(place)), finding.rule)

        kept = [f for found in self._kept.values() for f in sorted(found, key=order)[:MOST_PER_RULE]]
        return tuple(sorted(kept, key=order))

    def count(self, severity: Severity) -> int:
        return sum(number for rule, number in self.counts.items() if RULES[rule].severity == severity)
