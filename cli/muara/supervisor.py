"""The supervisor: eight child processes, each with the command compose uses, started again when they die."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from muara.place import Place, address

GRACE = 12.0
BACKOFF = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
SETTLED = 10.0
PR_SET_PDEATHSIG = 1
WRONG_SETTING = 2
"""The exit code of a service that was told something wrong (muara_kernel.main)."""

Say = Callable[[str, str], None]
"""Told each line of a process: its name, and the line."""


@dataclass
class Child:
    """One process of one service, and how often it had to be started."""

    name: str
    service: str
    kind: str
    socket: socket.socket
    process: subprocess.Popen[str] | None = None
    started: float = 0.0
    deaths: int = 0
    due: float = 0.0
    readers: list[threading.Thread] = field(default_factory=list)


class WrongSetting(Exception):
    """A process says that it was told something wrong; starting it again would not help."""


class Supervisor:
    """Runs and tends the eight processes from a thread of its own until closed."""

    def __init__(self, place: Place, *, say: Say, settings: Mapping[str, str] | None = None) -> None:
        self._place = place
        self._say = say
        self._settings = dict(settings or {})
        self._stop = threading.Event()
        self._last_words: dict[str, str] = {}
        self.refused: WrongSetting | None = None
        self._children = [Child(name, *name.split("-"), sock) for name, sock in place.listen().items()]
        self._thread = threading.Thread(target=self._tend, name="supervisor")

    @property
    def addresses(self) -> dict[str, str]:
        return {child.name: address(child.socket) for child in self._children}

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Ask every process to end, the last one started first; end those that do not."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()
        for child in self._children:
            child.socket.close()

    def _tend(self) -> None:
        # All children are started by this one thread: PDEATHSIG follows the thread, not the process.
        try:
            while not self._stop.is_set():
                now = time.monotonic()
                for child in self._children:
                    self._look_after(child, now)
                self._stop.wait(0.05)
        finally:
            self._end_all()

    def _look_after(self, child: Child, now: float) -> None:
        if child.process is None:
            if now >= child.due:
                self._spawn(child, now)
        elif (code := child.process.poll()) is not None:
            if now - child.started > SETTLED:
                child.deaths = 0
            pause = BACKOFF[min(child.deaths, len(BACKOFF) - 1)]
            child.deaths += 1
            child.process, child.due = None, now + pause
            if code == WRONG_SETTING:
                self.refused = WrongSetting(f"{child.name}: {self._last_words.get(child.name, '')}")
            self._tell(child.name, f"ended ({_why(code)}); started again in {pause:g} s")

    def _spawn(self, child: Child, now: float) -> None:
        number = child.socket.fileno()
        environment = self._place.environment(child.service, f"fd://{number}", child.kind, self._settings)
        child.process = subprocess.Popen(
            [sys.executable, "-m", f"{child.service}_service", child.kind],
            env=environment,
            pass_fds=[number],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,  # Ctrl-C reaches us only, and we end them in order
            preexec_fn=_die_with_parent,
        )
        child.started = now
        with suppress(OSError):  # a full disk is no reason to end the processes that wait for room
            self._note_id(child.name, child.process.pid)
        assert child.process.stdout
        reader = threading.Thread(target=self._listen, args=(child.name, child.process.stdout), daemon=True)
        reader.start()
        child.readers = [reader]

    def _note_id(self, name: str, id: int) -> None:
        """Whole or not at all: somebody may be reading it."""
        place = self._place.root / "run" / f"{name}.pid"
        place.with_suffix(".new").write_text(str(id))
        place.with_suffix(".new").rename(place)

    def _listen(self, name: str, stream: IO[str]) -> None:
        with stream:
            for line in stream:
                self._last_words[name] = line.rstrip("\n")
                self._tell(name, self._last_words[name])

    def _tell(self, name: str, line: str) -> None:
        with suppress(OSError):  # nor is a log that cannot be written
            self._say(name, line)

    def _end_all(self) -> None:
        running = [child for child in reversed(self._children) if child.process]
        for child in running:
            if child.process and child.process.poll() is None:
                child.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        for child in running:
            assert child.process
            try:
                child.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                self._tell(child.name, "does not end; killed")
                os.killpg(child.process.pid, signal.SIGKILL)
                child.process.wait()
            for reader in child.readers:
                reader.join(timeout=1)


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _why(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"


def to_files(directory: Path) -> Say:
    """Each process into a file of its own, as it comes."""
    lock = threading.Lock()

    def say(name: str, line: str) -> None:
        with lock, (directory / f"{name}.log").open("a") as out:
            out.write(line + "\n")

    return say


def readable(line: str) -> str:
    """A JSON log line as a person reads it; anything else as it is, but nothing that steers the terminal."""
    try:
        entry = json.loads(line)
        told = f"{entry.pop('level', '')}: {entry.pop('event')}"
    except (ValueError, KeyError, AttributeError, TypeError):
        return printable(line)
    for name in ("timestamp", "service", "process"):
        entry.pop(name, None)
    more = (f" {name}={value}" for name, value in entry.items() if value not in (None, "-", ""))
    return printable(told + "".join(more))


def printable(text: str) -> str:
    """What a stranger wrote may not colour, move or forge a line."""
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)
