"""What was pushed, as a multipart file with metadata or as JSON rows, read without opening the table."""

from __future__ import annotations

import io
import re
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


class Written(ma.validate.Validator):
    """Text of this shape and no other; who wrote it differently is told how it is written."""

    def __init__(self, shape: str, words: Text) -> None:
        self._shape = re.compile(shape)
        self._words = words

    def __call__(self, value: str) -> str:
        if not self._shape.fullmatch(value):
            raise ma.ValidationError([self._words])  # type: ignore[list-item]
        return value


PERIOD = Written(
    r"[0-9A-Za-z][0-9A-Za-z-]{0,19}",
    Text(
        "Tulis seperti 2024, 2024-S1, 2024-T3, atau 2024-07.",
        "Write it like 2024, 2024-S1, 2024-T3 or 2024-07.",
    ),
)
BIDANG_URUSAN = Written(r"\d\.\d{2}", Text("Tulis seperti 2.13.", "Write it like 2.13."))


class MetadataSchema(ma.Schema):
    """What goes with a file. ``period``: 2024, 2024-S1, 2024-T3 or 2024-07, by the dataset's frequency."""

    class Meta:
        unknown = ma.RAISE

    dataset = ma.fields.String(required=True, validate=ma.validate.Length(1, 150))
    period = ma.fields.String(required=True, validate=PERIOD)
    repairs = ma.fields.String(validate=ma.validate.Length(1, 60))
    bidang_urusan = ma.fields.String(validate=BIDANG_URUSAN)


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
        raise _not_one_file([name for name, _ in request.files.items(multi=True)])
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


def _not_one_file(parts: list[str]) -> Problem:
    came = ", ".join(name[:40] for name in parts[:5])
    words = Text(
        f"Sertakan tepat satu berkas pada bagian `file`; berkas yang datang: {came or 'tidak ada'}.",
        f"Send exactly one file, in the part `file`; what came as files: {came or 'none'}.",
    )
    return Problem(422, "satu-berkas", words)


def _empty() -> Problem:
    words = Text(
        "Yang dikirim kosong (0 byte). Kirim berkas yang berisi data.",
        "What was sent is empty (0 bytes). Send a file with data in it.",
    )
    return Problem(422, "kosong", words)
