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
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import lru_cache
from multiprocessing.connection import Connection
from pathlib import Path
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

from muara_kernel import failpoints
from muara_kernel.events.base import dump
from muara_kernel.payloads import Payloads, PayloadsError, PayloadsUnavailable, UnknownPayload
from muara_kernel.payloads.connect import connect
from validation_service.jobs.drafts import Drafts
from validation_service.jobs.request import facts_of, previous_of
from validation_service.model.certificate import checked_against
from validation_service.model.check import check
from validation_service.model.codelists.codelist import Codelist
from validation_service.model.enclosures.enclosed import enclosed
from validation_service.model.facts import Facts
from validation_service.model.life import Outcome
from validation_service.model.proposal.propose import propose
from validation_service.model.reading.grid import Unreadable
from validation_service.model.report import Report
from validation_service.model.standard import BadStandard, Standard
from validation_service.model.tried import table_of, tried

READY = b'{"ready":true}'
MOST_HELD = 4 << 20
PR_SET_PDEATHSIG = 1
FIRST_TO_GO = "1000"
LIST = ("id", "version", "title", "decree", "revision", "entries")


class Checker:
    """Answers requests; standards and code lists are read once for as long as they are used."""

    def __init__(self, payloads: Payloads) -> None:
        self._payloads = payloads
        self._standard = lru_cache(64)(lambda text: Standard.parse(json.loads(text)))
        self._codelist = lru_cache(16)(self._read_codelist)

    def answer(self, request: dict[str, Any], data: bytes | None = None) -> dict[str, Any]:
        """``outcome``, or ``unavailable`` when it is nobody's fault, or the ``failure`` of this start.

        Of ``data`` that is only tried, the ``report`` itself, or what of its standard is ``refused``; and the
        bytes of the ``table``, where it was asked for and there is one to give.
        """
        failpoints.reached("checks.child_killed", request["filename"])
        try:
            if data is not None and "sample" in request:
                return self._propose(request, data)
            if data is not None:
                return self._try(request, data)
            return {"outcome": dump(self._check(request))}
        except PayloadsUnavailable as error:
            return {"unavailable": str(error)}
        except UnknownPayload as error:
            return {"failure": "missing", "detail": str(error)}
        except MemoryError:
            return {"failure": "memory", "detail": "MemoryError"}
        except Exception as error:
            return {"failure": "broken", "detail": f"{type(error).__name__}: {error}"[:500]}

    def _propose(self, request: dict[str, Any], data: bytes) -> dict[str, Any]:
        try:
            proposal = propose(data, codelists=self._codelists(request), **request["sample"])
        except Unreadable as error:
            reason = error.finding.message
            return {"unreadable": (reason.id, reason.en)}
        return {"proposal": proposal.told()}

    def _try(self, request: dict[str, Any], data: bytes) -> dict[str, Any]:
        try:
            standard = self._standard(json.dumps(request["standard"]))
        except BadStandard as error:
            return {"refused": [(each.place, each.text.id, each.text.en) for each in error.problems]}
        facts = facts_of(request)
        report = tried(
            data,
            facts,
            standard,
            self._codelists(request),
            revision=request["standard_revision"],
            previous=previous_of(request, self._read),
        )
        answer: dict[str, Any] = {"report": report.to_json().decode()}
        back = table_of(report, data, standard, facts) if request["table"] else None
        if back:
            answer["format"], answer["table"] = back
        return answer

    def _check(self, request: dict[str, Any]) -> Outcome:
        facts, standard = facts_of(request), self._standard(json.dumps(request["standard"]))
        with self._sought(request["payload"]) as file:
            report = check(
                file,
                facts=facts,
                standard=standard,
                codelists=self._codelists(request),
                previous=previous_of(request, self._read),
            )
            drafts = Drafts(self._payloads)
            if report.counts:
                file.seek(0)
                report = _with_enclosures(report, file.read(), standard, facts, drafts)
        report = replace(report, checked=_checked(request, standard))
        return Outcome.of(report, drafts.store(report.to_json()))

    def _codelists(self, request: dict[str, Any]) -> dict[str, Codelist]:
        asked = [tuple(each[name] for name in LIST) for each in request["codelists"]]
        return {each[0]: self._codelist(*each) for each in asked}

    def _read_codelist(
        self, id: str, version: str, title: str, decree: str, revision: int, entries: str
    ) -> Codelist:
        return Codelist.from_csv(
            id, version, self._read(entries), title=title, decree=decree, revision=revision
        )

    @contextmanager
    def _sought(self, sha256: str) -> Iterator[BinaryIO]:
        """A large file need not be in memory; a stream that cannot be sought in is laid on the disk first."""
        with self._payloads.open(sha256) as stream:
            if stream.seekable():
                yield stream
                return
            with SpooledTemporaryFile(MOST_HELD) as file:
                copyfileobj(stream, file)
                yield cast(BinaryIO, file)

    def _read(self, sha256: str) -> bytes:
        with self._payloads.open(sha256) as stream:
            return stream.read()


def _with_enclosures(report: Report, data: bytes, standard: Standard, facts: Facts, drafts: Drafts) -> Report:
    """A file that cannot be given back is no reason to say nothing about it."""
    try:
        return enclosed(report, data, standard, facts, drafts)
    except (PayloadsError, MemoryError):
        raise
    except Exception as error:
        return replace(report, files={"failed": type(error).__name__})


def _checked(request: dict[str, Any], standard: Standard) -> dict[str, Any]:
    told = ("id", "title", "version", "decree", "revision")
    used = [{name: each[name] for name in told} for each in request["codelists"]]
    return checked_against(
        dataset=request["facts"]["dataset"],
        period=request["facts"]["period"],
        data=request["payload"],
        revision=request.get("standard_revision"),
        codelists=used,
        standard=standard,
        access=request["facts"].get("access"),
    )


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
            request = json.loads(link.recv_bytes())
            answer = checker.answer(request, link.recv_bytes() if request.get("bytes_follow") else None)
            table = answer.pop("table", None)
            link.send_bytes(json.dumps(answer | {"bytes_follow": table is not None}).encode())
            if table is not None:
                link.send_bytes(table)


if __name__ == "__main__":
    die_with(int(sys.argv[2]))
    main(Connection(int(sys.argv[1])), connect(sys.argv[3]))
