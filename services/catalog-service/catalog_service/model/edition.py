"""The life of an edition, a dataset in one period: what may be decided when, and by whom."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Literal, NotRequired, TypedDict

from catalog_service.model import sentences
from catalog_service.model.errors import AlreadyDecided, ReasonMissing, UnknownSubmission
from muara_kernel.events import (
    DatasetPublished,
    Event,
    Finding,
    ReviewRequested,
    SubmissionReturned,
    SubmissionValidated,
)
from muara_kernel.events.base import dump, load
from muara_kernel.events.dataset import Access, Publication
from muara_kernel.events.submission import Authority, Delivered, Verdict

EntryState = Literal["diterbitkan", "dikembalikan", "menunggu_pemeriksaan", "digantikan"]
Decision = Literal["setuju", "kembalikan"]
Checked = SubmissionValidated | ReviewRequested

OPEN_ACCESS: tuple[Access, ...] = ("terbuka", "terbatas")
ALL_ACCESS: tuple[Access, ...] = (*OPEN_ACCESS, "tertutup")


class Entry(TypedDict):
    """What became of one submission. Plain JSON, since an edition may see thousands of them.

    ``answers`` are the ids of what was announced; ``asked`` is the request for review as it was announced,
    there only while it waits.
    """

    sequence: int
    state: EntryState
    verdict: Verdict
    opd: str
    report: str
    rows: int
    received_at: str
    answers: list[str]
    repairs: NotRequired[str]
    reason: NotRequired[str]
    decided_by: NotRequired[Authority]
    decision: NotRequired[Decision]
    version: NotRequired[int]
    superseded_by: NotRequired[str]
    asked: NotRequired[dict[str, Any]]


class Version(TypedDict):
    """A published version; it never changes."""

    number: int
    submission: str
    sequence: int
    payload: str
    report: str
    rows: int
    size: int
    media_type: str
    filename: str
    published_at: str


class Todo(TypedDict):
    """A submission of another edition that is still to be closed: its period, and its repair."""

    period: str
    by: str


@dataclass(frozen=True)
class Outcome:
    """What a decision of the walidata came to."""

    submission: str
    outcome: Literal["diterbitkan", "dikembalikan"]
    version: int | None = None


def edition_id(dataset: str, period: str) -> str:
    return f"{dataset}@{period}"


def may_be_listed(access: Access, *, at_the_desk: bool) -> bool:
    return at_the_desk or access in OPEN_ACCESS


def may_be_downloaded(access: Access, *, at_the_desk: bool) -> bool:
    return at_the_desk or access == "terbuka"


@dataclass
class Edition:
    """Its submissions, decisions and versions, which change together.

    ``closed`` are submissions whose repair came before them. ``todo`` are those of other editions that a
    repair in this one closes. ``announcements`` is what this change says, ``again`` what is to be said again.
    """

    dataset: str
    period: str
    entries: dict[str, Entry] = field(default_factory=dict)
    versions: list[Version] = field(default_factory=list)
    closed: dict[str, str] = field(default_factory=dict)
    todo: dict[str, Todo] = field(default_factory=dict)
    announcements: list[Event] = field(default_factory=list)
    again: list[str] = field(default_factory=list)
    changed: bool = False

    @property
    def id(self) -> str:
        return edition_id(self.dataset, self.period)

    @property
    def waits(self) -> bool:
        return any(entry["state"] == "menunggu_pemeriksaan" for entry in self.entries.values())

    @property
    def newest_sequence(self) -> int:
        """Of all versions, not of the last: an older one let through by the walidata opens no gate."""
        return max((version["sequence"] for version in self.versions), default=0)

    def reviews(self) -> list[dict[str, Any]]:
        """The requests that wait for the walidata, oldest submission first."""
        waiting = [entry for entry in self.entries.values() if "asked" in entry]
        return [entry["asked"] for entry in sorted(waiting, key=lambda entry: entry["sequence"])]

    # --- what happens to it --------------------------------------------------------------------------

    def receive(self, event: SubmissionValidated, publication: Publication, now: datetime) -> None:
        """Answer a verdict exactly once; a repeat only says the stored answers again."""
        if not self._knows(event):
            self._enter(event)
            self._settle(event, publication, now)
            self._close_what_it_repairs(event)

    def dismiss(self, event: SubmissionValidated, reason: str) -> None:
        """Return what could not be handled, for the reason that ops gave."""
        if not self._knows(event):
            self._enter(event)
            self._return(event, "ops", reason, errors=event.errors, findings=event.findings)
            self._close_what_it_repairs(event)

    def decide(self, submission: str, decision: Decision, reason: str, now: datetime) -> Outcome:
        """The walidata's word on what waits. The same word again is the same answer."""
        entry = self.entries.get(submission)
        if entry is None:
            raise UnknownSubmission(submission)
        reason = reason.strip()
        if decision == "kembalikan" and not reason:
            raise ReasonMissing(submission)
        if not _decided_alike(entry, decision, reason):
            self._decide(submission, entry, decision, reason, now)
        return Outcome(
            submission, "diterbitkan" if "version" in entry else "dikembalikan", entry.get("version")
        )

    def close(self, submission: str, by: str) -> None:
        """A repair closes what it repairs, unless that is published: a published version stays."""
        entry = self.entries.get(submission)
        if entry is None:
            self.changed = self.changed or submission not in self.closed
            self.closed.setdefault(submission, by)
        elif entry["state"] in ("dikembalikan", "menunggu_pemeriksaan"):
            entry["state"], entry["superseded_by"] = "digantikan", by
            entry.pop("asked", None)
            self.changed = True

    def done(self, submission: str) -> None:
        """What a repair here closes in another edition is closed."""
        del self.todo[submission]
        self.changed = True

    # --- how -------------------------------------------------------------------------------------

    def _knows(self, event: SubmissionValidated) -> bool:
        known = self.entries.get(event.submission)
        if known is not None:
            self.again.extend(known["answers"])
        return known is not None

    def _enter(self, event: SubmissionValidated) -> None:
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
        self.entries[event.submission] = entry
        self.changed = True

    def _settle(self, event: SubmissionValidated, publication: Publication, now: datetime) -> None:
        repaired_by = self.closed.pop(event.submission, None)
        if event.verdict != "lulus":
            why = sentences.not_passed(event)
            self._return(event, "sistem", why, errors=event.errors, findings=event.findings)
        elif repaired_by:
            self._return(event, "sistem", sentences.already_replaced(repaired_by))
        elif event.sequence < self.newest_sequence:
            self._ask(event, sentences.older(event.sequence, self.newest_sequence))
        elif publication == "pemeriksaan":
            self._ask(event, sentences.LOOKED_AT)
        else:
            self._publish(event, "sistem", now)
        if repaired_by:
            self.close(event.submission, repaired_by)

    def _decide(self, submission: str, entry: Entry, decision: Decision, reason: str, now: datetime) -> None:
        if "asked" not in entry:
            raise AlreadyDecided(submission, entry["state"])
        asked: ReviewRequested = load(ReviewRequested, entry.pop("asked"))
        entry["decision"] = decision
        if decision == "setuju":
            self._publish(asked, "walidata", now)
        else:
            self._return(asked, "walidata", reason)

    def _close_what_it_repairs(self, event: SubmissionValidated) -> None:
        if event.repairs and event.repairs_period in (None, self.period):
            self.close(event.repairs, event.submission)
        elif event.repairs and event.repairs_period:
            self.todo.setdefault(event.repairs, {"period": event.repairs_period, "by": event.submission})

    def _publish(self, checked: Checked, decided_by: Authority, now: datetime) -> None:
        version = _version(checked, len(self.versions) + 1, now)
        self.versions.append(version)
        self.entries[checked.submission]["version"] = version["number"]
        event = DatasetPublished(
            **_delivered(checked),
            version=version["number"],
            decided_by=decided_by,
            report=checked.report,
            rows=checked.rows,
            warnings=checked.warnings,
            published_at=now,
        )
        self._answer(event, checked.submission, "diterbitkan", decided_by=decided_by)

    def _return(
        self,
        checked: Checked,
        decided_by: Authority,
        reason: str,
        *,
        errors: int = 0,
        findings: tuple[Finding, ...] = (),
    ) -> None:
        event = SubmissionReturned(
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
        self._answer(event, checked.submission, "dikembalikan", reason=reason, decided_by=decided_by)

    def _ask(self, checked: Checked, reason: str) -> None:
        event = ReviewRequested(
            **_delivered(checked),
            reason=reason,
            report=checked.report,
            rows=checked.rows,
            warnings=checked.warnings,
        )
        self._answer(event, checked.submission, "menunggu_pemeriksaan", reason=reason)
        self.entries[checked.submission]["asked"] = dump(event)

    def _answer(
        self,
        event: Event,
        submission: str,
        state: EntryState,
        *,
        reason: str | None = None,
        decided_by: Authority | None = None,
    ) -> None:
        entry = self.entries[submission]
        entry["state"] = state
        entry["answers"].append(event.id)
        entry.pop("reason", None)
        if reason:
            entry["reason"] = reason
        if decided_by:
            entry["decided_by"] = decided_by
        self.announcements.append(event)
        self.changed = True


def _decided_alike(entry: Entry, decision: Decision, reason: str) -> bool:
    return entry.get("decision") == decision and (decision == "setuju" or entry.get("reason") == reason)


def _delivered(checked: Checked) -> dict[str, Any]:
    return {each.name: getattr(checked, each.name) for each in fields(Delivered)}


def _version(checked: Checked, number: int, now: datetime) -> Version:
    return {
        "number": number,
        "submission": checked.submission,
        "sequence": checked.sequence,
        "payload": checked.payload,
        "report": checked.report,
        "rows": checked.rows,
        "size": checked.size,
        "media_type": checked.media_type,
        "filename": checked.filename,
        "published_at": now.isoformat(),
    }
