"""Checks as documents: within a unit of work for the handlers, as a queue for those who work them off."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import BinaryIO

from muara_kernel import failpoints
from muara_kernel.documents import Absent, AtMost, Body, Conflict, Documents, Present, Stored
from muara_kernel.events import Envelope, SubmissionReceived
from muara_kernel.events.base import dump, load
from muara_kernel.payloads import Payloads
from muara_kernel.worker.leases import OWNERS
from muara_kernel.worker.outbox import Outbox
from muara_kernel.worker.unit import Unit
from validation_service.model.life import Check, Claim, Outcome
from validation_service.model.period import before, frequency_of, read_period
from validation_service.model.report import Report
from validation_service.storage import CHECKS

AT_ONCE = 500

_PLAIN = (
    "queued",
    "state",
    "owner",
    "starts",
    "failure",
    "lacks",
    "answer",
    "report",
    "verdict",
    "concluded",
    "traceparent",
)


class DocumentChecks:
    """The checks within a unit of work."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def get(self, submission: str) -> Check | None:
        body = self._unit.read(CHECKS, submission)
        return _check(body) if body else None

    def save(self, check: Check) -> None:
        if check.traceparent is None and self._unit.because:
            check.traceparent = self._unit.because.traceparent
        self._unit.write(CHECKS, check.id, _body(check), announce=check.announcements)

    def say_again(self, answer: str) -> None:
        self._unit.again([answer])

    def now(self) -> float:
        return self._unit.now().timestamp()


class DocumentQueue:
    """The checks that wait, over all workers of the service."""

    def __init__(self, documents: Documents, make_unit: Callable[[], Unit], outbox: Outbox) -> None:
        self._documents = documents
        self._make_unit = make_unit
        self._outbox = outbox

    def waiting(self) -> Mapping[str, int]:
        return self._documents.count_by(CHECKS, "opd", {"state": "menunggu", "owner": Absent()})

    def claim(self, opd: str, owner: str) -> Claim | None:
        """The first of this OPD whose dataset has no older check open.

        Several checkers could otherwise publish a newer file before an older one of the same dataset,
        and the older would have to wait for the walidata (rule 6 of delivery).
        """
        for stored in sorted(self._heads(opd), key=lambda stored: stored.body["queued"]):
            check = _check(stored.body)
            check.begin(owner)
            try:
                return Claim(check, self._documents.replace(CHECKS, stored, {**stored.body, **_body(check)}))
            except Conflict:
                continue  # another worker was faster
        return None

    def _heads(self, opd: str) -> list[Stored]:
        """The oldest open check of each of the OPD's datasets, where nobody works on it yet."""
        free = {"state": "menunggu", "opd": opd, "owner": Absent()}
        heads: list[Stored] = []
        for dataset in self._documents.count_by(CHECKS, "dataset", free):
            open_ = {"dataset": dataset, "turn": Present()}
            heads += self._documents.find(CHECKS, open_, order=[("turn", 1)], limit=1)
        return [head for head in heads if head.body["state"] == "menunggu" and "owner" not in head.body]

    def keep(self, claim: Claim) -> bool:
        check, unit = claim.check, self._make_unit()
        unit.adopt(CHECKS, claim.ticket)
        unit.because = _received(check, unit.now())
        if check.verdict and check.concluded is None:
            check.concluded = unit.now().isoformat()
        unit.write(CHECKS, check.id, _body(check), announce=check.announcements)
        try:
            said = unit.flush()
        except Conflict:
            return False
        failpoints.reached("worker.after_write_before_publish")
        self._outbox.publish(said)
        self._outbox.clear(said)
        return True

    def claimed_by(self, owner: str) -> Sequence[Claim]:
        return [
            _claim(stored) for stored in self._documents.find(CHECKS, {"state": "menunggu", "owner": owner})
        ]

    def owners(self) -> Mapping[str, bool]:
        # Owners write their first beat before their first claim: whoever has none now is gone.
        named = self._documents.count_by(CHECKS, "owner", {"state": "menunggu"})
        return {owner: self._documents.get(OWNERS, owner) is not None for owner in named}

    def release(self, owner: str) -> int:
        held = {"state": "menunggu", "owner": owner}
        return len(self._documents.claim(CHECKS, held, {"owner": None}, most=AT_ONCE))

    def lacking(self) -> Sequence[str]:
        return list(self._documents.count_by(CHECKS, "lacks", {"state": "menunggu_acuan"}))

    def take_up(self, lack: str) -> None:
        where = {"state": "menunggu_acuan", "lacks": lack}
        while self._documents.claim(CHECKS, where, {"state": "menunggu", "lacks": None}, most=AT_ONCE):
            pass


class DocumentEditions:
    """What passed, as later periods look back on it."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def before(self, received: SubmissionReceived) -> SubmissionReceived | None:
        return self.before_period(received.dataset, received.period)

    def before_period(self, dataset: str, written: str) -> SubmissionReceived | None:
        frequency = frequency_of(written)
        period = read_period(written, frequency) if frequency else None
        if period is None:
            return None
        where = {"dataset": dataset, "passed": AtMost(before(period))}
        newest_first = [("passed", -1), ("sequence", -1)]
        for stored in self._documents.find(CHECKS, where, order=newest_first, limit=1):
            edition = _check(stored.body).received
            return edition if frequency_of(edition.period) == frequency else None
        return None


class PayloadReports:
    """Reports, kept under the hash of their bytes and read by whoever knows it."""

    def __init__(self, documents: Documents, payloads: Payloads) -> None:
        self._documents = documents
        self._payloads = payloads

    def keep(self, report: Report) -> Outcome:
        return Outcome.of(report, self._payloads.put(BytesIO(report.to_json())))

    def open(self, sha256: str) -> BinaryIO | None:
        """None for payloads that are no reports: what OPD sent is not to be had here."""
        known = self._documents.find(CHECKS, {"report": sha256}, limit=1)
        return self._payloads.open(sha256) if known else None


def _received(check: Check, now: datetime) -> Envelope:
    """What the verdict is said because of."""
    return Envelope(
        event=check.received,
        id=check.received.id,
        source="",
        time=now,
        correlation=check.received.correlation,
        traceparent=check.traceparent,
    )


def _claim(stored: Stored) -> Claim:
    return Claim(_check(stored.body), stored)


def _body(check: Check) -> Body:
    received = check.received
    return {
        "received": json.dumps(dump(received), ensure_ascii=False),
        "opd": received.opd,
        "dataset": received.dataset,
        # Its place among the open checks of its dataset; it has none once it is done.
        "turn": None if check.state == "selesai" else received.sequence,
        # The period that it passed for: later periods of the dataset are compared with it.
        "passed": received.period if check.verdict == "lulus" else None,
        "sequence": received.sequence,
        **{name: getattr(check, name) for name in _PLAIN},
    }


def _check(body: Body) -> Check:
    received = load(SubmissionReceived, json.loads(body["received"]))
    return Check(received, **{name: body[name] for name in _PLAIN if name in body})
