"""Payloads of one machine: small ones are rows of one SQLite file, large ones files named by their hash."""

from __future__ import annotations

import os
import re
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from io import BytesIO, FileIO
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from muara_kernel import failpoints
from muara_kernel.payloads.port import SMALL, PayloadsError, PayloadsFull, PayloadsUnavailable, UnknownPayload
from muara_kernel.sqlite import Database, full, unavailable

SETTING = "MUARA_PAYLOADS"
CHUNK = 256 * 1024
DAY = 24 * 60 * 60
HASH = re.compile(r"[0-9a-f]{64}")


class DirectoryPayloads:
    """Everything lies under ``root``, which several processes may share."""

    def __init__(self, root: Path, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._root = root
        self._clock = clock
        self._incoming = root / "incoming"
        self._database = Database(root / "small.db")
        with _translated(self._root):
            self._incoming.mkdir(parents=True, exist_ok=True)
            self._remove_what_was_left_over()
            with self._database.turn() as connection:
                connection.execute(
                    "CREATE TABLE IF NOT EXISTS small (sha256 TEXT PRIMARY KEY, bytes BLOB NOT NULL)"
                )

    def put(self, stream: BinaryIO) -> str:
        head = _read(stream, SMALL + 1)
        if len(head) <= SMALL:
            return self.put_many([head])[0]
        return self._put_large(head, stream)

    def put_many(self, payloads: Sequence[bytes]) -> list[str]:
        names = [sha256(payload).hexdigest() for payload in payloads]
        small = []
        for name, payload in zip(names, payloads, strict=True):
            if len(payload) <= SMALL:
                small.append((name, payload))
            else:
                self._put_large(payload, BytesIO())
        self._put_small(small)
        return names

    def open(self, sha256: str) -> BinaryIO:
        path = self._path(sha256)
        with _translated(self._root):
            rows = self._database.read("SELECT bytes FROM small WHERE sha256 = ?", (sha256,))
            if rows:
                return BytesIO(rows[0][0])
            try:
                return path.open("rb")
            except FileNotFoundError:
                raise UnknownPayload(f"no payload {sha256}") from None

    def holds(self, sha256: str) -> bool:
        path = self._path(sha256)
        with _translated(self._root):
            rows = self._database.read("SELECT 1 FROM small WHERE sha256 = ?", (sha256,))
            return bool(rows) or path.is_file()

    def check(self) -> None:
        with _translated(self._root):
            self._database.read("SELECT 1 FROM small LIMIT 1")
            self._incoming.stat()
        if no_room := full(self._root, SETTING):
            raise PayloadsFull(no_room)

    def close(self) -> None:
        self._database.close()

    def _path(self, name: str) -> Path:
        if not HASH.fullmatch(name):
            raise UnknownPayload(f"{name!r} is no sha256 in lower-case hex")
        return self._root / name[:2] / name

    def _put_small(self, rows: Sequence[tuple[str, bytes]]) -> None:
        if rows:
            with _translated(self._root), self._database.turn() as connection:
                connection.executemany("INSERT OR IGNORE INTO small VALUES (?, ?)", rows)

    def _put_large(self, head: bytes, stream: BinaryIO) -> str:
        if self._clock() - self._swept > DAY:
            with _translated(self._root):
                self._remove_what_was_left_over()
        spooled = self._incoming / uuid4().hex
        try:
            name = _spool(head, stream, spooled)
            failpoints.reached("payloads.after_file_before_rename", name)
            with _translated(self._root):
                self._give_its_name(spooled, name)
        finally:
            with suppress(OSError):
                spooled.unlink(missing_ok=True)
        return name

    def _give_its_name(self, spooled: Path, name: str) -> None:
        """Over a file of that name too: the same bytes, but perhaps its name is not on the disk yet."""
        path = self._path(name)
        path.parent.mkdir(exist_ok=True)
        spooled.rename(path)
        _sync_directory(path.parent)
        _sync_directory(self._root)

    def _remove_what_was_left_over(self) -> None:
        """At opening and, where large files come, once a day."""
        self._swept = self._clock()
        for path in self._incoming.iterdir():
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < time.time() - DAY:
                    path.unlink()


def _read(stream: BinaryIO, most: int) -> bytes:
    """As many as ``most`` bytes, however few the stream gives at a time."""
    parts = []
    while most > 0 and (part := stream.read(most)):
        parts.append(part)
        most -= len(part)
    return b"".join(parts)


def _spool(head: bytes, stream: BinaryIO, path: Path) -> str:
    """Write all to ``path``, durably. The stream's own errors are its owner's and pass as they are."""
    digest = sha256()
    part = head
    with _translated(path.parent):
        file = FileIO(path, "xb")
    with file:
        while part:
            digest.update(part)
            with _translated(path.parent):
                _write_all(file, part)
            part = stream.read(CHUNK)
        with _translated(path.parent):
            os.fsync(file.fileno())
    return digest.hexdigest()


def _write_all(file: FileIO, part: bytes) -> None:
    """An unbuffered write may take a part only; a buffered one would report a full disk late, at close."""
    left = memoryview(part)
    while left:
        left = left[file.write(left) :]


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _translated(place: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        if isinstance(error, sqlite3.Error) and not unavailable(error):
            raise PayloadsError(f"{SETTING}: {error}") from error
        if no_room := full(place, SETTING, error):
            raise PayloadsFull(no_room) from error
        raise PayloadsUnavailable(f"{SETTING}: {error}") from error
