"""What a check found, and what follows from it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from muara_kernel.events.base import dump
from muara_kernel.events.finding import PRINCIPLES, SEVERITIES, Finding, Text
from muara_kernel.events.submission import Verdict
from validation_service.model.rules.catalogue import found

if TYPE_CHECKING:  # polars starts threads when it is imported, and a worker that reports needs none
    from validation_service.model.rules.everything import Everything

ENGINE_VERSION = "1"


@dataclass(frozen=True, kw_only=True)
class Report:
    """The result of one check. ``findings`` are at most the first 1,000 of each rule, by row and column;
    ``counts``, ``errors`` and ``warnings`` count all of them; ``everything`` holds the places of
    all, and is None where ``findings`` are all there is.

    ``understood`` says how the file was read: format, encoding, delimiter, sheet, header_row and what was
    skipped. ``checked`` says what was checked against what; ``excerpt`` shows the first rows with findings;
    ``files`` names what is kept beside the report. All three may be empty, as in reports of long ago.
    """

    verdict: Verdict
    rows: int = 0
    columns: int = 0
    errors: int = 0
    warnings: int = 0
    findings: tuple[Finding, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    principles: Mapping[str, Verdict] = field(default_factory=dict)
    understood: Mapping[str, Any] = field(default_factory=dict)
    checked: Mapping[str, Any] = field(default_factory=dict)
    excerpt: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, Any] = field(default_factory=dict)
    everything: Everything | None = field(default=None, compare=False, repr=False)

    def first(self, n: int = 20) -> tuple[Finding, ...]:
        """The first ``n`` findings, what must be repaired before what is only remarked."""
        return tuple(sorted(self.findings, key=lambda f: SEVERITIES.index(f.severity))[:n])

    def to_json(self) -> bytes:
        """UTF-8 JSON; the same report always gives the same bytes."""
        body = {
            "verdict": self.verdict,
            "rows": self.rows,
            "columns": self.columns,
            "errors": self.errors,
            "warnings": self.warnings,
            "counts": dict(sorted(self.counts.items())),
            "principles": dict(self.principles),
            "understood": dict(sorted(self.understood.items())),
            "checked": dict(sorted(self.checked.items())),
            "files": dict(sorted(self.files.items())),
            "excerpt": dict(self.excerpt),
            "findings": [dump(finding) for finding in self.findings],
        }
        told = {name: value for name, value in body.items() if value or name not in OPTIONAL}
        return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


OPTIONAL = ("checked", "files", "excerpt")
"""What is left out of a report where it is empty."""


def unable(reason: Text, *, understood: Mapping[str, Any] | None = None) -> Report:
    """The report of a file that could not be checked; ``reason`` is a whole sentence."""
    finding = found("TK-01", reason=reason)
    return Report(
        verdict="tidak_dapat_diperiksa",
        errors=1,
        findings=(finding,),
        counts={"TK-01": 1},
        principles=dict.fromkeys(PRINCIPLES, "tidak_dapat_diperiksa"),
        understood=understood or {},
    )
