"""A body on its way to MongoDB and back: plain JSON in, plain JSON out, whatever BSON makes of it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from struct import Struct
from typing import Any

from bson import encode
from bson.codec_options import CodecOptions, TypeDecoder, TypeRegistry
from bson.dbref import DBRef
from bson.errors import InvalidDocument
from bson.int64 import Int64
from bson.raw_bson import RawBSONDocument

from muara_kernel.documents.port import Body, DocumentTooLarge, Stored, Write

ID, VERSION, BODY = "_id", "v", "b"
"""The body lies a level deeper, so that its own fields may have any name."""

LARGEST = 16 * 1024 * 1024 - 16 * 1024
"""MongoDB's limit, less room for the guard that a command puts around a document."""
SIZE = Struct("<i")
"""With which every document and array of BSON begins; what it holds comes as type, name and value."""
ARRAY_STARTS = SIZE.size + len("\4\0") + SIZE.size
_AS_THEY_ARE = frozenset({str, bool, int})


def stored(document: dict[str, Any]) -> Stored:
    return Stored(document[ID], document[VERSION], document[BODY])


def packed(writes: Sequence[Write], left: Sequence[Stored | None]) -> list[RawBSONDocument]:
    """The bytes of what each write leaves behind, as they are stored; of a delete those of an empty document.

    Raises DocumentTooLarge, or ValueError for what BSON does not hold.
    """
    wholes = [{ID: one.id, VERSION: one.version, BODY: one.body} if one else {} for one in left]
    try:
        packs = list(_taken_apart(encode({"": wholes}), len(wholes)))
    except (InvalidDocument, OverflowError):
        packs = [_packed_alone(write, whole) for write, whole in zip(writes, wholes, strict=True)]
    for write, pack in zip(writes, packs, strict=True):
        if len(pack) > LARGEST:
            raise DocumentTooLarge(
                f"{write.collection.name}: dokumen {write.id} {len(pack)} byte, paling banyak {LARGEST}"
                f" / the document has {len(pack)} bytes, and one may have {LARGEST} at most"
            )
    return [RawBSONDocument(pack) for pack in packs]


def _taken_apart(array: bytes, count: int) -> Iterator[bytes]:
    """The documents of an array that was packed by one call: half the time of a call for each."""
    place = ARRAY_STARTS
    for number in range(count):
        place += len(f"\3{number}\0")
        (size,) = SIZE.unpack_from(array, place)
        yield array[place : place + size]
        place += size


def _packed_alone(write: Write, whole: dict[str, Any]) -> bytes:
    try:
        return encode(whole)
    except (InvalidDocument, OverflowError) as error:
        raise ValueError(f"{write.collection.name}: {write.id} cannot be stored: {error}") from error


def plain(body: Body) -> Body:
    """A copy without the fields that are None; ValueError or TypeError for what JSON does not have."""
    copy = dict(body)
    for name, value in body.items():
        if type(value) in _AS_THEY_ARE:
            continue
        if value is None:
            del copy[name]
        else:
            copy[name] = plain(value) if type(value) is dict else plain_value(value)
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
