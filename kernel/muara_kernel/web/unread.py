"""What gunicorn refuses before our app sees a request: told as a problem, like every other refusal.

Nobody knows yet which language the client prefers, so both are said. A client that falls silent before it
has sent its headers is hung up on without a word: there is no request to answer.
"""

from __future__ import annotations

import json
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from gunicorn.http.errors import (
    ConfigurationProblem,
    ExpectationFailed,
    InvalidResponseHeader,
    InvalidResponseHeaderName,
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
    UnsupportedTransferCoding,
)
from gunicorn.util import write_nonblock
from gunicorn.workers.gthread import ThreadWorker

from muara_kernel.web.problems import PROBLEM_JSON
from muara_kernel.web.sentences import refusal

_STATUSES: dict[type[Exception], int] = {
    LimitRequestLine: 414,
    LimitRequestHeaders: 431,
    ExpectationFailed: 417,
    UnsupportedTransferCoding: 501,
    ConfigurationProblem: 500,
    InvalidResponseHeader: 500,
    InvalidResponseHeaderName: 500,
    ParseException: 400,
}


class Worker(ThreadWorker):
    """Gunicorn's worker with threads, which answers in our words where it would in HTML."""

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        status = status_of(exc)
        if status == 500:
            self.log.exception("a request ended in an error outside of the app")
        else:
            # What it sent is not repeated: it may be anything, and as long as it likes.
            self.log.warning("a request that cannot be read: %s", type(exc).__name__)
        with suppress(OSError):
            write_nonblock(client, answer(status))  # type: ignore[no-untyped-call]


def status_of(error: BaseException) -> int:
    return next((status for kind, status in _STATUSES.items() if isinstance(error, kind)), 500)


def answer(status: int) -> bytes:
    """The whole answer on the wire; it closes the connection, since what comes next cannot be told apart."""
    words = refusal(status)
    body = {
        "type": f"urn:muara:masalah:{words.code}",
        "title": f"{words.title.id} / {words.title.en}",
        "status": status,
        "detail": f"{words.detail.id} / {words.detail.en}",
        "code": words.code,
    }
    sent = json.dumps(body, ensure_ascii=False).encode()
    head = (
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n"
        f"Connection: close\r\n"
        f"Content-Type: {PROBLEM_JSON}\r\n"
        f"Content-Language: id, en\r\n"
        f"Cache-Control: no-store\r\n"
        f"X-Content-Type-Options: nosniff\r\n"
        f"Content-Length: {len(sent)}\r\n\r\n"
    )
    return head.encode("ascii") + sent
