"""Other services' state, as far as it has reached us: the newest revision of each thing, as a document.

State topics carry the whole state, so a copy can always be rebuilt by reading them from the start.
"""

from __future__ import annotations

from typing import Any, TypeVar

from muara_kernel.documents import Collection, Documents
from muara_kernel.events import Event
from muara_kernel.events.base import dump, load
from muara_kernel.worker.unit import Unit

COPIES = Collection("copies", indexes=(("kind",),))

E = TypeVar("E", bound=Event)


class Copies:
    """The copies that a handler keeps, within its unit of work."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        unit.foresee(lambda event: [(COPIES, _id(event))] if event.topic.compacted else [])

    def keep(self, event: Any) -> None:
        """Keep this state, unless a newer revision came before it."""
        id = _id(event)
        held = self._unit.read(COPIES, id)
        if held is None or held["state"]["revision"] <= event.revision:
            self._unit.write(COPIES, id, {"kind": event.type, "state": dump(event)})


class CopiesRead:
    """The copies as everybody else reads them."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def get(self, kind: type[E], subject: str) -> E | None:
        stored = self._documents.get(COPIES, f"{kind.type}/{subject}")
        return load(kind, stored.body["state"]) if stored else None

    def all(self, kind: type[E]) -> list[E]:
        return [
            load(kind, stored.body["state"]) for stored in self._documents.find(COPIES, {"kind": kind.type})
        ]

    def revisions(self) -> dict[str, dict[str, int]]:
        """Kind to subject to the revision held: what a loader waits for."""
        held: dict[str, dict[str, int]] = {}
        for stored in self._documents.find(COPIES):
            kind, _, subject = stored.id.partition("/")
            held.setdefault(kind, {})[subject] = stored.body["state"]["revision"]
        return held


def _id(event: Event) -> str:
    return f"{event.type}/{event.subject}"
