"""Kode referensi as everybody reads them: a revision, all of them, and what changed between two."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Protocol

from flask import Response
from flask.typing import ResponseReturnValue
from flask_smorest import Blueprint
from marshmallow import RAISE, Schema, fields, validate

from muara_kernel.events import CodelistAdopted
from muara_kernel.events.base import dump
from muara_kernel.events.moments import WIB
from validation_service.api.revisions import PageQuery, RevisionQuery, not_found, page
from validation_service.model.codelists.diff import differences
from validation_service.model.codelists.history import in_force


class DiffQuery(Schema):
    """Without ``to`` the newest revision, without ``from`` the one before it."""

    class Meta:
        unknown = RAISE

    earlier = fields.Integer(data_key="from", load_default=None, validate=validate.Range(min=1))
    later = fields.Integer(data_key="to", load_default=None, validate=validate.Range(min=1))


class Codelists(Protocol):
    def codelist(self, codelist: str, revision: int | None = None) -> CodelistAdopted | None: ...

    def codelist_revisions(self, codelist: str) -> Sequence[CodelistAdopted]: ...

    def codelists(self, after: str, limit: int) -> list[CodelistAdopted]: ...

    def entries(self, adopted: CodelistAdopted) -> bytes: ...


def add_views(blp: Blueprint, codelists: Codelists) -> None:
    def found(codelist: str, revision: int | None) -> CodelistAdopted:
        adopted = codelists.codelist(codelist, revision)
        if adopted is None:
            raise not_found()
        return adopted

    @blp.route("/v1/codelists/<codelist>", methods=["GET"])
    @blp.response(200)
    @blp.arguments(RevisionQuery, location="query")
    def show(query: dict[str, Any], codelist: str) -> ResponseReturnValue:
        """The newest revision of a code list with its entries, or the revision asked for."""
        adopted = found(codelist, query["revision"])
        return {**_about(adopted), "entries": _rows(codelists.entries(adopted))}

    @blp.route("/v1/codelists/<codelist>.csv", methods=["GET"])
    @blp.response(200, content_type="text/csv")
    @blp.arguments(RevisionQuery, location="query")
    def as_csv(query: dict[str, Any], codelist: str) -> ResponseReturnValue:
        """The entries as a file: kode,nama[,induk][,kode_bps], by code."""
        adopted = found(codelist, query["revision"])
        answer = Response(codelists.entries(adopted), content_type="text/csv; charset=utf-8; header=present")
        name = f"{adopted.codelist}-{adopted.revision}.csv"
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer

    @blp.route("/v1/codelists/<codelist>/revisions", methods=["GET"])
    @blp.response(200)
    def revisions(codelist: str) -> ResponseReturnValue:
        """Every revision, the oldest first, without the entries; one of them may be in force today."""
        all_ = codelists.codelist_revisions(codelist)
        if not all_:
            raise not_found()
        today = in_force(all_, datetime.now(WIB).date())
        return {"items": [{**_about(each), "in_force": each == today} for each in all_]}

    @blp.route("/v1/codelists/<codelist>/diff", methods=["GET"])
    @blp.response(200)
    @blp.arguments(DiffQuery, location="query")
    def diff(query: dict[str, Any], codelist: str) -> ResponseReturnValue:
        """What was added, removed, renamed, moved to another induk or given another code of BPS (rebridged);
        recoded is a guess by the names."""
        later = found(codelist, query["later"])
        earlier = found(codelist, query["earlier"] or max(later.revision - 1, 1))
        changed = asdict(differences(codelists.entries(earlier), codelists.entries(later)))
        counts = {name: len(rows) for name, rows in changed.items()}
        return {
            "codelist": codelist,
            "from": _about(earlier),
            "to": _about(later),
            "counts": counts,
            **changed,
        }

    @blp.route("/v1/codelists", methods=["GET"])
    @blp.response(200)
    @blp.arguments(PageQuery, location="query")
    def listed(query: dict[str, Any]) -> ResponseReturnValue:
        """The newest revision of each code list, without the entries."""
        newest = codelists.codelists(query["after"], query["limit"])
        return page([_about(each) for each in newest], "codelist", query["limit"])


def _about(adopted: CodelistAdopted) -> dict[str, Any]:
    told = dump(adopted)
    return {**told, "sha256": told.pop("entries")}


def _rows(data: bytes) -> list[dict[str, str]]:
    read = csv.DictReader(io.StringIO(data.decode(), newline=""))
    return [{name: value for name, value in row.items() if value} for row in read]
