"""The Protocols of the model, over documents: submissions are the queue of each OPD."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from itertools import groupby
from typing import Any

from ingest_service.model.integration import Integration
from ingest_service.model.lanes import Candidate
from ingest_service.model.submission import Delivery, KeyReused, Submission
from muara_kernel.documents import (
    AtMost,
    Body,
    Collection,
    Conflict,
    Documents,
    Duplicate,
    MoreThan,
    Present,
    Stored,
)
from muara_kernel.events.submission import OfSubmission
from muara_kernel.worker.unit import Unit, speaking

SUBMISSIONS = speaking(
    "submissions",
    unique=[("slot",), ("sending",), ("dataset", "sequence")],
    indexes=[
        ("state", "opd", "received_at"),
        ("opd", "dataset", "state", "sequence"),
        ("dataset", "sequence"),
        ("due",),
    ],
)
INTEGRATIONS = Collection("integrations", indexes=(("opd",),))
LANES = Collection("lanes")
COLLECTIONS = (SUBMISSIONS, INTEGRATIONS, LANES)

CLEARED_WITH_PENDING = ("sending",)
"""Whoever publishes a release, or finishes it for one that died, also lets the next of its dataset go."""


class DocumentSubmissions:
    """Submissions within a unit of work."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        unit.foresee(
            lambda event: [(SUBMISSIONS, event.submission)] if isinstance(event, OfSubmission) else []
        )

    def get(self, id: str) -> Submission | None:
        body = self._unit.read(SUBMISSIONS, id)
        return _submission(id, body) if body else None

    def adopt(self, stored: Stored) -> Submission:
        return _submission(stored.id, self._unit.adopt(SUBMISSIONS, stored))

    def save(self, submission: Submission) -> None:
        body = self._unit.read(SUBMISSIONS, submission.id) or {}
        changed = {**body, **_body(submission)}
        self._unit.write(SUBMISSIONS, submission.id, changed, announce=submission.announcements)
        self._unit.again(submission.again)

    def happened_at(self) -> datetime:
        return self._unit.because.time if self._unit.because else self._unit.now()


class Acceptance:
    """The one insert by which a submission is accepted (rule 8 of delivery)."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._last: dict[str, int] = {}

    def accept(self, id: str, fingerprint: str, delivery: Delivery, now: datetime) -> Submission:
        """The submission as accepted now, or before under the same key; raises KeyReused."""
        while True:
            submission = Submission(id, delivery, self._next_sequence(delivery.dataset), now)
            try:
                self._documents.insert(SUBMISSIONS, id, {**_body(submission), "fingerprint": fingerprint})
            except Duplicate:
                earlier = self.find(id, fingerprint)
                if earlier is None:
                    # Only the sequence was taken: by the next one of the same dataset, in another process.
                    self._last.pop(delivery.dataset, None)
                    continue
                return earlier
            self._last[delivery.dataset] = submission.sequence
            return submission

    def find(self, id: str, fingerprint: str) -> Submission | None:
        """What was accepted under this id; raises KeyReused when it was something else."""
        stored = self._documents.get(SUBMISSIONS, id)
        if stored and stored.body["fingerprint"] != fingerprint:
            raise KeyReused(id)
        return _submission(id, stored.body) if stored else None

    def get(self, id: str) -> Submission | None:
        stored = self._documents.get(SUBMISSIONS, id)
        return _submission(id, stored.body) if stored else None

    def _next_sequence(self, dataset: str) -> int:
        """After the last we know of. That is one there is, so it leaves no gap; if it is taken we look."""
        known = self._last.get(dataset)
        if known is not None:
            return known + 1
        last = self._documents.find(SUBMISSIONS, {"dataset": dataset}, order=[("sequence", -1)], limit=1)
        return int(last[0].body["sequence"]) + 1 if last else 1


class DocumentLanes:
    """What the lanes look like now, and the switch of each."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def waiting(self) -> dict[str, int]:
        """How many submissions of each OPD wait to be released."""
        return self._documents.count_by(SUBMISSIONS, "opd", {"state": "menunggu"})

    def fronts(self, most: int) -> dict[str, list[Stored]]:
        """The first ``most`` that wait of each OPD, or all of fewer, in the order in which they came.

        At most one look at an index for each OPD, however long its lane is.
        """
        fronts: dict[str, list[Stored]] = {}
        while True:
            where = {"state": "menunggu", "opd": MoreThan(next(reversed(fronts), ""))}
            order = [("opd", 1), ("received_at", 1)]
            some = self._documents.find(SUBMISSIONS, where, order=order, limit=most)
            lanes = {opd: list(lane) for opd, lane in groupby(some, key=lambda each: str(each.body["opd"]))}
            if len(some) == most and len(lanes) > 1:
                lanes.popitem()  # cut off by the limit, so it comes first in the next look
            fronts |= lanes
            if len(some) < most:
                return fronts

    def waiting_of(self, opd: str) -> int:
        return self._documents.count(SUBMISSIONS, {"state": "menunggu", "opd": opd})

    def lowest(self, opd: str, dataset: str) -> list[Stored]:
        """The one of this dataset that goes first; what a former OPD of it has waiting is in another lane."""
        where = {"opd": opd, "dataset": dataset, "state": "menunggu"}
        return self._documents.find(SUBMISSIONS, where, order=[("sequence", 1)], limit=1)

    def taken(self) -> tuple[dict[str, set[int]], set[str]]:
        """The slots in use by OPD, and the datasets of which one is being published."""
        slots: dict[str, set[int]] = {}
        for stored in self._in_use("slot"):
            opd, _, number = stored.body["slot"].rpartition("/")
            slots.setdefault(opd, set()).add(int(number))
        # Asked apart: an outcome may come before the announcement is cleared, and frees the slot only.
        return slots, {stored.body["sending"] for stored in self._in_use("sending")}

    def _in_use(self, key: str) -> list[Stored]:
        """Ordered by the key, so that its index is read and not every submission there ever was."""
        return self._documents.find(SUBMISSIONS, {key: Present()}, order=[(key, 1)])

    def unanswered(self, now: float, most: int) -> list[Stored]:
        """Released ones whose time to ask again has come."""
        return self._documents.find(SUBMISSIONS, {"due": AtMost(now)}, order=[("due", 1)], limit=most)

    def paused(self) -> set[str]:
        return {stored.id for stored in self._documents.find(LANES) if stored.body["paused"]}

    def pause(self, opd: str, paused: bool) -> None:
        stored = self._documents.get(LANES, opd)
        try:
            if stored:
                self._documents.replace(LANES, stored, {"paused": paused})
            else:
                self._documents.insert(LANES, opd, {"paused": paused})
        except (Conflict, Duplicate):
            self.pause(opd, paused)


