"""What is left to do after a change of an edition: in another edition, or in documents of their own."""

from __future__ import annotations

from collections.abc import Callable

from catalog_service.handlers import close_repaired
from catalog_service.model import Shelf, Work
from muara_kernel import failpoints
from muara_kernel.documents import Conflict

AT_ONCE = 50


class Todos:
    """Closes across editions: the other edition first, which may be done twice, then the mark in this one."""

    def __init__(self, shelf: Shelf, begin: Callable[[], Work]) -> None:
        self._shelf = shelf
        self._begin = begin

    def turn(self) -> bool:
        """True when there was something to close."""
        found = self._shelf.unfinished(AT_ONCE)
        for dataset, period in found:
            failpoints.reached("editions.after_todo", f"{dataset}@{period}")
            try:
                self._finish(dataset, period)
            except Conflict:
                continue  # somebody changed one of the two; the mark is still there for the next turn
        return bool(found)

    def _finish(self, dataset: str, period: str) -> None:
        for submission, todo in list(self._begin().editions.of(dataset, period).todo.items()):
            work = self._begin()
            close_repaired(dataset, todo["period"], submission, todo["by"], editions=work.editions)
            work.flush()
            self._strike_out(dataset, period, submission)

    def _strike_out(self, dataset: str, period: str, submission: str) -> None:
        work = self._begin()
        edition = work.editions.of(dataset, period)
        if submission in edition.todo:
            edition.done(submission)
            work.editions.save(edition)
        work.flush()


class Partings:
    """Entries long settled leave an edition that has too many: kept elsewhere first, let go here after that.

    Between the two they are in both places, and the edition is the one that counts.
    """

    def __init__(self, shelf: Shelf, begin: Callable[[], Work]) -> None:
        self._shelf = shelf
        self._begin = begin

    def turn(self) -> bool:
        """True when an edition let go of something; the others are for the next turn."""
        return any(self._parted(dataset, period) for dataset, period in self._shelf.overfull(AT_ONCE))

    def _parted(self, dataset: str, period: str) -> bool:
        try:
            self.keep(dataset, period)
            return self._let_go(dataset, period)
        except Conflict:
            return False  # somebody changed the edition; it is still marked for the next turn

    def keep(self, dataset: str, period: str) -> None:
        """The first of the two writes."""
        leaving = self._begin().editions.of(dataset, period).long_settled()
        work = self._begin()
        work.editions.keep(dataset, period, leaving)
        work.flush()

    def _let_go(self, dataset: str, period: str) -> bool:
        work = self._begin()
        edition = work.editions.of(dataset, period)
        edition.part_with(work.editions.kept(edition))
        work.editions.save(edition)
        work.flush()
        return edition.changed
