"""A body on its way to MongoDB and back: plain JSON in, plain JSON out, whatever BSON makes of it."""

from __future__ import annotations

import math
from typing import Any

from bson import encode
from bson.codec_options import CodecOptions, TypeDecoder, TypeRegistry
from bson.dbref import DBRef
from bson.errors import InvalidDocument
from bson.int64 import Int64
from bson.raw_bson import RawBSONDocument

from muara_kernel.documents.port import Body, DocumentTooLarge, Stored

ID, VERSION, BODY = "_id", "v", "b"
"""The body lies a level deeper, so that its own fields may have any name."""

LARGEST = 16 * 1024 * 1024 - 16 * 1024
"""MongoDB's limit, less room for the guard that a command puts around a document."""
_AS_THEY_ARE = frozenset({str, bool, int})


def stored(document: dict[str, Any]) -> Stored:
    return Stored(document[ID], document[VERSION], document[BODY])


def packed(collection: str, id: str, version: int, body: Body) -> RawBSONDocument:
    """The bytes as they are stored. Before any is sent it raises DocumentTooLarge or ValueError."""
    try:
        whole = encode({ID: id, VERSION: version, BODY: body})
    except (InvalidDocument, OverflowError) as error:
        raise ValueError(f"{collection}: {id} cannot be stored: {error}") from error
    if len(whole) > LARGEST:
        raise DocumentTooLarge(
            f"{collection}: dokumen {id} {len(whole)} byte, paling banyak {LARGEST}"
            f" / the document has {len(whole)} bytes, and one may have {LARGEST} at most"
        )
    return RawBSONDocument(whole)


def plain(body: Body) -> Body:
    """A copy without the fields that are None; ValueError or TypeError for what JSON does not have."""
    copy = {}
    for name, value in body.items():
        if type(value) in _AS_THEY_ARE:
            copy[name] = value
        elif value is not None:
            copy[name] = plain_value(value)
    return copy


def plain_value(value: Any) -> Any:
    if isinstance(value, dict):
        return plain(value)
    if isinstance(value, list | tuple):
        return [plain_value(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{value} is no number that JSON knows")
    if value is None or isinstance(value, str | int | float):
        return value
    raise TypeError(f"a document holds plain JSON, not {type(value).__name__}")


class _Number(TypeDecoder):
    """A large number comes as a class of the driver's."""

    bson_type = Int64

    def transform_bson(self, value: Any) -> int:
        return int(value)


class _Reference(TypeDecoder):
    """A body with the fields ``$ref`` and ``$id``, as JSON Schema has them, is no reference of MongoDB's."""

    bson_type = DBRef

    def transform_bson(self, value: Any) -> dict[str, Any]:
        return dict(value.as_doc())


CODEC: CodecOptions[dict[str, Any]] = CodecOptions(type_registry=TypeRegistry([_Number(), _Reference()]))
