"""What the walidata sees of a report: the verdict on each principle, and the first findings."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marshmallow import ValidationError

from muara_kernel.events import Finding
from muara_kernel.events.base import load
from muara_kernel.events.finding import SEVERITIES
from muara_kernel.payloads import Payloads, UnknownPayload

SHOWN = 20


@dataclass(frozen=True)
class Checks:
    """``findings`` are the gravest first, at most 20; ``more`` says that the report holds others."""

    principles: Mapping[str, str]
    findings: Sequence[Finding]
    more: bool


def checks_of(payloads: Payloads, report: str) -> Checks | None:
    """None where there is no report that we can read: then nobody can have looked at it."""
    try:
        with payloads.open(report) as stream:
            told = json.load(stream)
        findings = [load(Finding, each) for each in told["findings"]]
        counted = sum(told["counts"].values())
        principles = {str(name): str(verdict) for name, verdict in told["principles"].items()}
    except (UnknownPayload, ValueError, LookupError, TypeError, AttributeError, ValidationError):
        return None
    findings.sort(key=lambda finding: SEVERITIES.index(finding.severity))
    return Checks(principles, findings[:SHOWN], counted > len(findings[:SHOWN]))
