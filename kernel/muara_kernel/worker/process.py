"""A worker process: named loops, each in its thread, until a signal, the stop rule, or a loop that broke."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import structlog

from muara_kernel.observability.health import Pulse
from muara_kernel.worker.errors import StopRule
from muara_kernel.worker.loop import NOBODYS_FAULT

Turn = Callable[[], bool]
"""One turn of a loop; True when there was something to do, so that the next follows at once."""

IDLE = (0.01, 0.02, 0.05, 0.1)
STOPPED_BY_RULE = 3
LAST_TURNS = 8.0
"""Seconds that all loops together have for the turn they are in, before the process ends without them."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Loop:
    """``idle`` are the pauses, in seconds, after turns that found nothing; the last one repeats."""

    turn: Turn
    idle: tuple[float, ...] = IDLE


def run(loops: Mapping[str, Loop], *, stop: threading.Event, pulse: Pulse, close: Callable[[], None]) -> int:
    """Turn every loop until ``stop`` is set or a signal sets it; returns the exit code of the process."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    failures: list[BaseException] = []
    threads = [
        threading.Thread(target=_turn, args=(name, loop, stop, pulse, failures), name=name, daemon=True)
        for name, loop in loops.items()
    ]
    for thread in threads:
        thread.start()
    while not stop.wait(0.5):
        pass
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


def _turn(name: str, loop: Loop, stop: threading.Event, pulse: Pulse, failures: list[BaseException]) -> None:
    quiet = 0
    while not stop.is_set():
        pulse.beat(name)
        try:
            quiet = 0 if loop.turn() else quiet + 1
        except NOBODYS_FAULT as error:
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
        if quiet:
            stop.wait(loop.idle[min(quiet, len(loop.idle)) - 1])
