"""Reports with all that goes with them, for those who were told their address."""

from __future__ import annotations

import json
from typing import Any, BinaryIO

from muara_kernel.documents import Body, Documents
from muara_kernel.events import SubmissionReceived
from muara_kernel.events.base import load
from muara_kernel.payloads import Payloads
from validation_service.model.certificate import certificate, to_bytes
from validation_service.storage import CHECKS
from validation_service.storage.checks import AT_ONCE, PayloadReports


class Dossiers:
    def __init__(self, documents: Documents, payloads: Payloads) -> None:
        self._reports = PayloadReports(documents, payloads)
        self._documents = documents
        self._payloads = payloads

    def open(self, sha256: str) -> BinaryIO | None:
        return self._reports.open(sha256)

    def file(self, sha256: str) -> BinaryIO:
        """A file that a report names; raises UnknownPayload."""
        return self._payloads.open(sha256)

    def report(self, sha256: str) -> dict[str, Any] | None:
        stream = self.open(sha256)
        if stream is None:
            return None
        with stream:
            told: dict[str, Any] = json.loads(stream.read())
        return told

    def submissions(self, sha256: str) -> list[dict[str, Any]]:
        """Those that a report is about, the first to arrive first; several where the same came again."""
        found = self._documents.find(CHECKS, {"report": sha256}, limit=AT_ONCE)
        return sorted((_about(stored.body) for stored in found), key=lambda about: about["sequence"])

    def certificate(self, sha256: str, submission: str | None = None) -> bytes | None:
        """For one of its submissions or the first; None where there is none."""
        report, about = self.report(sha256), self.submissions(sha256)
        named = [each for each in about if submission in (None, each["submission"])]
        told = certificate(report, named[0]) if report and named else None
        return to_bytes(told) if told else None


def _about(body: Body) -> dict[str, Any]:
    received = load(SubmissionReceived, json.loads(body["received"]))
    return {
        "submission": received.submission,
        "dataset": received.dataset,
        "period": received.period,
        "opd": received.opd,
        "sequence": received.sequence,
        "filename": received.filename,
        "received_at": received.received_at.isoformat(),
        "checked_at": body.get("concluded"),
        "report": body.get("report"),
        "data": received.payload,
        "size": received.size,
    }
