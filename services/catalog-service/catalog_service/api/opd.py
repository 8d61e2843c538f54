"""The OPD of the region: the desk registers them, everybody may read them."""

from __future__ import annotations

from typing import Any

from flask import g
from flask_smorest import Blueprint

from catalog_service.api.door import Door, paged, unknown
from catalog_service.api.entries import demand_slug, registered
from catalog_service.api.schemas import OpdAnswer, OpdPage, OpdRequest, PageQuery
from catalog_service.handlers import register_opd
from muara_kernel.events import OpdRegistered, Text
from muara_kernel.events.base import dump
from muara_kernel.web.problems import Problem


def blueprint(door: Door) -> Blueprint:
    blp = Blueprint("opd", __name__, url_prefix="/v1/opd", description="OPD daerah / the OPD of the region")

    @blp.route("/<opd>", methods=["PUT"])
    @door.desk.required
    @blp.arguments(OpdRequest)
    @blp.response(200, OpdAnswer)
    @blp.alt_response(201, schema=OpdAnswer)
    def put(asked: dict[str, Any], opd: str) -> tuple[dict[str, Any], int]:
        """Register an OPD, or change it; the same again changes nothing."""
        demand_slug(opd, "opd")
        g.opd = opd
        wanted = _entry(opd, asked)
        return registered(
            door, lambda work: register_opd(wanted, register=work.register), known=door.shelf.opd(opd)
        )

    @blp.route("/<opd>", methods=["GET"])
    @blp.response(200, OpdAnswer)
    def get(opd: str) -> dict[str, Any]:
        """One OPD."""
        found = door.shelf.opd(opd)
        if found is None:
            raise _unknown(opd)
        return dump(found)

    @blp.route("", methods=["GET"])
    @blp.arguments(PageQuery, location="query")
    @blp.response(200, OpdPage)
    def every(query: dict[str, Any]) -> dict[str, Any]:
        """All OPD."""
        found = door.shelf.all_opd(query["limit"] + 1, query["after"])
        return paged(found, query["limit"], lambda entry: entry.opd, dump)

    return blp


def _entry(opd: str, asked: dict[str, Any]) -> OpdRegistered:
    until = asked["valid_until"]
    return OpdRegistered(
        opd=opd,
        revision=0,
        name=asked["name"],
        short_name=asked["short_name"],
        kode_skpd=asked["kode_skpd"],
        bidang_urusan=(),
        contact=asked["contact"],
        valid_from=asked["valid_from"].isoformat(),
        valid_until=until.isoformat() if until else None,
    )


def _unknown(opd: str) -> Problem:
    return unknown(Text(f"OPD {opd} tidak terdaftar.", f"The OPD {opd} is not registered."))
