"""Payloads in MongoDB: small ones are documents, large ones GridFS files that a pointer document names.

A file is uploaded under an id of its own; the pointer, written last, is what makes it a payload. An upload
that was killed so never stands in the way of the next one of the same bytes.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from hashlib import sha256
from io import BufferedReader, BytesIO, RawIOBase
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from bson.int64 import Int64
from bson.objectid import ObjectId
from gridfs import GridFSBucket, GridOut
from gridfs.errors import GridFSError, NoFile
from pymongo import InsertOne
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import BulkWriteError, DuplicateKeyError, PyMongoError, WriteConcernError

from muara_kernel import failpoints
from muara_kernel.mongo import Server
from muara_kernel.payloads.port import SMALL, PayloadsError, PayloadsUnavailable, UnknownPayload

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

CHUNK = 512 * 1024
DAY = 24 * 60 * 60
SWEPT_AT_ONCE = 100
TAKEN = 11000
HASH = re.compile(r"[0-9a-f]{64}")

Kept = Collection[dict[str, Any]]


class GridFSPayloads:
    """The collection ``payloads`` holds ``{_id: sha256, bytes}`` or ``{_id: sha256, file}``.

    ``payloads.files`` and ``.chunks`` are GridFS; ``payloads.uploads`` has a note of each upload under way.
    """

    def __init__(self, url: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        """``url`` is ``mongodb://host:27017/database``; nothing is opened before the first use."""
        self._server = Server(url, "MUARA_PAYLOADS", before="gridfs+")
        self._prepared = False
        self._clock = clock
        self._swept: float | None = None

    def put(self, stream: BinaryIO) -> str:
        head = _read(stream, SMALL + 1)
        if len(head) <= SMALL:
            return self.put_many([head])[0]
        return self._put_large(head, stream)

    def put_many(self, payloads: Sequence[bytes]) -> list[str]:
        names = [sha256(payload).hexdigest() for payload in payloads]
        small = {}
        for name, payload in zip(names, payloads, strict=True):
            if len(payload) <= SMALL:
                small[name] = payload
            else:
                self._put_large(b"", BytesIO(payload))
        if small:
            with self._translated():
                _insert_missing(self._payloads, small)
        return names

    def open(self, sha256: str) -> BinaryIO:
        with self._translated():
            found = self._payloads.find_one({"_id": _checked(sha256)})
            if found is None:
                raise UnknownPayload(f"no payload {sha256}")
            if "file" not in found:
                return BytesIO(found["bytes"])
            download = _Download(self, self._files.open_download_stream(found["file"]))
        return cast(BinaryIO, BufferedReader(download, CHUNK))

    def holds(self, sha256: str) -> bool:
        with self._translated():
            return self._payloads.find_one({"_id": _checked(sha256)}, {"_id": 1}) is not None

    def check(self) -> None:
        with self._translated():
            self._opened().command("ping")

    def close(self) -> None:
        with self._translated():
            self._server.close()

    @property
    def _payloads(self) -> Kept:
        return self._opened()["payloads"]

    @property
    def _files(self) -> GridFSBucket:
        return GridFSBucket(self._opened(), "payloads")

    def _of(self, part: str) -> Kept:
        return self._payloads[part]

    def _opened(self) -> Database[dict[str, Any]]:
        """Made ready at the first use, swept then and once a day; two threads at once do no harm."""
        database = self._server.database()
        if not self._prepared:
            kept = database["payloads"]
            kept["chunks"].create_index([("files_id", 1), ("n", 1)], unique=True)
            kept["uploads"].create_index("at")
            kept.create_index("file", partialFilterExpression={"file": {"$exists": True}})
            self._prepared = True
        if self._swept is None or self._clock() - self._swept > DAY:
            self._swept = self._clock()
            self._remove_what_was_left_over()
        return database

    def _put_large(self, head: bytes, stream: BinaryIO) -> str:
        file = self._begun()
        try:
            name = self._upload(file, head, stream)
            failpoints.reached("payloads.after_file_before_pointer", name)
        except PayloadsUnavailable:
            # Removing would only wait for the same server: a sweep does it later.
            raise
        except BaseException:
            with suppress(PayloadsError):
                self._remove(file)
            raise
        if self._point(name, file):
            with self._translated():
                self._of("uploads").delete_one({"_id": file})
        else:
            self._remove(file)
        return name

    def _begun(self) -> ObjectId:
        file = ObjectId()
        with self._translated():
            # By the server's clock, which is the one that the sweep reads.
            self._of("uploads").update_one({"_id": file}, {"$currentDate": {"at": True}}, upsert=True)
        return file

    def _point(self, name: str, file: ObjectId) -> bool:
        """Make the file a payload; False where another one of the same bytes is there already."""
        with self._translated():
            try:
                self._payloads.insert_one({"_id": name, "file": file})
            except DuplicateKeyError:
                return False
        return True

    def _upload(self, file: ObjectId, head: bytes, stream: BinaryIO) -> str:
        """As GridFS lays a file out, but with one chunk in memory at a time; its own writer gathers 32 MiB.

        The stream's own errors are its owner's and pass as they are.
        """
        digest, length = sha256(), 0
        for number, chunk in enumerate(_chunks(head, stream)):
            digest.update(chunk)
            length += len(chunk)
            with self._translated():
                self._of("chunks").insert_one({"files_id": file, "n": number, "data": chunk})
            failpoints.reached("payloads.mid_gridfs_upload", str(number))
        described = {"length": Int64(length), "chunkSize": CHUNK, "uploadDate": datetime.now(UTC)}
        with self._translated():
            self._of("files").insert_one({"_id": file, **described})
        return digest.hexdigest()

    def _remove_what_was_left_over(self) -> None:
        """Uploads begun more than a day ago: done but for their note, or given up and then removed."""
        long_ago = {"$expr": {"$lt": ["$at", {"$subtract": ["$$NOW", DAY * 1000]}]}}
        for upload in self._of("uploads").find(long_ago, sort=[("at", 1)], limit=SWEPT_AT_ONCE):
            if self._payloads.find_one({"file": upload["_id"]}, {"_id": 1}) is None:
                self._remove(upload["_id"])
            else:
                self._of("uploads").delete_one({"_id": upload["_id"]})

    def _remove(self, file: ObjectId) -> None:
        with self._translated():
            with suppress(NoFile):
                self._files.delete(file)
            self._of("uploads").delete_one({"_id": file})

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Nothing of the driver leaves this block."""
        try:
            yield
        except GridFSError as error:
            raise PayloadsError(f"MUARA_PAYLOADS: a payload is not whole: {error}") from error
        except PyMongoError as error:
            kind = PayloadsUnavailable if self._server.passes(error) else PayloadsError
            raise kind(self._server.sentence(error)) from error


class _Download(RawIOBase):
    """A GridFS file as any other file; what goes wrong while it is read is said in the port's words."""

    def __init__(self, store: GridFSPayloads, file: GridOut) -> None:
        self._store = store
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        with self._store._translated():
            part = self._file.read(len(view))
        view[: len(part)] = part
        return len(part)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        self._file.seek(offset, whence)
        return self._file.tell()

    def tell(self) -> int:
        return self._file.tell()

    def close(self) -> None:
        self._file.close()
        super().close()


