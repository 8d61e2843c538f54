"""POST /v1/standards/proposals: a standard to begin with, from a sample file or a plain Table Schema."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Protocol, cast

from flask import request
from flask.typing import ResponseReturnValue
from flask_smorest import Blueprint
from werkzeug.exceptions import RequestEntityTooLarge

from muara_kernel.events import CodelistAdopted, Text
from muara_kernel.web.body import BoundedRequest
from muara_kernel.web.desk import Desk
from muara_kernel.web.problems import Problem
from validation_service.model.sample_file import NoProposal, SampleFile
from validation_service.model.trial import Busy

MIB = 1024 * 1024
LARGEST = 10 * MIB
LARGEST_BODY = LARGEST + MIB
MOST_CODELISTS = 100
RETRY_AFTER_FULL = "5"
PARTS = ("konsep", "definisi", "klasifikasi", "ukuran", "satuan")

_KIND = Text(
    "Kirim contoh berkas sebagai multipart/form-data, atau Table Schema sebagai application/json.",
    "Send a sample file as multipart/form-data, or a Table Schema as application/json.",
)
_ONE_FILE = Text(
    "Sertakan tepat satu berkas pada bagian `file`.", "Send exactly one file, in the part `file`."
)
_TOO_LARGE = Text(
    "Contoh berkas paling besar 10 MiB; yang lebih besar dengan `muara standards propose`.",
    "A sample has at most 10 MiB; for a larger one there is `muara standards propose`.",
)
_NO_SCHEMA = Text("Ini bukan objek JSON.", "This is no JSON object.")
_FULL = Text(
    "Semua tempat pemeriksa sedang terpakai. Kirim lagi beberapa detik lagi.",
    "Every checking process is taken. Send it again in some seconds.",
)


class Lists(Protocol):
    def codelists(self, after: str, limit: int) -> list[CodelistAdopted]: ...

    def codelist_on(self, codelist: str, day: date) -> CodelistAdopted | None: ...


class Proposer(Protocol):
    def propose(self, sample: SampleFile, data: bytes) -> Mapping[str, Any]:
        """Raises Busy or NoProposal."""
        ...


def blueprint(lists: Lists, proposer: Proposer, desk: Desk, *, today: Callable[[], date]) -> Blueprint:
    blp = Blueprint("proposals", __name__, description="Usulan standar data")

    @blp.route("/v1/standards/proposals", methods=["POST"])
    @blp.doc(requestBody=_BODY)
    @blp.response(200)
    @desk.required
    def propose() -> ResponseReturnValue:
        """Propose a standard from a file of at most 10 MiB, or from a Table Schema; nothing is adopted.

        `notes` name each guess with the share of the values that support it; what `to_fill_in` names is
        marked "ISI:" in the standard, and is refused until a person has written it.
        """
        if request.mimetype == "multipart/form-data":
            sample, data = _sample(_in_force(lists, today()))
            try:
                return dict(proposer.propose(sample, data))
            except Busy as busy:
                headers = {"Retry-After": RETRY_AFTER_FULL}
                raise Problem(503, "pemeriksa-penuh", _FULL, headers=headers) from busy
            except NoProposal as error:
                raise Problem(422, "tidak-dapat-diusulkan", error.reason) from error
        if request.is_json:
            return _imported()
        raise Problem(415, "jenis-permintaan", _KIND)

    return blp


_BODY = {
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {
                    "file": {"type": "string", "format": "binary"},
                    "sheet": {"type": "string", "description": "of a workbook; else the first"},
                },
                "required": ["file"],
            }
        },
        "application/json": {"schema": {"type": "object", "description": "Table Schema"}},
    },
    "required": True,
}


def _in_force(lists: Lists, on: date) -> Sequence[CodelistAdopted]:
    found = (lists.codelist_on(each.codelist, on) for each in lists.codelists("", MOST_CODELISTS))
    return [each for each in found if each is not None]


def _sample(codelists: Sequence[CodelistAdopted]) -> tuple[SampleFile, bytes]:
    cast(BoundedRequest, request).max_content_length = LARGEST_BODY
    try:
        cast(BoundedRequest, request).refuse_too_large()
        files = request.files.getlist("file")
        sheet = request.form.get("sheet", "").strip() or None
    except RequestEntityTooLarge as error:
        raise Problem(413, "terlalu-besar", _TOO_LARGE, limit=LARGEST) from error
    if len(files) != 1 or not files[0].filename:
        raise Problem(422, "satu-berkas", _ONE_FILE)
    data = files[0].stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise Problem(413, "terlalu-besar", _TOO_LARGE, limit=LARGEST)
    return SampleFile(files[0].filename[-150:], files[0].content_type or "", sheet, codelists), data


def _imported() -> dict[str, Any]:
    # A schema is only JSON, and small; it needs no process of its own.
    from validation_service.model.proposal.imported import imported

    schema = request.get_json()
    if not isinstance(schema, dict):
        raise Problem(422, "standar-tidak-sesuai", _NO_SCHEMA)
    known = {part: request.args[part] for part in PARTS if request.args.get(part, "").strip()}
    return imported(schema, known).told()
