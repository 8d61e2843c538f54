"""The whole report of a check and what goes with it, under an address that only those know who were told."""

from __future__ import annotations

import re
from typing import Any, BinaryIO, Protocol

from flask import Response, json, request
from flask.typing import ResponseReturnValue
from flask_smorest import Blueprint
from marshmallow import RAISE, Schema, fields

from muara_kernel.events import Text
from muara_kernel.payloads import UnknownPayload
from muara_kernel.web.problems import Problem
from validation_service.api.attachments import KINDS, attachment, unpacked

_NOT_FOUND = Text("Tidak ada laporan pada alamat ini.", "There is no report at this address.")
_NO_FILE = Text("Laporan ini tidak mempunyai berkas itu.", "This report has no such file.")
_NO_CERTIFICATE = Text(
    "Tidak ada sertifikat: datanya tidak lulus, atau diperiksa sebelum ada sertifikat.",
    "There is no certificate: the data did not pass, or was checked before there were certificates.",
)


class SubmissionQuery(Schema):
    class Meta:
        unknown = RAISE

    submission = fields.String(load_default=None)


class Reports(Protocol):
    def open(self, sha256: str) -> BinaryIO | None: ...

    def file(self, sha256: str) -> BinaryIO:
        """A file that a report names; raises UnknownPayload."""
        ...

    def certificate(self, sha256: str, submission: str | None) -> bytes | None:
        """For one of its submissions or the first; None where there is none."""
        ...


def blueprint(reports: Reports) -> Blueprint:
    blp = Blueprint("reports", __name__, description="Laporan pemeriksaan")

    @blp.route("/v1/reports/<sha256>", methods=["GET"])
    @blp.response(200)
    def show(sha256: str) -> ResponseReturnValue:
        """The first 1,000 findings of each rule, as JSON, with exact counts."""
        return _private(Response(report_of(reports, sha256), content_type="application/json"))

    @blp.route("/v1/reports/<sha256>/findings", methods=["GET"])
    @blp.response(200)
    def findings(sha256: str) -> ResponseReturnValue:
        """All findings, as CSV in UTF-8: baris, kolom, aturan, keparahan, nilai, pesan."""
        stream, _ = _file(reports, sha256, "findings")
        as_it_is = "gzip" in request.accept_encodings
        response = attachment(
            stream if as_it_is else unpacked(stream),
            content_type=KINDS["csv"],
            name=f"temuan_{sha256[:12]}.csv",
        )
        if as_it_is:
            response.headers["Content-Encoding"] = "gzip"
        response.vary.add("Accept-Encoding")
        return _private(response)

    @blp.route("/v1/reports/<sha256>/annotated", methods=["GET"])
    @blp.response(200)
    def annotated(sha256: str) -> ResponseReturnValue:
        """The sender's own table with what is to be repaired beside each row: CSV, or XLSX for a workbook."""
        stream, about = _file(reports, sha256, "annotated")
        ending = about["format"]
        name = f"diperiksa_{sha256[:12]}.{ending}"
        return _private(attachment(stream, content_type=KINDS[ending], name=name))

    @blp.route("/v1/reports/<sha256>/certificate", methods=["GET"])
    @blp.response(200)
    @blp.arguments(SubmissionQuery, location="query")
    def certificate(query: dict[str, Any], sha256: str) -> ResponseReturnValue:
        """What was checked against what, where it passed; of the first submission unless one is named."""
        report_of(reports, sha256)
        told = reports.certificate(sha256, query["submission"])
        if told is None:
            raise Problem(404, "sertifikat-tidak-ada", _NO_CERTIFICATE)
        return _private(Response(told, content_type="application/json"))

    return blp


def report_of(reports: Reports, sha256: str) -> bytes:
    """The JSON of a report; raises Problem."""
    stream = reports.open(sha256) if re.fullmatch("[0-9a-f]{64}", sha256) else None
    if stream is None:
        raise Problem(404, "laporan-tidak-ada", _NOT_FOUND)
    with stream:
        return stream.read()


def _file(reports: Reports, sha256: str, name: str) -> tuple[BinaryIO, dict[str, Any]]:
    about = json.loads(report_of(reports, sha256)).get("files", {}).get(name)
    try:
        if isinstance(about, dict):
            return reports.file(about["sha256"]), about
    except UnknownPayload:
        pass
    raise Problem(404, "berkas-laporan-tidak-ada", _NO_FILE)


def _private(response: Response) -> Response:
    """Whoever knows the address may look; search engines need not know it."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