class DocumentIntegrations:
    """The keys of the OPD."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def get(self, id: str) -> Integration | None:
        stored = self._documents.get(INTEGRATIONS, id)
        return _integration(stored) if stored else None

    def add(self, integration: Integration) -> None:
        body = asdict(integration) | {"created_at": integration.created_at.isoformat(), "id": None}
        self._documents.insert(INTEGRATIONS, integration.id, body)

    def revoke(self, id: str, now: datetime) -> bool:
        stored = self._documents.get(INTEGRATIONS, id)
        if stored is None or "revoked_at" in stored.body:
            return False
        try:
            self._documents.replace(INTEGRATIONS, stored, {**stored.body, "revoked_at": now.isoformat()})
        except Conflict:  # revoked by somebody else at this moment
            return False
        return True

    def all(self) -> list[Integration]:
        return [_integration(stored) for stored in self._documents.find(INTEGRATIONS)]


def candidate(stored: Stored) -> Candidate:
    return Candidate(stored.id, stored.body["dataset"], stored.body["sequence"])


def _integration(stored: Stored) -> Integration:
    body = dict(stored.body)
    for name in ("created_at", "revoked_at"):
        body[name] = datetime.fromisoformat(body[name]) if name in body else None
    return Integration(id=stored.id, **body)


_OF_DELIVERY = tuple(Delivery.__dataclass_fields__)
_TIMES = ("received_at", "released_at", "held_at")


def _body(submission: Submission) -> Body:
    body: dict[str, Any] = asdict(submission.delivery)
    for name in ("sequence", "state", "slot", "sending", "asks", "due", "outcomes"):
        body[name] = getattr(submission, name)
    for name in _TIMES:
        moment = getattr(submission, name)
        body[name] = moment.isoformat() if moment else None
    return body


def _submission(id: str, body: Body) -> Submission:
    return Submission(
        id=id,
        delivery=Delivery(**{name: body.get(name) for name in _OF_DELIVERY}),  # type: ignore[arg-type]
        sequence=body["sequence"],
        received_at=datetime.fromisoformat(body["received_at"]),
        released_at=_moment(body.get("released_at")),
        held_at=_moment(body.get("held_at")),
        state=body["state"],
        slot=body.get("slot"),
        sending=body.get("sending"),
        asks=body["asks"],
        due=body.get("due"),
        outcomes=body["outcomes"],
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
