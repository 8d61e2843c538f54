"""What comes with a file that is tried: its fields, within their bounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from muara_kernel.events import Text
from muara_kernel.web.body import BoundedRequest
from muara_kernel.web.language import say
from muara_kernel.web.problems import Problem
from validation_service.model.document.json_text import read_json
from validation_service.model.problem import BadStandard

MIB = 1024 * 1024
LARGEST = 10 * MIB
LARGEST_BODY = LARGEST + 2 * MIB
"""With a standard, and what multipart adds."""
LONGEST_PERIOD = 20

_MULTIPART = Text("Kirim berkasnya sebagai multipart/form-data.", "Send the file as multipart/form-data.")
_ONE_FILE = Text(
    "Sertakan tepat satu berkas pada bagian `file`.", "Send exactly one file, in the part `file`."
)
_EMPTY = Text(
    "Berkasnya kosong (0 byte). Pilih berkas yang ada isinya.",
    "The file is empty (0 bytes). Choose one with something in it.",
)
_TOO_LARGE = Text(
    "Berkas yang dicoba paling besar 10 MiB. Yang lebih besar dapat langsung dikirim, atau diperiksa dengan "
    "`muara check`.",
    "A file to try has at most 10 MiB. A larger one can be sent at once, or checked with `muara check`.",
)
_WRONG = Text("Perbaiki isian berikut, lalu coba lagi.", "Repair these fields, then try again.")
_EITHER = Text(
    "Pilih satu dataset, atau sertakan standar sendiri (`standard`); salah satu saja.",
    "Choose one dataset, or send a standard of your own (`standard`); one of the two.",
)
_ONCE = Text("Isian ini dikirim lebih dari sekali.", "This field was sent more than once.")
_UNKNOWN = Text("Isian ini tidak dikenal.", "This field is unknown.")
_PERIOD = Text(
    "Tulis seperti 2024, 2024-S1, 2024-T3, atau 2024-07.", "Write it like 2024, 2024-S1, 2024-T3 or 2024-07."
)
_NOT_JSON = Text("Standar data ini bukan objek JSON.", "This standard is no JSON object.")
_ANSWER = Text("Tulis `laporan` atau `tabel`.", "Write `laporan` (the report) or `tabel` (the table).")
_FIELDS = {"dataset", "standard", "period", "answer"}
_ANSWERS = ("laporan", "tabel")

_TEXT = {"type": "string"}
BODY = {
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {
                    "file": {"type": "string", "format": "binary"},
                    "dataset": _TEXT | {"example": "35.08/jumlah-penduduk"},
                    "standard": _TEXT | {"description": "Table Schema v2 (JSON)"},
                    "period": _TEXT | {"example": "2025-S1"},
                    "answer": _TEXT | {"enum": list(_ANSWERS), "default": _ANSWERS[0]},
                },
                "required": ["file"],
            }
        }
    },
    "required": True,
}


def form() -> dict[str, str]:
    """The fields that were filled in; raises Problem with whatever is wrong with them at once."""
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
    filled = {name: values[0] for name, values in sent.items() if values}
    if len(filled.keys() & {"dataset", "standard"}) != 1:
        wrong |= {"dataset": _EITHER}
    period = filled.get("period", "").strip()
    if len(period) > LONGEST_PERIOD or not period.isprintable():
        wrong |= {"period": _PERIOD}
    if filled.get("answer", _ANSWERS[0]) not in _ANSWERS:
        wrong |= {"answer": _ANSWER}
    if wrong:
        errors = [{"field": name, "message": say(words)} for name, words in wrong.items()]
        raise Problem(422, "metadata-salah", _WRONG, errors=errors)
    return filled | {"period": period}


def file() -> tuple[str, bytes]:
    """Its name and its bytes; raises Problem."""
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


def standard(text: str) -> Mapping[str, Any]:
    """The document, which nobody has judged yet; raises Problem, or BadStandard for a key named twice."""
    try:
        document = read_json(text)
    except BadStandard:
        raise
    except ValueError as error:
        raise Problem(422, "standar-tidak-sesuai", _NOT_JSON) from error
    if not isinstance(document, dict):
        raise Problem(422, "standar-tidak-sesuai", _NOT_JSON)
    return document


def _too_large() -> Problem:
    return Problem(413, "terlalu-besar", _TOO_LARGE, limit=LARGEST)
