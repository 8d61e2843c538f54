"""From a fact to its alert: whom it concerns, who has to act, and what is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from muara_kernel.addresses import Addresses
from muara_kernel.events import DatasetPublished, ReviewRequested, SubmissionHeld, SubmissionReturned
from notification_service.model import texts
from notification_service.model.alerts import LETTER, Alert, Delivery, message_id
from notification_service.model.recipients import OPS, WALIDATA, opd_recipient

Fact = SubmissionHeld | DatasetPublished | SubmissionReturned | ReviewRequested
"""What people are told about."""


@dataclass(frozen=True)
class Policy:
    """``domain`` is the right side of every Message-ID; ``ops`` says whether ops has an address.

    ``addresses`` are where letters send people to.
    """

    domain: str
    ops: bool = False
    addresses: Addresses = field(default_factory=Addresses)


class Register(Protocol):
    """The names that have reached us; None for what has not."""

    def dataset_title(self, dataset: str) -> str | None: ...

    def opd_name(self, opd: str) -> str | None: ...


def compose(fact: Fact, *, register: Register, policy: Policy, at: datetime) -> Alert:
    """The alert of a fact; what is unknown about its dataset and OPD is called by its id."""
    names = texts.Names(
        dataset=register.dataset_title(fact.dataset) or fact.dataset,
        opd=register.opd_name(fact.opd) or fact.opd,
    )
    title, text = texts.words_for(fact, names, policy.addresses)
    return Alert(
        id=fact.id,
        kind=fact.type,
        submission=fact.submission,
        dataset=fact.dataset,
        period=fact.period,
        opd=fact.opd,
        title=title,
        text=text,
        created_at=at,
        recipients=(WALIDATA, opd_recipient(fact.opd)),
        deliveries=tuple(_letter(fact.id, who, policy, at) for who in who_must_act(fact, policy)),
    )


def who_must_act(fact: Fact, policy: Policy) -> tuple[str, ...]:
    """Those who get a letter; everybody else finds it in the inbox."""
    return _ACTING[type(fact)](fact, policy)


_ACTING: dict[type[Fact], Callable[[Fact, Policy], tuple[str, ...]]] = {
    SubmissionReturned: lambda fact, policy: (opd_recipient(fact.opd),),
    ReviewRequested: lambda fact, policy: (WALIDATA,),
    SubmissionHeld: lambda fact, policy: (WALIDATA, OPS) if policy.ops else (WALIDATA,),
    DatasetPublished: lambda fact, policy: (),
}


def _letter(alert: str, recipient: str, policy: Policy, at: datetime) -> Delivery:
    return Delivery(
        channel=LETTER,
        recipient=recipient,
        message_id=message_id(alert, recipient, policy.domain),
        due=at.timestamp(),
    )
