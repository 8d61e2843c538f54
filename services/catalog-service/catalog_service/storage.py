"""The catalog's documents: editions, the way from a submission to its edition, OPD and datasets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from catalog_service.model import Edition, UnknownSubmission, edition_id
from muara_kernel.documents import Body, Collection, Documents, OneOf, Present
from muara_kernel.events import DatasetRegistered, Event, OpdRegistered, StandardAdopted, SubmissionValidated
from muara_kernel.events.base import dump, load
from muara_kernel.events.dataset import Access
from muara_kernel.worker.copies import CopiesRead
from muara_kernel.worker.unit import Unit, speaking

EDITIONS = speaking("editions", indexes=(("dataset", "published"), ("waiting",), ("todo",)))
SUBMISSIONS = Collection("submissions")
OPD = speaking("opd")
DATASETS = speaking("datasets")

COLLECTIONS = (EDITIONS, SUBMISSIONS, OPD, DATASETS)

SEARCHED_AT_ONCE = 50


class DocumentEditions:
    """``Editions`` over a unit of work."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        unit.foresee(_of_verdict)

    def now(self) -> datetime:
        return self._unit.now()

    def of(self, dataset: str, period: str) -> Edition:
        return _edition(dataset, period, self._unit.read(EDITIONS, edition_id(dataset, period)) or {})

    def taking(self, submission: str, dataset: str, period: str) -> Edition:
        # Read before the edition, so written before it; and written again where a kill left it out.
        if self._unit.read(SUBMISSIONS, submission) is None:
            self._unit.write(SUBMISSIONS, submission, {"dataset": dataset, "period": period})
        return self.of(dataset, period)

    def holding(self, submission: str) -> Edition:
        place = self._unit.read(SUBMISSIONS, submission)
        if place is None:
            raise UnknownSubmission(submission)
        return self.of(place["dataset"], place["period"])

    def save(self, edition: Edition) -> None:
        if edition.changed:
            self._unit.write(EDITIONS, edition.id, _body(edition), announce=edition.announcements)
        self._unit.again(edition.again)


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
        entry = edition.entries.get(submission) if edition else None
        return entry.get("asked") if entry else None

    def reviews(self, limit: int, after: str | None = None) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        last = None
        if after is not None:
            edition = self._holding(after)
            if edition is None or after not in edition.entries:
                return []
            passed = edition.entries[after]["sequence"]
            found += [asked for asked in edition.reviews() if asked["sequence"] > passed]
            last = edition.id
        while len(found) < limit:
            some = self._documents.find(EDITIONS, {"waiting": True}, limit=SEARCHED_AT_ONCE, after=last)
            if not some:
                break
            found += [asked for stored in some for asked in _whole(stored.body).reviews()]
            last = some[-1].id
        return found[:limit]

    def unfinished(self, most: int) -> list[tuple[str, str]]:
        found = self._documents.find(EDITIONS, {"todo": Present()}, limit=most)
        return [(stored.body["dataset"], stored.body["period"]) for stored in found]

    def _holding(self, submission: str) -> Edition | None:
        place = self._documents.get(SUBMISSIONS, submission)
        return self.edition(place.body["dataset"], place.body["period"]) if place else None


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
    )


def _body(edition: Edition) -> Body:
    body: Body = {
        "dataset": edition.dataset,
        "period": edition.period,
        "entries": edition.entries,
        "versions": edition.versions,
    }
    # Fields that queries ask for are there only where they say something.
    sayings = {"closed": edition.closed, "todo": edition.todo}
    marks = {"published": bool(edition.versions), "waiting": edition.waits}
    return body | {name: said for name, said in (sayings | marks).items() if said}
