"""One member of a Kafka group. Nothing is in flight between two polls, so a rebalance finds nothing to lose.

A member that was frozen beyond its session, or lost its place in another way, commits nothing; its consumer
is closed and a new one joins at the next poll, because the old one would go on to claim what it had.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from kafka import ConsumerRebalanceListener, KafkaConsumer, OffsetAndMetadata, TopicPartition, errors
from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor
from kafka.structs import MemberState

from muara_kernel.bus.kafka_cluster import Cluster, in_background, opened
from muara_kernel.bus.kafka_errors import LOST_PLACE, translated
from muara_kernel.bus.kafka_joining import finish_joining
from muara_kernel.bus.kafka_settings import Brokers
from muara_kernel.bus.port import BusClosed, Delivery, Record, UnknownTopic

COMMIT_SECONDS = 3.0
CLOSE_SECONDS = 2.0
REQUEST_SECONDS = 6.0
SILENCE_SECONDS = 2.0
SETTINGS: dict[str, Any] = {
    "auto_offset_reset": "earliest",
    "enable_auto_commit": False,
    "partition_assignment_strategy": [CooperativeStickyAssignor],
    "request_timeout_ms": int(REQUEST_SECONDS * 1000),
    # While partitions without news wait at a broker, it is asked for nothing else: of a partition that was
    # read to the end of what had come, the next records would wait as long.
    "fetch_max_wait_ms": 50,
    "metrics_enabled": False,
}
Place = tuple[str, int]


@dataclass
class Held:
    """What this member was given of a partition since it became its own: from ``start``, up to ``end``."""

    start: int
    end: int


class Changes(ConsumerRebalanceListener):  # type: ignore[misc]
    """Notes what was taken away. It is called on the client's own thread, where nothing may be waited for."""

    def __init__(self) -> None:
        self.gone: deque[TopicPartition] = deque()
        self.lost = False

    def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        pass

    def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:
        self.gone.extend(revoked)

    def on_partitions_lost(self, lost: Collection[TopicPartition]) -> None:
        self.lost = True


