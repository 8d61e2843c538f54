"""Findings as they come in: counted exactly, told in full up to a limit, and each of their places kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import polars as pl

from muara_kernel.events.finding import Finding, Principle, Severity, Text
from validation_service.model.rules.catalogue import found
from validation_service.model.rules.everything import Everything, Told
from validation_service.model.rules.places import Places
from validation_service.model.rules.table import RULES

MOST_PER_RULE = 1_000
MOST_PLACES = 3_000_000
"""Beyond so many, places are counted and no more kept: nobody repairs them one by one."""


class Findings:
    """Collects findings of all rules. Of one rule and one source (a column, mostly) the first 1,000 by row
    must be given; the count is that of all."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._grave: Counter[tuple[str, Severity]] = Counter()
        self._kept: dict[str, list[Finding]] = {}
        self._alone: list[Finding] = []
        self._places: list[Places] = []
        self._room = MOST_PLACES
        self._told: dict[tuple[str, str | None], Told] = {}

    def add(self, *findings: Finding) -> None:
        for finding in findings:
            self.add_many(finding.rule, 1, (finding,))

    def tell(self, rule: str, **words: Any) -> None:
        """For a source that tells row after row: makes a finding only of the first 1,000, and keeps the row
        and the value of those after them."""
        if self.counts[rule] < MOST_PER_RULE:
            self.add(found(rule, **words))
            return
        self._count(rule, 1, ())
        row, column, value = (words.pop(name, None) for name in ("row", "column", "value"))
        said = {name: word.id if isinstance(word, Text) else str(word) for name, word in words.items()}
        if (rule, column) not in self._told:
            like = found(rule, row=row, column=column, value=value, **words)
            self._told[rule, column] = Told(like, said)
        if self._room > 0:
            self._room -= 1
            self._told[rule, column].add(row, value, said)

    def add_many(
        self,
        rule: str,
        count: int,
        first: Iterable[Finding],
        *,
        every: pl.DataFrame | None = None,
        column: str | None = None,
    ) -> None:
        """``every`` has a line for each of ``count``: the row in ROW, the cell in "value". Further columns
        are words of the rule's sentence that differ from row to row. ``column`` is the sender's name for the
        column that all of them are about."""
        first = list(first)
        self._count(rule, count, first)
        self._kept.setdefault(rule, []).extend(first)
        if every is None or every.height == len(first):
            self._alone += first
        elif self._room > 0:
            kept = every.head(self._room)
            self._room -= kept.height
            self._places.append(Places(rule=rule, column=column, cells=kept, first=first))
        else:
            self._alone += first

    def _count(self, rule: str, count: int, first: Sequence[Finding]) -> None:
        self.counts[rule] += count
        self._grave[rule, first[0].severity if first else RULES[rule].severity] += count

    def take(self, other: Findings) -> None:
        self.counts.update(other.counts)
        self._grave.update(other._grave)
        for rule, kept in other._kept.items():
            self._kept.setdefault(rule, []).extend(kept)
        self._alone += other._alone
        self._places += other._places
        self._room -= MOST_PLACES - other._room
        for source, told in other._told.items():
            self._told.setdefault(source, Told(told.like, told.words)).take(told)

    def ordered(self, columns: Sequence[str]) -> tuple[Finding, ...]:
        """At most 1,000 of each rule, by row and then by the column's place in the file."""
        place = {name: index for index, name in reversed(list(enumerate(columns)))}

        def order(finding: Finding) -> tuple[int, int, str]:
            return (finding.row or 0, place.get(finding.column or "", len(place)), finding.rule)

        kept = [f for found in self._kept.values() for f in sorted(found, key=order)[:MOST_PER_RULE]]
        return tuple(sorted(kept, key=order))

    def everything(self, columns: Sequence[str]) -> Everything:
        """All of them, beyond the first 1,000 too; ``columns`` are the file's, in its order."""
        told = [told.places(rule, column) for (rule, column), told in self._told.items()]
        return Everything(alone=tuple(self._alone), places=(*self._places, *told), columns=tuple(columns))

    def count(self, severity: Severity) -> int:
        return sum(number for (_, grave), number in self._grave.items() if grave == severity)

    def breaks(self, principle: Principle) -> bool:
        """Whether there is a galat against this principle."""
        return any(
            grave == "galat" and number and RULES[rule].principle == principle
            for (rule, grave), number in self._grave.items()
        )
