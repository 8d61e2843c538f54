"""What the SQLite adapter promises beyond the contract: its indexes serve, and no sqlite3 error escapes."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from muara_kernel.documents import (
    AtMost,
    Collection,
    Documents,
    DocumentsError,
    DocumentsFull,
    DocumentsUnavailable,
    Duplicate,
    MoreThan,
    OneOf,
    Order,
    Where,
)
from muara_kernel.documents import sqlite_query as query
from muara_kernel.documents.connect import connect
from muara_kernel.documents.sqlite import SqliteDocuments
from muara_kernel.sqlite import Database

CHECKS = Collection("checks", unique=(("opd", "key"),), indexes=(("status", "due"), ("lease.holder",)))
USED = "USING INDEX"


def plan(tmp_path: Path, where: Where, order: Order = ()) -> str:
    store = SqliteDocuments(tmp_path / "documents.db")
    store.declare(CHECKS)
    store.close()
    sql, args = query.select(CHECKS, where, order, 10, None)
    steps = Database(tmp_path / "documents.db").read(f"EXPLAIN QUERY PLAN {sql}", args)
    return "; ".join(step[3] for step in steps)


@pytest.mark.parametrize(
    ("where", "order"),
    [
        ({"status": "waiting"}, [("due", 1)]),
        ({"status": "waiting", "due": AtMost(10)}, [("due", 1)]),
        ({"status": "waiting", "due": MoreThan(10)}, [("due", 1)]),
        ({"lease.holder": "w1"}, []),
    ],
    ids=str,
)
def test_an_index_finds_and_orders(tmp_path: Path, where: Where, order: Order) -> None:
    steps = plan(tmp_path, where, order)
    assert f"SEARCH c_checks {USED} index checks" in steps
    assert "TEMP B-TREE" not in steps


def test_an_index_finds_one_of_many_values(tmp_path: Path) -> None:
    assert f"SEARCH c_checks {USED} index checks status,due" in plan(tmp_path, {"status": OneOf(("a", "b"))})


def test_a_unique_key_is_an_index_too(tmp_path: Path) -> None:
    steps = plan(tmp_path, {"opd": "dinkes", "key": "k1"})
    assert f"SEARCH c_checks {USED} unique checks opd,key" in steps


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (sqlite3.SQLITE_BUSY, DocumentsUnavailable),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, DocumentsUnavailable),
        (sqlite3.SQLITE_LOCKED, DocumentsUnavailable),
        (sqlite3.SQLITE_FULL, DocumentsFull),
        (sqlite3.SQLITE_IOERR_FSYNC, DocumentsUnavailable),
        (sqlite3.SQLITE_CANTOPEN, DocumentsUnavailable),
        (sqlite3.SQLITE_READONLY, DocumentsUnavailable),
        (sqlite3.SQLITE_CORRUPT, DocumentsError),
        (sqlite3.SQLITE_NOTADB, DocumentsError),
        (sqlite3.SQLITE_ERROR, DocumentsError),
        (None, DocumentsError),
    ],
)
def test_each_error_of_the_driver_has_its_own_in_the_port(
    code: int | None, expected: type[DocumentsError], tmp_path: Path
) -> None:
    error = sqlite3.OperationalError("as the driver says it")
    if code is not None:
        error.sqlite_errorcode = code
    store = SqliteDocuments(tmp_path / "documents.db")
    with pytest.raises(DocumentsError) as raised, store._translated(CHECKS):
        raise error
    assert type(raised.value) is expected
    assert str(tmp_path) in str(raised.value) or "as the driver says it" in str(raised.value)


def test_a_file_that_cannot_be_opened_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no directory")
    store = SqliteDocuments(tmp_path / "file" / "documents.db")
    with pytest.raises(DocumentsUnavailable):
        store.check()
    with pytest.raises(DocumentsUnavailable):
        store.declare(CHECKS)


def test_a_file_that_is_no_database_is_an_error_that_waiting_does_not_cure(tmp_path: Path) -> None:
    (tmp_path / "documents.db").write_text("kode_kecamatan;jumlah\n" * 100)
    store = SqliteDocuments(tmp_path / "documents.db")
    with pytest.raises(DocumentsError) as raised:
        store.check()
    assert not isinstance(raised.value, DocumentsUnavailable)


def test_a_collection_nobody_declared_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DocumentsError, match="c_checks"):
        SqliteDocuments(tmp_path / "documents.db").insert(CHECKS, "c1", {})


def test_a_key_the_documents_already_break_cannot_be_declared(tmp_path: Path) -> None:
    store = SqliteDocuments(tmp_path / "documents.db")
    store.declare(Collection("checks"))
    for id in ("c1", "c2"):
        store.insert(Collection("checks"), id, {"opd": "dinkes", "key": "k1"})
    with pytest.raises(Duplicate) as taken:
        store.declare(CHECKS)
    assert taken.value.key == ("opd", "key")


FILL = """
import resource, sys
from muara_kernel.documents import Collection, DocumentsUnavailable
from muara_kernel.documents.sqlite import SqliteDocuments

store, checks = SqliteDocuments(sys.argv[1]), Collection("checks")
store.declare(checks)
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, hard))
landed = 0
try:
    while landed < 1000:
        store.insert(checks, f"c{landed}", {"text": "a" * 20_000})
        landed += 1
except DocumentsUnavailable:
    print("unavailable")
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
store.insert(checks, "room again", {})
print(landed, store.count(checks))
"""


def test_a_disk_that_takes_no_more_is_unavailable_and_loses_nothing(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    said = subprocess.run(
        [sys.executable, "-c", FILL, str(tmp_path / "documents.db")],
        env=environment, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    assert said[0] == "unavailable"
    assert 10 < int(said[1]) < 1000
    assert int(said[2]) == int(said[1]) + 1


@pytest.mark.parametrize(
    "url", ["", "documents.db", "oracle://db.example/muara", "sqlite", "sqlite://", "sqlite:///"]
)
def test_a_url_nobody_understands_is_refused_by_name(url: str) -> None:
    with pytest.raises(ValueError, match=r"MUARA_DOCUMENTS|sqlite:////absolute"):
        connect(url)


def test_a_relative_and_an_absolute_url_name_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    stores: list[Documents] = [connect("sqlite:///data/one.db"), connect(f"sqlite:///{tmp_path}/two.db")]
    for store in stores:
        store.declare(CHECKS)
        store.close()
    assert (tmp_path / "data" / "one.db").is_file()
    assert (tmp_path / "two.db").is_file()


def test_connecting_opens_nothing(tmp_path: Path) -> None:
    connect(f"sqlite:///{tmp_path}/data/documents.db")
    assert list(tmp_path.iterdir()) == []
