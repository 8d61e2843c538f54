"""/laporan: the report of one check as a page, and the certificate of what passed.

There is no account that could be asked for; whoever was told the address may look.
"""

from __future__ import annotations

import re
from typing import Any, Protocol

from flask import Blueprint, Response, json, make_response, render_template, request
from flask.typing import ResponseReturnValue

from muara_kernel.events import Text
from muara_kernel.web.language import say
from muara_kernel.web.problems import Problem
from validation_service.pages import words
from validation_service.pages.dossier import dossier

_NOT_FOUND = Text("Tidak ada laporan pada alamat ini.", "There is no report at this address.")
_NO_CERTIFICATE = Text(
    "Tidak ada sertifikat untuk laporan ini: datanya tidak lulus, atau diperiksa sebelum ada sertifikat.",
    "There is no certificate for this report: the data did not pass, or was checked before there were any.",
)
PRIVATE = {
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class Reports(Protocol):
    def report(self, sha256: str) -> dict[str, Any] | None: ...

    def submissions(self, sha256: str) -> list[dict[str, Any]]:
        """Those that a report is about, the first to arrive first."""
        ...

    def certificate(self, sha256: str, submission: str | None = None) -> bytes | None: ...


def blueprint(reports: Reports) -> Blueprint:
    blp = Blueprint("laporan", __name__, url_prefix="/laporan")

    @blp.get("/<sha256>")
    def report(sha256: str) -> ResponseReturnValue:
        told = _told(reports, sha256)
        return _page(
            "validation/report.html",
            sha256=sha256,
            report=dossier(told),
            submissions=reports.submissions(sha256),
            certified=told.get("verdict") == "lulus" and bool(told.get("checked")),
            understood=understood(told.get("understood", {})),
        )

    @blp.get("/<sha256>/sertifikat")
    def certificate(sha256: str) -> ResponseReturnValue:
        _told(reports, sha256)
        submission = request.args.get("submission") or None
        told = reports.certificate(sha256, submission)
        if told is None:
            raise Problem(404, "sertifikat-tidak-ada", _NO_CERTIFICATE)
        return _page(
            "validation/certificate.html", sha256=sha256, certificate=json.loads(told), submission=submission
        )

    return blp


def understood(told: dict[str, Any]) -> list[tuple[str, str]]:
    """How the file was read, in words; what these pages know no word for is shown as it is."""
    return [
        (say(words.UNDERSTOOD[name]) if name in words.UNDERSTOOD else name, _in_words(name, value))
        for name, value in told.items()
        if value not in (None, "", [], {})
    ]


def _in_words(name: str, value: Any) -> str:
    if name == "delimiter" and value in words.DELIMITERS:
        return say(words.DELIMITERS[value])
    if isinstance(value, dict):
        return ", ".join(f"{_in_words(name, each)}: {number}" for each, number in value.items())
    if isinstance(value, list):
        grouped = any(isinstance(each, list) for each in value)
        return ("; " if grouped else ", ").join(_in_words(name, each) for each in value)
    return say(words.VALUES[value]) if value in words.VALUES and name in words.CLOSED else str(value)


def _told(reports: Reports, sha256: str) -> dict[str, Any]:
    told = reports.report(sha256) if re.fullmatch("[0-9a-f]{64}", sha256) else None
    if told is None:
        raise Problem(404, "laporan-tidak-ada", _NOT_FOUND)
    return told


def _page(template: str, **shown: Any) -> Response:
    response = make_response(render_template(template, words=words, **shown))
    response.headers.update(PRIVATE)
    return response
