"""Working off what is due: claim, say durably that it starts, deliver, say durably how it ended."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Protocol

import structlog

from muara_kernel import failpoints
from muara_kernel.documents import Conflict
from muara_kernel.events import Text
from muara_kernel.observability.logs import bound
from notification_service.model.alerts import Alert, ClaimedAlerts, Delivery
from notification_service.model.channels import (
    Channel,
    ChannelUnavailable,
    Letter,
    LetterRefused,
    OutcomeUnknown,
)
from notification_service.model.recipients import AddressBook, usable

AT_ONCE = 10

Count = Callable[[str, float, str], None]
"""Outcome, seconds and OPD of one delivery, for the metrics."""

_NO_ADDRESS = Text("Alamat penerima belum diketahui.", "The recipient's address is not known yet.")
_LOST_SIGHT = Text(
    "Proses pengirim berhenti sebelum hasilnya tercatat.",
    "The sending process ended before the result was recorded.",
)
_OUR_FAULT = Text(
    "Surat tidak dapat disusun atau dikirim; lihat log.", "The letter cannot be made or sent; see the log."
)
_BAD_ADDRESS = Text("Alamat penerima tidak dapat dipakai.", "The recipient's address cannot be used.")

log = structlog.get_logger(__name__)


class Deliveries:
    """The deliveries of one worker process. For one thread."""

    def __init__(
        self,
        alerts: ClaimedAlerts,
        *,
        channels: Mapping[str, Channel],
        addresses: AddressBook,
        owner: Callable[[], str],
        count: Count,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._alerts = alerts
        self._channels = channels
        self._addresses = addresses
        self._owner = owner
        self._count = count
        self._now = now
        self._interrupted = False

    def turn(self) -> bool:
        """Work off some of what is due; True when there was something."""
        try:
            claimed = self._claim()
            for alert in claimed:
                self._work_off(alert)
        except Exception:
            self._interrupted = True
            raise
        return bool(claimed)

    def _claim(self) -> Sequence[Alert]:
        owner = self._owner()
        if self._interrupted:
            # We live, so nobody else will ever free what we hold.
            left_over = self._alerts.held_by(owner)
            self._interrupted = False
            if left_over:
                return left_over
        return self._alerts.claim(owner, now=self._now().timestamp(), most=AT_ONCE)

    def _work_off(self, alert: Alert) -> None:
        with bound(correlation=alert.submission, alert=alert.id):
            try:
                self._look_at_unfinished(alert)
                self._deliver_all(alert)
            except Conflict:
                log.warning("another worker took this alert over")

    def _look_at_unfinished(self, alert: Alert) -> None:
        unfinished = alert.unfinished()
        for delivery in unfinished:
            delivery.lost_sight(_LOST_SIGHT, self._now().timestamp())
            self._count("tidak_diketahui", 0.0, alert.opd)
            if not self._channels[delivery.channel].again_when_unknown:
                delivery.leave_unknown()
        if unfinished:
            log.warning("deliveries without a known end", number=len(unfinished))
            self._alerts.save(alert)

    def _deliver_all(self, alert: Alert) -> None:
        waiting = alert.waiting(self._now().timestamp())
        for number, delivery in enumerate(waiting, 1):
            self._deliver(alert, delivery)
            if number < len(waiting):
                self._alerts.save(alert)
                failpoints.reached("deliveries.mid_fanout", alert.id)
        alert.owner = None
        self._alerts.save(alert)

    def _deliver(self, alert: Alert, delivery: Delivery) -> None:
        began = time.monotonic()
        address = delivery.address or self._addresses(delivery.recipient)
        if address is None or not usable(address):
            outcome = "tanpa_alamat"
            delivery.postpone(_BAD_ADDRESS if address else _NO_ADDRESS, self._now().timestamp())
        else:
            delivery.start(address)
            self._alerts.save(alert)
            failpoints.reached("deliveries.after_started_before_data", alert.id)
            outcome = self._hand_over(alert, delivery)
        self._count(outcome, time.monotonic() - began, alert.opd)

    def _hand_over(self, alert: Alert, delivery: Delivery) -> str:
        channel = self._channels[delivery.channel]
        try:
            channel.deliver(Letter.of(alert, delivery))
        except LetterRefused as error:
            log.error("letter refused", recipient=delivery.recipient, error=str(error))
            delivery.refused(error.problem)
            return "gagal"
        except OutcomeUnknown as error:
            log.warning("letter without an answer", recipient=delivery.recipient, error=str(error))
            delivery.unanswered(error.problem, self._now().timestamp())
            if not channel.again_when_unknown:
                delivery.leave_unknown()
            return "tidak_diketahui"
        except ChannelUnavailable as error:
            log.warning("letter waits", recipient=delivery.recipient, error=str(error))
            delivery.postpone(error.problem, self._now().timestamp())
            return "ditunda"
        except Exception:
            # A bug of ours. One letter must not stop all others, and must not be lost either.
            log.exception("letter failed", recipient=delivery.recipient)
            delivery.postpone(_OUR_FAULT, self._now().timestamp())
            return "galat"
        failpoints.reached("deliveries.after_accepted_before_record", alert.id)
        delivery.sent(self._now())
        return "terkirim"


class Leased(Protocol):
    """Who lives, as far as the leases tell."""

    def abandoned(self) -> list[str]: ...

    def bury(self, owner: str) -> None: ...


class Claimed(Protocol):
    """Who holds claims."""

    def without_lease(self) -> list[str]: ...

    def release(self, owner: str) -> int: ...


class Takeover:
    """Frees what dead workers had claimed, so that the living find it."""

    def __init__(self, leases: Leased, claims: Claimed) -> None:
        self._leases = leases
        self._claims = claims

    def turn(self) -> bool:
        """Always False: it wants its pause."""
        for owner in self._leases.abandoned():
            # First what it held, then its name: what is half freed is found again.
            self._free(owner)
            self._leases.bury(owner)
        for owner in self._claims.without_lease():
            self._free(owner)
        return False

    def _free(self, owner: str) -> None:
        if freed := self._claims.release(owner):
            log.warning("freed the deliveries of a dead worker", owner=owner, number=freed)
