"""MD: whether the metadata that travels with the data is there, complete and without contradiction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from muara_kernel.events.finding import Finding
from validation_service.model.metadata.documents import absent_documents, standard_problems
from validation_service.model.metadata.items import TITLES
from validation_service.model.rules.catalogue import found
from validation_service.model.standard import Standard


@lru_cache(maxsize=256)
def check_metadata(standard: Standard) -> tuple[Finding, ...]:
    """One finding for all documents that are absent, and one for each place that is wrong.

    Never a galat: the documents are of the standard, and no file can be repaired for what they lack. They
    are the same for every file, so those of the standards used last are kept.
    """
    return tuple(_judged(standard))


def _judged(standard: Standard) -> Iterator[Finding]:
    absent = absent_documents(standard)
    if absent:
        yield found("MD-01", document=", ".join(TITLES[kind] for kind in absent))
    for problem in standard_problems(standard):
        document = next((TITLES[kind] for kind in TITLES if kind in problem.place), "")
        finding = found("MD-02", value=problem.place, document=document, problem=problem.text)
        yield replace(finding, severity="catatan") if problem.severity == "catatan" else finding
