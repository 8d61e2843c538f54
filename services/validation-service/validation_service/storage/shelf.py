"""What submissions are checked against: our standards and code lists, copies of what the catalog lists."""

from __future__ import annotations

from datetime import date

from muara_kernel.events import (
    CodelistAdopted,
    DatasetRegistered,
    OpdRegistered,
    StandardAdopted,
    SubmissionReceived,
)
from muara_kernel.events.moments import WIB
from muara_kernel.worker.copies import CopiesRead
from validation_service.model.life import Editions, Lacks, References
from validation_service.storage.library import Library

CHANGE = "satudata:perubahan"


class DocumentShelf:
    """A lack is named ``<kind> <id>``; that of a code list also by the day on which it is to be in force."""

    def __init__(self, library: Library, copies: CopiesRead, editions: Editions | None = None) -> None:
        self._library = library
        self._copies = copies
        self._editions = editions

    def references(self, received: SubmissionReceived) -> References:
        dataset = self._copies.get(DatasetRegistered, received.dataset)
        opd = self._copies.get(OpdRegistered, received.opd)
        in_use = self._library.in_use(received.dataset)
        if dataset is None:
            raise Lacks(f"dataset {received.dataset}")
        if opd is None:
            raise Lacks(f"opd {received.opd}")
        if in_use is None:
            raise Lacks(f"standard {received.dataset}")
        standard, codelists = in_use
        day = received.received_at.astimezone(WIB).date()
        return References(
            dataset,
            opd,
            standard,
            tuple(self._codelist(id, day) for id in codelists),
            previous=self._edition_before(received, standard),
        )

    def _edition_before(
        self, received: SubmissionReceived, standard: StandardAdopted
    ) -> SubmissionReceived | None:
        fields = standard.standard.get("fields") or ()
        if self._editions is None or not any(CHANGE in field for field in fields):
            return None
        return self._editions.before(received)

    def has(self, lack: str) -> bool:
        kind, _, id = lack.partition(" ")
        ask = {
            "dataset": lambda: self._copies.get(DatasetRegistered, id),
            "opd": lambda: self._copies.get(OpdRegistered, id),
            "standard": lambda: self._library.standard(id),
            "codelist": lambda: self._is_in_force(id),
        }[kind]
        return ask() is not None

    def _codelist(self, id: str, day: date) -> CodelistAdopted:
        adopted = self._library.codelist_on(id, day)
        if adopted is None:
            raise Lacks(f"codelist {id} {day.isoformat()}")
        return adopted

    def _is_in_force(self, id_and_day: str) -> CodelistAdopted | None:
        id, _, day = id_and_day.partition(" ")
        return self._library.codelist_on(id, date.fromisoformat(day))
