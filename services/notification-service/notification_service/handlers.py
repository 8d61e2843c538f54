"""When that happened, who is told: one alert for each fact."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from muara_kernel.events import (
    DatasetPublished,
    DatasetRegistered,
    Event,
    OpdRegistered,
    ReviewRequested,
    SubmissionHeld,
    SubmissionReturned,
)
from notification_service.model.alerts import Alerts
from notification_service.model.composing import Fact, Policy, Register, compose


class Keeper(Protocol):
    """The copies of other services' state."""

    def keep(self, event: Event) -> None: ...


def tell(
    event: Fact, *, alerts: Alerts, register: Register, policy: Policy, now: Callable[[], datetime]
) -> None:
    """Make the alert of this fact, unless it was made before; it is delivered later, by whoever claims it."""
    if not alerts.known(event.id):
        alerts.keep(compose(event, register=register, policy=policy, at=now()))


def keep_copy(event: OpdRegistered | DatasetRegistered, *, copies: Keeper) -> None:
    copies.keep(event)


REACTIONS: dict[type[Event], Callable[..., None]] = {
    SubmissionHeld: tell,
    DatasetPublished: tell,
    SubmissionReturned: tell,
    ReviewRequested: tell,
    OpdRegistered: keep_copy,
    DatasetRegistered: keep_copy,
}

ANNOUNCES: tuple[type[Event], ...] = ()
