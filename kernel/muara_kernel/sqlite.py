"""One SQLite file shared by many threads and processes: whose turn it is to write, and short reads.

SQLite lets writers race for its lock, and a busy one can starve the others for minutes. So every
writer first queues at ``flock`` on a file beside the database, which the kernel hands on fairly.
"""

from __future__ import annotations

import errno
import fcntl
import os
import sqlite3
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

BUSY_SECONDS = 10.0
ROOM = 1024 * 1024
"""Bytes that must be free on a disk: one short transaction may need as much."""
_WAL_BYTES_KEPT = 64 * 1024 * 1024
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
_UNAVAILABLE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_READONLY,
    }
)
# A connection opened before a fork must be neither used nor closed after it: it is kept here, unused.
_inherited: list[object] = []


def location(url: str) -> Path:
    """The file a URL names: ``sqlite:///data/x.db`` is relative, ``sqlite:////var/x.db`` absolute."""
    scheme, _, path = url.partition(":///")
    if scheme != "sqlite" or not path or path.endswith("/"):
        raise ValueError(
            f"{url!r} tidak menyebut berkas / does not name a file;"
            " tulis / write sqlite:///relative.db, sqlite:////absolute.db"
        )
    return Path(path)


def unavailable(error: sqlite3.Error) -> bool:
    """Whether the same call may succeed later: locked, full, unreadable. Nobody's data is at fault."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in _UNAVAILABLE


def full(place: Path, setting: str, error: Exception | None = None) -> str | None:
    """A sentence when the disk under the directory ``place`` takes no more, which ``setting`` names.

    ``error`` is what a write met there; without one only the room that is left is looked at.
    """
    if not (_says_so(error) or _free(place) < ROOM):
        return None
    return f"{setting}: disk penuh, sediakan ruang di {place} / the disk is full, make room in {place}"


def _says_so(error: Exception | None) -> bool:
    if isinstance(error, OSError):
        return error.errno in _NO_ROOM
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL


def _free(place: Path) -> float:
    try:
        disk = os.statvfs(place)
    except OSError:
        return float("inf")  # whoever uses it is told what is the matter
    # What is set aside for the superuser is room for no other.
    return disk.f_frsize * (disk.f_bavail if os.geteuid() else disk.f_bfree)


class Database:
    """A file, with a connection for each thread. Raises nothing but ``sqlite3.Error``.

    After a fork the child opens its own connections; it is best forked before the first use.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._seats: dict[threading.Thread, _Seat] = {}
        self._closed = False
        forget = weakref.WeakMethod(self._forget_inherited)
        os.register_at_fork(after_in_child=lambda: (method := forget()) and method())

    @contextmanager
    def turn(self, durable: bool = True) -> Iterator[sqlite3.Connection]:
        """Write alone: wait for the turn, commit at the end, roll back on an exception. Turns do not nest.

        Durable means on the disk when the block ends; otherwise a power cut (not a killed process) may
        undo it, until the next durable turn.
        """
        seat = self._seat()
        with seat.alone():
            seat.sync(durable)
            seat.connection.execute("BEGIN IMMEDIATE")
            try:
                yield seat.connection
                seat.connection.execute("COMMIT")
            except BaseException:
                # Some errors (a full disk) have already rolled back by themselves.
                with suppress(sqlite3.Error):
                    seat.connection.execute("ROLLBACK")
                raise

    def read(self, sql: str, args: Sequence[Any] = ()) -> list[Any]:
        """All rows at once, so that no read transaction outlives the call."""
        return self._seat().connection.execute(sql, args).fetchall()

    def changed(self) -> bool:
        """Whether another connection may have committed since this thread asked: a hint, never the truth."""
        seat = self._seat()
        (version,) = seat.connection.execute("PRAGMA data_version").fetchone()
        known, seat.data_version = seat.data_version, version
        return bool(known != version)

    def close(self) -> None:
        """Close the connections of all threads; whatever is asked afterwards raises."""
        self._closed = True
        while self._seats:
            with suppress(KeyError):
                self._seats.popitem()[1].close()

    def _seat(self) -> _Seat:
        thread = threading.current_thread()
        seat = self._seats.get(thread)
        if seat is None:
            if self._closed:
                raise sqlite3.ProgrammingError(f"{self.path} was closed")
            self._clear_the_dead()
            seat = self._seats[thread] = _Seat(self.path)
        return seat

    def _clear_the_dead(self) -> None:
        for thread in list(self._seats):
            if not thread.is_alive() and (seat := self._seats.pop(thread, None)):
                seat.close()

    def _forget_inherited(self) -> None:
        _inherited.append(self._seats)
        for seat in self._seats.values():
            seat.let_go_of_lock()
        self._seats = {}


class _Seat:
    """What one thread holds: a connection, and its own opening of the lock file (flock goes by opening)."""

    def __init__(self, path: Path) -> None:
        self.data_version: int | None = None
        self._durable: bool | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise as_sqlite(error, sqlite3.SQLITE_CANTOPEN) from error
        try:
            self.connection = self._connect(path)
        except BaseException:
            self.let_go_of_lock()
            raise

    def _connect(self, path: Path) -> sqlite3.Connection:
        connection = sqlite3.connect(
            path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            # Going over to WAL needs the file alone.
            with self.alone():
                connection.execute("PRAGMA journal_mode = WAL").fetchone()
            connection.execute(f"PRAGMA journal_size_limit = {_WAL_BYTES_KEPT}").fetchone()
        except BaseException:
            connection.close()
            raise
        return connection

    @contextmanager
    def alone(self) -> Iterator[None]:
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX)
        except OSError as error:
            raise as_sqlite(error, sqlite3.SQLITE_IOERR) from error
        except ValueError as error:
            raise sqlite3.ProgrammingError("closed by another thread") from error
        try:
            yield
        finally:
            # Where another thread closed the database meanwhile, descriptor and lock are gone already.
            with suppress(OSError, ValueError):
                fcntl.flock(self._lock, fcntl.LOCK_UN)

    def sync(self, durable: bool) -> None:
        if durable is not self._durable:
            self.connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            self._durable = durable

    def close(self) -> None:
        self.connection.close()
        self.let_go_of_lock()

    def let_go_of_lock(self) -> None:
        lock, self._lock = self._lock, -1
        with suppress(OSError):
            os.close(lock)


def as_sqlite(error: OSError, code: int) -> sqlite3.Error:
    """The lock file's troubles look like the database's own, so that callers translate one kind of error."""
    translated = sqlite3.OperationalError(str(error))
    translated.sqlite_errorcode = code
    return translated