def _checked(name: str) -> str:
    if not HASH.fullmatch(name):
        raise UnknownPayload(f"{name!r} is no sha256 in lower-case hex")
    return name


def _read(stream: BinaryIO, most: int) -> bytes:
    """As many as ``most`` bytes, however few the stream gives at a time."""
    parts = []
    while most > 0 and (part := stream.read(most)):
        parts.append(part)
        most -= len(part)
    return b"".join(parts)


def _chunks(head: bytes, stream: BinaryIO) -> Iterator[bytes]:
    """All of the same length but the last, whatever lengths the stream gives."""
    rest = head
    while rest := rest + _read(stream, CHUNK - len(rest)):
        yield rest[:CHUNK]
        rest = rest[CHUNK:]


def _insert_missing(payloads: Kept, small: dict[str, bytes]) -> None:
    """A payload that is there already is the same bytes."""
    try:
        payloads.bulk_write(
            [InsertOne({"_id": name, "bytes": payload}) for name, payload in small.items()], ordered=False
        )
    except BulkWriteError as error:
        details = error.details or {}
        for concern in details["writeConcernErrors"]:
            raise WriteConcernError(concern["errmsg"], concern["code"], concern) from error
        if any(each["code"] != TAKEN for each in details["writeErrors"]):
            raise
