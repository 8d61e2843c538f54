"""What the servers that tests start have in common: a process of ours, in a directory, behind a port."""

from __future__ import annotations

import ctypes
import signal
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

SECONDS = 120.0  # 3 where nothing else runs
PR_SET_PDEATHSIG = 1


class NoServer(Exception):
    """The sentence says why none can be had on this machine."""

    kind: ClassVar[str]


class ServerFailed(Exception):
    """All that is needed is here, and still it does not run."""


@dataclass
class Server(ABC):
    """One server in ``directory``; its ports and its data stay when it is stopped and started again."""

    cannot_start: ClassVar[type[Exception]] = ServerFailed

    directory: Path
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @abstractmethod
    def start(self, wait: bool = True) -> None:
        """Run it; by default until its port is open."""

    @property
    @abstractmethod
    def open_port(self) -> int:
        """The port that is open once it serves."""

    def run(self, command: Sequence[str], *, wait: bool) -> None:
        """Start this program, which ends with this process at the latest."""
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=_die_with_parent
            )
        if wait:
            self.wait_until_open()

    def wait_until_open(self, within: float = SECONDS) -> None:
        wait_for(lambda: self.is_open() or self._has_ended(), within)
        if not self.is_open():
            raise self.cannot_start(f"{type(self).__name__} did not start: {self._last_words()}")

    def is_open(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.open_port)) == 0

    def stop(self) -> None:
        """An orderly end."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def freeze(self) -> None:
        """Returns once every thread of it stands still: on a busy machine it goes on for a moment."""
        self._signal(signal.SIGSTOP)
        assert self.process is not None
        tasks = Path(f"/proc/{self.process.pid}/task")
        wait_for(lambda: all(_stands_still(task) for task in tasks.iterdir()))

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def _end(self, number: signal.Signals) -> None:
        if self.process is not None:
            self._signal(number)
            self.process.wait(SECONDS)
            self.process = None

    def _signal(self, number: signal.Signals) -> None:
        if self.process is not None:
            self.process.send_signal(number)

    def _has_ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    @property
    def _log(self) -> Path:
        return self.directory / "server.log"

    def _last_words(self) -> str:
        return self._log.read_text(errors="replace")[-600:].strip() or "it said nothing"


def wait_for(true: Callable[[], bool], within: float = SECONDS) -> None:
    """Raises ServerFailed at the deadline."""
    deadline = time.monotonic() + within
    while not true():
        if time.monotonic() > deadline:
            raise ServerFailed(f"not within {within:.0f} seconds")
        time.sleep(0.02)


def free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


def _stands_still(task: Path) -> bool:
    return (task / "stat").read_text().rpartition(")")[2].split()[0] == "T"


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
