"""Documents in MongoDB: one database for each service, a collection for each kind.

Every write is on the disks of a majority before it is acknowledged, and every read asks the primary for
what a majority has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any, cast

import pymongo
from bson.errors import BSONError
from pymongo import ReturnDocument
from pymongo.collection import Collection as Kept
from pymongo.errors import DocumentTooLarge as TooLargeToSend
from pymongo.errors import OperationFailure, PyMongoError

from muara_kernel import failpoints
from muara_kernel.documents import mongo_batch as batches
from muara_kernel.documents import mongo_query as query
from muara_kernel.documents.mongo_body import CODEC, ID, stored
from muara_kernel.documents.port import (
    Body,
    Collection,
    Delete,
    DocumentsError,
    DocumentsFull,
    DocumentsUnavailable,
    DocumentTooLarge,
    Insert,
    Order,
    Replace,
    Stored,
    Where,
    Write,
)
from muara_kernel.mongo import DISK_FULL, Server

INDEXES_WITHIN = 600.0
"""Seconds that the indexes of a collection may take to be made, where it is large already."""

Fate = batches.Fate


class MongoDocuments:
    """Keeps the promises of ``Documents`` for any number of machines."""

    def __init__(self, url: str) -> None:
        """``url`` is ``mongodb://host:27017/database``; nothing is opened before the first use."""
        self._server = Server(url, "MUARA_DOCUMENTS")

    def declare(self, collection: Collection) -> None:
        declared = query.indexes(collection)
        with self._translated(collection):
            kept = self._kept(collection)
            if not {index.document["name"] for index in declared} <= kept.index_information().keys():
                with pymongo.timeout(INDEXES_WITHIN):
                    kept.create_indexes(declared)

    def insert(self, collection: Collection, id: str, body: Body) -> Stored:
        return cast(Stored, self._write_one(Insert(collection, id, body)))

    def get(self, collection: Collection, id: str) -> Stored | None:
        with self._translated(collection):
            found = self._kept(collection).find_one({ID: id})
        return stored(found) if found else None

    def replace(self, collection: Collection, stored: Stored, body: Body) -> Stored:
        return cast(Stored, self._write_one(Replace(collection, stored.id, stored.version, body)))

    def delete(self, collection: Collection, stored: Stored) -> None:
        self._write_one(Delete(collection, stored.id, stored.version))

    def find(
        self,
        collection: Collection,
        where: Where | None = None,
        *,
        order: Order = (),
        limit: int | None = None,
        after: str | None = None,
    ) -> list[Stored]:
        if after is not None and order:
            raise ValueError("paging by id (after) goes with no other order")
        if limit is not None and limit < 0:
            raise ValueError(f"a limit is not negative, as {limit} is")
        asked = query.filter(where, *([{ID: {"$gt": after}}] if after is not None else []))
        if limit == 0:
            return []
        with self._translated(collection):
            kept = self._kept(collection)
            found = _last(kept, asked, order, limit) if limit else None
            if found is None:
                found = list(kept.find(asked, sort=query.sort(order), limit=limit or 0))
        return [stored(document) for document in found]

    def count(self, collection: Collection, where: Where | None = None) -> int:
        with self._translated(collection):
            return self._kept(collection).count_documents(query.filter(where))

    def count_by(self, collection: Collection, field: str, where: Where | None = None) -> dict[str, int]:
        with self._translated(collection):
            found = list(self._kept(collection).aggregate(query.counted(field, where)))
        counts = Counter[str]()
        for each in found:
            counts[query.label(each["_id"])] += each["count"]
        return dict(counts)

    def claim(
        self, collection: Collection, where: Where, changes: Body, *, order: Order = (), most: int = 1
    ) -> list[Stored]:
        update, sort = query.changes(changes), query.sort(order)
        claimed: list[Stored] = []
        with self._translated(collection):
            while len(claimed) < most:
                # The changes may leave it as it was asked for: nobody claims a document twice in one call.
                others = [{ID: {"$nin": [one.id for one in claimed]}}] if claimed else []
                found = self._kept(collection).find_one_and_update(
                    query.filter(where, *others), update, sort=sort, return_document=ReturnDocument.AFTER
                )
                if found is None:
                    break
                claimed.append(stored(found))
        _outcome_may_be_lost(collection.name)
        return claimed

    def write(self, batch: Sequence[Write]) -> list[Fate]:
        prepared = batches.prepared(batch)
        names = ",".join(sorted({write.collection.name for write in batch}))
        cut = failpoints.reached("documents.batch_partial", names)
        fates = self._write_all(batches.prepared(batch[: len(batch) // 2]) if cut else prepared)
        if cut:
            raise DocumentsUnavailable("the store was lost in the middle of a batch; part of it was applied")
        _outcome_may_be_lost(names)
        return fates

    def check(self) -> None:
        with self._translated():
            self._server.database().command("ping")

    def close(self) -> None:
        with self._translated():
            self._server.close()

    def _kept(self, collection: Collection) -> Kept[dict[str, Any]]:
        return self._server.database().get_collection(collection.name, codec_options=CODEC)

    def _write_one(self, write: Write) -> Stored | None:
        (fate,) = self._write_all(batches.prepared([write]))
        if isinstance(fate, Exception):
            raise fate
        _outcome_may_be_lost(write.collection.name)
        return fate

    def _write_all(self, batch: batches.Batch) -> list[Fate]:
        if not batch.writes:
            return []
        with self._translated(batch.writes[0].collection):
            return batches.applied(self._server.database(), batch)

    @contextmanager
    def _translated(self, collection: Collection | None = None) -> Iterator[None]:
        """Nothing of the driver leaves this block."""
        try:
            yield
        except TooLargeToSend as error:
            raise DocumentTooLarge(str(error)) from error
        except PyMongoError as error:
            raise self._as_ours(error, collection) from error
        except BSONError as error:
            raise DocumentsError(f"the document cannot be stored: {error}") from error

    def _as_ours(self, error: PyMongoError, collection: Collection | None) -> DocumentsError:
        code = error.code if isinstance(error, OperationFailure) else None
        details: Mapping[str, Any] = (error.details if isinstance(error, OperationFailure) else None) or {}
        if code in batches.TOO_LARGE:
            return DocumentTooLarge(str(details.get("errmsg", error))[:200])
        if code == batches.TAKEN and collection and "keyPattern" in details:
            return batches.taken(collection, details)
        if code == DISK_FULL:
            return DocumentsFull(self._server.sentence(error))
        kind = DocumentsUnavailable if self._server.passes(error) else DocumentsError
        return kind(self._server.sentence(error))


def _last(
    kept: Kept[dict[str, Any]], asked: query.Filter, order: Order, limit: int
) -> list[dict[str, Any]] | None:
    """The first in a falling order by reading an index backwards; None where ties would come in a wrong one.

    An index is read backwards as a whole, its ids too. That is the same as long as there are no ties, so one
    more is read than asked for, and a tie anywhere leaves it to a sort.
    """
    backwards = query.backwards(order)
    if backwards is None:
        return None
    found = list(kept.find(asked, sort=cast(Any, backwards), limit=limit + 1))
    keys = [[_at(document, path) for path, _ in backwards[:-1]] for document in found]
    tied = any(one == other for one, other in pairwise(keys))
    return None if tied else found[:limit]


def _at(document: Any, path: str) -> Any:
    for step in path.split("."):
        document = document.get(step) if isinstance(document, dict) else None
    return document


def _outcome_may_be_lost(detail: str) -> None:
    if failpoints.reached("documents.write_unknown", detail):
        raise DocumentsUnavailable("the store was lost before it could say whether the write took place")
