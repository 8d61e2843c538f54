"""How a worker, which has no door, still answers whether it is well."""

from __future__ import annotations

import threading
from typing import Any

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server


class HealthServer:
    """A thread that answers for a worker; ``port`` is the one it really got."""

    def __init__(self, app: Flask, bind: str) -> None:
        host, _, port = bind.rpartition(":")
        descriptor = int(bind.removeprefix("fd://")) if bind.startswith("fd://") else None
        if descriptor is not None:
            host, port = "127.0.0.1", "0"
        self._server = make_server(
            host.strip("[]"), int(port), app, threaded=True, request_handler=_Quiet, fd=descriptor
        )
        self.port: int = self._server.socket.getsockname()[1]
        self._thread = threading.Thread(target=self._server.serve_forever, name="health", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop answering and free the port."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Quiet(WSGIRequestHandler):
    timeout = 10

    def log(self, type: str, message: str, *args: Any) -> None:
        """The app logs its requests itself."""

    def version_string(self) -> str:
        return "muara"


def serve_health(app: Flask, bind: str) -> HealthServer:
    """Answer on ``bind`` (``host:port``, port 0 allowed, or ``fd://N``) from a daemon thread until closed."""
    return HealthServer(app, bind)
