"""One SQLite file, many threads and processes: each has its turn, and nothing acknowledged is lost."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from muara_kernel.sqlite import Database, location, unavailable


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "store.db")
    with database.turn() as connection:
        connection.execute("CREATE TABLE rows (writer INTEGER, number INTEGER)")
    yield database
    database.close()


def add(database: Database, writer: int = 0, number: int = 0, durable: bool = True) -> None:
    with database.turn(durable) as connection:
        connection.execute("INSERT INTO rows VALUES (?, ?)", [writer, number])


def test_a_turn_is_kept_at_its_end(database: Database, tmp_path: Path) -> None:
    add(database, 7, 1)
    assert Database(tmp_path / "store.db").read("SELECT * FROM rows") == [(7, 1)]


def test_a_turn_that_fails_leaves_nothing_and_the_next_one_works(database: Database) -> None:
    with pytest.raises(KeyError), database.turn() as connection:
        connection.execute("INSERT INTO rows VALUES (1, 1)")
        raise KeyError
    add(database, 2, 2)
    assert database.read("SELECT * FROM rows") == [(2, 2)]


def test_a_turn_sees_no_other_writer_between_its_read_and_its_write(database: Database) -> None:
    add(database)

    def count_up(_: int) -> None:
        for _ in range(25):
            with database.turn() as connection:
                (number,) = connection.execute("SELECT number FROM rows").fetchone()
                connection.execute("UPDATE rows SET number = ?", [number + 1])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count_up, range(8)))
    assert database.read("SELECT number FROM rows") == [(200,)]


def test_a_turn_is_taken_in_the_queue_and_in_sqlite(database: Database, tmp_path: Path) -> None:
    stranger = sqlite3.connect(tmp_path / "store.db", timeout=0, isolation_level=None)
    with (tmp_path / "store.db.lock").open() as queue:
        with database.turn():
            with pytest.raises(BlockingIOError):
                fcntl.flock(queue, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                stranger.execute("BEGIN IMMEDIATE")
        fcntl.flock(queue, fcntl.LOCK_EX | fcntl.LOCK_NB)
    stranger.execute("BEGIN IMMEDIATE")
    stranger.close()


@pytest.mark.parametrize(("durable", "level"), [(True, 2), (False, 1)])
def test_a_turn_says_how_durable_it_is(database: Database, durable: bool, level: int) -> None:
    add(database, durable=not durable)
    with database.turn(durable) as connection:
        assert connection.execute("PRAGMA synchronous").fetchone() == (level,)


def test_reading_leaves_no_transaction_open(database: Database) -> None:
    for number in range(3):
        add(database, number=number)
    assert len(database.read("SELECT * FROM rows WHERE number < ?", [2])) == 2
    with database.turn() as connection:
        connection.execute("DELETE FROM rows")
    busy, _, _ = database.read("PRAGMA wal_checkpoint(TRUNCATE)")[0]
    assert busy == 0


def test_a_change_by_another_connection_is_noticed_once(database: Database, tmp_path: Path) -> None:
    other = Database(tmp_path / "store.db")
    database.changed()
    assert not database.changed()
    add(other)
    assert database.changed()
    assert not database.changed()


def test_every_thread_has_its_own_connection_and_the_dead_leave_none(
    database: Database, tmp_path: Path
) -> None:
    for number in range(20):
        thread = threading.Thread(target=add, args=(database, number))
        thread.start()
        thread.join()
    assert len(database.read("SELECT * FROM rows")) == 20
    assert _openings(tmp_path / "store.db.lock") <= 2


def _openings(path: Path) -> int:
    """How many descriptors of this process lead to the file."""
    return sum(opened.resolve() == path.resolve() for opened in Path("/proc/self/fd").iterdir())


def test_a_closed_database_refuses_every_thread(database: Database) -> None:
    with ThreadPoolExecutor(1) as pool:
        pool.submit(add, database).result()
        database.close()
        with pytest.raises(sqlite3.ProgrammingError):
            add(database)
        with pytest.raises(sqlite3.ProgrammingError):
            pool.submit(add, database).result()


def test_parent_and_child_of_a_fork_both_go_on(database: Database) -> None:
    add(database, writer=1)
    child = os.fork()
    if child == 0:
        try:
            for number in range(20):
                add(database, writer=2, number=number)
            os._exit(0 if database.read("SELECT COUNT(*) FROM rows WHERE writer = 2") == [(20,)] else 1)
        finally:
            os._exit(2)
    for number in range(20):
        add(database, writer=1, number=number)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert database.read("SELECT writer, COUNT(*) FROM rows GROUP BY writer") == [(1, 21), (2, 20)]
    assert database.read("PRAGMA integrity_check") == [("ok",)]


def test_a_child_does_not_keep_the_turn_of_a_parent_that_is_gone(tmp_path: Path) -> None:
    """Forked while a turn is held; the parent is gone before its end, the child lives on."""
    path = tmp_path / "store.db"
    reader, writer = os.pipe()
    parent = os.fork()
    if parent == 0:
        turn = Database(path).turn()
        turn.__enter__()
        if os.fork() == 0:
            os.close(writer)
            os.read(reader, 1)
        os._exit(0)
    os.waitpid(parent, 0)
    done = threading.Thread(target=_make_table, args=(path,), daemon=True)
    done.start()
    done.join(timeout=30)
    os.close(writer)
    os.close(reader)
    assert not done.is_alive()


def _make_table(path: Path) -> None:
    with Database(path).turn() as connection:
        connection.execute("CREATE TABLE rows (writer INTEGER, number INTEGER)")


WRITE_FOR_EVER = """
import sys
from muara_kernel.sqlite import Database

database, writer, number = Database(sys.argv[1]), int(sys.argv[2]), 0
while True:
    with database.turn() as connection:
        connection.execute("INSERT INTO rows VALUES (?, ?)", [writer, number])
    number += 1
"""


def test_two_busy_processes_both_get_their_turns(database: Database, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITE_FOR_EVER, str(tmp_path / "store.db"), str(number)], env=environment
        )
        for number in range(2)
    ]
    try:
        deadline = time.monotonic() + 30
        counts: dict[int, int] = {}
        while min(counts.get(0, 0), counts.get(1, 0)) < 200 and time.monotonic() < deadline:
            counts = dict(database.read("SELECT writer, COUNT(*) FROM rows GROUP BY writer"))
            time.sleep(0.02)
    finally:
        for process in writers:
            process.kill()
            process.wait()
    assert min(counts[0], counts[1]) >= 200


@pytest.mark.parametrize(
    ("url", "path"),
    [("sqlite:///data/x.db", "data/x.db"), ("sqlite:////var/lib/muara/x.db", "/var/lib/muara/x.db")],
)
def test_a_url_names_a_file(url: str, path: str) -> None:
    assert location(url) == Path(path)


@pytest.mark.parametrize("url", ["sqlite://x.db", "sqlite:///", "sqlite:///data/", "file:///x.db", "x.db"])
def test_a_url_that_names_no_file_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="does not name a file"):
        location(url)


def test_a_place_that_cannot_be_opened_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no directory")
    with pytest.raises(sqlite3.Error) as raised:
        add(Database(tmp_path / "file" / "store.db"))
    assert unavailable(raised.value)


def test_a_mistake_in_a_statement_is_not(database: Database) -> None:
    with pytest.raises(sqlite3.Error) as raised:
        database.read("SELECT nothing")
    assert not unavailable(raised.value)
