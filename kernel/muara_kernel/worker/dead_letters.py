"""Dead letters: what a service could not read, kept with its bytes and the reason, until somebody decides.

They are documents of the service that could not read them (rule 9). Ops lists, shows, replays through
this group's handler only, or dismisses with a reason.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime

from muara_kernel import failpoints
from muara_kernel.bus import Delivery, Record
from muara_kernel.documents import (
    Body,
    Collection,
    Conflict,
    Documents,
    DocumentTooLarge,
    Duplicate,
    OneOf,
    Stored,
)
from muara_kernel.observability.metrics import Metrics
from muara_kernel.worker.errors import StopRule, Unprocessable

DEAD_LETTERS = Collection("dead_letters", indexes=(("state", "buried_at"),))
BURIALS = Collection("worker_burials")

IN_A_ROW = 10
OVER_OPD = 3

WAITING, REPLAY, REPLAYED, DISMISS, DISMISSED = (
    "menunggu",
    "putar_ulang",
    "diputar_ulang",
    "abaikan",
    "diabaikan",
)


class NoSuchLetter(Exception):
    """No dead letter has this id, or it is not waiting any more."""


class DeadLetters:
    """The dead letters of one group of one service, and the rule that stops a worker from burying it all."""

    def __init__(
        self,
        documents: Documents,
        group: str,
        metrics: Metrics,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._documents = documents
        self._group = group
        self._metrics = metrics
        self._now = now

    def bury(self, delivery: Delivery, reason: str, *, attempts: int) -> None:
        """Keep the record with its reason, durably. Raises StopRule instead, where the fault must be ours."""
        id, opd = f"{self._group}/{name_of(delivery)}", opd_of(delivery.record)
        # A letter that is there was buried before, and the place in the topic was not committed.
        if self._documents.get(DEAD_LETTERS, id) is None:
            self._count(opd)
            self._keep(id, opd, delivery, reason, attempts)
            self._metrics.buried(reason.partition(":")[0], opd)
        failpoints.reached("worker.after_dead_letter_before_commit", delivery.record.key)

    def _keep(self, id: str, opd: str, delivery: Delivery, reason: str, attempts: int) -> None:
        body = {
            "group": self._group,
            "topic": delivery.topic,
            "partition": delivery.partition,
            "offset": delivery.offset,
            "key": delivery.record.key,
            "value": base64.b64encode(delivery.record.value).decode(),
            "headers": dict(delivery.record.headers),
            "opd": opd,
            "reason": _plain(reason)[:2000],
            "attempts": attempts,
            "state": WAITING,
            "buried_at": self._now().isoformat(),
        }
        try:
            self._insert(id, body)
        except DocumentTooLarge:
            self._insert(id, {**body, "value": "", "left_in_topic": True, "reason": _too_large(body)})

    def _insert(self, id: str, body: Body) -> None:
        try:
            self._documents.insert(DEAD_LETTERS, id, body)
        except Duplicate:
            pass  # another member had the partition meanwhile and buried it

    def lived(self) -> None:
        """A record went well: whatever was buried before was its own fault."""
        stored = self._documents.get(BURIALS, self._group)
        if stored and stored.body["in_a_row"]:
            self._documents.replace(BURIALS, stored, {"in_a_row": 0, "opd": []})

    def all(self, *states: str) -> list[Stored]:
        """Those in one of these states; all there are when none is named."""
        return self._documents.find(DEAD_LETTERS, {"state": OneOf(states)} if states else None)

    def waiting(self) -> int:
        return self._documents.count(DEAD_LETTERS, {"state": WAITING})

    def get(self, id: str) -> Stored:
        stored = self._documents.get(DEAD_LETTERS, id)
        if stored is None:
            raise NoSuchLetter(id)
        return stored

    def ask(self, id: str, state: str, *, because: str = "") -> None:
        """Ask the worker to replay or to dismiss; it does so within a second."""
        stored = self.get(id)
        if stored.body["state"] not in (WAITING, REPLAY, DISMISS):
            raise NoSuchLetter(id)
        self._documents.replace(DEAD_LETTERS, stored, {**stored.body, "state": state, "decision": because})

    def settle(self, stored: Stored, state: str, *, reason: str | None = None) -> Stored:
        body: Body = {**stored.body, "state": state, "settled_at": self._now().isoformat()}
        if reason:
            body["reason"] = _plain(reason)[:2000]
        return self._documents.replace(DEAD_LETTERS, stored, body)

    def _count(self, opd: str) -> None:
        stored = self._documents.get(BURIALS, self._group)
        body: Body = stored.body if stored else {"in_a_row": 0, "opd": []}
        if body["in_a_row"] >= IN_A_ROW and len(body["opd"]) >= OVER_OPD:
            raise StopRule(
                f"{body['in_a_row']} burials in a row over {len(body['opd'])} OPD: this looks like a fault"
                " of ours. Nothing more is buried; repair the release and start the worker again."
            )
        grown = {"in_a_row": body["in_a_row"] + 1, "opd": sorted({*body["opd"], opd})}
        if stored:
            self._documents.replace(BURIALS, stored, grown)
            return
        try:
            self._documents.insert(BURIALS, self._group, grown)
        except Duplicate as error:
            raise Conflict(f"{self._group}: another member counts as well") from error


def record_of(stored: Stored) -> Record:
    """Raises Unprocessable for a letter that was too large to be kept with its bytes."""
    body = stored.body
    if body.get("left_in_topic"):
        raise Unprocessable(body["reason"])
    return Record(body["key"], base64.b64decode(body["value"]), body["headers"])


def name_of(delivery: Delivery) -> str:
    """The event's id, or its place where it has none that can be read."""
    return delivery.record.headers.get("id") or f"{delivery.topic}-{delivery.partition}-{delivery.offset}"


def opd_of(record: Record) -> str:
    try:
        return _plain(str(json.loads(record.value)["data"]["opd"]))[:40]
    except (ValueError, TypeError, KeyError, RecursionError):
        return "lain"


def _too_large(body: Body) -> str:
    place = f"{body['topic']}, partisi {body['partition']}, offset {body['offset']}"
    return (
        f"{body['reason'][:1000]}; isinya terlalu besar untuk disimpan di sini dan tetap di topik"
        f" / it is too large to be kept here and stays in its topic: {place}"
    )


def _plain(text: str) -> str:
    """What a store can hold: JSON may smuggle in half a character, and this is where bad events end."""
    return text.encode(errors="replace").decode()
