"""The loop that reads: poll, write the batch durably, publish, commit, poll.

Handlers are short, so nothing is in flight between two polls and a rebalance finds nothing to lose.
"""

from __future__ import annotations

import threading
import time

import structlog

from muara_kernel import failpoints
from muara_kernel.bus import BusUnavailable, Delivery, RecordTooLarge, Subscription, UnknownTopic
from muara_kernel.documents import Conflict, DocumentsUnavailable, DocumentTooLarge
from muara_kernel.events import NewerMajor, UnreadableEvent
from muara_kernel.observability.logs import bound
from muara_kernel.observability.metrics import Metrics
from muara_kernel.payloads import PayloadsUnavailable
from muara_kernel.worker.carrier import Carrier
from muara_kernel.worker.dead_letters import DeadLetters, name_of
from muara_kernel.worker.errors import Stopping, Unprocessable
from muara_kernel.worker.marks import Marks

AT_ONCE = 500
ATTEMPTS = 5
DEATHS = 3
PATIENCE = (0.1, 0.2, 0.4, 0.8, 1.0)

# A topic that nobody made yet, or that somebody deleted, is waited for like a broker that is away.
NOBODYS_FAULT = (BusUnavailable, UnknownTopic, DocumentsUnavailable, PayloadsUnavailable)
WAIT_FOR_IT = (*NOBODYS_FAULT, NewerMajor, Conflict)
HOPELESS = (UnreadableEvent, Unprocessable, DocumentTooLarge, RecordTooLarge)

log = structlog.get_logger(__name__)


class Reader:
    """One member of a service's group. ``waits_for`` says what it is waiting for, None when it is not.

    While it waits it keeps its batch and polls nothing, which may cost it its partitions. Whoever gets
    them does the same work under the same ids, and our commit for a lost partition changes nothing.
    """

    def __init__(
        self,
        subscription: Subscription,
        carrier: Carrier,
        *,
        marks: Marks,
        dead_letters: DeadLetters,
        metrics: Metrics,
        stop: threading.Event,
    ) -> None:
        self._subscription = subscription
        self._carrier = carrier
        self._marks = marks
        self._letters = dead_letters
        self._metrics = metrics
        self._stop = stop
        # Of one batch: what is still to be handled, and what was handled and not yet committed.
        self._left: list[Delivery] = []
        self._done: list[Delivery] = []
        self._waits = 0
        self._may_have_buried = True
        self.waits_for: str | None = None

    def turn(self, timeout: float = 0.5) -> bool:
        """One batch, or what waiting left of one; True when there was one.

        Raises StopRule, BusUnavailable and UnknownTopic from the poll, and nothing that is an event's fault.
        What the bus, the documents or a newer release keep us waiting for is tried again at the next turn.
        """
        if not self._left and not self._done:
            self._left = list(self._subscription.poll(AT_ONCE, timeout))
            if not self._left:
                return False
        began = time.perf_counter()
        try:
            self._commit()
            self._handle()
        except WAIT_FOR_IT as error:
            self._wait(error)
        except Stopping:
            return False  # what was not committed comes again
        else:
            self.waits_for, self._waits = None, 0
            self._metrics.batch(time.perf_counter() - began)
        return True

    def close(self) -> None:
        """Leave cleanly: what was under way is not to be blamed, and the partitions are free at once."""
        self._acquit()
        self._subscription.close()

    def _handle(self) -> None:
        if not self._left:
            return
        if self._marks.begin(self._left):
            self._one_by_one()
            return
        failpoints.reached("worker.after_mark")
        try:
            handled = self._carrier.carry([(delivery.topic, delivery.record) for delivery in self._left])
        except NOBODYS_FAULT:
            raise
        except Exception as error:
            log.warning("batch is tried again one by one", records=len(self._left), error=str(error))
            self._one_by_one()
        else:
            self._went_well(handled)
            self._finish(len(self._left))

    def _one_by_one(self) -> None:
        """Each is committed before the next begins, so that one that kills the process comes first again."""
        while self._left:
            delivery = self._left[0]
            died = self._marks.start(delivery)
            try:
                if died >= DEATHS:
                    self._bury(delivery, f"killed the process: {died} times", died)
                else:
                    failpoints.reached("worker.after_mark", delivery.record.key)
                    self._alone(delivery)
            finally:
                self._marks.survived(delivery)
            self._finish(1)

    def _alone(self, delivery: Delivery) -> None:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                handled = self._carrier.carry([(delivery.topic, delivery.record)])
            except WAIT_FOR_IT:
                raise
            except HOPELESS as error:
                self._bury(delivery, f"{type(error).__name__}: {error}", attempt)
                return
            except Exception as error:
                log.warning("event failed", attempt=attempt, error=str(error), exc_info=True)
                if attempt == ATTEMPTS:
                    self._bury(delivery, f"{type(error).__name__}: {error}", attempt)
                elif self._stop.wait(PATIENCE[attempt - 1]):
                    raise Stopping from error
            else:
                self._went_well(handled)
                return

    def _finish(self, count: int) -> None:
        self._done += self._left[:count]
        del self._left[:count]
        self._commit()

    def _commit(self) -> None:
        if self._done:
            self._subscription.commit(self._done)
            self._done = []

    def _bury(self, delivery: Delivery, reason: str, attempts: int) -> None:
        with bound(correlation=delivery.record.headers.get("correlationid", "-")):
            log.error("dead letter", reason=reason, attempts=attempts, event_id=name_of(delivery))
        self._may_have_buried = True
        self._letters.bury(delivery, reason, attempts=attempts)

    def _went_well(self, handled: bool) -> None:
        """What was only skipped proves nothing."""
        if handled and self._may_have_buried:
            self._letters.lived()
            self._may_have_buried = False

    def _wait(self, error: Exception) -> None:
        self.waits_for = f"{type(error).__name__}: {error}"
        log.warning("waiting", error=self.waits_for)
        self._acquit()
        self._stop.wait(PATIENCE[min(self._waits, len(PATIENCE) - 1)])
        self._waits += 1

    def _acquit(self) -> None:
        """Nothing that we had begun is to be blamed for its owner's silence."""
        try:
            self._marks.release()
        except (*NOBODYS_FAULT, Conflict) as error:
            log.warning("marks stay as they are", error=str(error))
