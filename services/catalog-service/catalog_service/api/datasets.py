"""The datasets of the region: the desk registers them; who may see them is their access."""

from __future__ import annotations

from typing import Any

from flask import g
from flask_smorest import Blueprint

from catalog_service.api.door import Door, paged
from catalog_service.api.entries import demand_slug, registered
from catalog_service.api.schemas import DatasetAnswer, DatasetPage, DatasetRequest, PageQuery
from catalog_service.handlers import register_dataset
from muara_kernel.events import DatasetRegistered, StandardAdopted
from muara_kernel.events.base import dump

SAID_BY_STANDARD = ("konsep", "definisi", "klasifikasi", "ukuran", "satuan")


def blueprint(door: Door) -> Blueprint:
    blp = Blueprint("datasets", __name__, url_prefix="/v1/datasets", description="Daftar data / the datasets")

    @blp.route("/<pemda>/<slug>", methods=["PUT"])
    @door.desk.required
    @blp.arguments(DatasetRequest)
    @blp.response(200, DatasetAnswer)
    @blp.alt_response(201, schema=DatasetAnswer)
    def put(asked: dict[str, Any], pemda: str, slug: str) -> tuple[dict[str, Any], int]:
        """Register a dataset, or change it; the same again changes nothing."""
        demand_slug(slug, "dataset")
        wanted = DatasetRegistered(dataset=f"{pemda}/{slug}", revision=0, **asked)
        known = door.shelf.dataset(wanted.dataset)
        g.opd = wanted.opd if door.shelf.opd(wanted.opd) else None
        return registered(
            door,
            lambda work: register_dataset(wanted, region=door.region, register=work.register),
            known=known,
        )

    @blp.route("/<pemda>/<slug>", methods=["GET"])
    @blp.response(200, DatasetAnswer)
    def get(pemda: str, slug: str) -> dict[str, Any]:
        """One dataset, with what its standard says about it."""
        entry = door.listed(f"{pemda}/{slug}")
        standard = door.shelf.standard(entry.dataset)
        return dump(entry) | ({"standard": _told(standard)} if standard else {})

    @blp.route("", methods=["GET"])
    @blp.arguments(PageQuery, location="query")
    @blp.response(200, DatasetPage)
    def every(query: dict[str, Any]) -> dict[str, Any]:
        """All datasets; those that are tertutup only for the desk."""
        found = door.shelf.datasets(door.access(), query["limit"] + 1, query["after"])
        return paged(found, query["limit"], lambda entry: entry.dataset, dump)

    return blp


def _told(standard: StandardAdopted) -> dict[str, Any]:
    said = {name: standard.standard.get(f"satudata:{name}") for name in SAID_BY_STANDARD}
    columns = [field["name"] for field in standard.standard.get("fields", []) if "name" in field]
    told = {name: value for name, value in said.items() if value is not None}
    return {"revision": standard.revision, **told, "columns": columns}
