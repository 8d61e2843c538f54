"""The catalog's documents: editions, the way from a submission to its edition, OPD and datasets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Collection as Some
from datetime import datetime
from typing import Any

from catalog_service.model import Edition, Entry, UnknownSubmission, edition_id
from muara_kernel.documents import Body, Collection, Documents, OneOf, Present, Where
from muara_kernel.events import DatasetRegistered, Event, OpdRegistered, StandardAdopted, SubmissionValidated
from muara_kernel.events.base import dump, load
from muara_kernel.events.dataset import Access
from muara_kernel.worker.copies import CopiesRead
from muara_kernel.worker.unit import Unit, speaking

EDITIONS = speaking("editions", indexes=(("dataset", "published"), ("waiting",), ("todo",), ("overfull",)))
SUBMISSIONS = Collection("submissions")
SETTLED = Collection("settled")
"""Entries that have left their edition, by submission. Only ``keep`` writes them; they stay for ever."""
OPD = speaking("opd")
DATASETS = speaking("datasets")

COLLECTIONS = (EDITIONS, SUBMISSIONS, SETTLED, OPD, DATASETS)

SEARCHED_AT_ONCE = 50


class DocumentEditions:
    """``Editions`` over a unit of work."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        unit.foresee(_of_verdict)

    def now(self) -> datetime:
        return self._unit.now()

    def of(self, dataset: str, period: str, *about: str) -> Edition:
        edition = _edition(dataset, period, self._unit.read(EDITIONS, edition_id(dataset, period)) or {})
        _recall(edition, about, lambda submission: self._unit.read(SETTLED, submission))
        return edition

    def taking(self, submission: str, dataset: str, period: str, *about: str) -> Edition:
        # Read before the edition, so written before it; and written again where a kill left it out.
        if self._unit.read(SUBMISSIONS, submission) is None:
            self._unit.write(SUBMISSIONS, submission, {"dataset": dataset, "period": period})
        return self.of(dataset, period, submission, *about)

    def holding(self, submission: str) -> Edition:
        place = self._unit.read(SUBMISSIONS, submission)
        if place is None:
            raise UnknownSubmission(submission)
        return self.of(place["dataset"], place["period"], submission)

    def save(self, edition: Edition) -> None:
        if edition.changed:
            self._unit.write(EDITIONS, edition.id, _body(edition), announce=edition.announcements)
        self._unit.again(edition.again)

    def keep(self, dataset: str, period: str, submissions: Some[str]) -> None:
        # Read before the edition: whoever keeps a newer entry after this look has ours refused.
        there = {submission: self._unit.read(SETTLED, submission) for submission in submissions}
        edition = self.of(dataset, period)
        for submission, body in there.items():
            entry = edition.entries.get(submission)
            if entry and "asked" not in entry and body != (kept := _settled(edition, entry)):
                self._unit.write(SETTLED, submission, kept)

    def kept(self, edition: Edition) -> dict[str, Entry]:
        found = ((id, self._unit.read(SETTLED, id)) for id in edition.long_settled())
        return {id: body["entry"] for id, body in found if body and _is_of(body, edition)}


class DocumentRegister:
    """``Register`` over a unit of work."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        unit.foresee(
            lambda event: [(DATASETS, event.dataset)] if isinstance(event, SubmissionValidated) else []
        )

    def opd(self, opd: str) -> OpdRegistered | None:
        body = self._unit.read(OPD, opd)
        return load(OpdRegistered, body) if body else None

    def dataset(self, dataset: str) -> DatasetRegistered | None:
        body = self._unit.read(DATASETS, dataset)
        return load(DatasetRegistered, body) if body else None

    def keep_opd(self, entry: OpdRegistered) -> None:
        self._unit.write(OPD, entry.opd, dump(entry), announce=[entry])

    def keep_dataset(self, entry: DatasetRegistered) -> None:
        self._unit.write(DATASETS, entry.dataset, dump(entry), announce=[entry])


class UnitOfWork:
    """``Work`` over a unit."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self.editions = DocumentEditions(unit)
        self.register = DocumentRegister(unit)

    def flush(self) -> object:
        return self._unit.flush()


