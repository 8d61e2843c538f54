"""A batch as commands to MongoDB, and the answer as the fate of each write.

MongoDB says how many documents a bulk matched, never which. So a guarded write never fails to match: it
asks for the id alone, looks at the version inside the update, and fails there by itself. The server names
each write that failed, and why; the guard and the change are one atomic step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from bson.raw_bson import RawBSONDocument
from pymongo import UpdateOne
from pymongo.collection import Collection as Kept
from pymongo.database import Database
from pymongo.errors import BulkWriteError, OperationFailure, WriteConcernError

from muara_kernel.documents import mongo_query as query
from muara_kernel.documents.mongo_body import CODEC, ID, VERSION, packed, plain
from muara_kernel.documents.port import (
    Collection,
    Conflict,
    Delete,
    DocumentTooLarge,
    Duplicate,
    Insert,
    Stored,
    Write,
)

TAKEN, GUARD_FAILED = 11000, 241
TOO_LARGE = frozenset({10334, 17419, 17420})
PORTION = 64
"""Documents that are packed by one call: few enough to be in the processor's cache from copy to bytes."""

Refused = Duplicate | Conflict
Fate = Stored | Refused | None


@dataclass(frozen=True)
class Batch:
    """Writes, the documents that they leave behind (a delete leaves none), and the bytes of those."""

    writes: Sequence[Write]
    left: Sequence[Stored | None]
    documents: Sequence[RawBSONDocument]

    def is_delete(self, place: int) -> bool:
        return self.left[place] is None

    def places(self) -> dict[str, list[int]]:
        """By collection the places of its writes, in the order in which the batch first names them."""
        places: dict[str, list[int]] = {}
        for place, write in enumerate(self.writes):
            places.setdefault(write.collection.name, []).append(place)
        return places


def prepared(writes: Sequence[Write]) -> Batch:
    """Nothing is sent yet. Raises DocumentTooLarge or ValueError for a document that cannot be stored."""
    left: list[Stored | None] = []
    documents: list[RawBSONDocument] = []
    for start in range(0, len(writes), PORTION):
        portion = writes[start : start + PORTION]
        behind = [_left(write) for write in portion]
        documents += packed(portion, behind)
        left += behind
    return Batch(writes, left, documents)


def _left(write: Write) -> Stored | None:
    if isinstance(write, Delete):
        return None
    return Stored(write.id, 1 if isinstance(write, Insert) else write.version + 1, plain(write.body))


def applied(database: Database[dict[str, Any]], batch: Batch) -> list[Fate]:
    """Each write tried, a collection after the other as the batch first names them, in order within each."""
    fates: list[Fate] = list(batch.left)
    for name, places in batch.places().items():
        collection = database.get_collection(name, codec_options=CODEC)
        for deletes, run in groupby(places, batch.is_delete):
            tried = _deleted if deletes else _written
            for place, refused in tried(collection, batch, list(run)).items():
                fates[place] = refused
    return fates


def _deleted(collection: Kept[dict[str, Any]], batch: Batch, places: Sequence[int]) -> dict[int, Refused]:
    """One by one: a bulk does not say which of them found nothing."""
    refused: dict[int, Refused] = {}
    for place in places:
        write = batch.writes[place]
        if not collection.delete_one({ID: write.id, VERSION: _expected(write)}).deleted_count:
            refused[place] = _conflict(write)
    return refused


def _written(collection: Kept[dict[str, Any]], batch: Batch, places: Sequence[int]) -> dict[int, Refused]:
    try:
        if all(isinstance(batch.writes[place], Insert) for place in places):
            collection.insert_many([batch.documents[place] for place in places], ordered=False)
        else:
            guarded = [_guarded(batch.writes[place], batch.documents[place]) for place in places]
            collection.bulk_write(guarded, ordered=False)
    except BulkWriteError as error:
        failed = _failed(error).items()
        return {places[number]: _why(batch.writes[places[number]], failure) for number, failure in failed}
    return {}


def _guarded(write: Write, document: RawBSONDocument) -> UpdateOne:
    """Replace what has this version, or insert where there is none; anything else fails."""
    holds = {"$eq": [{"$ifNull": [f"${VERSION}", None]}, _expected(write)]}
    otherwise = {"$toInt": {"$concat": ["changed: ", f"${ID}"]}}
    replaced = {"$cond": [holds, {"$literal": document}, otherwise]}
    return UpdateOne({ID: write.id}, [{"$replaceWith": replaced}], upsert=True)


def _expected(write: Write) -> int | None:
    return None if isinstance(write, Insert) else write.version


def _failed(error: BulkWriteError) -> dict[int, Mapping[str, Any]]:
    """What each failed write met; raises where the failure is not the write's own."""
    details = error.details or {}
    for concern in details.get("writeConcernErrors", ()):
        raise WriteConcernError(concern.get("errmsg", "not durable"), concern.get("code"), concern) from error
    failed = {each["index"]: each for each in details.get("writeErrors", ())}
    for each in failed.values():
        if each["code"] in TOO_LARGE:
            raise DocumentTooLarge(each["errmsg"][:200]) from error
        if each["code"] not in (TAKEN, GUARD_FAILED):
            raise OperationFailure(each["errmsg"], each["code"]) from error
    return failed


def _why(write: Write, failure: Mapping[str, Any]) -> Refused:
    if failure["code"] == TAKEN:
        return taken(write.collection, failure)
    return Duplicate(write.collection.name, ("id",)) if isinstance(write, Insert) else _conflict(write)


def taken(collection: Collection, failure: Mapping[str, Any]) -> Duplicate:
    return Duplicate(collection.name, query.fields(list(failure["keyPattern"])))


def _conflict(write: Write) -> Conflict:
    expected = _expected(write)
    at = "" if expected is None else f" at version {expected}"
    return Conflict(f"{write.collection.name}: {write.id} is no longer{at}")
