"""What the catalog says about a submission that was checked, and how it is written down."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any

from catalog_service.model.entry import Entry, Version
from muara_kernel.events import (
    DatasetPublished,
    Finding,
    ReviewRequested,
    SubmissionReturned,
    SubmissionValidated,
)
from muara_kernel.events.submission import Authority, Delivered

Checked = SubmissionValidated | ReviewRequested
"""Whatever carries the facts of a submission that was checked: the verdict, or the request it led to."""


def published(checked: Checked, number: int, decided_by: Authority, now: datetime) -> DatasetPublished:
    return DatasetPublished(
        **_delivered(checked),
        version=number,
        decided_by=decided_by,
        report=checked.report,
        rows=checked.rows,
        warnings=checked.warnings,
        published_at=now,
    )


def returned(
    checked: Checked,
    decided_by: Authority,
    reason: str,
    *,
    errors: int = 0,
    findings: tuple[Finding, ...] = (),
) -> SubmissionReturned:
    return SubmissionReturned(
        submission=checked.submission,
        dataset=checked.dataset,
        opd=checked.opd,
        period=checked.period,
        sequence=checked.sequence,
        decided_by=decided_by,
        reason=reason,
        received_at=checked.received_at,
        report=checked.report,
        rows=checked.rows,
        errors=errors,
        findings=findings,
        repairs=checked.repairs,
    )


def review_requested(checked: Checked, reason: str) -> ReviewRequested:
    return ReviewRequested(
        **_delivered(checked),
        reason=reason,
        report=checked.report,
        rows=checked.rows,
        warnings=checked.warnings,
    )


def entry_of(event: SubmissionValidated) -> Entry:
    """The submission as it enters its edition; what becomes of it is settled at once."""
    entry: Entry = {
        "sequence": event.sequence,
        "state": "dikembalikan",
        "verdict": event.verdict,
        "opd": event.opd,
        "report": event.report,
        "rows": event.rows,
        "received_at": event.received_at.isoformat(),
        "answers": [],
    }
    if event.repairs:
        entry["repairs"] = event.repairs
    return entry


def version_of(event: DatasetPublished) -> Version:
    return {
        "number": event.version,
        "submission": event.submission,
        "sequence": event.sequence,
        "payload": event.payload,
        "report": event.report,
        "rows": event.rows,
        "size": event.size,
        "media_type": event.media_type,
        "filename": event.filename,
        "published_at": event.published_at.isoformat(),
    }


def _delivered(checked: Checked) -> dict[str, Any]:
    return {each.name: getattr(checked, each.name) for each in fields(Delivered)}
