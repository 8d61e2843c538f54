"""What is published: the editions of a dataset, their versions, and the very bytes the OPD sent."""

from __future__ import annotations

from typing import Any

from flask import Response, url_for
from flask_smorest import Blueprint

from catalog_service.api.door import Door, paged, unknown
from catalog_service.api.downloads import attachment, safe_name
from catalog_service.api.schemas import EditionAnswer, EditionPage, PageQuery, VersionAnswer
from catalog_service.model import Edition, Version
from muara_kernel.events import DatasetRegistered, Text

ABOUT_THE_CONTENT = {"sha256", "payload", "report", "filename", "size"}


def blueprint(door: Door) -> Blueprint:
    where = "/v1/datasets/<pemda>/<slug>/editions"
    blp = Blueprint(
        "editions", __name__, url_prefix=where, description="Yang diterbitkan / what is published"
    )

    @blp.route("", methods=["GET"])
    @blp.arguments(PageQuery, location="query")
    @blp.response(200, EditionPage)
    def every(query: dict[str, Any], pemda: str, slug: str) -> dict[str, Any]:
        """The published editions of a dataset."""
        entry = door.listed(f"{pemda}/{slug}")
        found = door.shelf.published_of(entry.dataset, query["limit"] + 1, query["after"])
        open_ = door.may_download(entry)
        return paged(found, query["limit"], lambda edition: edition.period, lambda each: _told(each, open_))

    @blp.route("/<period>", methods=["GET"])
    @blp.response(200, EditionAnswer)
    def one(pemda: str, slug: str, period: str) -> dict[str, Any]:
        """One edition with its versions."""
        entry = door.listed(f"{pemda}/{slug}")
        return _told(_published(door, entry, period), door.may_download(entry))

    @blp.route("/<period>/versions/<int:number>", methods=["GET"])
    @blp.response(200, VersionAnswer)
    def version(pemda: str, slug: str, period: str, number: int) -> dict[str, Any]:
        """One version; it never changes."""
        entry = door.listed(f"{pemda}/{slug}")
        edition = _published(door, entry, period)
        return _version_told(edition, _numbered(edition, number), door.may_download(entry))

    @blp.route("/<period>/versions/<int:number>/data", methods=["GET"])
    @blp.response(200, {"type": "string", "format": "binary"}, content_type="application/octet-stream")
    def data(pemda: str, slug: str, period: str, number: int) -> Response:
        """The data as it was sent, always as an attachment."""
        entry = door.listed(f"{pemda}/{slug}")
        edition = _published(door, entry, period)
        version = _numbered(edition, number)
        door.demand_download(entry)
        return attachment(
            door.payloads,
            payload=version["payload"],
            size=version["size"],
            media_type=version["media_type"],
            stem=safe_name(slug, period, f"v{number}"),
            public=entry.access == "terbuka",
        )

    return blp


def _published(door: Door, entry: DatasetRegistered, period: str) -> Edition:
    edition = door.shelf.edition(entry.dataset, period)
    if edition is None or not edition.versions:
        words = Text(
            f"Belum ada yang diterbitkan dari {entry.dataset} untuk periode {period}.",
            f"Nothing of {entry.dataset} is published for the period {period}.",
        )
        raise unknown(words)
    return edition


def _numbered(edition: Edition, number: int) -> Version:
    if not 1 <= number <= len(edition.versions):
        newest = len(edition.versions)
        raise unknown(Text(f"Versi terbaru adalah {newest}.", f"The newest version is {newest}."))
    return edition.versions[number - 1]


def _told(edition: Edition, open_: bool) -> dict[str, Any]:
    return {
        "dataset": edition.dataset,
        "period": edition.period,
        "newest": len(edition.versions),
        "versions": [_version_told(edition, version, open_) for version in edition.versions],
    }


def _version_told(edition: Edition, version: Version, open_: bool) -> dict[str, Any]:
    """Of data that the one who asks may not have: nothing to guess its content or find its report by."""
    pemda, _, slug = edition.dataset.partition("/")
    address = url_for(
        "editions.data", pemda=pemda, slug=slug, period=edition.period, number=version["number"]
    )
    told = {
        "dataset": edition.dataset,
        "period": edition.period,
        "version": version["number"],
        "sha256": version["payload"],
        **version,
        "data": address,
    }
    return told if open_ else {name: value for name, value in told.items() if name not in ABOUT_THE_CONTENT}
