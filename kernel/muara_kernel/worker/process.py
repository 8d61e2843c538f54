"""A worker process: named loops, each in its thread, until a signal, the stop rule, or a loop that broke."""

from __future__ import annotations

import math
import signal
import threading
import time
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass

import structlog

from muara_kernel.observability.health import Pulse
from muara_kernel.worker.errors import StopRule
from muara_kernel.worker.loop import NOBODYS_FAULT

Turn = Callable[[], bool]
"""One turn of a loop; True when there was something to do, so that the next follows at once."""

IDLE = (0.01, 0.02, 0.05, 0.1, 0.25)
LULL = 2.0
"""Seconds in which no loop of the process found anything, before those that look for work rest."""
REST = 0.5
URGENT = 0.1
"""Loops that never wait that long, in seconds, have work that another process gives them and waits for."""
LOOKS_AT_REST = 1 / 200
"""The part of its time that such a loop spends looking at rest: where a look costs little it looks often."""
STOPPED_BY_RULE = 3
LAST_TURNS = 8.0
"""Seconds that all loops together have for the turn they are in, before the process ends without them."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Loop:
    """``idle`` are the pauses, in seconds, after turns that found nothing; the last one repeats.

    A loop with several looks for work, and rests in a lull. One with a single pause keeps its time.
    """

    turn: Turn
    idle: tuple[float, ...] = IDLE

    def pause(self, quiet: int) -> float:
        return self.idle[min(quiet, len(self.idle)) - 1]

    def rest(self, quickest: float) -> float:
        """``quickest`` is what the quickest of its looks took, in seconds."""
        last = self.idle[-1]
        if len(self.idle) == 1:
            return last
        longest = min(REST, quickest / LOOKS_AT_REST) if last < URGENT else REST
        return max(last, longest)


class Lull:
    """The time since any loop of the process found something. Whoever does wakes those that rest."""

    def __init__(self, length: float = LULL, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._length = length
        self._monotonic = monotonic
        self._ended = threading.Condition()
        self._since = monotonic()

    @property
    def lasts(self) -> bool:
        return self._monotonic() - self._since >= self._length

    def end(self) -> None:
        with self._ended:
            self._since = self._monotonic()
            self._ended.notify_all()

    def rest(self, seconds: float) -> None:
        """That long, or until the lull ends."""
        with self._ended:
            if self.lasts:
                self._ended.wait(seconds)


def run(
    loops: Mapping[str, Loop],
    *,
    stop: threading.Event,
    pulse: Pulse,
    close: Callable[[], None],
    waits: MutableMapping[str, str] | None = None,
) -> int:
    """Turn every loop until ``stop`` is set or a signal sets it; returns the exit code of the process.

    ``waits`` holds, for each loop that waits for a server or for somebody to act, the sentence that says why.
    """
    waits = {} if waits is None else waits
    lull = Lull()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    failures: list[BaseException] = []
    threads = [
        threading.Thread(
            target=_turn, args=(name, loop, stop, lull, pulse, waits, failures), name=name, daemon=True
        )
        for name, loop in loops.items()
    ]
    for thread in threads:
        thread.start()
    while not stop.wait(0.5):
        pass
    lull.end()
    deadline = time.monotonic() + LAST_TURNS
    for thread in threads:
        thread.join(timeout=max(0.0, deadline - time.monotonic()))
    try:
        close()
    except NOBODYS_FAULT as error:
        log.warning("left without a word", error=str(error))
    return _exit_code(failures)


def _exit_code(failures: Sequence[BaseException]) -> int:
    if any(isinstance(failure, StopRule) for failure in failures):
        return STOPPED_BY_RULE
    return 1 if failures else 0


def _turn(
    name: str,
    loop: Loop,
    stop: threading.Event,
    lull: Lull,
    pulse: Pulse,
    waits: MutableMapping[str, str],
    failures: list[BaseException],
) -> None:
    quiet, quickest = 0, math.inf
    while not stop.is_set():
        pulse.beat(name)
        began = time.monotonic()
        try:
            if loop.turn():
                quiet, quickest = 0, math.inf
                lull.end()
            else:
                quiet, quickest = quiet + 1, min(quickest, time.monotonic() - began)
            waits.pop(name, None)
        except NOBODYS_FAULT as error:
            quiet, waits[name] = 0, str(error)
            log.warning("waiting", loop=name, error=str(error))
            stop.wait(0.5)
        except StopRule as error:
            log.error("stopped by rule", loop=name, error=str(error))
            failures.append(error)
            stop.set()
        except BaseException as error:
            # A bug of ours. Ending the process is safe at any point, and the supervisor starts it again;
            # a thread that ends alone (SystemExit, a panic in a library) would leave it half alive.
            log.exception("loop broke", loop=name)
            failures.append(error)
            stop.set()
        if quiet and lull.lasts and loop.rest(quickest) > loop.pause(quiet):
            lull.rest(loop.rest(quickest))
        elif quiet:
            stop.wait(loop.pause(quiet))
