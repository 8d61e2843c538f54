"""A door that is being restarted is asked again with the same words; a refusal is told as it came."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from muara.http import Door, Refused

Answer = tuple[int, Any]
BROKEN_OFF = -1
"""Instead of a status: the head of a good answer, and nothing after it."""
Serve = Callable[..., tuple[str, list[tuple[str, str, bytes]]]]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """A server that gives these answers in turn, and what it was asked."""
    servers: list[HTTPServer] = []

    def start(*answers: Answer) -> tuple[str, list[tuple[str, str, bytes]]]:
        turn = iter(answers)
        asked: list[tuple[str, str, bytes]] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                asked.append((self.command, self.path, body))
                status, told = next(turn)
                raw = told if isinstance(told, bytes) else json.dumps(told).encode()
                broken_off = status == BROKEN_OFF
                self.send_response(200 if broken_off else status)
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(b"" if broken_off else raw)

            do_POST = do_PUT = do_GET

            def log_message(self, *_: Any) -> None: ...

        server = HTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}", asked

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_what_cannot_be_answered_now_is_asked_again(serve: Serve) -> None:
    address, asked = serve((503, {"detail": "later"}), (429, {}), (200, {"ok": True}))
    assert Door(address).get("/v1/x") == {"ok": True}
    assert len(asked) == 3


def test_an_answer_that_breaks_off_is_asked_for_again(serve: Serve) -> None:
    address, asked = serve((BROKEN_OFF, None), (200, {"ok": True}))
    assert Door(address).post("/v1/x", {}) == {"ok": True}
    assert len(asked) == 2


def test_a_repeated_push_has_the_same_bytes(serve: Serve) -> None:
    address, asked = serve((503, {}), (202, {"submission": "S1"}))
    Door(address, "kunci").submit({"period": "2024"}, "a.csv", b"a,b\n", "text/csv", key="satu")
    assert asked[0] == asked[1]
    assert b'filename="a.csv"' in asked[0][2]


def test_a_refusal_is_told_in_the_words_of_the_service(serve: Serve) -> None:
    address, _ = serve((422, {"detail": "Dataset tidak dikenal."}))
    with pytest.raises(Refused, match=r"422: Dataset tidak dikenal\.") as refused:
        Door(address).put("/v1/x", {})
    assert refused.value.status == 422


def test_a_refusal_without_json_is_told_too(serve: Serve) -> None:
    address, _ = serve((404, b"<h1>tidak ada</h1>"))
    with pytest.raises(Refused, match="tidak ada"):
        Door(address).get("/v1/x")
