"""Two plain pages: what the region has published, and one dataset with all its versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from catalog_service.model import (
    ALL_ACCESS,
    OPEN_ACCESS,
    Edition,
    Shelf,
    may_be_downloaded,
    may_be_listed,
)
from muara_kernel.events import DatasetRegistered, OpdRegistered, Text
from muara_kernel.web.desk import Desk
from muara_kernel.web.problems import Problem

DATASETS_ON_A_PAGE = 100
EDITIONS_ON_A_PAGE = 1000
LONGEST_ID = 300


@dataclass(frozen=True)
class Listed:
    """A dataset as a page shows it, its newest edition first."""

    entry: DatasetRegistered
    opd: OpdRegistered | None
    editions: Sequence[Edition]
    downloadable: bool


def blueprint(shelf: Shelf, desk: Desk) -> Blueprint:
    blp = Blueprint("pages", __name__)
    desk.open_sign_in(blp)

    @blp.get("/")
    def first() -> ResponseReturnValue:
        at_the_desk = desk.is_signed_in()
        access = ALL_ACCESS if at_the_desk else OPEN_ACCESS
        after = request.args.get("after", "")[:LONGEST_ID] or None
        found = shelf.datasets(access, DATASETS_ON_A_PAGE + 1, after)
        page = found[:DATASETS_ON_A_PAGE]
        onward = page[-1].dataset if len(found) > len(page) else None
        listed = _listed(shelf, page, at_the_desk=at_the_desk)
        return render_template("catalog/first.html", listed=listed, onward=onward)

    @blp.get("/datasets/<pemda>/<slug>")
    def dataset(pemda: str, slug: str) -> ResponseReturnValue:
        at_the_desk = desk.is_signed_in()
        entry = shelf.dataset(f"{pemda}/{slug}")
        if entry is None or not may_be_listed(entry.access, at_the_desk=at_the_desk):
            words = Text("Dataset ini tidak terdaftar.", "This dataset is not listed.")
            raise Problem(404, "tidak-ditemukan", words)
        editions = shelf.published_of(entry.dataset, EDITIONS_ON_A_PAGE)
        standard = shelf.standard(entry.dataset)
        return render_template(
            "catalog/dataset.html",
            one=_shown(shelf, entry, editions, at_the_desk=at_the_desk),
            standard=standard.standard if standard else {},
        )

    return blp


def _listed(shelf: Shelf, page: Sequence[DatasetRegistered], *, at_the_desk: bool) -> list[Listed]:
    """Those that have a version; the newest period of each first."""
    by_dataset: dict[str, list[Edition]] = {}
    for edition in shelf.published([entry.dataset for entry in page]) if page else []:
        by_dataset.setdefault(edition.dataset, []).append(edition)
    return [
        _shown(shelf, entry, by_dataset[entry.dataset], at_the_desk=at_the_desk)
        for entry in page
        if entry.dataset in by_dataset
    ]


def _shown(
    shelf: Shelf, entry: DatasetRegistered, editions: Sequence[Edition], *, at_the_desk: bool
) -> Listed:
    return Listed(
        entry,
        shelf.opd(entry.opd),
        sorted(editions, key=lambda edition: edition.period, reverse=True),
        may_be_downloaded(entry.access, at_the_desk=at_the_desk),
    )
