"""What submissions are checked against: our standards and code lists, copies of what the catalog lists."""

from __future__ import annotations

from muara_kernel.events import CodelistAdopted, DatasetRegistered, OpdRegistered, SubmissionReceived
from muara_kernel.worker.copies import CopiesRead
from validation_service.model.life import Lacks, References
from validation_service.storage.library import Library


class DocumentShelf:
    """A lack is named ``<kind> <id>``."""

    def __init__(self, library: Library, copies: CopiesRead) -> None:
        self._library = library
        self._copies = copies

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
        return References(dataset, opd, standard, tuple(self._codelist(id) for id in codelists))

    def has(self, lack: str) -> bool:
        kind, _, id = lack.partition(" ")
        ask = {
            "dataset": lambda: self._copies.get(DatasetRegistered, id),
            "opd": lambda: self._copies.get(OpdRegistered, id),
            "standard": lambda: self._library.standard(id),
            "codelist": lambda: self._library.codelist(id),
        }[kind]
        return ask() is not None

    def _codelist(self, id: str) -> CodelistAdopted:
        adopted = self._library.codelist(id)
        if adopted is None:
            raise Lacks(f"codelist {id}")
        return adopted
