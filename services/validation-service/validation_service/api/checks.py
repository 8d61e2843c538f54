"""POST /v1/checks: try a file before it is sent. Everything is checked and nothing is kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Protocol, cast

from flask import Response, request
from flask.typing import ResponseReturnValue
from flask_smorest import Blueprint
from werkzeug.exceptions import RequestEntityTooLarge

from muara_kernel.events import Text
from muara_kernel.web.body import BoundedRequest
from muara_kernel.web.desk import Desk
from muara_kernel.web.language import say
from muara_kernel.web.problems import Problem
from validation_service.api.buckets import Buckets
from validation_service.api.revisions import not_found, unacceptable
from validation_service.model.standard import BadStandard
from validation_service.model.trial import Busy, Trial

MIB = 1024 * 1024
LARGEST = 10 * MIB
LARGEST_BODY = LARGEST + 2 * MIB
"""With a standard, and what multipart adds."""
LONGEST_PERIOD = 20
RETRY_AFTER_FULL = "5"

_MULTIPART = Text("Kirim berkasnya sebagai multipart/form-data.", "Send the file as multipart/form-data.")
_ONE_FILE = Text(
    "Sertakan tepat satu berkas pada bagian `file`.", "Send exactly one file, in the part `file`."
)
_EMPTY = Text("Berkasnya kosong (0 byte).", "The file is empty (0 bytes).")
_TOO_LARGE = Text(
    "Berkas yang dicoba paling besar 10 MiB. Yang lebih besar dapat langsung dikirim, atau diperiksa dengan "
    "`muara check`.",
    "A file to try has at most 10 MiB. A larger one can be sent at once, or checked with `muara check`.",
)
_WRONG = Text("Isian percobaan ini salah; lihat `errors`.", "What came with the file is wrong; see `errors`.")
_EITHER = Text(
    "Sebutkan `dataset` atau `standard`, salah satu saja.", "Name a `dataset` or a `standard`, one of them."
)
_ONCE = Text("Isian ini dikirim lebih dari sekali.", "This field was sent more than once.")
_UNKNOWN = Text("Isian ini tidak dikenal.", "This field is unknown.")
_PERIOD = Text("Tulis seperti 2024, 2024-S1, 2024-T3, atau 2024-07.", "Write it like 2024 or 2024-S1.")
_NOT_JSON = Text("Standar data ini bukan objek JSON.", "This standard is no JSON object.")
_BAD_STANDARD = Text(
    "Standar data ini belum dapat dipakai; perbaiki yang disebut di bawah.",
    "This standard cannot be used yet; repair what is named below.",
)
_FULL = Text(
    "Semua tempat percobaan sedang terpakai. Kirim lagi beberapa detik lagi.",
    "Every place for trying files is taken. Send it again in some seconds.",
)
_TOO_OFTEN = Text(
    "Terlalu banyak percobaan dari alamat Anda. Tunggu sebentar lalu kirim lagi.",
    "Too many files were tried from your address. Wait a moment and send it again.",
)
_FIELDS = {"dataset", "standard", "period"}


class Trials(Protocol):
    """What a file is tried against."""

    def of_dataset(
        self, id: str, *, at_the_desk: bool, on: date, period: str, filename: str
    ) -> Trial | None: ...

    def of_standard(self, standard: Mapping[str, Any], *, on: date, period: str, filename: str) -> Trial: ...


class Sandbox(Protocol):
    def check(self, trial: Trial, data: bytes) -> bytes:
        """The JSON of the report. Raises Busy or BadStandard."""
        ...


class Door:
    """Where files to try come in, by programs and by the page alike."""

    def __init__(
        self, trials: Trials, sandbox: Sandbox, buckets: Buckets, *, today: Callable[[], date]
    ) -> None:
        self._trials = trials
        self._sandbox = sandbox
        self._buckets = buckets
        self._today = today

    def tried(self, *, at_the_desk: bool) -> bytes:
        """The JSON of the report on the file that this request brings; raises Problem."""
        wait = self._buckets.take(request.remote_addr or "-")
        if wait:
            raise Problem(429, "terlalu-sering-mencoba", _TOO_OFTEN, headers={"Retry-After": str(wait)})
        form = _form()
        filename, data = _file()
        try:
            return self._sandbox.check(self._trial(form, filename, at_the_desk), data)
        except Busy as busy:
            headers = {"Retry-After": RETRY_AFTER_FULL}
            raise Problem(503, "pemeriksa-penuh", _FULL, headers=headers) from busy
        except BadStandard as error:
            raise unacceptable("standar-tidak-sesuai", _BAD_STANDARD, error.problems) from error

    def _trial(self, form: Mapping[str, str], filename: str, at_the_desk: bool) -> Trial:
        about: dict[str, Any] = {
            "on": self._today(),
            "period": form.get("period", ""),
            "filename": filename,
        }
        if "standard" in form:
            return self._trials.of_standard(_standard(form["standard"]), **about)
        trial = self._trials.of_dataset(form["dataset"], at_the_desk=at_the_desk, **about)
        if trial is None:
            raise not_found()
        return trial


def blueprint(door: Door, desk: Desk) -> Blueprint:
    blp = Blueprint("checks", __name__, description="Mencoba berkas / trying files")

    @blp.route("/v1/checks", methods=["POST"])
    @blp.doc(requestBody=_BODY)
    @blp.response(200)
    def check() -> ResponseReturnValue:
        """Try a file of at most 10 MiB: the whole report at once, and nothing is kept. No key is needed.

        Against the standard and the code lists of a `dataset`, or a `standard` of your own; `period` as a
        submission would name it. 429 and 503 say with Retry-After when to come again.
        """
        return Response(door.tried(at_the_desk=desk.bears_token()), content_type="application/json")

    return blp


_TEXT = {"type": "string"}
_BODY = {
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {
                    "file": {"type": "string", "format": "binary"},
                    "dataset": _TEXT | {"example": "35.08/jumlah-penduduk"},
                    "standard": _TEXT | {"description": "Table Schema v2 (JSON)"},
                    "period": _TEXT | {"example": "2025-S1"},
                },
                "required": ["file"],
            }
        }
    },
    "required": True,
}


def _form() -> dict[str, str]:
    """The fields that were filled in; whatever is wrong with them at once."""
    ours = cast(BoundedRequest, request)
    ours.max_content_length = LARGEST_BODY
    try:
        ours.refuse_too_large()
        if request.mimetype != "multipart/form-data":
            raise Problem(415, "jenis-permintaan", _MULTIPART)
        sent = {name: [value for value in values if value.strip()] for name, values in request.form.lists()}
    except RequestEntityTooLarge as error:
        raise _too_large() from error
    wrong = {name: _UNKNOWN for name in sent if name not in _FIELDS}
    wrong |= {name: _ONCE for name, values in sent.items() if len(values) > 1}
    form = {name: values[0] for name, values in sent.items() if values}
    if len(form.keys() & {"dataset", "standard"}) != 1:
        wrong |= {"dataset": _EITHER}
    period = form.get("period", "").strip()
    if len(period) > LONGEST_PERIOD or not period.isprintable():
        wrong |= {"period": _PERIOD}
    if wrong:
        errors = [{"field": name, "message": say(words)} for name, words in wrong.items()]
        raise Problem(422, "metadata-salah", _WRONG, errors=errors)
    return form | {"period": period}


def _file() -> tuple[str, bytes]:
    files = [upload for upload in request.files.values() if upload.filename or upload.content_type]
    if len(files) != 1 or len(request.files.getlist("file")) != 1:
        raise Problem(422, "satu-berkas", _ONE_FILE)
    (upload,) = files
    data = upload.stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise _too_large()
    if not data:
        if not upload.filename:  # as a browser sends a form in which no file was chosen
            raise Problem(422, "satu-berkas", _ONE_FILE)
        raise Problem(422, "kosong", _EMPTY)
    return (upload.filename or "")[-150:], data


def _standard(text: str) -> Mapping[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Problem(422, "standar-tidak-sesuai", _NOT_JSON) from error
    if not isinstance(document, dict):
        raise Problem(422, "standar-tidak-sesuai", _NOT_JSON)
    return document


def _too_large() -> Problem:
    return Problem(413, "terlalu-besar", _TOO_LARGE, limit=LARGEST)
