"""HTTP as a patient program speaks it: a door that is being restarted is asked again, with the same words."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

PATIENCE = 60.0
TRY_AGAIN = {429, 502, 503}


class Refused(Exception):
    """The answer was a problem; ``status`` and ``body`` as they came."""

    def __init__(self, status: int, body: Any) -> None:
        detail = body.get("detail", body) if isinstance(body, dict) else body
        super().__init__(f"{status}: {detail}")
        self.status = status
        self.body = body


@dataclass(frozen=True)
class Door:
    """One service, as somebody with this token sees it."""

    address: str
    token: str | None = None
    patience: float = PATIENCE

    def get(self, path: str) -> Any:
        return self._call("GET", path)

    def put(self, path: str, body: Any) -> Any:
        return self._call("PUT", path, json.dumps(body).encode(), {"Content-Type": "application/json"})

    def put_csv(self, path: str, about: Mapping[str, str], data: bytes) -> Any:
        """``about`` goes into the query."""
        return self._call("PUT", f"{path}?{urlencode(about)}", data, {"Content-Type": "text/csv"})

    def post(self, path: str, body: Any) -> Any:
        return self._call("POST", path, json.dumps(body).encode(), {"Content-Type": "application/json"})

    def submit(
        self, metadata: dict[str, str], filename: str, data: bytes, media_type: str, *, key: str
    ) -> Any:
        """Push a file to ingest; safe to repeat, since ``key`` is its Idempotency-Key."""
        boundary = uuid4().hex
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in metadata.items()
        ]
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{filename}"\r\n'
            f"Content-Type: {media_type}\r\n\r\n"
        )
        body = b"".join(parts) + head.encode() + data + f"\r\n--{boundary}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}", "Idempotency-Key": key}
        return self._call("POST", "/v1/submissions", body, headers)

    def _call(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Any:
        deadline = time.monotonic() + self.patience
        while True:
            try:
                return self._once(method, path, body, headers or {})
            except Refused as refused:
                if refused.status not in TRY_AGAIN or time.monotonic() > deadline:
                    raise
            except OSError:  # URLError, a reset, a time-out: it is being started again
                if time.monotonic() > deadline:
                    raise
            time.sleep(0.1)

    def _once(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Any:
        if self.token:
            headers = headers | {"Authorization": f"Bearer {self.token}"}
        request = urllib.request.Request(self.address + path, data=body, headers=headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            with error:
                raise Refused(error.code, _readable(error.read())) from error
        except (json.JSONDecodeError, EOFError, HTTPException) as error:
            raise OSError("the answer broke off") from error


def _readable(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        return raw[:500].decode(errors="replace")
