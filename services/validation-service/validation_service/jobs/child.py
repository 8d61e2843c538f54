"""A checking process as its worker sees it: asked, watched, and killed when it takes too much."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from muara_kernel.events.base import load
from muara_kernel.payloads import PayloadsUnavailable
from muara_kernel.settings import NOT_OURS
from validation_service.model.life import Failure, Outcome

LOOK = 0.05
START_SECONDS = 60.0
PAGE = os.sysconf("SC_PAGE_SIZE")
MIB = 1024 * 1024
MODULE = "validation_service.jobs.checker"


class StartFailed(Exception):
    """A checking process ended, or said nothing, before it was ready: the installation is at fault."""


class Abandoned(Exception):
    """The worker is to stop and this check would take too long; its start does not count."""


@dataclass(frozen=True)
class Limits:
    """What one check may take; ``recycle`` is the number of checks after which a process is replaced."""

    memory: int = 1024 * MIB
    deadline: float = 120.0
    recycle: int = 500


@dataclass(frozen=True)
class Failed:
    """The start came to nothing, and why."""

    failure: Failure
    detail: str = ""


class Child:
    """One process. It is the caller's alone from its start to its end."""

    def __init__(self, payloads: str, limits: Limits) -> None:
        self._limits = limits
        self._checks = 0
        self._ready = False
        self._link, theirs = Pipe()
        arguments = [sys.executable, "-m", MODULE, str(theirs.fileno()), str(os.getpid()), payloads]
        self._process = subprocess.Popen(
            arguments,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            env=_environment(),
            start_new_session=True,  # Ctrl-C is for the worker, which then stops in order
        )
        theirs.close()

    @property
    def pid(self) -> int:
        return self._process.pid

    def wait_until_ready(self, seconds: float = START_SECONDS) -> None:
        """Return when it has imported everything; raises StartFailed."""
        if self._ready:
            return
        try:
            if not self._link.poll(seconds):
                raise StartFailed(f"a checking process was not ready within {seconds:g} s")
            self._link.recv_bytes()
        except (EOFError, OSError) as error:
            self.kill()
            code = self._process.returncode
            raise StartFailed(f"a checking process ended with code {code} at its start") from error
        self._ready = True

    def check(self, request: dict[str, Any], *, look: Callable[[], None] = lambda: None) -> Outcome | Failed:
        """The outcome; after a Failed the process may be gone. ``look`` is called meanwhile and may raise."""
        answer = self.ask(request, look=look)
        if isinstance(answer, Failed):
            return answer
        outcome: Outcome = load(Outcome, answer["outcome"])
        return outcome

    def ask(
        self, request: dict[str, Any], data: bytes = b"", *, look: Callable[[], None] = lambda: None
    ) -> dict[str, Any] | Failed:
        """Its answer as it comes; ``data`` is sent along where the request says that bytes follow.

        Bytes that follow the answer are its ``table``.
        """
        self._checks += 1
        try:
            self._link.send_bytes(json.dumps(request).encode())
            if request.get("bytes_follow"):
                self._link.send_bytes(data)
            failed = self._watch(look)
            return failed or _read(self._link)
        except (EOFError, OSError):
            failed = self._end("died", "")
            return Failed(failed.failure, f"code {self._process.returncode}")

    def is_spent(self) -> bool:
        """Whether the next check deserves a fresh one: this is dead, old, or grew on what went before."""
        if self._process.poll() is not None or self._checks >= self._limits.recycle:
            return True
        return self.resident() > self._limits.memory / 2

    def resident(self) -> int:
        """Bytes of memory it holds; 0 when it is gone."""
        try:
            return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * PAGE
        except (OSError, IndexError):
            return 0

    def kill(self) -> None:
        with suppress(OSError):
            self._process.kill()
        self._process.wait()
        self._link.close()

    def _watch(self, look: Callable[[], None]) -> Failed | None:
        until = time.monotonic() + self._limits.deadline
        while not self._link.poll(LOOK):
            if self.resident() > self._limits.memory:
                return self._end("memory", f"more than {self._limits.memory // MIB} MiB")
            if time.monotonic() > until:
                return self._end("deadline", f"more than {self._limits.deadline:g} s")
            look()
        return None

    def _end(self, failure: Failure, detail: str) -> Failed:
        self.kill()
        return Failed(failure, detail)


def _read(link: Connection) -> dict[str, Any] | Failed:
    answer: dict[str, Any] = json.loads(link.recv_bytes())
    if "unavailable" in answer:
        raise PayloadsUnavailable(answer["unavailable"])
    if "failure" in answer:
        return Failed(answer["failure"], answer["detail"])
    if answer.get("bytes_follow"):
        answer["table"] = link.recv_bytes()
    return answer


def _environment() -> dict[str, str]:
    """Ours without the secrets: the child reads what strangers sent."""
    return {
        name: value for name, value in os.environ.items() if not name.startswith("MUARA_") or name in NOT_OURS
    }
