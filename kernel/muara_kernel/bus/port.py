"""The bus as every service sees it: append, read in order as a group, remember the place. Nothing more.

Retry, dead letters and outboxes are policy and live in ``muara_kernel.worker``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, Protocol


class Record(NamedTuple):
    """What is published: a key that decides the order, and bytes the bus never looks into."""

    key: str
    value: bytes
    headers: Mapping[str, str] = MappingProxyType({})


class Delivery(NamedTuple):
    """A record as it was read, with its place."""

    topic: str
    partition: int
    offset: int
    record: Record


class BusError(Exception):
    """Anything the bus cannot do."""


class BusUnavailable(BusError):
    """The bus cannot be reached now; the same call may succeed later. Nobody's record is at fault."""


class BusClosed(BusError):
    """A bus or subscription was used after it was closed: a bug of the caller."""


class UnknownTopic(BusError):
    """The topic was never declared; the sentence names it and how to declare it."""


class RecordTooLarge(BusError):
    """No broker takes a record of this size, however often it is published; the sentence names the limit."""


class Subscription(Protocol):
    """One member of a group, reading the partitions that fall to it.

    Promises: at least once; in order per key; no order across partitions or topics; one member of a
    group at a time holds a partition; what was not committed is delivered again, perhaps to another
    member. A commit for a partition that was lost meanwhile changes nothing.
    """

    def poll(self, most: int, timeout: float) -> Sequence[Delivery]:
        """Up to ``most`` records in order per partition; empty when none came within ``timeout`` seconds."""
        ...

    def commit(self, deliveries: Sequence[Delivery]) -> None:
        """These records, and all before them in their partitions, are done for this group."""
        ...

    def close(self) -> None:
        """Leave the group; its partitions are free for others at once."""
        ...


class EventBus(Protocol):
    """Where services publish and subscribe."""

    def publish(self, topic: str, records: Sequence[Record]) -> None:
        """Append the records; returns once they are durable. Raises BusUnavailable when that is not known."""
        ...

    def subscribe(self, topics: Sequence[str], *, group: str) -> Subscription:
        """Join ``group``; a new group starts at the beginning of each topic."""
        ...

    def check(self) -> None:
        """Return when the bus answers; raise BusUnavailable when it does not."""
        ...

    def close(self) -> None:
        """Let go of every connection."""
        ...


class TopicsAdmin(Protocol):
    """The topics of a bus that keeps them apart from the code that declares them."""

    def differences(self) -> Sequence[str]:
        """A sentence for each way in which a topic is not as it was declared; none when all is well."""
        ...

    def remarks(self) -> Sequence[str]:
        """The same of what is otherwise than declared and does no harm: nobody has to act."""
        ...

    def apply(self, *, replication: int = 1) -> Sequence[str]:
        """Create what is missing; the names of what was created. What is there is never changed."""
        ...

    def alter(self, *, configs: bool, partitions: bool) -> Sequence[str]:
        """Change what differs to what is declared; a word on each change.

        ``configs`` may be changed while all runs. ``partitions`` adds those that lack, which moves keys:
        nobody may read or publish meanwhile. None is ever taken back.
        """
        ...

    def close(self) -> None:
        """Let go of the connection."""
        ...
