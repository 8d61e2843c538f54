"""The life of an edition, a dataset in one period: what may be decided when, and by whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from catalog_service.model import sentences
from catalog_service.model.answers import entry_of, published, returned, review_requested, version_of
from catalog_service.model.entry import Decision, Entry, Outcome, Todo, Version
from catalog_service.model.errors import AlreadyDecided, DecidedUnseen, ReasonMissing, UnknownSubmission
from muara_kernel.events import (
    DatasetPublished,
    Event,
    ReviewRequested,
    SubmissionReturned,
    SubmissionValidated,
)
from muara_kernel.events.base import dump, load
from muara_kernel.events.dataset import Publication

KEPT = 500
"""Settled entries that an edition keeps; those before them leave it once there are twice as many."""
LEAVING_AT_ONCE = 500


def edition_id(dataset: str, period: str) -> str:
    return f"{dataset}@{period}"


@dataclass
class Edition:
    """Its submissions, decisions and versions, which change together.

    ``closed`` are submissions whose repair came before them. ``todo`` are those of other editions that a
    repair in this one closes. ``announcements`` is what this change says, ``again`` what is to be said
    once more.

    Entries long settled leave it for documents of their own, since a document has its limit; ``parted``
    says that some have, and ``recalled`` are those of them that a step is about.
    """

    dataset: str
    period: str
    entries: dict[str, Entry] = field(default_factory=dict)
    versions: list[Version] = field(default_factory=list)
    closed: dict[str, str] = field(default_factory=dict)
    todo: dict[str, Todo] = field(default_factory=dict)
    parted: bool = False
    recalled: dict[str, Entry] = field(default_factory=dict)
    announcements: list[Event] = field(default_factory=list)
    again: list[str] = field(default_factory=list)
    changed: bool = False

    @property
    def id(self) -> str:
        return edition_id(self.dataset, self.period)

    @property
    def waits(self) -> bool:
        return any("asked" in entry for entry in self.entries.values())

    @property
    def newest_sequence(self) -> int:
        """Of all versions, not of the last: an older one let through by the walidata opens no gate."""
        return max((version["sequence"] for version in self.versions), default=0)

    @property
    def as_of(self) -> str:
        """What a decision rests on: how many versions there are, and the newest submission not returned.

        It changes with every version and every submission that may become one, and with nothing else.
        """
        waiting = (entry["sequence"] for entry in self.entries.values() if "asked" in entry)
        return f"{len(self.versions)}-{max((self.newest_sequence, *waiting))}"

    def review(self, submission: str) -> dict[str, Any] | None:
        """The request for review of this submission while it waits, with the ``as_of`` it is seen at."""
        entry = self.entries.get(submission)
        return {**entry["asked"], "as_of": self.as_of} if entry and "asked" in entry else None

    def reviews(self) -> list[dict[str, Any]]:
        """The requests that wait for the walidata, oldest submission first, with their ``as_of``."""
        as_of = self.as_of
        waiting = [entry for entry in self.entries.values() if "asked" in entry]
        ordered = sorted(waiting, key=lambda entry: entry["sequence"])
        return [{**entry["asked"], "as_of": as_of} for entry in ordered]

    # --- what happens to it --------------------------------------------------------------------------

    def receive(self, event: SubmissionValidated, publication: Publication, now: datetime) -> None:
        """Answer a verdict exactly once; a repeat only says the stored answers again."""
        if not self._knows(event):
            self.entries[event.submission] = entry_of(event)
            self._settle(event, publication, now)
            self._follow_repairs(event)

    def dismiss(self, event: SubmissionValidated, reason: str) -> None:
        """Return what could not be handled, for the reason that ops gave."""
        if not self._knows(event):
            self.entries[event.submission] = entry_of(event)
            self._return(returned(event, "ops", reason, errors=event.errors, findings=event.findings))
            self._follow_repairs(event)

    def decide(
        self, submission: str, decision: Decision, reason: str, now: datetime, *, as_of: str | None = None
    ) -> Outcome:
        """The walidata's word on what waits. The same word again is the same answer.

        ``as_of`` is what the edition was when they looked; raises DecidedUnseen where it has changed since.
        """
        entry = self._entry(submission)
        if entry is None:
            raise UnknownSubmission(submission)
        reason = reason.strip()
        if decision == "kembalikan" and not reason:
            raise ReasonMissing(submission)
        if not _decided_alike(entry, decision, reason):
            if "asked" not in entry:
                raise AlreadyDecided(submission, entry["state"])
            if as_of not in (None, self.as_of):
                raise DecidedUnseen(submission)
            self._decide(entry, decision, reason, now)
        if decision == "setuju":
            return Outcome(submission, "diterbitkan", entry["version"])
        return Outcome(submission, "dikembalikan")

    def close(self, submission: str, by: str) -> None:
        """A repair closes what it repairs, unless that is published: a published version stays."""
        entry = self._entry(submission)
        if entry is None:
            if submission not in self.closed:
                self.closed[submission] = by
                self.changed = True
        elif entry["state"] in ("dikembalikan", "menunggu_pemeriksaan"):
            self.entries[submission] = entry  # one that had left comes back with what changes in it
            if asked := entry.pop("asked", None):
                # Its OPD still waits for an outcome: it goes back, since its repair stands in its place.
                self._return(returned(load(ReviewRequested, asked), "sistem", sentences.replaced(by)))
            entry["state"], entry["superseded_by"] = "digantikan", by
            self.changed = True

    def done(self, submission: str) -> None:
        """What a repair here closes in another edition is closed."""
        del self.todo[submission]
        self.changed = True

    # --- what leaves it ------------------------------------------------------------------------------

    @property
    def overfull(self) -> bool:
        return sum("asked" not in entry for entry in self.entries.values()) > 2 * KEPT

    def long_settled(self) -> dict[str, Entry]:
        """The oldest, so many at once, of those that wait for nobody any more; never the newest."""
        settled = [(id, entry) for id, entry in self.entries.items() if "asked" not in entry]
        return dict(sorted(settled, key=lambda each: each[1]["sequence"])[:-KEPT][:LEAVING_AT_ONCE])

    def part_with(self, kept: Mapping[str, Entry]) -> None:
        """Let go of the entries that are durably kept elsewhere, exactly as they are here."""
        for submission, entry in kept.items():
            if self.entries.get(submission) == entry:
                del self.entries[submission]
                self.parted = self.changed = True

    # --- how -----------------------------------------------------------------------------------------

    def _entry(self, submission: str) -> Entry | None:
        return self.entries.get(submission) or self.recalled.get(submission)

    def _knows(self, event: SubmissionValidated) -> bool:
        known = self._entry(event.submission)
        if known is not None:
            self.again.extend(known["answers"])
        return known is not None

    def _settle(self, event: SubmissionValidated, publication: Publication, now: datetime) -> None:
        repaired_by = self.closed.get(event.submission)
        if event.verdict != "lulus":
            why = sentences.not_passed(event)
            self._return(returned(event, "sistem", why, errors=event.errors, findings=event.findings))
        elif repaired_by:
            self._return(returned(event, "sistem", sentences.already_replaced(repaired_by)))
        elif event.sequence < self.newest_sequence:
            self._ask(review_requested(event, sentences.older(event.sequence, self.newest_sequence)))
        elif publication == "pemeriksaan":
            self._ask(review_requested(event, sentences.LOOKED_AT))
        else:
            self._publish(published(event, self._next_number(), "sistem", now))

    def _follow_repairs(self, event: SubmissionValidated) -> None:
        """Close it if its own repair was here before, and close what it repairs, here or later elsewhere."""
        if repaired_by := self.closed.pop(event.submission, None):
            self.close(event.submission, repaired_by)
        if not event.repairs:
            return
        if event.repairs_period in (None, self.period):
            self.close(event.repairs, event.submission)
        else:
            self.todo.setdefault(event.repairs, {"period": event.repairs_period, "by": event.submission})

    def _decide(self, entry: Entry, decision: Decision, reason: str, now: datetime) -> None:
        asked: ReviewRequested = load(ReviewRequested, entry.pop("asked"))
        entry["decision"] = decision
        if decision == "setuju":
            self._publish(published(asked, self._next_number(), "walidata", now))
        else:
            self._return(returned(asked, "walidata", reason))

    def _next_number(self) -> int:
        return len(self.versions) + 1

    def _publish(self, event: DatasetPublished) -> None:
        self.versions.append(version_of(event))
        entry = self.entries[event.submission]
        entry["state"], entry["decided_by"], entry["version"] = "diterbitkan", event.decided_by, event.version
        self._answer(entry, event)

    def _return(self, event: SubmissionReturned) -> None:
        entry = self.entries[event.submission]
        entry["state"], entry["decided_by"], entry["reason"] = "dikembalikan", event.decided_by, event.reason
        self._answer(entry, event)

    def _ask(self, event: ReviewRequested) -> None:
        entry = self.entries[event.submission]
        entry["state"], entry["asked"] = "menunggu_pemeriksaan", dump(event)
        self._answer(entry, event)

    def _answer(self, entry: Entry, event: Event) -> None:
        entry["answers"].append(event.id)
        self.announcements.append(event)
        self.changed = True


def _decided_alike(entry: Entry, decision: Decision, reason: str) -> bool:
    return entry.get("decision") == decision and (decision == "setuju" or entry.get("reason") == reason)
