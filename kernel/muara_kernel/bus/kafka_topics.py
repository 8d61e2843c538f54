"""The topics as they are on the brokers, beside the table that declares them."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any

from kafka import errors
from kafka.admin import ConfigResource, ConfigResourceType

from muara_kernel.bus.kafka_cluster import Cluster
from muara_kernel.bus.kafka_settings import Brokers
from muara_kernel.bus.kafka_topic_differences import Difference, differences_of, wanted
from muara_kernel.events.topics import TOPICS, Topic

PATIENCE_SECONDS = 10.0


class KafkaTopics:
    """Creates what is missing and says what differs; what is there is changed only by ``alter``."""

    def __init__(self, brokers: Brokers, *, topics: Mapping[str, Topic] = TOPICS) -> None:
        self._topics = topics
        self._cluster = Cluster(brokers, patience=PATIENCE_SECONDS)

    def differences(self) -> list[str]:
        """A sentence for each way in which a topic is not as it was declared."""
        return [one.sentence for one in self._differences() if not one.harmless]

    def remarks(self) -> list[str]:
        """The same of what does no harm."""
        return [one.sentence for one in self._differences() if one.harmless]

    def apply(self, *, replication: int = 1) -> list[str]:
        """Create the missing topics, each partition on so many brokers; the names of what was created."""
        found = self._found()
        missing = [topic for topic in self._topics.values() if topic.name not in found]
        if missing:
            asked = {topic.name: wanted(topic, replication) for topic in missing}
            self._cluster.ask(lambda client: client.create_topics(asked, wait_for_metadata=True))
        return [topic.name for topic in missing]

    def alter(self, *, configs: bool, partitions: bool) -> list[str]:
        """Make these as declared; what was changed, once the brokers show it or after some seconds."""
        altered = [
            one for one in self._differences() if (configs and one.config) or (partitions and one.partitions)
        ]
        for one in altered:
            self._cluster.ask(partial(_alter, one))
        deadline = time.monotonic() + PATIENCE_SECONDS
        while altered and time.monotonic() < deadline and set(altered) & set(self._differences()):
            time.sleep(0.1)
        return [one.change for one in altered]

    def close(self) -> None:
        self._cluster.close()

    def _differences(self) -> list[Difference]:
        found = self._found()
        told = self._configs(found)
        return [
            difference
            for topic in self._topics.values()
            for difference in differences_of(topic, found.get(topic.name), told.get(topic.name, {}))
        ]

    def _found(self) -> Mapping[str, Sequence[Any]]:
        """The partitions of each topic that exists."""
        return self._cluster.partitions(self._topics)

    def _configs(self, names: Collection[str]) -> dict[str, dict[str, str]]:
        if not names:
            return {}
        resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
        described = self._cluster.ask(lambda client: client.describe_configs(resources, config_filter="all"))
        return {
            name: {key: each["value"] for key, each in configs.items()}
            for by_name in described.values()
            for name, configs in by_name.items()
        }


def _alter(one: Difference, client: Any) -> None:
    if one.partitions:
        client.create_partitions({one.topic: one.partitions})
    if one.config:
        resource = ConfigResource(ConfigResourceType.TOPIC, one.topic, dict([one.config]))
        for answers in client.alter_configs([resource]).values():
            for answer in answers.values():
                if answer != "OK":  # it raises nothing for what the broker refused
                    raise errors.KafkaError(f"{one.change}: {answer}")
