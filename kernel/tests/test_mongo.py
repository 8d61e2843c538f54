"""What is asked of every MongoDB; what is said of one that lets nobody in, to every thread, for a while."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from pymongo.errors import AutoReconnect, OperationFailure, PyMongoError, ServerSelectionTimeoutError
from servers.fixtures import guarded_mongod
from servers.mongo import USER, Mongod

from muara_kernel.mongo import REFUSAL_HOLDS, REFUSED_LOGIN, Server

__all__ = ["guarded_mongod"]

SECRET = "kata-sandi-rahasia"
REFUSED = "menolak nama pengguna atau sandinya / MongoDB at"
REFUSAL = OperationFailure("Authentication failed.", REFUSED_LOGIN)
LOST = [ServerSelectionTimeoutError("No servers found yet"), AutoReconnect("connection pool paused")]


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server(clock: Clock) -> Iterator[Server]:
    server = Server(f"mongodb://muara:{SECRET}@db.example/catalog", "MUARA_DOCUMENTS", clock=clock)
    yield server
    server.close()


@pytest.mark.parametrize("lost", LOST, ids=lambda error: type(error).__name__)
def test_a_connection_lost_after_a_refused_login_is_told_as_the_refusal(
    server: Server, lost: PyMongoError
) -> None:
    assert REFUSED not in server.sentence(lost)
    assert REFUSED in server.sentence(REFUSAL)
    assert REFUSED in server.sentence(lost)
    assert server.passes(lost)


def test_a_refusal_of_long_ago_says_nothing_about_a_server_that_is_gone(server: Server, clock: Clock) -> None:
    server.sentence(REFUSAL)
    clock.now += REFUSAL_HOLDS
    assert REFUSED not in server.sentence(LOST[0])


def test_a_server_that_answered_a_command_refuses_nobody_any_more(server: Server) -> None:
    server.sentence(REFUSAL)
    server.sentence(OperationFailure("operation exceeded time limit", 50))
    assert REFUSED not in server.sentence(LOST[0])


def test_every_thread_is_told_of_the_refused_password_and_none_sees_it(guarded_mongod: Mongod) -> None:
    url = guarded_mongod.secure_url(f"{USER}:{SECRET}", "catalog") + "&timeoutMS=500"
    server = Server(url, "MUARA_DOCUMENTS")

    def refused(_: int = 0) -> str:
        with pytest.raises(PyMongoError) as raised:
            server.database().command("ping")
        return server.sentence(raised.value)

    refused()
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(refused, range(16)))
    server.close()
    assert {sentence for sentence in told if REFUSED not in sentence} == set()
    assert SECRET not in "".join(told)


@pytest.mark.parametrize(
    "asked", ["", "?w=1&journal=false&retryWrites=false&readConcernLevel=local&readPreference=secondary"]
)
def test_what_the_promises_rest_on_is_asked_for_whatever_the_url_says(asked: str) -> None:
    server = Server(f"mongodb://127.0.0.1:1/catalog{asked}", "MUARA_DOCUMENTS")
    database = server.database()
    assert database.write_concern.document == {"w": "majority", "j": True}
    assert database.read_concern.level == "majority"
    assert database.read_preference.name == "Primary"
    assert database.client.options.retry_writes is True
    server.close()
