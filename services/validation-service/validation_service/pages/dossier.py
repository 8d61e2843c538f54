"""A report as a page shows it, whatever version of Muara wrote it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from muara_kernel.events import Finding
from muara_kernel.events.base import load
from muara_kernel.events.finding import SEVERITIES
from validation_service.model.rules.catalogue import cut

ABOUT_NO_CELL = 100
"""Of what is said about the file, a column or a row that is not shown, a page lists so many."""


@dataclass(frozen=True)
class RuleCount:
    """How often a rule was broken, with its first finding."""

    count: int
    first: Finding


@dataclass(frozen=True)
class Cell:
    text: str
    findings: Sequence[Finding]

    @property
    def severity(self) -> str:
        return self.findings[0].severity


@dataclass(frozen=True)
class Row:
    """``cells`` is empty where the row could not be laid under the header."""

    number: int
    findings: Sequence[Finding]
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Table:
    header: Sequence[str]
    rows: Sequence[Row]
    of: int
    columns_left_out: int


@dataclass(frozen=True)
class Dossier:
    """``others`` are the first findings of those that the table does not show; ``more``, how many follow."""

    told: Mapping[str, Any]
    rules: Sequence[RuleCount]
    table: Table | None
    others: Sequence[Finding]
    more: int

    @property
    def found(self) -> int:
        return sum(rule.count for rule in self.rules)


def dossier(told: Mapping[str, Any]) -> Dossier:
    """Reads no more of the findings than are shown: there may be tens of thousands."""
    findings = sorted(told.get("findings", ()), key=lambda finding: SEVERITIES.index(finding["severity"]))
    excerpt = told.get("excerpt") or {"header": [], "rows": []}
    rows = {row["row"] for row in excerpt["rows"]}
    beside = [finding for finding in findings if finding.get("row") not in rows]
    table = _table(excerpt, [_read(finding) for finding in findings if finding.get("row") in rows])
    others = [_read(finding) for finding in beside[:ABOUT_NO_CELL]]
    in_table = len(findings) - len(beside)
    more = sum(told.get("counts", {}).values()) - in_table - len(others)
    return Dossier(told, _rules(told, findings), table if rows else None, others, max(0, more))


def _read(finding: Mapping[str, Any]) -> Finding:
    return load(Finding, finding)


def _rules(told: Mapping[str, Any], findings: Sequence[Mapping[str, Any]]) -> list[RuleCount]:
    """The gravest first."""
    first = {finding["rule"]: finding for finding in reversed(findings)}
    counts = told.get("counts", {})
    read = sorted(map(_read, first.values()), key=lambda f: (SEVERITIES.index(f.severity), f.rule))
    return [RuleCount(counts.get(finding.rule, 1), finding) for finding in read]


def _table(excerpt: Mapping[str, Any], findings: Sequence[Finding]) -> Table:
    header = [str(name) for name in excerpt["header"]]
    place = {cut(name): index for index, name in reversed(list(enumerate(header)))}
    of_cell: dict[tuple[int, int | None], list[Finding]] = {}
    for finding in findings:
        if finding.row is not None:
            of_cell.setdefault((finding.row, place.get(finding.column or "")), []).append(finding)
    rows = [_row(each["row"], each["cells"], of_cell) for each in excerpt["rows"]]
    of, left_out = excerpt.get("rows_with_findings", len(rows)), excerpt.get("columns_left_out", 0)
    return Table(header, rows, of, left_out)


def _row(
    number: int, cells: Sequence[str], of_cell: Mapping[tuple[int, int | None], Sequence[Finding]]
) -> Row:
    """What is said of a column that is not shown stands beside the row's number."""
    shown = [Cell(text, of_cell.get((number, place), ())) for place, text in enumerate(cells)]
    beside = [
        finding
        for (row, place), findings in of_cell.items()
        if row == number and (place is None or place >= len(cells))
        for finding in findings
    ]
    return Row(number, beside, shown)
