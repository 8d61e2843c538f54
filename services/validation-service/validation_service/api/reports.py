"""The whole report of a check, under an address that only those know who were told it."""

from __future__ import annotations

import re
from typing import BinaryIO, Protocol

from flask import Response
from flask.typing import ResponseReturnValue
from flask_smorest import Blueprint

from muara_kernel.events import Text
from muara_kernel.web.problems import Problem

_NOT_FOUND = Text("Tidak ada laporan pada alamat ini.", "There is no report at this address.")


class Reports(Protocol):
    def open(self, sha256: str) -> BinaryIO | None: ...


def blueprint(reports: Reports) -> Blueprint:
    blp = Blueprint("reports", __name__, description="Laporan pemeriksaan")

    @blp.route("/v1/reports/<sha256>", methods=["GET"])
    @blp.response(200)
    def show(sha256: str) -> ResponseReturnValue:
        """Every finding of one check, as JSON."""
        stream = reports.open(sha256) if re.fullmatch("[0-9a-f]{64}", sha256) else None
        if stream is None:
            raise Problem(404, "laporan-tidak-ada", _NOT_FOUND)
        with stream:
            return Response(stream.read(), content_type="application/json")

    return blp
