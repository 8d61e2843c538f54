"""The body of a request, read no further than allowed and never taken for whole when it is not."""

from __future__ import annotations

import io
from typing import IO, cast

from flask import Request
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge
from werkzeug.utils import cached_property
from werkzeug.wsgi import LimitedStream

STEP = 64 * 1024


class BoundedRequest(Request):
    """A request whose body ends in 413 beyond the limit and in 400 where the sender broke off.

    Werkzeug's own stream cuts a chunked body at the limit, and a server that terminates the input
    makes it take a body shorter than its Content-Length for whole: either would be accepted as if
    the sender had meant it.
    """

    @cached_property
    def stream(self) -> IO[bytes]:
        raw = cast(IO[bytes], self.environ["wsgi.input"])
        if self.content_length is not None:
            self.refuse_too_large()
            return cast(IO[bytes], LimitedStream(raw, self.content_length))
        if not self.environ.get("wsgi.input_terminated"):
            return io.BytesIO()
        return cast(IO[bytes], io.BufferedReader(_Chunked(raw, self.max_content_length), STEP))

    def refuse_too_large(self) -> None:
        """Raise 413 for a length the sender admits to, before anything is read."""
        limit = self.max_content_length
        if limit is not None and (self.content_length or 0) > limit:
            raise RequestEntityTooLarge()


class _Chunked(io.RawIOBase):
    def __init__(self, raw: IO[bytes], limit: int | None) -> None:
        self._raw = raw
        self._limit = limit
        self._seen = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        try:
            read = self._raw.read(min(len(buffer), STEP))
        except (OSError, ParseException) as error:  # it broke off, or its chunks are none
            raise ClientDisconnected() from error
        self._seen += len(read)
        if self._limit is not None and self._seen > self._limit:
            raise RequestEntityTooLarge()
        buffer[: len(read)] = read
        return len(read)
