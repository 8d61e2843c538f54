"""Standar Data of each dataset: adopted by the desk, to be read by everybody."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from flask import g, request
from flask.typing import ResponseReturnValue
from flask_smorest import Blueprint
from marshmallow import INCLUDE, Schema

from muara_kernel.documents import Conflict
from muara_kernel.events import StandardAdopted, Text
from muara_kernel.web.desk import Desk
from muara_kernel.web.language import say
from muara_kernel.web.problems import Problem
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
from validation_service.model.document.json_text import read_json
from validation_service.model.problem import Problem as Doubt
from validation_service.model.standard import BadStandard, Standard

_BAD = Text(
    "Standar data ini belum dapat ditetapkan; perbaiki yang disebut di bawah.",
    "This standard cannot be adopted yet; repair what is named below.",
)
_NOT_JSON = Text(
    "Standar data memuat nilai yang tidak dapat ditulis sebagai JSON.",
    "The standard holds a value that cannot be written as JSON.",
)


class TableSchema(Schema):
    """A Frictionless Table Schema v2 with the ``satudata:`` keys; the model says what it may hold."""

    class Meta:
        unknown = INCLUDE


class Standards(Protocol):
    def standard(self, dataset: str, revision: int | None = None) -> StandardAdopted | None: ...

    def standards(self, after: str, limit: int) -> list[StandardAdopted]: ...

    def adopt_standard(
        self, dataset: str, standard: Mapping[str, Any], codelists: Sequence[str], trace: str | None = None
    ) -> tuple[StandardAdopted, bool]: ...


def blueprint(standards: Standards, desk: Desk, *, region: str, tertutup: Callable[[str], bool]) -> Blueprint:
    """``tertutup`` says whether a dataset is hidden from everybody but the desk; then its standard is too."""
    blp = Blueprint("standards", __name__, description="Standar data")

    def hidden(dataset: str) -> bool:
        return tertutup(dataset) and not desk.bears_token()

    @blp.route("/v1/standards/<kode_pemda>/<slug>", methods=["PUT"])
    @blp.response(200)
    @desk.required
    @blp.arguments(TableSchema)
    def adopt(_: dict[str, Any], kode_pemda: str, slug: str) -> ResponseReturnValue:
        """Adopt a standard; the same again changes nothing. ``warnings`` are for a person to look at."""
        dataset = _dataset(kode_pemda, slug, region)
        try:
            document = read_json(request.get_data())
            parsed = Standard.parse(document)
            adopted, new = standards.adopt_standard(dataset, document, parsed.codelists, g.traceparent)
        except BadStandard as error:
            raise unacceptable("standar-tidak-sesuai", _BAD, error.problems) from error
        except ValueError as error:  # NaN, half a surrogate
            raise Problem(422, "standar-tidak-sesuai", _NOT_JSON) from error
        except Conflict as error:
            raise lost_race() from error
        warnings = [_warning(each) for each in parsed.warnings]
        answer = {"dataset": dataset, "revision": adopted.revision, "warnings": warnings}
        return answer, 201 if new else 200

    @blp.route("/v1/standards/<kode_pemda>/<slug>", methods=["GET"])
    @blp.response(200)
    @blp.arguments(RevisionQuery, location="query")
    def show(query: dict[str, Any], kode_pemda: str, slug: str) -> ResponseReturnValue:
        """The newest standard of a dataset, or the revision asked for."""
        found = standards.standard(f"{kode_pemda}/{slug}", query["revision"])
        if found is None or hidden(found.dataset):
            raise not_found()
        return {"dataset": found.dataset, "revision": found.revision, "standard": found.standard}

    @blp.route("/v1/standards", methods=["GET"])
    @blp.response(200)
    @blp.arguments(PageQuery, location="query")
    def listed(query: dict[str, Any]) -> ResponseReturnValue:
        """The newest standard of each dataset, by dataset."""
        found = standards.standards(query["after"], query["limit"])
        items = [
            {"dataset": each.dataset, "revision": each.revision, "standard": each.standard} for each in found
        ]
        shown = page(items, "dataset", query["limit"])
        return shown | {"items": [each for each in items if not hidden(each["dataset"])]}

    return blp


def _warning(doubt: Doubt) -> dict[str, str]:
    return {"field": doubt.place, "severity": doubt.severity, "message": say(doubt.text)}


def _dataset(kode_pemda: str, slug: str, region: str) -> str:
    if kode_pemda != region:
        detail = Text(
            f"Instalasi ini melayani {region}, bukan {kode_pemda}.",
            f"This installation serves {region}, not {kode_pemda}.",
        )
        raise Problem(422, "wilayah-lain", detail)
    if not re.fullmatch(SLUG, slug):
        raise bad_slug(slug)
    return f"{kode_pemda}/{slug}"
