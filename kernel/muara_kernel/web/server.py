"""How an app is served: gunicorn, in one worker process with threads that dies with its master."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from muara_kernel.web.health_server import HealthServer, serve_health
from muara_kernel.web.unread import Worker

__all__ = ["HealthServer", "serve", "serve_health"]

SILENCE = 30
"""Seconds a client may say or take nothing in the middle of a request before it is given up."""

DRAIN_SECONDS = 5.0
DRAIN_BYTES = 256 * 1024 * 1024
PR_SET_PDEATHSIG = 1


def serve(create_app: Callable[[], Flask], bind: str, *, threads: int = 16, name: str) -> None:
    """Serve until SIGTERM. ``bind`` is ``host:port`` or ``fd://N``, an already listening socket.

    One worker process with ``threads``; the app is made in it, after the fork, so that no connection
    or thread has to survive one. The worker dies with its master, however that died.
    """
    _Server(create_app, _settings(bind, threads, name)).run()  # type: ignore[no-untyped-call]


def _settings(bind: str, threads: int, name: str) -> dict[str, Any]:
    return {
        "bind": [bind],
        "workers": 1,
        "worker_class": Worker,
        "threads": threads,
        "proc_name": name,
        "preload_app": False,
        # All services of one user would share the same default path.
        "control_socket_disable": True,
        "timeout": 60,
        "graceful_timeout": 10,
        "keepalive": 5,
        "limit_request_line": 4094,
        "limit_request_fields": 64,
        "limit_request_field_size": 8190,
        "accesslog": None,
        "logger_class": _OurLogs,
        "post_fork": _begin,
        "pre_request": _limit_silence_of_early_birds,
        "post_request": _let_the_client_see_413,
    }


class _Server(BaseApplication):
    def __init__(self, create_app: Callable[[], Flask], settings: dict[str, Any]) -> None:
        self._create_app = create_app
        self._settings = settings
        super().__init__()  # type: ignore[no-untyped-call]

    def load_config(self) -> None:
        config: Any = self.cfg
        for key, value in self._settings.items():
            config.set(key, value)

    def load(self) -> Flask:
        return self._create_app()


class _OurLogs(Logger):
    """Gunicorn's lines go where all others go: to the root logger, as ``logs.configure`` set it up."""

    def setup(self, cfg: Any) -> None:
        self.cfg = cfg
        self._access_log_enabled = False
        self.error_log.handlers.clear()
        self.error_log.propagate = True

    def exception(self, msg: str, *args: Any, **kwargs: Any) -> None:
        if isinstance(sys.exc_info()[1], BlockingIOError):
            self.error_log.info("a client was silent for too long")
        else:
            super().exception(msg, *args, **kwargs)  # type: ignore[no-untyped-call]


def _begin(_: Any, worker: Any) -> None:
    _die_with_the_master(worker)
    _limit_silence(worker.sockets)


def _die_with_the_master(worker: Any) -> None:
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    # The master may have died before the kernel was asked.
    if os.getppid() != worker.ppid:
        os.kill(os.getpid(), signal.SIGKILL)


def _limit_silence(sockets: list[Any]) -> None:
    # Gunicorn waits for ever on a body: as many silent clients as threads would stop the service.
    # Accepted sockets inherit these; a timeout of Python's would limit the whole answer instead.
    for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
        for one in sockets:
            one.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", SILENCE, 0))


def _limit_silence_of_early_birds(_: Any, request: Any) -> None:
    # Who connected before this worker was there has inherited nothing.
    _limit_silence([request.unreader.sock])


def _let_the_client_see_413(_: Any, request: Any, __: Any, response: Any) -> None:
    """Most clients send all before they read; closing with bytes unread would reset them under the answer."""
    if response is None or not str(response.status).startswith("413"):
        return
    if not _drained(request):
        request.body.failed = True
        with suppress(OSError):
            request.unreader.sock.shutdown(socket.SHUT_RDWR)


def _drained(request: Any) -> bool:
    deadline = time.monotonic() + DRAIN_SECONDS
    left = DRAIN_BYTES
    with suppress(Exception):
        while left > 0 and (remaining := deadline - time.monotonic()) > 0:
            request.unreader.sock.settimeout(remaining)
            thrown_away = request.body.read(64 * 1024)
            if not thrown_away:
                return True
            left -= len(thrown_away)
    return False
