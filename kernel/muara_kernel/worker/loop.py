"""The loop that reads: poll, write the batch durably, publish, commit, poll.

Handlers are short, so nothing is in flight between two polls and a rebalance finds nothing to lose.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from itertools import chain, repeat

import structlog

from muara_kernel import failpoints
from muara_kernel.bus import BusUnavailable, Delivery, Subscription
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

NOBODYS_FAULT = (BusUnavailable, DocumentsUnavailable, PayloadsUnavailable)
WAIT_FOR_IT = (*NOBODYS_FAULT, NewerMajor, Conflict)
HOPELESS = (UnreadableEvent, Unprocessable, DocumentTooLarge)

log = structlog.get_logger(__name__)


class Reader:
    """One member of a service's group. ``waits_for`` says what it is waiting for, None when it is not."""

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
        self._may_have_buried = True
        self.waits_for: str | None = None

    def turn(self, timeout: float = 0.5) -> bool:
        """One batch; True when there was one. Raises StopRule, and nothing else that is an event's fault."""
        deliveries = self._subscription.poll(AT_ONCE, timeout)
        if not deliveries:
            return False
        began = time.perf_counter()
        try:
            self._patiently(lambda: self._handle(deliveries))
            self._patiently(lambda: self._subscription.commit(deliveries))
        except Stopping:
            return False  # nothing was committed, so it all comes again
        self._metrics.batch(time.perf_counter() - began)
        return True

    def close(self) -> None:
        """Leave cleanly: what was under way is not to be blamed, and the partitions are free at once."""
        self._marks.release()
        self._subscription.close()

    def _handle(self, deliveries: Sequence[Delivery]) -> None:
        if self._marks.begin(deliveries):
            self._one_by_one(deliveries)
            return
        failpoints.reached("worker.after_mark")
        try:
            self._carrier.carry([(delivery.topic, delivery.record) for delivery in deliveries])
        except NOBODYS_FAULT:
            raise
        except Exception as error:
            log.warning("batch is tried again one by one", records=len(deliveries), error=str(error))
            self._one_by_one(deliveries)
        else:
            self._went_well()

    def _one_by_one(self, deliveries: Sequence[Delivery]) -> None:
        for delivery in deliveries:
            died = self._marks.start(delivery)
            try:
                if died >= DEATHS:
                    self._bury(delivery, f"killed the process: {died} times", died)
                else:
                    failpoints.reached("worker.after_mark", delivery.record.key)
                    self._alone(delivery)
            finally:
                self._marks.survived(delivery)

    def _alone(self, delivery: Delivery) -> None:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                self._carrier.carry([(delivery.topic, delivery.record)])
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
                self._went_well()
                return

    def _bury(self, delivery: Delivery, reason: str, attempts: int) -> None:
        with bound(correlation=delivery.record.headers.get("correlationid", "-")):
            log.error("dead letter", reason=reason, attempts=attempts, event_id=name_of(delivery))
        self._letters.bury(delivery, reason, attempts=attempts)
        self._may_have_buried = True

    def _went_well(self) -> None:
        if self._may_have_buried:
            self._letters.lived()
            self._may_have_buried = False

    def _patiently(self, step: Callable[[], None]) -> None:
        """Take the step, however long the bus, the documents or a newer release keep us waiting."""
        pauses = chain(PATIENCE, repeat(PATIENCE[-1]))
        while True:
            try:
                step()
            except WAIT_FOR_IT as error:
                self.waits_for = f"{type(error).__name__}: {error}"
                log.warning("waiting", error=self.waits_for)
                if self._stop.wait(next(pauses)):
                    raise Stopping from error
            else:
                self.waits_for = None
                return
