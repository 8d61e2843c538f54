"""Kode referensi: lists of codes, adopted by the desk, to be read by everybody."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from typing import Any, Protocol

from flask import g
from flask.typing import ResponseReturnValue
from flask_smorest import Blueprint
from marshmallow import RAISE, Schema, fields, validate

from muara_kernel.documents import Conflict
from muara_kernel.events import CodelistAdopted, Text
from muara_kernel.events.base import dump
from muara_kernel.web.desk import Desk
from validation_service.api.revisions import (
    SLUG,
    PageQuery,
    RevisionQuery,
    bad_slug,
    lost_race,
    not_found,
    page,
    unacceptable,
)
from validation_service.model.codelist import BadCodelist, entries_to_csv

_BAD = Text(
    "Kode referensi ini belum dapat ditetapkan; perbaiki yang disebut di bawah.",
    "This code list cannot be adopted yet; repair what is named below.",
)
_FILLED = validate.Length(min=1, max=500)


class Entry(Schema):
    class Meta:
        unknown = RAISE

    kode = fields.String(required=True)
    nama = fields.String(required=True)
    induk = fields.String(allow_none=True)
    kode_bps = fields.String(allow_none=True)


class CodelistBody(Schema):
    class Meta:
        unknown = RAISE

    title = fields.String(required=True, validate=_FILLED)
    version = fields.String(required=True, validate=_FILLED)
    source = fields.String(required=True, validate=_FILLED)
    decree = fields.String(required=True, validate=_FILLED)
    valid_from = fields.Date(required=True)
    entries = fields.List(fields.Nested(Entry), required=True, validate=validate.Length(min=1))


class Codelists(Protocol):
    def codelist(self, codelist: str, revision: int | None = None) -> CodelistAdopted | None: ...

    def codelists(self, after: str, limit: int) -> list[CodelistAdopted]: ...

    def entries(self, adopted: CodelistAdopted) -> bytes: ...

    def adopt_codelist(
        self, codelist: str, about: Mapping[str, str], csv: bytes, count: int, trace: str | None = None
    ) -> tuple[CodelistAdopted, bool]: ...


def blueprint(codelists: Codelists, desk: Desk) -> Blueprint:
    blp = Blueprint("codelists", __name__, description="Kode referensi")

    @blp.route("/v1/codelists/<codelist>", methods=["PUT"])
    @blp.response(200)
    @desk.required
    @blp.arguments(CodelistBody)
    def adopt(body: dict[str, Any], codelist: str) -> ResponseReturnValue:
        """Adopt a code list; the same again changes nothing."""
        if not re.fullmatch(SLUG, codelist):
            raise bad_slug(codelist)
        entries = body.pop("entries")
        about = body | {"valid_from": body["valid_from"].isoformat()}
        try:
            rows = entries_to_csv(entries)
            adopted, new = codelists.adopt_codelist(codelist, about, rows, len(entries), g.traceparent)
        except BadCodelist as error:
            raise unacceptable("kode-referensi-tidak-sesuai", _BAD, error.problems) from error
        except Conflict as error:
            raise lost_race() from error
        return {
            "codelist": codelist,
            "revision": adopted.revision,
            "count": adopted.count,
        }, 201 if new else 200

    @blp.route("/v1/codelists/<codelist>", methods=["GET"])
    @blp.response(200)
    @blp.arguments(RevisionQuery, location="query")
    def show(query: dict[str, Any], codelist: str) -> ResponseReturnValue:
        """The newest revision of a code list with its entries, or the revision asked for."""
        found = codelists.codelist(codelist, query["revision"])
        if found is None:
            raise not_found()
        return {**_about(found), "entries": _rows(codelists.entries(found))}

    @blp.route("/v1/codelists", methods=["GET"])
    @blp.response(200)
    @blp.arguments(PageQuery, location="query")
    def listed(query: dict[str, Any]) -> ResponseReturnValue:
        """The newest revision of each code list, without the entries."""
        found = codelists.codelists(query["after"], query["limit"])
        return page([_about(each) for each in found], "codelist", query["limit"])

    return blp


def _about(adopted: CodelistAdopted) -> dict[str, Any]:
    told = dump(adopted)
    return {**told, "sha256": told.pop("entries")}


def _rows(data: bytes) -> list[dict[str, str]]:
    read = csv.DictReader(io.StringIO(data.decode(), newline=""))
    return [{name: value for name, value in row.items() if value} for row in read]
