"""A file that nobody has submitted: it is only tried, before it is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from muara_kernel.events import CodelistAdopted, DatasetRegistered, OpdRegistered, SubmissionReceived, Text
from validation_service.model.facts import Facts
from validation_service.model.life import WHY, Failure
from validation_service.model.period import containing, frequency_of
from validation_service.model.report import Report, unable

OWN = "percobaan"
"""What a report calls the dataset of a file that is tried with a standard of the sender's own."""
MOST_CODELISTS = 20


class Busy(Exception):
    """Every place where files are tried is taken: come again."""


class ShareTaken(Exception):
    """As many files of this sender are being tried as one may at once: wait for the others."""


@dataclass(frozen=True)
class Trial:
    """What a file is tried against. ``revision`` is that of an adopted standard.

    ``table`` asks for the sender's own table back, with the reasons beside each row.
    """

    facts: Facts
    standard: Mapping[str, Any]
    revision: int | None = None
    codelists: Sequence[CodelistAdopted] = ()
    previous: SubmissionReceived | None = None
    table: bool = False


@dataclass(frozen=True)
class Tried:
    """What came of it: the JSON of the ``report``, and the ``table`` as CSV or XLSX in ``format``.

    There is no table unless it was asked for, something was found, and it has at most 32 MiB.
    """

    report: bytes
    table: bytes | None = None
    format: str = ""


def facts_on_trial(
    standard: Mapping[str, Any],
    dataset: DatasetRegistered | None = None,
    opd: OpdRegistered | None = None,
    *,
    named: str = OWN,
    region: str,
    on: date,
    period: str = "",
    filename: str = "",
    access: str | None = None,
) -> Facts:
    """What is known of the dataset, else what its standard says of itself; ``named`` is its id. An ``access``
    that is told counts before that of the dataset.

    Without a period the one that runs is taken: it has begun, and nothing of it is late.
    """
    told = _text(standard, "satudata:periode") or frequency_of(period) or "tahunan"
    frequency = dataset.frequency if dataset else told
    return Facts(
        dataset=named,
        region=region,
        opd=dataset.opd if dataset else "",
        opd_bidang_urusan=tuple(opd.bidang_urusan) if opd else (),
        dataset_bidang_urusan=dataset.bidang_urusan if dataset else None,
        frequency=frequency,
        period=period or containing(on, frequency),
        received_on=on,
        level=dataset.level if dataset else _text(standard, "satudata:level"),
        filename=filename,
        period_told=bool(period),
        access=access or (dataset.access if dataset else None),
    )


def codelists_named(standard: Mapping[str, Any]) -> list[str]:
    """The first ids of code lists in a document that nobody has read yet, whatever else it holds."""
    fields = standard.get("fields")
    references = [
        each.get("satudata:kodeReferensi")
        for each in (fields if isinstance(fields, list) else [])
        if isinstance(each, dict)
    ]
    named = [each.get("daftar") for each in references if isinstance(each, dict)]
    return list(dict.fromkeys(id for id in named if isinstance(id, str)))[:MOST_CODELISTS]


def without_outcome(failure: Failure) -> Report:
    """The report of a file that its checking process did not survive."""
    why = WHY[failure]
    return unable(
        Text(f"Berkas ini tidak dapat diperiksa: {why.id}.", f"This file could not be checked: {why.en}.")
    )


def _text(standard: Mapping[str, Any], key: str) -> str | None:
    value = standard.get(key)
    return value if isinstance(value, str) else None