class DocumentShelf:
    """``Shelf`` over the documents as they are."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._copies = CopiesRead(documents)

    def opd(self, opd: str) -> OpdRegistered | None:
        stored = self._documents.get(OPD, opd)
        return load(OpdRegistered, stored.body) if stored else None

    def all_opd(self, limit: int, after: str | None = None) -> list[OpdRegistered]:
        found = self._documents.find(OPD, limit=limit, after=after)
        return [load(OpdRegistered, stored.body) for stored in found]

    def dataset(self, dataset: str) -> DatasetRegistered | None:
        stored = self._documents.get(DATASETS, dataset)
        return load(DatasetRegistered, stored.body) if stored else None

    def datasets(
        self, access: Sequence[Access], limit: int, after: str | None = None
    ) -> list[DatasetRegistered]:
        found = self._documents.find(DATASETS, {"access": OneOf(tuple(access))}, limit=limit, after=after)
        return [load(DatasetRegistered, stored.body) for stored in found]

    def standard(self, dataset: str) -> StandardAdopted | None:
        return self._copies.get(StandardAdopted, dataset)

    def edition(self, dataset: str, period: str) -> Edition | None:
        stored = self._documents.get(EDITIONS, edition_id(dataset, period))
        return _edition(dataset, period, stored.body) if stored else None

    def published(self, datasets: Sequence[str]) -> list[Edition]:
        asked = {"dataset": OneOf(tuple(datasets)), "published": True}
        return [_whole(stored.body) for stored in self._documents.find(EDITIONS, asked)]

    def published_of(self, dataset: str, limit: int, after: str | None = None) -> list[Edition]:
        asked = {"dataset": dataset, "published": True}
        last = edition_id(dataset, after) if after is not None else None
        return [
            _whole(stored.body) for stored in self._documents.find(EDITIONS, asked, limit=limit, after=last)
        ]

    def review(self, submission: str) -> dict[str, Any] | None:
        edition = self._holding(submission)
        return edition.review(submission) if edition else None

    def reviews(self, limit: int, after: str | None = None) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        last = None
        if after is not None:
            edition = self._holding(after)
            entry = (edition.entries | edition.recalled).get(after) if edition else None
            if edition is None or entry is None:
                return []
            passed = entry["sequence"]
            found += [asked for asked in edition.reviews() if asked["sequence"] > passed]
            last = edition.id
        while len(found) < limit:
            some = self._documents.find(EDITIONS, {"waiting": True}, limit=SEARCHED_AT_ONCE, after=last)
            if not some:
                break
            found += [asked for stored in some for asked in _whole(stored.body).reviews()]
            last = some[-1].id
        return found[:limit]

    def overfull(self, most: int) -> list[tuple[str, str]]:
        return self._marked({"overfull": True}, most)

    def unfinished(self, most: int) -> list[tuple[str, str]]:
        return self._marked({"todo": Present()}, most)

    def _marked(self, mark: Where, most: int) -> list[tuple[str, str]]:
        found = self._documents.find(EDITIONS, mark, limit=most)
        return [(stored.body["dataset"], stored.body["period"]) for stored in found]

    def _holding(self, submission: str) -> Edition | None:
        place = self._documents.get(SUBMISSIONS, submission)
        edition = self.edition(place.body["dataset"], place.body["period"]) if place else None
        if edition:
            _recall(edition, [submission], self._settled)
        return edition

    def _settled(self, submission: str) -> Body | None:
        stored = self._documents.get(SETTLED, submission)
        return stored.body if stored else None


def _of_verdict(event: Event) -> list[tuple[Collection, str]]:
    # The submissions before the editions, as they are written.
    if not isinstance(event, SubmissionValidated):
        return []
    return [(SUBMISSIONS, event.submission), (EDITIONS, edition_id(event.dataset, event.period))]


def _whole(body: Body) -> Edition:
    return _edition(body["dataset"], body["period"], body)


def _edition(dataset: str, period: str, body: Body) -> Edition:
    return Edition(
        dataset,
        period,
        entries=body.get("entries", {}),
        versions=body.get("versions", []),
        closed=body.get("closed", {}),
        todo=body.get("todo", {}),
        parted=body.get("parted", False),
    )


def _recall(edition: Edition, about: Iterable[str], read: Callable[[str], Body | None]) -> None:
    """Look for what has left the edition, after it was read: entries are kept before they are let go."""
    for submission in about if edition.parted else ():
        body = read(submission) if submission not in edition.entries else None
        if body and _is_of(body, edition):
            edition.recalled[submission] = body["entry"]


def _settled(edition: Edition, entry: Entry) -> Body:
    return {"dataset": edition.dataset, "period": edition.period, "entry": entry}


def _is_of(body: Body, edition: Edition) -> bool:
    return (body["dataset"], body["period"]) == (edition.dataset, edition.period)


def _body(edition: Edition) -> Body:
    body: Body = {
        "dataset": edition.dataset,
        "period": edition.period,
        "entries": edition.entries,
        "versions": edition.versions,
    }
    # Fields that queries ask for are there only where they say something.
    sayings = {"closed": edition.closed, "todo": edition.todo}
    marks = {
        "published": bool(edition.versions),
        "waiting": edition.waits,
        "parted": edition.parted,
        "overfull": edition.overfull,
    }
    return body | {name: said for name, said in (sayings | marks).items() if said}
