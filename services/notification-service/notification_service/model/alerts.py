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

    def lost_sight(self) -> None:
        """It was started by somebody who did not live to say how it ended."""
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


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What a channel is given: everything is frozen, so that the same letter is always the same bytes."""

    message_id: str
    address: str
    title: Text
    text: Text
    date: datetime
    alert: str
    submission: str

    @classmethod
    def of(cls, alert: Alert, delivery: Delivery) -> Letter:
        assert delivery.address is not None
        return cls(
            message_id=delivery.message_id,
            address=delivery.address,
            title=alert.title,
            text=alert.text,
            date=alert.created_at,
            alert=alert.id,
            submission=alert.submission,
        )


class ChannelUnavailable(Exception):
    """It certainly did not go out and may later; the sentence is for the inbox."""

    def __init__(self, problem: Text) -> None:
        super().__init__(problem.en)
        self.problem = problem


class LetterRefused(ChannelUnavailable):
    """It did not go out and never will."""


class Channel(Protocol):
    """A way to deliver letters.

    ``again_when_unknown`` is the channel's policy for a delivery that was started and of which nobody knows
    the end: True delivers it again under the same Message-ID, False leaves it to people.
    """

    @property
    def again_when_unknown(self) -> bool: ...

    def deliver(self, letter: Letter) -> None:
        """Return when the letter was durably accepted. Raises ChannelUnavailable or LetterRefused."""
        ...


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


class NoSuchAlert(Exception):
    """No alert has this id."""
