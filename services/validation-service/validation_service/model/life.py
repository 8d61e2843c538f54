"""The life of a check: it waits, is claimed, perhaps waits for its standard, and has one outcome."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from muara_kernel.events import (
    CodelistAdopted,
    DatasetRegistered,
    Event,
    Finding,
    OpdRegistered,
    StandardAdopted,
    SubmissionReceived,
    SubmissionValidated,
    Text,
)
from muara_kernel.events.submission import Verdict
from validation_service.model.report import Report

State = Literal["menunggu", "menunggu_acuan", "selesai"]
Failure = Literal["memory", "deadline", "died", "missing", "broken"]

FIRST_FINDINGS = 20

WHY: Mapping[str, Text] = {
    "memory": Text("memerlukan memori melebihi batas", "it needs more memory than is allowed"),
    "deadline": Text("tidak selesai dalam batas waktu", "it was not done in the time allowed"),
    "died": Text("proses pemeriksa berhenti mendadak", "the checking process died"),
    "missing": Text("berkasnya tidak ditemukan di penyimpanan", "the file is not in the store"),
    "broken": Text("pemeriksa menemui kesalahan pada dirinya", "the checker met a fault of its own"),
}


class Lacks(Exception):
    """What a check needs and is not here yet, such as ``standard 35.08/luas-wilayah``."""


@dataclass(frozen=True)
class Outcome:
    """What a check came to; ``report`` is the sha256 of the whole report."""

    verdict: Verdict
    report: str
    rows: int = 0
    errors: int = 0
    warnings: int = 0
    findings: tuple[Finding, ...] = ()
    standard: int | None = None
    codelists: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, report: Report, stored_as: str) -> Outcome:
        return cls(
            verdict=report.verdict,
            report=stored_as,
            rows=report.rows,
            errors=report.errors,
            warnings=report.warnings,
            findings=tuple(report.first(FIRST_FINDINGS)),
        )


@dataclass(frozen=True)
class References:
    """What a submission is checked against, as it stands when the check begins."""

    dataset: DatasetRegistered
    opd: OpdRegistered
    standard: StandardAdopted
    codelists: tuple[CodelistAdopted, ...] = ()
    previous: SubmissionReceived | None = None
    """The newest edition of an earlier period that passed, where the standard limits what may change."""

    def used_in(self, outcome: Outcome) -> Outcome:
        """The outcome, saying what was used."""
        versions = {each.codelist: each.version for each in self.codelists}
        return dataclasses.replace(outcome, standard=self.standard.revision, codelists=versions)


@dataclass
class Check:
    """One submission on its way to its verdict. ``queued`` decides whose turn it is within an OPD."""

    received: SubmissionReceived
    queued: float = 0.0
    state: State = "menunggu"
    owner: str | None = None
    starts: int = 0
    failure: Failure | None = None
    lacks: str | None = None
    answer: str | None = None
    report: str | None = None
    verdict: Verdict | None = None
    concluded: str | None = None
    traceparent: str | None = None
    announcements: list[Event] = field(default_factory=list)

    @property
    def id(self) -> str:
        return self.received.submission

    def conclude(self, outcome: Outcome) -> None:
        """The verdict, once and for all."""
        facts = {f.name: getattr(self.received, f.name) for f in dataclasses.fields(self.received)}
        said = {f.name: getattr(outcome, f.name) for f in dataclasses.fields(outcome)}
        verdict = SubmissionValidated(**facts, **said)
        self.state, self.owner, self.lacks = "selesai", None, None
        self.answer, self.report, self.verdict = verdict.id, outcome.report, outcome.verdict
        self.announcements.append(verdict)

    def begin(self, owner: str) -> None:
        self.owner = owner
        self.starts += 1

    def hand_back(self, *, start_counts: bool) -> None:
        """Others may claim it again."""
        self.owner = None
        if not start_counts:
            self.starts -= 1

    def wait_for(self, lack: str) -> None:
        self.hand_back(start_counts=False)
        self.state, self.lacks = "menunggu_acuan", lack

    def fail(self, failure: Failure) -> None:
        """A start came to nothing."""
        self.failure = failure
        self.hand_back(start_counts=True)


def given_up(check: Check) -> Text:
    """TK-01 for a file whose check was started again and again without an outcome."""
    why = WHY[check.failure or "died"]
    return Text(
        f"Berkas ini tidak dapat diperiksa setelah {check.starts} kali dicoba: {why.id}. "
        "Datanya tersimpan dan tidak hilang; perbaiki atau sederhanakan berkasnya, lalu kirim kembali.",
        f"This file could not be checked in {check.starts} attempts: {why.en}. "
        "It is kept and not lost; repair or simplify the file and send it again.",
    )


def dismissed(reason: str) -> Text:
    """TK-01 for what ops decided not to try again."""
    return Text(
        f"Kiriman ini tidak dapat diperiksa; keputusan pengelola sistem: {reason}",
        f"This submission could not be checked; the operators decided: {reason}",
    )


class Checks(Protocol):
    """The checks, as a handler sees them."""

    def get(self, submission: str) -> Check | None: ...

    def save(self, check: Check) -> None: ...

    def say_again(self, answer: str) -> None:
        """Announce the stored answer once more, as it was."""
        ...

    def now(self) -> float: ...


class Reports(Protocol):
    """Where reports are kept, durably."""

    def keep(self, report: Report) -> Outcome: ...


@dataclass(frozen=True)
class Claim:
    """A check that is ours; ``ticket`` is what its queue knows it by."""

    check: Check
    ticket: Any


class Queue(Protocol):
    """The checks, as those see them who work them off."""

    def waiting(self) -> Mapping[str, int]:
        """How many checks of each OPD could be claimed now."""
        ...

    def claim(self, opd: str, owner: str) -> Claim | None:
        """The first in this OPD's lane, its start counted durably."""
        ...

    def keep(self, claim: Claim) -> bool:
        """Write the check and publish what it announces; False when somebody else has it by now."""
        ...

    def claimed_by(self, owner: str) -> Sequence[Claim]: ...

    def owners(self) -> Mapping[str, bool]:
        """Who holds claims, and whether that owner is known to live."""
        ...

    def release(self, owner: str) -> int:
        """Free what an owner held who is gone; the starts count. Returns how many there were."""
        ...

    def lacking(self) -> Sequence[str]:
        """What checks wait for."""
        ...

    def take_up(self, lack: str) -> None:
        """It is here now: the checks that waited for it go on."""
        ...


class Editions(Protocol):
    """What passed before."""

    def before(self, received: SubmissionReceived) -> SubmissionReceived | None:
        """Of the dataset's submissions that passed for an earlier period, the last one for the newest."""
        ...


class Shelf(Protocol):
    """Standards, code lists and the copies of OPD and datasets."""

    def references(self, received: SubmissionReceived) -> References:
        """Raises Lacks."""
        ...

    def has(self, lack: str) -> bool: ...
