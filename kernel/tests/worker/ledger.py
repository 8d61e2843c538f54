"""A tiny service: one collection, one reaction that announces. Imported by the tests, and killed by them.

``python ledger.py DIRECTORY GROUP`` reads ``muara.ingest`` until everything is committed and published.
"""

from __future__ import annotations

import sqlite3
import sys
import threading
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from uuid import uuid4

from muara_kernel import failpoints
from muara_kernel.bus.sqlite import SqliteBus
from muara_kernel.documents import Documents
from muara_kernel.documents.sqlite import SqliteDocuments
from muara_kernel.events import SubmissionReceived, SubmissionValidated
from muara_kernel.ground import OURS
from muara_kernel.observability.metrics import Metrics
from muara_kernel.worker.carrier import Carrier
from muara_kernel.worker.dead_letters import DeadLetters
from muara_kernel.worker.errors import Unprocessable
from muara_kernel.worker.loop import NOBODYS_FAULT, Reader
from muara_kernel.worker.marks import Marks
from muara_kernel.worker.outbox import Outbox
from muara_kernel.worker.unit import Unit, speaking

LEDGERS = speaking("ledgers")
"""One document a dataset: which submissions it counted, and what it answered."""

SESSION = 0.2
UNREAD = """
    SELECT COUNT(*) FROM records LEFT JOIN places
    ON places.grp = ? AND places.topic = records.topic AND places.partition = records.partition
    WHERE records.topic = 'muara.ingest' AND records.offset >= COALESCE(places.next_offset, 0)
"""


class Ledger:
    """Counts each submission once. Its answer could not be made up twice: its report is drawn by lot."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def note(self, event: SubmissionReceived) -> None:
        failpoints.reached("ledger.noting", event.dataset)
        if event.period == "tidak-sah":
            raise Unprocessable("there is no such period")
        body = self._unit.read(LEDGERS, event.dataset) or {"total": 0, "answers": {}}
        if event.submission in body["answers"]:
            self._unit.again([body["answers"][event.submission]])
            return
        answer = verdict(event)
        body["total"] += 1
        body["answers"] = {**body["answers"], event.submission: answer.id}
        self._unit.write(LEDGERS, event.dataset, body, announce=[answer])


def verdict(event: SubmissionReceived) -> SubmissionValidated:
    return SubmissionValidated(
        submission=event.submission,
        dataset=event.dataset,
        opd=event.opd,
        period=event.period,
        sequence=event.sequence,
        payload=event.payload,
        size=event.size,
        media_type=event.media_type,
        filename=event.filename,
        received_at=event.received_at,
        verdict="lulus",
        report=uuid4().hex,
        rows=21,
        errors=0,
        warnings=0,
    )


def declare(documents: Documents) -> None:
    for collection in (*OURS, LEDGERS):
        documents.declare(collection)


def main(directory: Path, group: str) -> int:
    bus = SqliteBus(directory / "bus.db", session=SESSION)
    documents = SqliteDocuments(directory / "documents.db")
    declare(documents)
    metrics = Metrics(group)
    unit = Unit(documents, source=group, grace=0.1, now=lambda: datetime.now(UTC))
    outbox = Outbox(documents, bus, metrics, collections=[LEDGERS])
    reader = Reader(
        bus.subscribe(["muara.ingest"], group=group),
        Carrier({SubmissionReceived: Ledger(unit).note}, unit=unit, outbox=outbox, metrics=metrics),
        marks=Marks(documents, group),
        dead_letters=DeadLetters(documents, group, metrics),
        metrics=metrics,
        stop=threading.Event(),
    )
    log = sqlite3.connect(directory / "bus.db")
    while log.execute(UNREAD, [group]).fetchone()[0] or outbox.waiting():
        for turn in (partial(reader.turn, 0.05), outbox.sweep):
            with suppress(*NOBODYS_FAULT):  # as a process does, whose loops go on when the store is back
                turn()
    reader.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
