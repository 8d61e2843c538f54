"""A way to deliver letters: what it is given, what it promises, and how it says that it could not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from muara_kernel.events import Text
from notification_service.model.alerts import Alert, Delivery


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


class OutcomeUnknown(ChannelUnavailable):
    """It may have gone out, and nobody said so; the channel's policy decides."""


class Channel(Protocol):
    """A way to deliver letters.

    ``again_when_unknown`` is the channel's policy for a delivery that was started and of which nobody knows
    the end: True delivers it again under the same Message-ID, False leaves it to people.
    """

    @property
    def again_when_unknown(self) -> bool: ...

    def deliver(self, letter: Letter) -> None:
        """Return when the letter was durably accepted. Raises ChannelUnavailable, LetterRefused or
        OutcomeUnknown."""
        ...
