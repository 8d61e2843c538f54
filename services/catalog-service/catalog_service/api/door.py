"""What every part of the API shares: collaborators, who may see what, lists in pages, patience."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import request

from catalog_service.model import ALL_ACCESS, OPEN_ACCESS, Shelf, Work, may_be_downloaded, may_be_listed
from muara_kernel.documents import Conflict
from muara_kernel.events import DatasetRegistered, OpdRegistered, Text
from muara_kernel.events.dataset import Access
from muara_kernel.payloads import Payloads
from muara_kernel.web.bearer import CHALLENGE
from muara_kernel.web.desk import Desk
from muara_kernel.web.problems import Problem

TRIES = 5

T = TypeVar("T")


@dataclass(frozen=True)
class Door:
    """What stands behind the door, given by the composition root; ``again`` announces a stored entry anew."""

    shelf: Shelf
    payloads: Payloads
    begin: Callable[[], Work]
    desk: Desk
    region: str
    again: Callable[[OpdRegistered | DatasetRegistered], None]

    def at_the_desk(self) -> bool:
        """Whether the walidata asks. A wrong token is refused, not taken for none."""
        if "Authorization" in request.headers:
            self.desk.required(lambda: None)()
            return True
        return self.desk.is_signed_in()

    def access(self) -> tuple[Access, ...]:
        """The kinds of access that the one who asks may see listed."""
        return ALL_ACCESS if self.at_the_desk() else OPEN_ACCESS

    def listed(self, dataset: str) -> DatasetRegistered:
        """The dataset, or 404: to outsiders what is tertutup is as unknown as what never was."""
        entry = self.shelf.dataset(dataset)
        if entry is None or not may_be_listed(entry.access, at_the_desk=self.at_the_desk()):
            raise unknown(
                Text(f"Dataset {dataset} tidak terdaftar.", f"The dataset {dataset} is not listed.")
            )
        return entry

    def may_download(self, entry: DatasetRegistered) -> bool:
        return may_be_downloaded(entry.access, at_the_desk=self.at_the_desk())

    def demand_download(self, entry: DatasetRegistered) -> None:
        if not self.may_download(entry):
            words = Text(
                f"Akses data {entry.dataset} {entry.access}; mintalah kepada walidata.",
                f"The data of {entry.dataset} is {entry.access} (restricted); ask the walidata for it.",
            )
            raise Problem(401, "akses-dibatasi", words, headers=CHALLENGE)

    def patiently(self, step: Callable[[Work], T]) -> T:
        """Take the step and write it, all over again where somebody else changed the same meanwhile."""
        for _ in range(TRIES):
            work = self.begin()
            try:
                done = step(work)
                work.flush()
            except Conflict:
                continue
            return done
        words = Text(
            "Terlalu banyak perubahan bersamaan; ulangi permintaan yang sama.",
            "Too many changes at the same time; send the same request again.",
        )
        raise Problem(409, "perubahan-bersamaan", words)


def unknown(sentence: Text) -> Problem:
    return Problem(404, "tidak-ditemukan", sentence)


def paged(
    found: Sequence[Any], limit: int, name: Callable[[Any], str], show: Callable[[Any], Any]
) -> dict[str, Any]:
    """A page of a list read one beyond ``limit``; ``next`` is the ``after`` of the next page."""
    page = list(found[:limit])
    told: dict[str, Any] = {"items": [show(each) for each in page]}
    if len(found) > limit:
        told["next"] = name(page[-1])
    return told
