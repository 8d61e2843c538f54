"""One server for a whole test run, whoever asks first; and one by hand, until Ctrl-C.

The workers of pytest-xdist come and go, so none of them may own it: a keeper does, a process that
watches the one that runs the tests and ends with it.
"""

from __future__ import annotations

import fcntl
import os
import select
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from servers.server import SECONDS, NoServer, Server, ServerFailed, wait_for

S = TypeVar("S", bound=Server)

KEEP = "keep"


def shared(directory: Path, script: str, missing: type[NoServer]) -> str:
    """What tells where the one server of this run is, kept under ``directory``; at first it is started.

    ``script`` ends in ``main``. Raises ``missing`` where none can be had, else ServerFailed.
    """
    directory.mkdir(parents=True, exist_ok=True)
    told, absent, failed = (directory / name for name in ("told", "missing", "failed"))
    with locked(directory / "lock"):
        if not (told.exists() or absent.exists() or failed.exists()):
            runs_tests = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
            _start([sys.executable, script, KEEP, str(directory), str(runs_tests)], directory / "keeper.log")
            wait_for(lambda: any(each.exists() for each in (told, absent, failed)), 2 * SECONDS)
    if absent.exists():
        raise missing(absent.read_text())
    if failed.exists():
        raise ServerFailed(failed.read_text())
    return told.read_text()


def main(
    started: Callable[[Path], AbstractContextManager[S]], tell: Callable[[S], str], url: Callable[[S], str]
) -> None:
    """Keep one for a test run, telling those that ask what ``tell`` says; by hand, run one and print its URL.

    Call it last in the script."""
    if sys.argv[1:2] == [KEEP]:
        _keep(Path(sys.argv[2]), int(sys.argv[3]), started, tell)
        return
    with tempfile.TemporaryDirectory() as directory, started(Path(directory)) as server:
        print(url(server), flush=True)
        with suppress(KeyboardInterrupt):
            signal.pause()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Alone among all processes."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _start(command: list[str], log: Path) -> None:
    with log.open("ab") as out:
        subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True)


def _keep(
    directory: Path,
    runs_tests: int,
    started: Callable[[Path], AbstractContextManager[S]],
    tell: Callable[[S], str],
) -> None:
    watched = os.pidfd_open(runs_tests)
    try:
        with started(directory / "server") as server:
            _write_whole(directory / "told", tell(server))
            select.select([watched], [], [])
    except NoServer as error:
        _write_whole(directory / "missing", str(error))
    except Exception as error:
        traceback.print_exc()
        _write_whole(directory / "failed", str(error) or repr(error))


def _write_whole(path: Path, text: str) -> None:
    path.with_suffix(".new").write_text(text)
    path.with_suffix(".new").rename(path)