class KafkaSubscription:
    """To be used by one thread."""

    def __init__(
        self,
        brokers: Brokers,
        cluster: Cluster,
        topics: Sequence[str],
        group: str,
        session: float,
        forget: Callable[[KafkaSubscription], None],
    ) -> None:
        self._brokers = brokers
        self._cluster = cluster
        self._topics = topics
        self._group = group
        self._session = session
        self._forget = forget
        self._consumer: Any = None
        self._changes = Changes()
        self._joined = False
        self._held: dict[Place, Held] = {}
        self._owed: dict[Place, int] = {}
        self._heard_at = 0.0
        self._polled_at = 0.0
        self._closed = False

    def poll(self, most: int, timeout: float) -> Sequence[Delivery]:
        with self._reached():
            if self._lost_its_place():
                self._begin_anew()
            if self._consumer is None:
                self._join()
            found = self._poll(most, timeout)
            if self._lost_its_place():
                self._begin_anew()
                return []
            self._drop_what_went()
            self._settle_debts()
            if self._consumer is None:
                return []  # the group had gone on without us: what was found comes again, to its new owner
            if not found:
                self._make_sure_it_is_only_quiet()
                return []
            self._heard_at = time.monotonic()
            return [delivery for place, records in found.items() for delivery in self._take(place, records)]

    def commit(self, deliveries: Sequence[Delivery]) -> None:
        with self._reached():
            self._drop_what_went()
            if (ends := self._ends(deliveries)) and not self._lost_its_place():
                self._commit(ends)

    def close(self) -> None:
        if self._closed:
            return
        with self._reached(), suppress(*LOST_PLACE):
            self._closed = True
            self._forget(self)
            if self._consumer is not None:
                self._consumer.close(autocommit=False, timeout_ms=CLOSE_SECONDS * 1000)

    @contextmanager
    def _reached(self) -> Iterator[None]:
        if self._closed:
            raise BusClosed("this subscription was closed")
        with translated(self._brokers):
            yield

    def _poll(self, most: int, timeout: float) -> dict[TopicPartition, list[Any]]:
        since = time.monotonic() - self._polled_at
        finish_joining(self._consumer, since_last_poll=since, session=self._session)
        try:
            found: dict[TopicPartition, list[Any]] = self._consumer.poll(
                timeout_ms=timeout * 1000, max_records=most
            )
            return found
        finally:
            self._polled_at = time.monotonic()

    def _join(self) -> None:
        self._cluster.require(self._topics)
        consumer = opened(
            KafkaConsumer,
            self._brokers,
            group_id=self._group,
            session_timeout_ms=int(self._session * 1000),
            heartbeat_interval_ms=int(self._session * 100),
            **SETTINGS,
        )
        self._changes = Changes()
        consumer.subscribe(topics=list(self._topics), listener=self._changes)
        self._consumer = consumer
        self._heard_at = time.monotonic()

    def _lost_its_place(self) -> bool:
        """Whether the group has gone on without this member, which was in it."""
        if self._consumer is None:
            return False
        state = self._consumer.group_metadata().state
        if self._joined and state == MemberState.UNJOINED:
            return True
        self._joined = self._joined or state == MemberState.STABLE
        return self._changes.lost

    def _begin_anew(self) -> None:
        consumer, self._consumer = self._consumer, None
        self._joined = False
        self._held.clear()
        self._owed.clear()
        self._changes = Changes()
        in_background(lambda: consumer.close(autocommit=False, timeout_ms=CLOSE_SECONDS * 1000))

    def _drop_what_went(self) -> None:
        while self._changes.gone:
            place = self._changes.gone.popleft()
            self._held.pop(place, None)
            self._owed.pop(place, None)

    def _take(self, place: TopicPartition, records: Sequence[Any]) -> list[Delivery]:
        start = records[0].offset
        held = self._held.setdefault(place, Held(start, start))
        held.end = records[-1].offset + 1
        return _deliveries(place, records)

    def _ends(self, deliveries: Sequence[Delivery]) -> dict[Place, int]:
        """Where each partition is read up to; what was not given to this member as its own does not count."""
        ends: dict[Place, int] = {}
        for delivery in deliveries:
            place, offset = (delivery.topic, delivery.partition), delivery.offset
            held = self._held.get(place)
            if held is not None and held.start <= offset < held.end and offset >= ends.get(place, 0):
                ends[place] = offset + 1
        return ends

    def _commit(self, ends: dict[Place, int]) -> None:
        """``ends``, and with them what an earlier commit could not say."""
        told = {**self._owed, **ends}
        offsets = {TopicPartition(*place): OffsetAndMetadata(end) for place, end in told.items()}
        try:
            self._consumer.commit(offsets, timeout_ms=COMMIT_SECONDS * 1000)
            self._owed.clear()
            self._heard_at = time.monotonic()
        except errors.RebalanceInProgressError:
            self._owed = told  # the place is not lost: once the rebalance is over it can be said
        except LOST_PLACE:
            self._begin_anew()

    def _settle_debts(self) -> None:
        """What was found meanwhile must be given out: this consumer does not find it a second time."""
        if self._owed:
            with suppress(errors.KafkaError, OSError):
                self._commit({})

    def _make_sure_it_is_only_quiet(self) -> None:
        """kafka-python finds nothing while the broker is away or a topic was deleted; the port says so."""
        if time.monotonic() - self._heard_at > SILENCE_SECONDS:
            try:
                self._cluster.require(self._topics)
            except UnknownTopic:
                self._begin_anew()  # the places in it went with the topic
                raise
            self._heard_at = time.monotonic()


def _deliveries(place: TopicPartition, found: Sequence[Any]) -> list[Delivery]:
    """What others wrote by hand may hold anything, and must get as far as the dead letters."""
    topic, partition = place
    return [
        Delivery(
            topic,
            partition,
            each.offset,
            Record(
                each.key.decode("utf-8", "replace") if each.key else "",
                each.value or b"",
                {name: value.decode("utf-8", "replace") if value else "" for name, value in each.headers},
            ),
        )
        for each in found
    ]
