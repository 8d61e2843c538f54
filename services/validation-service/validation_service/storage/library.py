"""Standards and code lists: each revision a document of its own, written once; the newest counts."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from muara_kernel.documents import Body, Collection, Conflict, Documents, Stored
from muara_kernel.events import CodelistAdopted, Event, StandardAdopted
from muara_kernel.events.base import dump
from muara_kernel.payloads import Payloads
from muara_kernel.worker.again import say_again
from muara_kernel.worker.unit import Unit
from validation_service.model.codelists.history import in_force, join
from validation_service.storage import CODELISTS, STANDARDS

TRIES = 5

E = TypeVar("E", StandardAdopted, CodelistAdopted)
Adopted = tuple[E, bool]
"""What holds now, and whether it is new."""


class Library:
    """What is adopted, and the adopting of it."""

    def __init__(self, documents: Documents, payloads: Payloads, make_unit: Callable[[], Unit]) -> None:
        self._documents = documents
        self._payloads = payloads
        self._make_unit = make_unit

    # --- standards --------------------------------------------------------------------------------

    def standard(self, dataset: str, revision: int | None = None) -> StandardAdopted | None:
        stored = self._revision(STANDARDS, "dataset", dataset, revision)
        return _standard(stored.body) if stored else None

    def in_use(self, dataset: str) -> tuple[StandardAdopted, tuple[str, ...]] | None:
        """The newest standard, and the code lists it refers to."""
        stored = self._revision(STANDARDS, "dataset", dataset, None)
        return (_standard(stored.body), tuple(stored.body["codelists"])) if stored else None

    def standards(self, after: str, limit: int) -> list[StandardAdopted]:
        return [_standard(stored.body) for stored in self._newest(STANDARDS, "dataset", after, limit)]

    def datasets(self) -> list[str]:
        """All that have a standard."""
        return sorted(self._documents.count_by(STANDARDS, "dataset"))

    def adopt_standard(
        self, dataset: str, standard: Mapping[str, Any], codelists: Sequence[str], trace: str | None = None
    ) -> tuple[StandardAdopted, bool]:
        """The revision that says this, and whether it is a new one. Raises Conflict after several races."""
        # Kept as text: a field name or number of a standard is not to meet the limits of a document store.
        text = json.dumps(dict(standard), ensure_ascii=False, allow_nan=False)

        def write(unit: Unit) -> tuple[StandardAdopted, bool]:
            newest = self.standard(dataset)
            if newest and _same(newest.standard, standard):
                return newest, False
            event = StandardAdopted(
                dataset=dataset, revision=newest.revision + 1 if newest else 1, standard=standard
            )
            body = {
                "dataset": dataset,
                "revision": event.revision,
                "standard": text,
                "codelists": list(codelists),
            }
            _add(unit, STANDARDS, f"{dataset}@{event.revision}", body, event)
            return event, True

        return self._settle(STANDARDS, write, trace)

    # --- code lists -------------------------------------------------------------------------------

    def codelist(self, codelist: str, revision: int | None = None) -> CodelistAdopted | None:
        stored = self._revision(CODELISTS, "codelist", codelist, revision)
        return _codelist(stored.body) if stored else None

    def codelist_on(self, codelist: str, day: date) -> CodelistAdopted | None:
        """The revision in force on that day."""
        return in_force(self.codelist_revisions(codelist), day)

    def codelist_revisions(self, codelist: str) -> list[CodelistAdopted]:
        """All revisions, the oldest first."""
        found = self._documents.find(CODELISTS, {"codelist": codelist}, order=[("revision", 1)])
        return [_codelist(stored.body) for stored in found]

    def codelists(self, after: str, limit: int) -> list[CodelistAdopted]:
        return [_codelist(stored.body) for stored in self._newest(CODELISTS, "codelist", after, limit)]

    def entries(self, adopted: CodelistAdopted) -> bytes:
        """The rows as CSV."""
        with self._payloads.open(adopted.entries) as stream:
            return stream.read()

    def adopt_codelist(
        self, codelist: str, about: Mapping[str, str], csv: bytes, count: int, trace: str | None = None
    ) -> tuple[CodelistAdopted, bool]:
        """The revision that says this, and whether it is a new one; the rows are kept as a payload before
        anything names them. Raises BadCodelist where it cannot join those that are there, and Conflict.
        """
        (entries,) = self._payloads.put_many([csv])

        def write(unit: Unit) -> tuple[CodelistAdopted, bool]:
            wanted = CodelistAdopted(codelist=codelist, revision=0, count=count, entries=entries, **about)
            adopted, new = join(self.codelist_revisions(codelist), wanted)
            if new:
                _add(unit, CODELISTS, f"{codelist}@{adopted.revision}", dump(adopted), adopted)
            return adopted, new

        return self._settle(CODELISTS, write, trace)

    # --- both -------------------------------------------------------------------------------------

    def _settle(self, kind: Collection, write: Callable[[Unit], Adopted[E]], trace: str | None) -> Adopted[E]:
        """What is adopted already is announced again."""
        tries = 0
        while True:
            unit = self._make_unit()
            unit.traceparent = trace
            try:
                adopted, new = write(unit)
                unit.flush()
                if not new:
                    say_again(self._documents, kind, f"{adopted.subject}@{adopted.revision}", adopted.id)
                return adopted, new
            except Conflict:  # another request took this revision
                tries += 1
                if tries == TRIES:
                    raise

    def _revision(self, kind: Collection, name: str, id: str, revision: int | None) -> Stored | None:
        if revision is not None:
            return self._documents.get(kind, f"{id}@{revision}")
        found = self._documents.find(kind, {name: id}, order=[("revision", -1)], limit=1)
        return found[0] if found else None

    def _newest(self, kind: Collection, name: str, after: str, limit: int) -> list[Stored]:
        # Revisions have no gap, so their number is the newest.
        counts = self._documents.count_by(kind, name)
        page = sorted(id for id in counts if id > after)[:limit]
        found = [self._documents.get(kind, f"{id}@{counts[id]}") for id in page]
        return [stored for stored in found if stored]


def _add(unit: Unit, kind: Collection, id: str, body: Body, event: Event) -> None:
    if unit.read(kind, id) is not None:
        raise Conflict(id)
    unit.write(kind, id, body, announce=[event])


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    # As text, since in Python True equals 1.
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _standard(body: Body) -> StandardAdopted:
    return StandardAdopted(
        dataset=body["dataset"], revision=body["revision"], standard=json.loads(body["standard"])
    )


def _codelist(body: Body) -> CodelistAdopted:
    names = CodelistAdopted.__dataclass_fields__
    return CodelistAdopted(**{name: value for name, value in body.items() if name in names})
