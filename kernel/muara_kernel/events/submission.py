"""The life of a submission, as its facts: received, validated, returned; or held on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from muara_kernel.events.base import Event
from muara_kernel.events.finding import Finding
from muara_kernel.events.topics import CATALOG, INGEST, VALIDATION

Verdict = Literal["lulus", "gagal", "tidak_dapat_diperiksa"]
Authority = Literal["sistem", "walidata", "ops"]


@dataclass(frozen=True, kw_only=True)
class OfSubmission(Event):
    """What every fact about a submission repeats, so that nobody has to join two topics.

    ``dataset`` is ``<kode pemda>/<slug>``; ``period`` as the sender wrote it; ``sequence`` counts the
    submissions of the dataset in the order of their acceptance, from 1.
    """

    submission: str
    dataset: str
    opd: str
    period: str
    sequence: int


@dataclass(frozen=True, kw_only=True)
class Delivered(OfSubmission):
    """A submission together with what was handed in: the payload is the sha256 of its bytes."""

    payload: str
    size: int
    media_type: str
    filename: str
    received_at: datetime
    repairs: str | None = None
    repairs_period: str | None = None
    bidang_urusan: str | None = None


@dataclass(frozen=True, kw_only=True)
class SubmissionReceived(Delivered, type="submission.received", topic=INGEST):
    """An OPD handed us data; nothing inside it has been looked at yet."""


@dataclass(frozen=True, kw_only=True)
class SubmissionHeld(OfSubmission, type="submission.held", topic=INGEST):
    """No outcome came although we asked again and again; the lane goes on without it,
    and somebody must look."""

    asks: int
    received_at: datetime


@dataclass(frozen=True, kw_only=True)
class SubmissionValidated(Delivered, type="submission.validated", topic=VALIDATION):
    """The checks ran, or could not; the verdict on this submission is final.

    ``report`` is the sha256 of the whole report; ``findings`` are its first 20. ``standard`` is the
    revision that was used, ``codelists`` the version of each list.
    """

    verdict: Verdict
    report: str
    rows: int
    errors: int
    warnings: int
    findings: tuple[Finding, ...] = ()
    standard: int | None = None
    codelists: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SubmissionReturned(OfSubmission, type="submission.returned", topic=CATALOG):
    """The data goes back to its OPD with the reasons (dikembalikan); nothing of it is lost."""

    decided_by: Authority
    reason: str
    received_at: datetime
    report: str | None = None
    rows: int = 0
    errors: int = 0
    findings: tuple[Finding, ...] = ()
    repairs: str | None = None
