"""Alerts as documents. Found by place (newest first), by OPD, by due time, and by who delivers them."""

from __future__ import annotations

from muara_kernel.documents import Absent, AtMost, Body, Collection, Documents, MoreThan, Present, Stored
from muara_kernel.events import DatasetRegistered, Event, OpdRegistered
from muara_kernel.events.base import dump, load
from muara_kernel.events.submission import OfSubmission
from muara_kernel.worker.copies import COPIES
from muara_kernel.worker.leases import OWNERS
from muara_kernel.worker.unit import Unit
from notification_service.model.alerts import Alert, NoSuchAlert

ALERTS = Collection("alerts", indexes=(("opd", "place"), ("place",), ("due",), ("owner",)))

COLLECTIONS = (ALERTS,)

FREED_AT_ONCE = 100


def to_body(alert: Alert) -> Body:
    body = dump(alert)
    del body["id"]
    return {**body, "place": alert.place, "due": alert.due}


def from_stored(stored: Stored) -> Alert:
    alert: Alert = load(Alert, {**stored.body, "id": stored.id})
    return alert


def _titles_and_names(event: Event) -> list[tuple[Collection, str]]:
    if not isinstance(event, OfSubmission):
        return []
    subjects = ((DatasetRegistered, event.dataset), (OpdRegistered, event.opd))
    return [(COPIES, f"{kind.type}/{subject}") for kind, subject in subjects]


class UnitAlerts:
    """``Alerts``, within a handler's unit of work."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        unit.foresee(lambda event: [(ALERTS, event.id)] if isinstance(event, OfSubmission) else [])

    def known(self, id: str) -> bool:
        return self._unit.read(ALERTS, id) is not None

    def keep(self, alert: Alert) -> None:
        self._unit.write(ALERTS, alert.id, to_body(alert))


class UnitRegister:
    """``Register``, from the copies as this unit sees them: also those that came in the same batch."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        unit.foresee(_titles_and_names)

    def dataset_title(self, dataset: str) -> str | None:
        return self._field(DatasetRegistered, dataset, "title")

    def opd_name(self, opd: str) -> str | None:
        return self._field(OpdRegistered, opd, "name")

    def _field(self, kind: type[Event], subject: str, field: str) -> str | None:
        copy = self._unit.read(COPIES, f"{kind.type}/{subject}")
        return str(copy["state"][field]) if copy else None


class DocumentInbox:
    """``Inbox``."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def get(self, id: str) -> Alert | None:
        stored = self._documents.get(ALERTS, id)
        return from_stored(stored) if stored else None

    def page(self, opd: str | None, *, limit: int, after: str | None) -> list[Alert]:
        where: dict[str, object] = {} if opd is None else {"opd": opd}
        if after is not None:
            where["place"] = AtMost(self._place(after))
        # One more than asked, as the port has no "less than": places are unique, so only ``after`` falls out.
        found = self._documents.find(ALERTS, where, order=[("place", -1)], limit=limit + 1)
        return [from_stored(stored) for stored in found if stored.id != after][:limit]

    def newer(self, opd: str | None, *, limit: int, before: str) -> list[Alert]:
        where: dict[str, object] = {} if opd is None else {"opd": opd}
        where["place"] = MoreThan(self._place(before))
        found = self._documents.find(ALERTS, where, order=[("place", 1)], limit=limit)
        return [from_stored(stored) for stored in reversed(found)]

    def _place(self, id: str) -> str:
        stored = self._documents.get(ALERTS, id)
        if stored is None:
            raise NoSuchAlert(id)
        return str(stored.body["place"])


class DocumentClaims:
    """``ClaimedAlerts`` of one thread: it remembers the version of each alert it holds."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._held: dict[str, Stored] = {}

    def claim(self, owner: str, *, now: float, most: int) -> list[Alert]:
        free_and_due = {"due": AtMost(now), "owner": Absent()}
        claimed = self._documents.claim(ALERTS, free_and_due, {"owner": owner}, order=[("due", 1)], most=most)
        return self._take(claimed)

    def held_by(self, owner: str) -> list[Alert]:
        return self._take(self._documents.find(ALERTS, {"owner": owner}))

    def save(self, alert: Alert) -> None:
        stored = self._held.pop(alert.id)
        saved = self._documents.replace(ALERTS, stored, to_body(alert))
        if alert.owner is not None:
            self._held[alert.id] = saved

    def _take(self, found: list[Stored]) -> list[Alert]:
        self._held = {stored.id: stored for stored in found}
        return [from_stored(stored) for stored in found]


class Claimants:
    """Who holds claims, and how to free those of the dead."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def without_lease(self) -> list[str]:
        """Those who hold claims though they have resigned or were buried: nobody would watch them."""
        names = self._documents.count_by(ALERTS, "owner", {"owner": Present()})
        return [name for name in names if self._documents.get(OWNERS, name) is None]

    def release(self, owner: str) -> int:
        """Make everything free that ``owner`` holds; a late write of its own is refused by the version."""
        freed = 0
        while found := self._documents.claim(ALERTS, {"owner": owner}, {"owner": None}, most=FREED_AT_ONCE):
            freed += len(found)
        return freed
