"""An alert: one document for each fact, its recipients and words frozen, and the life of its deliveries.

A delivery goes ``menunggu → dimulai → terkirim``. ``dimulai`` is durable before the first byte goes out; who
finds it without a result knows only that it is ``tidak_diketahui``, and the channel's policy decides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, Protocol

from muara_kernel.events import Text

State = Literal["menunggu", "dimulai", "terkirim", "tidak_diketahui", "gagal"]

LETTER = "surat"
LONGEST_PAUSE = 300.0
DEATHS = 3


@dataclass(kw_only=True)
class Delivery:
    """One letter to one recipient.

    The address is taken from the address book when the delivery first starts, and from then on it is
    frozen: one Message-ID never goes to two addresses. ``attempts`` counts the starts, ``setbacks`` the
    failures in a row; ``due`` (seconds since the epoch) is there while something is to be done.
    """

    channel: str
    recipient: str
    message_id: str
    state: State = "menunggu"
    address: str | None = None
    attempts: int = 0
    setbacks: int = 0
    due: float | None = None
    problem: Text | None = None
    sent_at: datetime | None = None

    def start(self, address: str) -> None:
        self.state, self.address, self.attempts = "dimulai", address, self.attempts + 1

    def sent(self, at: datetime) -> None:
        self.state, self.sent_at, self.due, self.problem = "terkirim", at, None, None

    def postpone(self, problem: Text, now: float) -> None:
        """It did not go out, and may later: again after a pause that grows."""
        self.setbacks += 1
        self.state, self.problem, self.due = "menunggu", problem, now + pause(self.setbacks)

    def refused(self, problem: Text) -> None:
        """It will never go out; somebody has to look."""
        self.state, self.problem, self.due = "gagal", problem, None

    def lost_sight(self, problem: Text, now: float) -> None:
        """It was started by somebody who did not live to say how it ended.

        Once that is a habit it waits between its tries: what kills its worker must not hold up the others.
        """
        self.setbacks += 1
        self.state, self.problem = "tidak_diketahui", problem
        if self.setbacks >= DEATHS:
            self.due = now + pause(self.setbacks)

    def unanswered(self, problem: Text, now: float) -> None:
        """It was handed over and nobody answered: it may have gone out."""
        self.postpone(problem, now)
        self.state = "tidak_diketahui"

    def leave_unknown(self) -> None:
        """The channel may have delivered it, and a second copy would be worse than none."""
        self.due = None


def pause(setbacks: int) -> float:
    """Seconds to the next try: 1, 2, 4 … up to five minutes."""
    return float(min(2.0 ** min(setbacks - 1, 30), LONGEST_PAUSE))


def moment_of(due: float) -> datetime:
    """A due time, for people."""
    return datetime.fromtimestamp(due, UTC)


@dataclass(kw_only=True)
class Alert:
    """What somebody is told about one fact; ``id`` is the event's. ``owner`` is who delivers it now."""

    id: str
    kind: str
    submission: str
    dataset: str
    period: str
    opd: str
    title: Text
    text: Text
    created_at: datetime
    recipients: tuple[str, ...]
    deliveries: tuple[Delivery, ...] = ()
    owner: str | None = None

    @property
    def due(self) -> float | None:
        """When the next delivery is to be tried; None when there is nothing left to deliver."""
        return min((each.due for each in self.deliveries if each.due is not None), default=None)

    @property
    def place(self) -> str:
        """Its place in the inbox: by time, and by id where two were made in the same moment."""
        return f"{self.created_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f} {self.id}"

    def waiting(self, now: float) -> list[Delivery]:
        """The deliveries that are due, in order."""
        return [each for each in self.deliveries if each.due is not None and each.due <= now]

    def unfinished(self) -> list[Delivery]:
        """The deliveries that somebody started and did not finish."""
        return [each for each in self.deliveries if each.state == "dimulai"]


def message_id(alert: str, recipient: str, domain: str) -> str:
    """The same for the same alert and recipient, however often; without the angle brackets."""
    name = re.sub(r"[^a-z0-9-]+", "-", recipient.lower())[:80]
    return f"{alert}.{name}@{domain}"


class Alerts(Protocol):
    """The alerts, as a handler keeps them."""

    def known(self, id: str) -> bool: ...

    def keep(self, alert: Alert) -> None: ...


class ClaimedAlerts(Protocol):
    """The alerts with something to deliver, as one worker works them off."""

    def claim(self, owner: str, *, now: float, most: int) -> list[Alert]:
        """Alerts that are due and nobody's; they are ``owner``'s from now on."""
        ...

    def held_by(self, owner: str) -> list[Alert]:
        """What was claimed before and not settled."""
        ...

    def save(self, alert: Alert) -> None:
        """Durable when it returns; without owner it is free again. Raises Conflict when it was taken over."""
        ...


class Inbox(Protocol):
    """The alerts as people read them, newest first."""

    def get(self, id: str) -> Alert | None: ...

    def page(self, opd: str | None, *, limit: int, after: str | None) -> Sequence[Alert]:
        """Up to ``limit`` alerts of the OPD (None: all) after the alert ``after``. Raises NoSuchAlert."""
        ...

    def newer(self, opd: str | None, *, limit: int, before: str) -> Sequence[Alert]:
        """The up to ``limit`` alerts that come just before the alert ``before``. Raises NoSuchAlert."""
        ...


class NoSuchAlert(Exception):
    """No alert has this id."""
