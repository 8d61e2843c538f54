"""The connection to MongoDB, made at its first use in each process, and its errors as a sentence."""

from __future__ import annotations

import os
import threading
import time
import weakref
from collections.abc import Callable
from typing import Any

from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import (
    ConfigurationError,
    ConnectionFailure,
    InvalidName,
    InvalidOperation,
    InvalidURI,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
    WriteConcernError,
)
from pymongo.uri_parser import parse_uri

Document = dict[str, Any]

PATIENCE = {"timeoutMS": 5000, "serverSelectionTimeoutMS": 3000, "connectTimeoutMS": 2000}
"""How long an outage is waited out before it is reported; the URL may say otherwise."""
SURE: dict[str, Any] = {
    "w": "majority",
    "journal": True,
    "retryWrites": True,
    "readConcernLevel": "majority",
    "readPreference": "primary",
    "appname": "muara",
}
"""What the promises of the port rest on; the URL may not say otherwise."""

REFUSED_LOGIN, NOT_ALLOWED, DISK_FULL = 18, 13, 14031
PASSING = frozenset(
    {6, 7, 24, 43, 50, 64, 89, 91, 100, 112, 134, 175, 189, 202, 237, 239, 246, 262, 290, 317, 365}
    | {9001, 10058, 10107, 11600, 11601, 11602, 13435, 13436, DISK_FULL, REFUSED_LOGIN, NOT_ALLOWED}
)
"""Codes of a server that stops, changes its primary or its catalogue, is full, waited too long for a lock,
did not finish in time, or does not let us in.

No document is at fault: the same call succeeds once the server is back or somebody gave us the right.
"""

REFUSAL_HOLDS = 30.0
"""Seconds after a refused login for which a lost connection is told as that refusal.

The driver takes a server that refused the login of one thread for gone: the others see no server any more.
"""

# A client made before a fork must be neither used nor closed after it: it is kept here, unused.
_inherited: list[object] = []


class Server:
    """One database at ``url``; ``setting`` is the name of the variable that a sentence tells to change.

    ``before`` is what stands before ``mongodb://`` in that variable.
    """

    def __init__(
        self, url: str, setting: str, *, before: str = "", clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._url, self._setting, self._clock = url, setting, clock
        self._refused: float | None = None
        self._place, self._name, given = _understood(url, setting, before)
        self._options = SURE | {name: value for name, value in PATIENCE.items() if name.lower() not in given}
        self._client: MongoClient[Document] | None = None
        self._closed = False
        self._lock = threading.Lock()
        forget = weakref.WeakMethod(self._forget_inherited)
        os.register_at_fork(after_in_child=lambda: (method := forget()) and method())

    def database(self) -> Database[Document]:
        with self._lock:
            if self._closed:
                raise InvalidOperation("it was closed")
            if self._client is None:
                self._client = MongoClient(self._url, **self._options)
            return self._client[self._name]

    def close(self) -> None:
        with self._lock:
            self._closed = True
            if self._client is not None:
                self._client.close()

    def passes(self, error: PyMongoError) -> bool:
        """Whether the same call may succeed later, unchanged."""
        if isinstance(error, OperationFailure):
            return error.code in PASSING or isinstance(error, WriteConcernError)
        return isinstance(error, ConnectionFailure) or error.timeout

    def sentence(self, error: PyMongoError) -> str:
        """What is the matter and which setting to change. Never the password, nor a document."""
        self._remember(error)
        return f"{self._setting}: {self._reason(error)}"

    def _reason(self, error: PyMongoError) -> str:
        if self._is_refusal(error):
            return _said(
                f"MongoDB di {self._place} menolak nama pengguna atau sandinya",
                f"MongoDB at {self._place} refuses the user name or the password",
            )
        if isinstance(error, ServerSelectionTimeoutError):
            return _said(
                f"tidak ada MongoDB yang menerima tulisan di {self._place}",
                f"no MongoDB that takes writes answers at {self._place}",
            )
        if isinstance(error, ConnectionFailure) or error.timeout:
            return _said(
                f"MongoDB di {self._place} tidak menjawab", f"MongoDB at {self._place} does not answer"
            )
        code = error.code if isinstance(error, OperationFailure) else None
        told = str(error).partition(", full error:")[0][:200]
        return {
            NOT_ALLOWED: _said(
                f"pengguna tidak berhak membaca dan menulis basis data {self._name} di {self._place}",
                f"the user may not read and write the database {self._name} at {self._place}",
            ),
            DISK_FULL: _said(
                f"cakram MongoDB di {self._place} penuh", f"the disk of MongoDB at {self._place} is full"
            ),
        }.get(code or 0, f"MongoDB {self._place}: {told}")

    def _remember(self, error: PyMongoError) -> None:
        if isinstance(error, OperationFailure):  # the server spoke to us: it refuses us, or it let us in
            self._refused = self._clock() if error.code == REFUSED_LOGIN else None

    def _is_refusal(self, error: PyMongoError) -> bool:
        """Whether the login was refused: by this error, or shortly before a connection was lost."""
        if self._refused is None or isinstance(error, OperationFailure):
            return self._refused is not None
        lost = isinstance(error, ConnectionFailure) or error.timeout
        return lost and self._clock() - self._refused < REFUSAL_HOLDS

    def _forget_inherited(self) -> None:
        _inherited.append(self._client)
        self._client, self._lock = None, threading.Lock()


def _said(id: str, en: str) -> str:
    return f"{id} / {en}"


def _understood(url: str, setting: str, before: str) -> tuple[str, str, set[str]]:
    """Hosts, database and options that the URL gives; ValueError without a word of it, for its password."""
    scheme, _, rest = url.partition("://")
    place, _, tail = rest.partition("/")
    name, _, query = tail.partition("?")
    if not name:
        raise ValueError(
            f"{setting} tidak menyebut basis data / names no database: {before}{scheme}://host:27017/database"
        )
    try:
        # What mongodb+srv stands for is asked of the DNS, which is for the first use.
        if scheme == "mongodb":
            parse_uri(url, warn=True)
    except (ConfigurationError, InvalidName, InvalidURI, ValueError):
        raise ValueError(
            f"{setting} bukan URL yang dipahami MongoDB / is not a URL that MongoDB understands:"
            f" {before}mongodb://user:password@host:27017/database;"
            " dalam sandi / in the password : / ? # @ % = %3A %2F %3F %23 %40 %25"
        ) from None
    given = {option.partition("=")[0].lower() for option in query.split("&")}
    return place.rpartition("@")[2], name, given
