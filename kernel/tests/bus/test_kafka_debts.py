"""A commit that a rebalance puts off: what becomes of it, and of what was read meanwhile. Needs no broker."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("kafka")

from kafka import TopicPartition, errors
from kafka.structs import MemberState

from muara_kernel.bus import Delivery
from muara_kernel.bus.kafka import Brokers
from muara_kernel.bus.kafka_consumer import KafkaSubscription

INGEST = TopicPartition("muara.ingest", 0)


class Consumer:
    """One of kafka-python's, as far as a subscription asks it: each poll finds the next of ``values``.

    ``refusals`` are what its commits answer, in turn; after them each commit is taken.
    """

    def __init__(self, *values: str, refusals: Sequence[Exception] = (), start: int = 0) -> None:
        self.values, self.refusals, self.offset = list(values), list(refusals), start
        self.committed: list[int] = []
        self._coordinator = SimpleNamespace(state=MemberState.STABLE)

    def subscribe(self, **_: Any) -> None: ...

    def group_metadata(self) -> SimpleNamespace:
        return self._coordinator

    def poll(self, **_: Any) -> dict[TopicPartition, list[Any]]:
        if not self.values:
            return {}
        value, offset = self.values.pop(0).encode(), self.offset
        self.offset += 1
        return {INGEST: [SimpleNamespace(key=b"k", value=value, headers=(), offset=offset)]}

    def commit(self, offsets: dict[TopicPartition, Any], **_: Any) -> None:
        if self.refusals:
            raise self.refusals.pop(0)
        self.committed.append(offsets[INGEST].offset)

    def close(self, **_: Any) -> None: ...


Subscribed = Callable[..., KafkaSubscription]


@pytest.fixture
def subscribed(monkeypatch: pytest.MonkeyPatch) -> Subscribed:
    """A member whose consumer is the first of these, and after each loss the next."""

    def of(*consumers: Consumer) -> KafkaSubscription:
        left = list(consumers)
        monkeypatch.setattr("muara_kernel.bus.kafka_consumer.opened", lambda *_, **__: left.pop(0))
        cluster: Any = SimpleNamespace(require=lambda topics: None)
        brokers = Brokers.at("kafka://satu.example")
        return KafkaSubscription(brokers, cluster, ["muara.ingest"], "katalog", 10.0, lambda it: None)

    return of


def values(deliveries: Sequence[Delivery]) -> list[str]:
    return [delivery.record.value.decode() for delivery in deliveries]


def test_a_commit_put_off_by_a_rebalance_is_made_at_the_next_poll(subscribed: Subscribed) -> None:
    consumer = Consumer("first", "second", refusals=[errors.RebalanceInProgressError()])
    member = subscribed(consumer)
    member.commit(member.poll(1, 0.0))
    assert values(member.poll(1, 0.0)) == ["second"]
    assert consumer.committed == [1]


def test_what_was_read_is_given_out_although_the_commit_before_it_fails_once_more(
    subscribed: Subscribed,
) -> None:
    away = errors.KafkaTimeoutError("no answer")
    consumer = Consumer("first", "second", refusals=[errors.RebalanceInProgressError(), away])
    member = subscribed(consumer)
    member.commit(member.poll(1, 0.0))
    found = member.poll(1, 0.0)
    assert values(found) == ["second"]
    member.commit(found)
    assert consumer.committed == [2]


def test_a_commit_that_was_put_off_never_takes_back_a_later_one(subscribed: Subscribed) -> None:
    twice = [errors.RebalanceInProgressError(), errors.RebalanceInProgressError()]
    consumer = Consumer("first", "second", "third", refusals=twice)
    member = subscribed(consumer)
    member.commit(member.poll(1, 0.0))
    member.commit(member.poll(1, 0.0))
    member.poll(1, 0.0)
    assert consumer.committed == [2]


def test_a_member_that_turns_out_to_be_lost_gives_out_nothing_and_reads_as_a_new_one(
    subscribed: Subscribed,
) -> None:
    lost = [errors.RebalanceInProgressError(), errors.CommitFailedError("out of the group")]
    new = Consumer("second", start=1)
    member = subscribed(Consumer("first", "second", refusals=lost), new)
    first = member.poll(1, 0.0)
    member.commit(first)
    assert values(member.poll(1, 0.0)) == []
    member.commit(first)
    found = member.poll(1, 0.0)
    assert values(found) == ["second"]
    member.commit(found)
    assert new.committed == [2]
