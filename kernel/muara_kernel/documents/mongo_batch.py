"""A batch as commands to MongoDB, and the answer as the fate of each write.

MongoDB says how many documents a bulk matched, never which. So a guarded write never fails to match: it
asks for the id alone, looks at the version inside the update, and fails there by itself. The server names
each write that failed, and why; the guard and the change are one atomic step.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from bson.raw_bson import RawBSONDocument
from pymongo import UpdateOne
from pymongo.database import Database
from pymongo.errors import BulkWriteError, OperationFailure, WriteConcernError

from muara_kernel.documents import mongo_query as query
from muara_kernel.documents.mongo_body import CODEC, ID, VERSION, packed, plain
from muara_kernel.documents.port import (
    Body,
    Collection,
    Conflict,
    Delete,
    DocumentTooLarge,
    Duplicate,
    Insert,
    Replace,
    Stored,
    Write,
)

TAKEN, GUARD_FAILED = 11000, 241
TOO_LARGE = frozenset({10334, 17419, 17420})

Fate = Stored | Duplicate | Conflict | None
Outcomes = list[tuple[int, Fate]]


class Prepared(NamedTuple):
    """A write with its place in the batch, and its version and body as they will be stored."""

    place: int
    write: Write
    version: int
    body: Body
    document: RawBSONDocument | None


def prepared(place: int, write: Write) -> Prepared:
    if isinstance(write, Delete):
        return Prepared(place, write, 0, {}, None)
    body = plain(write.body)
    version = 1 if isinstance(write, Insert) else write.version + 1
    return Prepared(place, write, version, body, packed(write.collection.name, write.id, version, body))


def applied(database: Database[dict[str, Any]], batch: Sequence[Prepared]) -> list[Fate]:
    """Each write tried, a collection after the other as the batch first names them, in order within each."""
    fates: list[Fate] = [None] * len(batch)
    for run in _runs(batch):
        for place, fate in _applied_run(database, run):
            fates[place] = fate
    return fates


def _runs(batch: Sequence[Prepared]) -> Iterator[list[Prepared]]:
    """What one command can do. Deletes go one by one: a bulk does not say which of them found nothing."""
    by_collection: dict[str, list[Prepared]] = {}
    for one in batch:
        by_collection.setdefault(one.write.collection.name, []).append(one)
    for writes in by_collection.values():
        for alone, run in groupby(writes, _alone):
            together = list(run)
            yield from ([one] for one in together) if alone else (together,)


def _alone(one: Prepared) -> bool:
    return isinstance(one.write, Delete)


def _applied_run(database: Database[dict[str, Any]], run: list[Prepared]) -> Outcomes:
    collection = database.get_collection(run[0].write.collection.name, codec_options=CODEC)
    if isinstance(run[0].write, Delete):
        write = run[0].write
        found = collection.delete_one({ID: write.id, VERSION: write.version}).deleted_count
        return [(run[0].place, None if found else _conflict(write))]
    try:
        if all(isinstance(one.write, Insert) for one in run):
            documents = [one.document for one in run if one.document is not None]
            collection.insert_many(documents, ordered=False)
        else:
            collection.bulk_write([_guarded(one) for one in run], ordered=False)
        failed: dict[int, Mapping[str, Any]] = {}
    except BulkWriteError as error:
        failed = _failed(error)
    return [(one.place, _fate(one, failed.get(number))) for number, one in enumerate(run)]


def _guarded(one: Prepared) -> UpdateOne:
    """Replace what has this version, or insert where there is none; anything else fails."""
    expected = one.write.version if isinstance(one.write, Replace) else None
    holds = {"$eq": [{"$ifNull": [f"${VERSION}", None]}, expected]}
    otherwise = {"$toInt": {"$concat": ["changed: ", f"${ID}"]}}
    document = {"$cond": [holds, {"$literal": one.document}, otherwise]}
    return UpdateOne({ID: one.write.id}, [{"$replaceWith": document}], upsert=True)


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


def _fate(one: Prepared, failure: Mapping[str, Any] | None) -> Fate:
    write = one.write
    if failure is None:
        return Stored(write.id, one.version, one.body)
    if failure["code"] == TAKEN:
        return taken(write.collection, failure)
    return Duplicate(write.collection.name, ("id",)) if isinstance(write, Insert) else _conflict(write)


def taken(collection: Collection, failure: Mapping[str, Any]) -> Duplicate:
    return Duplicate(collection.name, query.fields(list(failure["keyPattern"])))


def _conflict(write: Write) -> Conflict:
    at = f" at version {write.version}" if not isinstance(write, Insert) else ""
    return Conflict(f"{write.collection.name}: {write.id} is no longer{at}")
