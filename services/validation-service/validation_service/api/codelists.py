"""Kode referensi: lists of codes, adopted by the desk."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Protocol

import polars as pl
from flask import g, request
from flask.typing import ResponseReturnValue
from flask_smorest import Blueprint
from marshmallow import RAISE, Schema, fields, validate

from muara_kernel.documents import Conflict
from muara_kernel.events import CodelistAdopted, Text
from muara_kernel.web.desk import Desk
from validation_service.api import codelists_read
from validation_service.api.revisions import SLUG, bad_slug, lost_race, unacceptable
from validation_service.model.codelists.table import table_of_csv, table_of_entries, to_csv
from validation_service.model.problem import BadCodelist

CSV = "text/csv"

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


class About(Schema):
    """What is said of a list besides its entries."""

    class Meta:
        unknown = RAISE

    title = fields.String(required=True, validate=_FILLED)
    version = fields.String(required=True, validate=_FILLED)
    source = fields.String(required=True, validate=_FILLED)
    decree = fields.String(required=True, validate=_FILLED)
    valid_from = fields.Date(required=True)
    valid_until = fields.Date(load_default=None, allow_none=True)


class CodelistBody(About):
    entries = fields.List(fields.Nested(Entry), required=True, validate=validate.Length(min=1))


class Codelists(codelists_read.Codelists, Protocol):
    def adopt_codelist(
        self, codelist: str, about: Mapping[str, str], csv: bytes, count: int, trace: str | None = None
    ) -> tuple[CodelistAdopted, bool]: ...


_BODY = {
    "content": {
        "application/json": {"schema": CodelistBody},
        CSV: {"schema": {"type": "string", "example": "kode,nama,induk\n35.08,Kabupaten Lumajang,\n"}},
    },
    "required": True,
}


def blueprint(codelists: Codelists, desk: Desk) -> Blueprint:
    blp = Blueprint("codelists", __name__, description="Kode referensi")

    @blp.route("/v1/codelists/<codelist>", methods=["PUT"])
    @blp.response(200)
    @blp.doc(requestBody=_BODY)
    @desk.required
    def adopt(codelist: str) -> ResponseReturnValue:
        """Adopt a code list; the same again changes nothing.

        As JSON, or as CSV (kode,nama[,induk][,kode_bps]) with title, version, source, decree, valid_from and
        valid_until as query parameters.
        """
        if not re.fullmatch(SLUG, codelist):
            raise bad_slug(codelist)
        try:
            about, table = _sent(blp)
            adopted, new = codelists.adopt_codelist(
                codelist, about, to_csv(table), table.height, g.traceparent
            )
        except BadCodelist as error:
            raise unacceptable("kode-referensi-tidak-sesuai", _BAD, error.problems) from error
        except Conflict as error:
            raise lost_race() from error
        told = {"codelist": codelist, "revision": adopted.revision, "count": adopted.count}
        return told, 201 if new else 200

    codelists_read.add_views(blp, codelists)
    return blp


def _sent(blp: Blueprint) -> tuple[dict[str, str], pl.DataFrame]:
    if request.mimetype == CSV:
        about = blp.ARGUMENTS_PARSER.parse(About, request, location="query", unknown=RAISE)
        table = table_of_csv(request.get_data(cache=False))
    else:
        about = blp.ARGUMENTS_PARSER.parse(CodelistBody, request, location="json")
        table = table_of_entries(about.pop("entries"))
    dates = {name: about[name].isoformat() for name in ("valid_from", "valid_until") if about[name]}
    return {name: value for name, value in about.items() if value} | dates, table
