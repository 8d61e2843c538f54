"""Dead letters that ops decided about: carried to their handler once more, or answered by a dismissal."""

from __future__ import annotations

import structlog

from muara_kernel.documents import Conflict, Stored
from muara_kernel.worker.carrier import Carrier
from muara_kernel.worker.dead_letters import (
    DISMISS,
    DISMISSED,
    REPLAY,
    REPLAYED,
    WAITING,
    DeadLetters,
    record_of,
)
from muara_kernel.worker.loop import NOBODYS_FAULT

log = structlog.get_logger(__name__)


class Replays:
    """Settles what was asked, beside the reader and with a carrier of its own."""

    def __init__(self, carrier: Carrier, letters: DeadLetters) -> None:
        self._carrier = carrier
        self._letters = letters

    def turn(self) -> bool:
        asked = self._letters.all(REPLAY, DISMISS)
        for stored in asked:
            try:
                # Back to waiting first: a letter that kills the process must not do so at every start.
                waiting = self._letters.settle(stored, WAITING)
            except Conflict:
                continue  # another worker has it
            self._answer(waiting, asked=stored.body["state"])
        return bool(asked)

    def _answer(self, letter: Stored, *, asked: str) -> None:
        try:
            if asked == REPLAY:
                self._carrier.carry([(letter.body["topic"], record_of(letter))])
            else:
                self._carrier.dismiss(record_of(letter), letter.body.get("decision", ""))
        except NOBODYS_FAULT:
            self._settle(letter, asked)  # once more, when they are back
            raise
        except Exception as error:
            log.warning("dead letter stays", letter=letter.id, error=str(error))
            self._settle(letter, WAITING, reason=f"{type(error).__name__}: {error}")
        else:
            self._settle(letter, REPLAYED if asked == REPLAY else DISMISSED)

    def _settle(self, letter: Stored, state: str, *, reason: str | None = None) -> None:
        try:
            self._letters.settle(letter, state, reason=reason)
        except Conflict:
            log.info("dead letter was asked for again meanwhile", letter=letter.id)
