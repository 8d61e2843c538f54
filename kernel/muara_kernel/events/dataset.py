"""Datasets of the region, as they are registered and published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from muara_kernel.events.base import Event
from muara_kernel.events.submission import Authority, Delivered
from muara_kernel.events.topics import CATALOG, CATALOG_STATE

Frequency = Literal["tahunan", "semesteran", "triwulanan", "bulanan"]
Access = Literal["terbuka", "terbatas", "tertutup"]
Publication = Literal["langsung", "pemeriksaan"]


@dataclass(frozen=True, kw_only=True)
class DatasetRegistered(
    Event, type="dataset.registered", topic=CATALOG_STATE, subject="dataset", ordinal="revision"
):
    """The region lists this dataset, produced by this OPD; the whole entry as it now stands."""

    dataset: str
    revision: int
    title: str
    description: str
    opd: str
    bidang_urusan: str
    frequency: Frequency
    access: Access
    publication: Publication
    level: str


@dataclass(frozen=True, kw_only=True)
class DatasetPublished(Delivered, type="dataset.published", topic=CATALOG):
    """An immutable version of an edition is out (diterbitkan)."""

    version: int
    decided_by: Authority
    report: str
    rows: int
    warnings: int
    published_at: datetime


@dataclass(frozen=True, kw_only=True)
class ReviewRequested(Delivered, type="review.requested", topic=CATALOG):
    """The checks passed and the walidata must look (pemeriksaan) before it is published."""

    reason: str
    report: str
    rows: int
    warnings: int
