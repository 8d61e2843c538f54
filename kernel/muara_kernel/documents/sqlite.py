"""Documents in one SQLite file: a table for each collection, the body as JSON text.

Not kinder than MongoDB: no write spans two documents, and a batch may be cut in the middle.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from muara_kernel import failpoints
from muara_kernel.documents import sqlite_query as query
from muara_kernel.documents.port import (
    Add,
    Body,
    Collection,
    Conflict,
    Delete,
    DocumentsError,
    DocumentsFull,
    DocumentsUnavailable,
    DocumentTooLarge,
    Duplicate,
    Insert,
    Order,
    Replace,
    Stored,
    Where,
    Write,
)
from muara_kernel.sqlite import Database, full, location, unavailable

SETTING = "MUARA_DOCUMENTS"
LARGEST = 16 * 1024 * 1024
_LARGEST_NUMBER = 2**63 - 1

Fate = Stored | Duplicate | Conflict | None
Prepared = tuple[Write, str]


class SqliteDocuments:
    """Keeps the promises of ``Documents`` for the threads and processes of one machine."""

    def __init__(self, path: str | Path) -> None:
        """``path`` is a file or a ``sqlite:///`` URL; nothing is opened before the first use."""
        is_url = isinstance(path, str) and path.startswith("sqlite:")
        self._database = Database(location(str(path)) if is_url else path)

    def declare(self, collection: Collection) -> None:
        with self._translated(collection):
            made = query.indexes(collection)
            known = {name for (name,) in self._database.read("SELECT name FROM sqlite_master")}
            if {f"c_{collection.name}", *made} <= known:
                return
            with self._database.turn() as connection:
                connection.execute(
                    f"CREATE TABLE IF NOT EXISTS {query.table(collection)}"
                    " (id TEXT PRIMARY KEY NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL)"
                )
                for statement in made.values():
                    connection.execute(statement)

    def insert(self, collection: Collection, id: str, body: Body) -> Stored:
        return _landed(self._write_one(Insert(collection, id, body)))

    def get(self, collection: Collection, id: str) -> Stored | None:
        with self._translated(collection):
            rows = self._database.read(
                f"SELECT id, version, body FROM {query.table(collection)} WHERE id = ?", [id]
            )
        return _stored(rows[0]) if rows else None

    def replace(self, collection: Collection, stored: Stored, body: Body) -> Stored:
        return _landed(self._write_one(Replace(collection, stored.id, stored.version, body)))

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
        sql, args = query.select(collection, where, order, limit, after)
        with self._translated(collection):
            return [_stored(row) for row in self._database.read(sql, args)]

    def count(self, collection: Collection, where: Where | None = None) -> int:
        condition, args = query.conditions(where)
        with self._translated(collection):
            rows = self._database.read(f"SELECT COUNT(*) FROM {query.table(collection)}{condition}", args)
        return int(rows[0][0])

    def count_by(self, collection: Collection, field: str, where: Where | None = None) -> dict[str, int]:
        condition, args = query.conditions(where)
        sql = (
            f"SELECT body -> {query.path(field)} AS value, COUNT(*)"
            f" FROM {query.table(collection)}{condition} GROUP BY value"
        )
        with self._translated(collection):
            rows = self._database.read(sql, args)
        counts: dict[str, int] = {}
        for value, count in rows:
            if value is not None:
                counts[query.label(value)] = counts.get(query.label(value), 0) + count
        return counts

    def claim(
        self, collection: Collection, where: Where, changes: Body, *, order: Order = (), most: int = 1
    ) -> list[Stored]:
        changed = _plain(changes, keep_none=True)
        sql, args = query.select(collection, where, order, most, None)
        claimed: list[Stored] = []
        taken: Duplicate | None = None
        with self._translated(collection), self._database.turn() as connection:
            for row in connection.execute(sql, args).fetchall():
                found = _stored(row)
                body = _with_changes(found.body, changed)
                fate = _apply(connection, _prepared(Replace(collection, found.id, found.version, body)))
                if isinstance(fate, Duplicate):
                    # Those changed before it stay changed: one document is one write, as on MongoDB.
                    taken = fate
                    break
                claimed.append(_landed(fate))
        if taken:
            raise taken
        _outcome_may_be_lost(collection.name)
        return claimed

    def write(self, batch: Sequence[Write]) -> list[Fate]:
        prepared = [_prepared(write) for write in batch]
        names = ",".join(sorted({write.collection.name for write in batch}))
        cut = failpoints.reached("documents.batch_partial", names)
        fates = self._write_all(prepared[: len(prepared) // 2] if cut else prepared)
        if cut:
            raise DocumentsUnavailable("the store was lost in the middle of a batch; part of it was applied")
        _outcome_may_be_lost(names)
        return fates

    def check(self) -> None:
        with self._translated():
            self._database.read("PRAGMA schema_version")
        if no_room := full(self._database.path.parent, SETTING):
            raise DocumentsFull(no_room)

    def close(self) -> None:
        with self._translated():
            self._database.close()

    def _write_one(self, write: Write) -> Stored | None:
        (fate,) = self._write_all([_prepared(write)])
        if isinstance(fate, Exception):
            raise fate
        _outcome_may_be_lost(write.collection.name)
        return fate

    def _write_all(self, prepared: Sequence[Prepared]) -> list[Fate]:
        if not prepared:
            return []
        with self._translated(prepared[0][0].collection), self._database.turn() as connection:
            return [_apply(connection, one) for one in prepared]

    @contextmanager
    def _translated(self, collection: Collection | None = None) -> Iterator[None]:
        """Nothing of sqlite3 leaves this block."""
        try:
            yield
        except sqlite3.IntegrityError as error:
            # Only declare comes here: the documents that are there already break the new key.
            if collection is None or "UNIQUE" not in str(error):
                raise DocumentsError(f"the document store refused: {error}") from error
            raise Duplicate(collection.name, _key_of(collection, error)) from error
        except sqlite3.Error as error:
            if not unavailable(error):
                raise DocumentsError(f"the document store refused: {error}") from error
            if no_room := full(self._database.path.parent, SETTING, error):
                raise DocumentsFull(no_room) from error
            raise DocumentsUnavailable(f"{SETTING}: {self._database.path}: {error}") from error


def _apply(connection: sqlite3.Connection, prepared: Prepared) -> Fate:
    """One write is one statement: it happens or, on a taken key, leaves the others of its batch alone."""
    write, text = prepared
    try:
        return _execute(connection, write, text)
    except sqlite3.IntegrityError as error:
        return _duplicate(connection, write, error)


def _execute(connection: sqlite3.Connection, write: Write, text: str) -> Stored | Conflict | None:
    table = query.table(write.collection)
    if isinstance(write, Insert):
        connection.execute(f"INSERT INTO {table} (id, version, body) VALUES (?, 1, ?)", [write.id, text])
        return Stored(write.id, 1, json.loads(text))
    guard = "WHERE id = ? AND version = ?"
    if isinstance(write, Replace):
        cursor = connection.execute(
            f"UPDATE {table} SET version = version + 1, body = ? {guard}", [text, write.id, write.version]
        )
        landed = Stored(write.id, write.version + 1, json.loads(text))
        return landed if cursor.rowcount else _conflict(write)
    cursor = connection.execute(f"DELETE FROM {table} {guard}", [write.id, write.version])
    return None if cursor.rowcount else _conflict(write)


def _conflict(write: Replace | Delete) -> Conflict:
    return Conflict(f"{write.collection.name}: {write.id} is no longer at version {write.version}")


def _duplicate(connection: sqlite3.Connection, write: Write, error: sqlite3.IntegrityError) -> Duplicate:
    """SQLite looks at the id last; a repeated insert is to learn of the id first."""
    if isinstance(write, Insert):
        sql = f"SELECT 1 FROM {query.table(write.collection)} WHERE id = ?"
        if connection.execute(sql, [write.id]).fetchone():
            return Duplicate(write.collection.name, ("id",))
    return Duplicate(write.collection.name, _key_of(write.collection, error))


def _key_of(collection: Collection, error: sqlite3.IntegrityError) -> tuple[str, ...]:
    """SQLite names the index; its name ends with the fields, also where an older release declared it."""
    prefix = f"UNIQUE constraint failed: index '{query.index_name('unique', collection, ())}"
    message = str(error)
    if not message.startswith(prefix):
        raise error
    return tuple(message.removeprefix(prefix).removesuffix("'").split(","))


def _prepared(write: Write) -> Prepared:
    if isinstance(write, Delete):
        return write, ""
    text = json.dumps(_plain(write.body), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    size = len(text.encode())
    if size > LARGEST:
        raise DocumentTooLarge(
            f"{write.collection.name}: dokumen {write.id} {size} byte, paling banyak {LARGEST}"
            f" / the document has {size} bytes, and one may have {LARGEST} at most"
        )
    return write, text


def _plain(value: Any, *, keep_none: bool = False) -> Any:
    """A copy without the fields that are None; raises ValueError for what another store could not take."""
    if isinstance(value, dict):
        if not all(isinstance(name, str) and "\0" not in name for name in value):
            raise ValueError(f"the fields of a document have plain names, not {list(value)!r}")
        return {name: _plain(item) for name, item in value.items() if keep_none or item is not None}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, int) and not -_LARGEST_NUMBER - 1 <= value <= _LARGEST_NUMBER:
        raise ValueError(f"{value} does not fit into 64 bits")
    return value


def _with_changes(body: Body, changes: Body) -> Body:
    for field, value in changes.items():
        query.path(field)
        *way, last = field.split(".")
        place = body
        for step in way:
            place = place.setdefault(step, {}) if value is not None else place.get(step, {})
            if not isinstance(place, dict):
                raise DocumentsError(f"{field} cannot be set: {step} is not a group of fields")
        # None goes like every None, when the body is written.
        place[last] = place.get(last, 0) + value.number if isinstance(value, Add) else value
    return body


def _stored(row: tuple[str, int, str]) -> Stored:
    id, version, text = row
    return Stored(id, version, json.loads(text))


def _landed(fate: Fate) -> Stored:
    assert isinstance(fate, Stored)
    return fate


def _outcome_may_be_lost(detail: str) -> None:
    if failpoints.reached("documents.write_unknown", detail):
        raise DocumentsUnavailable("the store was lost before it could say whether the write took place")
