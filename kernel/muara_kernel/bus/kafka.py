"""The bus of many machines: Apache Kafka, by kafka-python. Nothing connects before it is first needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from muara_kernel.bus.kafka_cluster import Cluster
from muara_kernel.bus.kafka_consumer import KafkaSubscription
from muara_kernel.bus.kafka_publisher import Publisher
from muara_kernel.bus.kafka_settings import Brokers
from muara_kernel.bus.kafka_topics import KafkaTopics
from muara_kernel.bus.port import BusClosed, Record, UnknownTopic
from muara_kernel.events.topics import TOPICS, Topic

__all__ = ["Brokers", "KafkaBus", "KafkaTopics", "bus_at", "topics_at"]


def bus_at(url: str, *, session: float = 10.0) -> KafkaBus:
    """The bus at a kafka:// URL; raises ValueError, naming MUARA_BUS, where the URL says nothing sensible."""
    return KafkaBus(Brokers.at(url), session=session)


def topics_at(url: str) -> KafkaTopics:
    """The topics at a kafka:// URL, for whoever sets them up."""
    return KafkaTopics(Brokers.at(url))


class KafkaBus:
    """``session``: how long a member of a group may be silent before the others take its partitions."""

    def __init__(
        self, brokers: Brokers, *, topics: Mapping[str, Topic] = TOPICS, session: float = 10.0
    ) -> None:
        self._brokers = brokers
        self._topics = topics
        self._session = session
        self._cluster = Cluster(brokers)
        self._publisher = Publisher(brokers, self._cluster)
        self._subscriptions: list[KafkaSubscription] = []
        self._closed = False

    def publish(self, topic: str, records: Sequence[Record]) -> None:
        self._require(topic)
        if records:
            self._publisher.publish(topic, records)

    def subscribe(self, topics: Sequence[str], *, group: str) -> KafkaSubscription:
        self._require(*topics)
        subscription = KafkaSubscription(
            self._brokers, self._cluster, topics, group, self._session, self._subscriptions.remove
        )
        self._subscriptions.append(subscription)
        return subscription

    def check(self) -> None:
        self._require()
        self._cluster.ping()

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        try:
            for subscription in list(self._subscriptions):
                subscription.close()
        finally:
            self._cluster.close()
            self._publisher.close()

    def _require(self, *topics: str) -> None:
        if self._closed:
            raise BusClosed("this bus was closed")
        for topic in topics:
            if topic not in self._topics:
                known = ", ".join(self._topics)
                raise UnknownTopic(
                    f"topic {topic!r} is not declared: add it to events/topics.py (there are: {known})"
                )

    def __repr__(self) -> str:
        return f"KafkaBus({self._brokers})"
