"""What was pushed, as a multipart file with metadata or as JSON rows, read without opening the table."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

import marshmallow as ma
from flask import request
from werkzeug.exceptions import BadRequest

from ingest_service.model import admission
from muara_kernel.events import Text
from muara_kernel.web.invalid import invalid_fields
from muara_kernel.web.problems import Problem
from muara_kernel.web.sentences import INVALID_JSON

ACCEPTED = ", ".join(admission.BY_SUFFIX)
MOST_ERRORS = 20
"""Of a million rows that are no objects, the first few say enough."""
MORE_THAN_ONCE = Text("Isian ini dikirim lebih dari sekali.", "This field was sent more than once.")
PERIOD = ma.validate.Regexp(r"[0-9A-Za-z][0-9A-Za-z-]{0,19}\Z")


class MetadataSchema(ma.Schema):
    """What goes with a file. ``period``: 2024, 2024-S1, 2024-T3 or 2024-07, by the dataset's frequency."""

    class Meta:
        unknown = ma.RAISE

    dataset = ma.fields.String(required=True, validate=ma.validate.Length(1, 150))
    period = ma.fields.String(required=True, validate=PERIOD)
    repairs = ma.fields.String(validate=ma.validate.Length(1, 60))
    bidang_urusan = ma.fields.String(validate=ma.validate.Regexp(r"\d\.\d{2}\Z"))


class RowsSchema(MetadataSchema):
    """The same with the rows themselves, a list of objects."""

    rows = ma.fields.List(ma.fields.Dict(keys=ma.fields.String()), required=True)


@dataclass(frozen=True)
class Pushed:
    """What came: metadata, and a file that was not opened."""

    metadata: dict[str, Any]
    file: BinaryIO
    size: int
    filename: str
    media_type: str


def pushed() -> Pushed:
    """What this request pushes; raises Problem, or marshmallow's ValidationError as 422."""
    if request.mimetype == "multipart/form-data":
        return _file()
    if request.is_json:
        return _rows()
    raise Problem(
        415,
        "jenis-permintaan",
        Text(
            "Kirim berkas sebagai multipart/form-data atau baris data sebagai application/json.",
            "Send a file as multipart/form-data or rows as application/json.",
        ),
    )


def _file() -> Pushed:
    _demand_each_once()
    metadata = _load(MetadataSchema(), {**request.form})
    files = request.files.getlist("file")
    if len(files) != 1 or len(request.files) != 1:
        words = Text(
            "Sertakan tepat satu berkas pada bagian `file`.", "Send exactly one file, in the part `file`."
        )
        raise Problem(422, "satu-berkas", words)
    (upload,) = files
    filename = admission.plain_name(upload.filename or "")
    media_type = admission.media_type(filename, upload.mimetype or "")
    if media_type is None:
        raise _wrong_type(filename, upload.mimetype)
    stream = cast(BinaryIO, upload.stream)
    size = stream.seek(0, io.SEEK_END)
    if size == 0:
        raise _empty()
    stream.seek(0)
    if media_type in admission.ZIPPED:
        _look_into(stream)
    return Pushed(metadata, stream, size, filename, media_type)


def _rows() -> Pushed:
    body = request.get_data(cache=True)
    if not body:
        raise _empty()
    try:
        data = request.get_json()
    except BadRequest as error:
        raise Problem(400, INVALID_JSON.code, INVALID_JSON.detail, title=INVALID_JSON.title) from error
    metadata = _load(RowsSchema(), data)
    del metadata["rows"]
    return Pushed(metadata, io.BytesIO(body), len(body), "baris.json", admission.JSON)


def _demand_each_once() -> None:
    repeated = [name for name, values in request.form.lists() if len(values) > 1]
    if repeated:
        raise _wrong_metadata({name: [MORE_THAN_ONCE] for name in repeated})


def _load(schema: ma.Schema, data: object) -> dict[str, Any]:
    try:
        return cast(dict[str, Any], schema.load(data))  # type: ignore[arg-type]
    except ma.ValidationError as error:
        raise _wrong_metadata(error.messages) from error


def _wrong_metadata(messages: Any) -> Problem:
    words = Text(
        "Metadata kiriman tidak lengkap atau salah; lihat `errors`. Tidak ada yang diterima.",
        "The metadata of the submission is incomplete or wrong; see `errors`. Nothing was accepted.",
    )
    errors = invalid_fields({"json": messages})[:MOST_ERRORS]
    return Problem(422, "metadata-salah", words, errors=errors)


def _look_into(stream: BinaryIO) -> None:
    try:
        admission.look_into_zip(stream)
    except admission.ZipBomb as bomb:
        words = Text(
            f"Buku kerja ini mengembang melebihi batas ({bomb}). "
            "Simpan ulang hanya tabelnya, lalu kirim lagi.",
            f"This workbook inflates beyond the limit ({bomb}). Save just the table again, then send it.",
        )
        raise Problem(422, "zip-terlalu-besar", words) from bomb
    finally:
        stream.seek(0)


def _wrong_type(filename: str, declared: str | None) -> Problem:
    words = Text(
        f"Berkas {filename!r} ({declared or 'tanpa jenis'}) tidak dapat diterima; kirim {ACCEPTED}.",
        f"The file {filename!r} ({declared or 'no type'}) cannot be taken; send one of {ACCEPTED}.",
    )
    return Problem(415, "jenis-berkas", words)


def _empty() -> Problem:
    return Problem(422, "kosong", Text("Berkasnya kosong (0 byte).", "The file is empty (0 bytes)."))
