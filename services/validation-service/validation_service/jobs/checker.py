"""The checking process: a child of the worker that opens what OPD sent, and may die of it.

It is given one request after the other over a pipe and answers each; what it cannot survive, its worker
sees as a closed pipe.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
from contextlib import suppress
from functools import lru_cache
from io import BytesIO
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from muara_kernel import failpoints
from muara_kernel.events.base import dump
from muara_kernel.payloads import Payloads, PayloadsUnavailable, UnknownPayload
from muara_kernel.payloads.connect import connect
from validation_service.jobs.request import facts_of
from validation_service.model.check import check
from validation_service.model.codelist import Codelist
from validation_service.model.life import Outcome
from validation_service.model.standard import Standard

READY = b'{"ready":true}'
PR_SET_PDEATHSIG = 1
FIRST_TO_GO = "1000"


class Checker:
    """Answers requests; standards and code lists are read once for as long as they are used."""

    def __init__(self, payloads: Payloads) -> None:
        self._payloads = payloads
        self._standard = lru_cache(64)(lambda text: Standard.parse(json.loads(text)))
        self._codelist = lru_cache(16)(self._read_codelist)

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """``outcome``, or ``unavailable`` when it is nobody's fault, or the ``failure`` of this start."""
        failpoints.reached("checks.child_killed", request["filename"])
        try:
            return {"outcome": dump(self._check(request))}
        except PayloadsUnavailable as error:
            return {"unavailable": str(error)}
        except UnknownPayload as error:
            return {"failure": "missing", "detail": str(error)}
        except MemoryError:
            return {"failure": "memory", "detail": "MemoryError"}
        except Exception as error:
            return {"failure": "broken", "detail": f"{type(error).__name__}: {error}"[:500]}

    def _check(self, request: dict[str, Any]) -> Outcome:
        asked = [
            (each["id"], each["version"], each["title"], each["entries"]) for each in request["codelists"]
        ]
        report = check(
            self._read(request["payload"]),
            facts=facts_of(request),
            standard=self._standard(json.dumps(request["standard"])),
            codelists={each[0]: self._codelist(*each) for each in asked},
        )
        return Outcome.of(report, self._payloads.put(BytesIO(report.to_json())))

    def _read_codelist(self, id: str, version: str, title: str, entries: str) -> Codelist:
        return Codelist.from_csv(id, version, self._read(entries), title=title)

    def _read(self, sha256: str) -> bytes:
        with self._payloads.open(sha256) as stream:
            return stream.read()


def die_with(parent: int) -> None:
    """End when the worker does, however it ended, and before it when the machine runs out of memory."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    # The worker may have died before the kernel was asked.
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(FIRST_TO_GO)


def main(link: Connection, payloads: Payloads) -> None:
    """Serve until the worker closes its end."""
    checker = Checker(payloads)
    link.send_bytes(READY)
    with suppress(EOFError, BrokenPipeError):
        while True:
            answer = checker.answer(json.loads(link.recv_bytes()))
            link.send_bytes(json.dumps(answer).encode())


if __name__ == "__main__":
    die_with(int(sys.argv[2]))
    main(Connection(int(sys.argv[1])), connect(sys.argv[3]))
