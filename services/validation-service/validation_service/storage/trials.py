"""What files are tried against, for whom: everybody, or the desk, which may see what is tertutup."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from muara_kernel.events import CodelistAdopted, DatasetRegistered, OpdRegistered, SubmissionReceived
from muara_kernel.worker.copies import CopiesRead
from validation_service.model.trial import Trial, codelists_named, facts_on_trial
from validation_service.storage.checks import DocumentEditions
from validation_service.storage.library import Library
from validation_service.storage.shelf import CHANGE


class Trials:
    def __init__(
        self, library: Library, copies: CopiesRead, editions: DocumentEditions, *, region: str
    ) -> None:
        self._library = library
        self._copies = copies
        self._editions = editions
        self._region = region

    def datasets(self, *, at_the_desk: bool) -> list[tuple[str, str]]:
        """Id and title of those that have a standard, by title."""
        listed = {each.dataset: each for each in self._copies.all(DatasetRegistered)}
        shown = []
        for id in self._library.datasets():
            entry = listed.get(id)
            if entry is None:
                shown.append((id, id))
            elif at_the_desk or entry.access != "tertutup":
                shown.append((id, entry.title))
        return sorted(shown, key=lambda each: (each[1].casefold(), each[0]))

    def of_dataset(self, id: str, *, at_the_desk: bool, on: date, period: str, filename: str) -> Trial | None:
        """By its newest standard; None where there is none, or none for this one."""
        in_use, dataset = self._library.in_use(id), self._copies.get(DatasetRegistered, id)
        if in_use is None or (dataset and dataset.access == "tertutup" and not at_the_desk):
            return None
        standard, codelists = in_use
        opd = self._copies.get(OpdRegistered, dataset.opd) if dataset else None
        facts = facts_on_trial(
            standard.standard,
            dataset,
            opd,
            named=id,
            region=self._region,
            on=on,
            period=period,
            filename=filename,
        )
        changes = any(CHANGE in field for field in standard.standard.get("fields") or ())
        may_look_back = changes and (at_the_desk or (dataset is not None and _is_out(dataset)))
        return Trial(
            facts,
            standard.standard,
            standard.revision,
            self._in_force(codelists, on),
            self._before(id, facts.period) if may_look_back else None,
        )

    def of_standard(self, standard: Mapping[str, Any], *, on: date, period: str, filename: str) -> Trial:
        """By a standard that nobody has adopted, with the code lists that are in force here."""
        facts = facts_on_trial(standard, region=self._region, on=on, period=period, filename=filename)
        return Trial(facts, standard, None, self._in_force(codelists_named(standard), on))

    def _in_force(self, ids: Sequence[str], on: date) -> list[CodelistAdopted]:
        found = (self._library.codelist_on(id, on) for id in ids)
        return [each for each in found if each is not None]

    def _before(self, id: str, period: str) -> SubmissionReceived | None:
        return self._editions.before_period(id, period)


def _is_out(dataset: DatasetRegistered) -> bool:
    """Whether everybody may see whatever passed; findings about change quote the numbers before."""
    return dataset.access == "terbuka" and dataset.publication == "langsung"
