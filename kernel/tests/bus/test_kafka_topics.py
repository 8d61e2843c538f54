"""A topic beside its declaration, and what acknowledged and read rest on. Needs no broker."""

from __future__ import annotations

import pytest

pytest.importorskip("kafka")

from muara_kernel.bus import kafka_consumer, kafka_publisher
from muara_kernel.bus.kafka_topic_differences import Difference, differences_of, wanted
from muara_kernel.events.topics import DAY, Topic

FACTS = Topic("muara.ingest", retention=30 * DAY)
STATE = Topic("muara.catalog.state", retention=None)
OF_FACTS = {"cleanup.policy": "delete", "retention.ms": str(30 * DAY * 1000), "min.insync.replicas": "1"}


def told(topic: Topic, configs: dict[str, str], *, partitions: int = 4, brokers: int = 1) -> list[Difference]:
    described = [{"replica_nodes": list(range(brokers))} for _ in range(partitions)]
    return list(differences_of(topic, described, configs))


def test_what_is_acknowledged_is_on_two_brokers_where_there_are_more_than_one() -> None:
    alone, three = wanted(FACTS, 1), wanted(FACTS, 3)
    assert (alone["replication_factor"], "min.insync.replicas" in alone["configs"]) == (1, False)
    assert (three["replication_factor"], three["configs"]["min.insync.replicas"]) == (3, "2")


def test_copies_that_one_broker_may_acknowledge_alone_are_a_difference_that_can_be_mended() -> None:
    assert told(FACTS, OF_FACTS) == []
    (difference,) = told(FACTS, OF_FACTS, brokers=3)
    assert "min.insync.replicas=1" in difference.sentence
    assert difference.config == ("min.insync.replicas", "2")
    assert told(FACTS, {**OF_FACTS, "min.insync.replicas": "2"}, brokers=3) == []


def test_more_partitions_than_declared_are_told_and_do_no_harm_and_fewer_are_to_be_mended() -> None:
    (more,) = told(FACTS, OF_FACTS, partitions=8)
    assert (more.harmless, more.partitions) == (True, None)
    (fewer,) = told(FACTS, OF_FACTS, partitions=2)
    assert (fewer.harmless, fewer.partitions) == (False, 4)


def test_state_must_be_compacted_and_nobody_asks_for_how_long_it_is_kept() -> None:
    assert told(STATE, {"cleanup.policy": "compact", "retention.ms": "604800000"}) == []
    (difference,) = told(STATE, {"cleanup.policy": "delete", "retention.ms": "604800000"})
    assert difference.config == ("cleanup.policy", "compact")


def test_publishing_waits_for_all_copies_and_keeps_the_order() -> None:
    """Not idempotent in Kafka's sense: such a producer is stuck once a batch that it had sent expires."""
    asked = kafka_publisher.SETTINGS
    assert (asked["acks"], asked["enable_idempotence"]) == ("all", False)
    assert asked["max_in_flight_requests_per_connection"] == 1


def test_reading_begins_at_the_beginning_and_commits_only_when_told() -> None:
    asked = kafka_consumer.SETTINGS
    assert (asked["auto_offset_reset"], asked["enable_auto_commit"]) == ("earliest", False)
    assert [one.name for one in asked["partition_assignment_strategy"]] == ["cooperative-sticky"]
