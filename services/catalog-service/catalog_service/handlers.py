"""When that happened, this changes and this is announced."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from catalog_service.model import (
    Copies,
    Decision,
    Editions,
    Outcome,
    Register,
    bidang_urusan_of,
    demand_fitting_dataset,
    revised_dataset,
    revised_opd,
)
from muara_kernel.events import (
    CodelistAdopted,
    DatasetPublished,
    DatasetRegistered,
    Event,
    OpdRegistered,
    ReviewRequested,
    StandardAdopted,
    SubmissionReturned,
    SubmissionValidated,
)
from muara_kernel.worker.errors import Unprocessable


def receive_verdict(event: SubmissionValidated, *, editions: Editions, register: Register) -> None:
    """Publish, return, or ask the walidata."""
    dataset = register.dataset(event.dataset)
    if dataset is None:
        raise Unprocessable(f"dataset {event.dataset} is not listed here")
    edition = editions.taking(event.submission, event.dataset, event.period, *_repaired(event))
    edition.receive(event, dataset.publication, editions.now())
    editions.save(edition)


def dismiss_verdict(event: SubmissionValidated, reason: str, *, editions: Editions) -> None:
    """What ops gave up on goes back to its OPD."""
    edition = editions.taking(event.submission, event.dataset, event.period, *_repaired(event))
    edition.dismiss(event, reason)
    editions.save(edition)


def _repaired(event: SubmissionValidated) -> tuple[str, ...]:
    return (event.repairs,) if event.repairs else ()


def keep_copy(event: StandardAdopted | CodelistAdopted, *, copies: Copies) -> None:
    copies.keep(event)


def decide_review(
    submission: str, decision: Decision, reason: str, *, as_of: str | None = None, editions: Editions
) -> Outcome:
    """The walidata approves or returns what they saw ``as_of`` a state of the edition."""
    edition = editions.holding(submission)
    outcome = edition.decide(submission, decision, reason, editions.now(), as_of=as_of)
    editions.save(edition)
    return outcome


def close_repaired(dataset: str, period: str, submission: str, by: str, *, editions: Editions) -> None:
    """A repair that came with another period closes what it repairs there."""
    edition = editions.of(dataset, period, submission)
    edition.close(submission, by)
    editions.save(edition)


def register_opd(wanted: OpdRegistered, *, register: Register) -> OpdRegistered:
    """The entry as it stands afterwards, a new revision where it changed."""
    held = register.opd(wanted.opd)
    entry = revised_opd(held, replace(wanted, bidang_urusan=bidang_urusan_of(wanted.kode_skpd)))
    if entry is not held:
        register.keep_opd(entry)
    return entry


def register_dataset(wanted: DatasetRegistered, *, region: str, register: Register) -> DatasetRegistered:
    """The entry as it stands afterwards, a new revision where it changed."""
    demand_fitting_dataset(wanted, register.opd(wanted.opd), region)
    held = register.dataset(wanted.dataset)
    entry = revised_dataset(held, wanted)
    if entry is not held:
        register.keep_dataset(entry)
    return entry


REACTIONS: dict[type[Event], Callable[..., Any]] = {
    SubmissionValidated: receive_verdict,
    StandardAdopted: keep_copy,
    CodelistAdopted: keep_copy,
}

ANNOUNCES: tuple[type[Event], ...] = (
    DatasetPublished,
    SubmissionReturned,
    ReviewRequested,
    OpdRegistered,
    DatasetRegistered,
)
