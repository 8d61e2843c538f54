"""A submission from its acceptance to its outcome, as the OPD that sent it sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol
from uuid import UUID, uuid5

from muara_kernel.events import Event, SubmissionHeld, SubmissionReceived

State = Literal["menunggu", "dilepas", "selesai", "tertahan"]
OutcomeState = Literal["diterbitkan", "dikembalikan", "menunggu_pemeriksaan"]

NAMESPACE = UUID("6d756172-6100-5075-7368-204f5044ff01")
"""The namespace of submission ids; it never changes, or a repeated push would be a new submission."""

FIRST_ASK = 30.0
"""Seconds until the first ask for an outcome that did not come; each next wait is twice as long."""


def submission_id(opd: str, idempotency_key: str) -> str:
    """One OPD and one key are one submission: its id says so, and so acceptance is one insert."""
    return str(uuid5(NAMESPACE, f"{opd}\n{idempotency_key}"))


@dataclass(frozen=True)
class Delivery:
    """What was handed in: by whom, for what, and which bytes (``payload`` is their sha256)."""

    opd: str
    dataset: str
    period: str
    payload: str
    size: int
    media_type: str
    filename: str
    repairs: str | None = None
    repairs_period: str | None = None
    bidang_urusan: str | None = None


@dataclass
class Submission:
    """One accepted submission. ``slot`` and ``sending`` are its place in the lane (rule 5 of delivery)."""

    id: str
    delivery: Delivery
    sequence: int
    received_at: datetime
    state: State = "menunggu"
    slot: str | None = None
    sending: str | None = None
    asks: int = 0
    due: float | None = None
    released_at: datetime | None = None
    held_at: datetime | None = None
    outcomes: list[dict[str, Any]] = field(default_factory=list)
    announcements: list[Event] = field(default_factory=list)
    again: list[str] = field(default_factory=list)

    @property
    def number(self) -> str:
        """The number on the receipt: dataset and sequence, which no other submission has."""
        return f"{self.delivery.dataset.replace('/', '-')}-{self.sequence:06d}"

    @property
    def outcome(self) -> dict[str, Any] | None:
        """The outcome that stands: a final one before a review that was asked for."""
        return next((each for each in reversed(self.outcomes) if each["final"]), None) or (
            self.outcomes[-1] if self.outcomes else None
        )

    def release(self, slot: int, now: datetime, *, first_ask: float = FIRST_ASK) -> None:
        """Take a slot of the lane and go out; nobody else of this dataset goes out at the same moment."""
        self.state, self.released_at = "dilepas", now
        self.slot, self.sending = f"{self.delivery.opd}/{slot}", self.delivery.dataset
        self.asks, self.due = 0, now.timestamp() + first_ask
        self.announcements.append(self.received())

    def ask_again(self, now: datetime, *, most: int, first: float) -> None:
        """No answer in time: say it once more, or after ``most`` asks let the lane go on without it."""
        if self.asks >= most:
            self.state, self.held_at = "tertahan", now
            self.slot = self.due = None
            self.announcements.append(self._held())
            return
        self.asks += 1
        self.due = now.timestamp() + first * 2**self.asks
        self.again.append(self.received().id)

    def settle(self, state: OutcomeState, at: datetime, **more: Any) -> None:
        """An outcome came; it frees the slot, also of one that was held. A repeat changes nothing."""
        if any(each["state"] == state for each in self.outcomes):
            return
        final = state != "menunggu_pemeriksaan"
        self.outcomes.append({"state": state, "at": at.isoformat(), "final": final, **more})
        self.state = "selesai"
        self.slot = self.due = None

    def received(self) -> SubmissionReceived:
        d = self.delivery
        return SubmissionReceived(
            submission=self.id,
            dataset=d.dataset,
            opd=d.opd,
            period=d.period,
            sequence=self.sequence,
            payload=d.payload,
            size=d.size,
            media_type=d.media_type,
            filename=d.filename,
            received_at=self.received_at,
            repairs=d.repairs,
            repairs_period=d.repairs_period,
            bidang_urusan=d.bidang_urusan,
        )

    def _held(self) -> SubmissionHeld:
        d = self.delivery
        return SubmissionHeld(
            submission=self.id,
            dataset=d.dataset,
            opd=d.opd,
            period=d.period,
            sequence=self.sequence,
            asks=self.asks,
            received_at=self.received_at,
        )

    def timeline(self) -> list[Mapping[str, Any]]:
        """What happened, oldest first, in the words of the law."""
        steps: list[Mapping[str, Any]] = [{"state": "diterima", "at": self.received_at.isoformat()}]
        if self.released_at:
            steps.append({"state": "diperiksa", "at": self.released_at.isoformat()})
        if self.held_at:
            steps.append({"state": "tertahan", "at": self.held_at.isoformat()})
        # A review comes before its decision, in whatever order the two were heard.
        outcomes = sorted(self.outcomes, key=lambda each: bool(each["final"]))
        return steps + [{"state": each["state"], "at": each["at"]} for each in outcomes]


class KeyReused(Exception):
    """The idempotency key was used before, for something else."""


class Submissions(Protocol):
    """The submissions we accepted, within a unit of work."""

    def get(self, id: str) -> Submission | None: ...

    def save(self, submission: Submission) -> None: ...

    def happened_at(self) -> datetime:
        """When that happened which is being reacted to."""
        ...
