"""The whole check of a file that is only tried: its report, and the table given back. Nothing is kept."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import replace

from validation_service.model.certificate import checked_against
from validation_service.model.check import check
from validation_service.model.codelists.codelist import Codelist
from validation_service.model.enclosures.annotated import Format
from validation_service.model.enclosures.enclosed import given_back, with_excerpt
from validation_service.model.facts import Facts, Previous
from validation_service.model.report import Report
from validation_service.model.standard import Standard

LARGEST_TABLE = 32 * 1024 * 1024


def tried(
    data: bytes,
    facts: Facts,
    standard: Standard,
    codelists: Mapping[str, Codelist],
    *,
    revision: int | None = None,
    previous: Previous | None = None,
) -> Report:
    """As for a submission, with the first rows that have findings and what it was checked against."""
    report = check(data, facts=facts, standard=standard, codelists=codelists, previous=previous)
    used = [
        {name: getattr(each, name) for name in ("id", "title", "version", "decree", "revision")}
        for each in codelists.values()
    ]
    checked = checked_against(
        dataset=facts.dataset,
        period=facts.period,
        data=hashlib.sha256(data).hexdigest(),
        revision=revision,
        codelists=used,
        standard=standard,
        access=facts.access,
    )
    return replace(with_excerpt(report, data, standard, facts), checked=checked)


def table_of(report: Report, data: bytes, standard: Standard, facts: Facts) -> tuple[Format, bytes] | None:
    """The sender's own table with the reasons beside each row; None where there is none to give."""
    out = io.BytesIO()
    told = given_back(report, data, standard, facts, out)
    return (told.format, out.getvalue()) if told and out.tell() <= LARGEST_TABLE else None
