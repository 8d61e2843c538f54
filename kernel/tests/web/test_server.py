from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from muara_kernel.web.sentences import refusal
from muara_kernel.web.server import serve_health

SERVED = """
import os, sys, threading
from flask import request
from prometheus_client import CollectorRegistry
from muara_kernel.events.finding import Text
from muara_kernel.observability import logs
from muara_kernel.web.app import Limits, make_app
from muara_kernel.web.server import serve

def create_app():
    app, _ = make_app("percobaan", title=Text("a", "b"), version="1", limits=Limits(body=1_000_000),
                      parts_ready=dict, registry=CollectorRegistry())
    app.add_url_rule("/v1/who", "who", lambda: {"worker": os.getpid(), "master": os.getppid()})
    app.add_url_rule("/v1/raw", "raw", lambda: str(len(request.get_data())), methods=["POST"])
    return app

logs.configure("percobaan", "web")
serve(create_app, sys.argv[1], threads=4, name="percobaan")
"""


def wait_until(true: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.02)
    return true()


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


class Served:
    """A served app on a socket that outlives it, as the supervisor holds it."""

    def __init__(self, errors: Path) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.errors = errors
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        descriptor = self.listener.fileno()
        with self.errors.open("ab") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-c", SERVED, f"fd://{descriptor}"],
                pass_fds=[descriptor],
                stderr=errors,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
            )

    def get(self, path: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request("GET", path, headers={"Connection": "close"})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()

    def who(self) -> dict[str, int]:
        return json.loads(self.get("/v1/who")[1])  # type: ignore[no-any-return]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    served = Served(tmp_path / "stderr")
    served.start()
    yield served
    assert served.process is not None
    if served.process.poll() is None:
        served.process.kill()
    served.process.wait()
    served.listener.close()


def test_a_killed_master_leaves_no_orphan_and_the_next_one_keeps_the_port(served: Served) -> None:
    first = served.who()
    assert served.process is not None
    assert first["master"] == served.process.pid

    os.kill(first["master"], signal.SIGKILL)
    assert wait_until(lambda: not is_running(first["worker"]), 2)
    served.process.wait()
    served.start()

    assert served.who()["worker"] != first["worker"]


def test_a_killed_worker_is_replaced_by_the_master(served: Served) -> None:
    first = served.who()

    os.kill(first["worker"], signal.SIGKILL)

    assert served.who()["worker"] != first["worker"]


def test_sigterm_ends_it_cleanly_and_every_line_of_it_was_json(served: Served) -> None:
    worker = served.who()["worker"]
    assert served.process is not None

    served.process.terminate()

    assert served.process.wait(timeout=15) == 0
    assert not is_running(worker)
    lines = [json.loads(line) for line in served.errors.read_text().splitlines()]
    assert any(line["event"] == "request" and line["path"] == "/v1/who" for line in lines)
    assert all(line["service"] == "percobaan" and line["correlation"] for line in lines)


def test_a_client_that_sends_too_much_sees_413_before_it_has_sent_all(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as raw:
        raw.sendall(b"POST /v1/raw HTTP/1.1\r\nHost: x\r\nContent-Length: 30000000\r\n\r\n" + b"x" * 1000)
        assert raw.recv(4096).startswith(b"HTTP/1.1 413")


def test_a_client_that_reads_only_after_sending_sees_413_too(served: Served) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
    connection.request("POST", "/v1/raw", body=b"x" * 30_000_000)
    answer = connection.getresponse()

    assert answer.status == 413
    assert json.loads(answer.read())["limit"] == 1_000_000


def test_a_chunked_body_is_stopped_at_the_limit(served: Served) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
    connection.request(
        "POST",
        "/v1/raw",
        body=(b"x" * 100_000 for _ in range(100)),
        encode_chunked=True,
        headers={"Transfer-Encoding": "chunked"},
    )

    assert connection.getresponse().status == 413


def test_a_chunked_body_within_the_limit_is_whole(served: Served) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
    connection.request(
        "POST",
        "/v1/raw",
        body=(b"x" * 100_000 for _ in range(10)),
        encode_chunked=True,
        headers={"Transfer-Encoding": "chunked"},
    )

    assert connection.getresponse().read() == b"1000000"


def test_a_sender_that_breaks_off_is_not_taken_for_whole(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as raw:
        raw.sendall(b"POST /v1/raw HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n" + b"x" * 1000)
        raw.shutdown(socket.SHUT_WR)
        assert raw.recv(4096).startswith(b"HTTP/1.1 400")


UNREADABLE = {
    "nonsense": (b"halo muara\r\n\r\n", 400, "permintaan-rusak"),
    "no HTTP of ours": (b"GET / HTTP/9.9\r\n\r\n", 400, "permintaan-rusak"),
    "an odd header": (b"GET / HTTP/1.1\r\nHost: x\r\nna ma: x\r\n\r\n", 400, "permintaan-rusak"),
    "a long address": (b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\n\r\n", 414, "alamat-terlalu-panjang"),
    "a long header": (
        b"GET / HTTP/1.1\r\nHost: x\r\nCookie: " + b"x" * 9000 + b"\r\n\r\n",
        431,
        "header-terlalu-besar",
    ),
    "many headers": (
        b"GET / HTTP/1.1\r\n" + b"".join(b"H%d: x\r\n" % n for n in range(70)) + b"\r\n",
        431,
        "header-terlalu-besar",
    ),
    "an unknown coding": (
        b"POST /v1/raw HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: brotli\r\n\r\n",
        501,
        "cara-kirim-tidak-didukung",
    ),
}


def told_on_the_wire(port: int, sent: bytes) -> tuple[http.client.HTTPResponse, bytes]:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as raw:
        raw.sendall(sent)
        answer = http.client.HTTPResponse(raw)
        answer.begin()
        return answer, answer.read()


def test_what_nobody_can_read_is_refused_as_a_problem_in_both_languages(served: Served) -> None:
    for why, (sent, status, code) in UNREADABLE.items():
        answer, body = told_on_the_wire(served.port, sent)
        told = json.loads(body)
        words = refusal(status)
        assert (answer.status, told["status"], told["code"]) == (status, status, code), why
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["Connection"] == "close"
        assert told["detail"] == f"{words.detail.id} / {words.detail.en}"
        assert told["type"] == f"urn:muara:masalah:{code}"
    assert "xxxx" not in served.errors.read_text()
    assert served.get("/v1/who")[0] == 200


def test_chunks_that_are_none_are_the_senders_fault(served: Served) -> None:
    head = b"POST /v1/raw HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    answer, body = told_on_the_wire(served.port, head + b"bukan\r\n")

    assert (answer.status, json.loads(body)["code"]) == (400, "permintaan-rusak")


# --- the health of workers -------------------------------------------------------------------


def an_app() -> Flask:
    app = Flask(__name__)
    app.add_url_rule("/health/live", "live", lambda: "alive")
    return app


def ask(port: int) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", "/health/live")
    return connection.getresponse().read()


def test_a_worker_answers_on_a_port_of_its_own_until_closed() -> None:
    health = serve_health(an_app(), "127.0.0.1:0")
    assert ask(health.port) == b"alive"

    health.close()

    with pytest.raises(ConnectionRefusedError):
        ask(health.port)


def test_a_worker_answers_on_a_socket_it_was_handed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        health = serve_health(an_app(), f"fd://{listener.fileno()}")
        assert health.port == listener.getsockname()[1]
        assert ask(health.port) == b"alive"
        health.close()
