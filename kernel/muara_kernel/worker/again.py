"""A stored answer said again on behalf of a process that publishes nothing: a web process."""

from __future__ import annotations

import time
from collections.abc import Callable

from muara_kernel.documents import Collection, Conflict, Documents
from muara_kernel.worker.unit import ANNOUNCED


def say_again(
    documents: Documents,
    collection: Collection,
    id: str,
    event: str,
    *,
    now: Callable[[], float] = time.time,
) -> None:
    """Put what was announced under the id ``event`` back into its document, where a sweep finds it.

    The same bytes go out once more. What still waits there is said anyway, and changes nothing.
    """
    kept, stored = documents.get(ANNOUNCED, event), documents.get(collection, id)
    while kept and stored and event not in (waiting := stored.body.get("outbox", {})):
        body = {**stored.body, "outbox": {**waiting, event: kept.body}, "pending": now()}
        try:
            documents.replace(collection, stored, body)
            return
        except Conflict:
            stored = documents.get(collection, id)
