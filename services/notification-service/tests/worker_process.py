"""A worker of its own, for tests that kill it: delivers until everything due is settled.

Arguments: the directory of the documents and the outbox; how long a lease lasts, in seconds.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from muara_kernel.documents import Present
from muara_kernel.documents.connect import connect
from muara_kernel.worker.copies import COPIES, CopiesRead
from muara_kernel.worker.leases import OWNERS, Leases
from notification_service.app import address_book, letters
from notification_service.jobs import Deliveries, Takeover
from notification_service.model.alerts import LETTER
from notification_service.settings import Settings
from notification_service.storage import ALERTS, Claimants, DocumentClaims

PATIENCE = 60.0


def main(directory: Path, length: float) -> int:
    settings = Settings(
        region="35.08",
        region_name="Kabupaten Lumajang",
        bus="-",
        documents=f"sqlite:///{directory}/notification.db",
        payloads="-",
        desk_token="-",
        outbox=str(directory / "surat-keluar"),
        ops="ops@lumajang.example",
    )
    documents = connect(settings.documents)
    for collection in (OWNERS, COPIES, ALERTS):
        documents.declare(collection)
    leases = Leases(documents, length=length)
    worker = Deliveries(
        DocumentClaims(documents),
        channels={LETTER: letters(settings)},
        addresses=address_book(settings, CopiesRead(documents)),
        owner=lambda: leases.owner,
        count=lambda outcome, seconds, opd: print(outcome, opd, flush=True),
    )
    takeover = Takeover(leases, Claimants(documents))
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        leases.beat()
        takeover.turn()
        if not worker.turn() and not documents.count(ALERTS, {"due": Present()}):
            leases.resign()
            return 0
        time.sleep(0.02)
    return 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), float(sys.argv[2])))
