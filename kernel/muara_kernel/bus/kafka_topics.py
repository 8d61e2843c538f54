"""The topics as they are on the brokers, beside the table that declares them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from kafka.admin import ConfigResource, ConfigResourceType

from muara_kernel.bus.kafka_cluster import Cluster
from muara_kernel.bus.kafka_settings import Brokers
from muara_kernel.events.topics import DAY, TOPICS, Topic

NEVER = "-1"
PATIENCE_SECONDS = 10.0
IN_SYNC = 2


class KafkaTopics:
    """Creates what is missing, and says what differs without changing it: partitions cannot be taken back."""

    def __init__(self, brokers: Brokers, *, topics: Mapping[str, Topic] = TOPICS) -> None:
        self._topics = topics
        self._cluster = Cluster(brokers, patience=PATIENCE_SECONDS)

    def differences(self) -> list[str]:
        """A sentence for each way in which a topic is not as it was declared."""
        found = self._found()
        told = self._configs(found)
        return [
            sentence
            for topic in self._topics.values()
            for sentence in (
                _differences(topic, found[topic.name], told[topic.name])
                if topic.name in found
                else [
                    f"topik {topic.name} belum ada / topic {topic.name} does not exist:"
                    " jalankan / run `muara topics apply`"
                ]
            )
        ]

    def apply(self, *, replication: int = 1) -> list[str]:
        """Create the missing topics, each partition on so many brokers; the names of what was created."""
        found = self._found()
        missing = [topic for topic in self._topics.values() if topic.name not in found]
        if missing:
            wanted = {topic.name: _wanted(topic, replication) for topic in missing}
            self._cluster.ask(lambda client: client.create_topics(wanted, wait_for_metadata=True))
        return [topic.name for topic in missing]

    def close(self) -> None:
        self._cluster.close()

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


def _wanted(topic: Topic, replication: int) -> dict[str, Any]:
    configs = {"cleanup.policy": _policy(topic), "retention.ms": _retention(topic)}
    if replication > 1:
        # What was acknowledged must survive the loss of the one broker that acknowledged it.
        configs["min.insync.replicas"] = str(IN_SYNC)
    return {"num_partitions": topic.partitions, "replication_factor": replication, "configs": configs}


def _policy(topic: Topic) -> str:
    return "compact" if topic.compacted else "delete"


def _retention(topic: Topic) -> str:
    return NEVER if topic.retention is None else str(topic.retention * 1000)


def _differences(topic: Topic, partitions: Sequence[Any], configs: Mapping[str, str]) -> Iterator[str]:
    if len(partitions) != topic.partitions:
        yield (
            f"topik {topic.name} mempunyai {len(partitions)} partisi, seharusnya {topic.partitions}: tidak"
            " merusak; menambah partisi memindahkan kunci, jadi hentikan semua layanan lebih dulu"
            f" / topic {topic.name} has {len(partitions)} partitions where {topic.partitions} are declared:"
            " it does no harm; adding some moves keys to other partitions, so stop the services first"
        )
    for name, wanted in (("cleanup.policy", _policy(topic)), ("retention.ms", _retention(topic))):
        is_so = configs.get(name, "")
        if is_so != wanted and not (topic.compacted and name == "retention.ms"):
            shown, should = _shown(name, is_so), _shown(name, wanted)
            yield (
                f"topik {topic.name} memakai {name}={shown}, seharusnya {should}"
                f" / topic {topic.name} has {name}={shown}, declared is {should}:"
                f" {_alter(topic, name, wanted)}"
            )
    replicas = min((len(each["replica_nodes"]) for each in partitions), default=1)
    if replicas > 1 and int(configs.get("min.insync.replicas", "1")) < IN_SYNC:
        yield (
            f"topik {topic.name}: yang diterima satu broker saja dapat hilang; naikkan min.insync.replicas"
            f" / topic {topic.name} has min.insync.replicas={configs.get('min.insync.replicas')}:"
            f" what one of its {replicas} brokers alone acknowledged can be lost; declared is {IN_SYNC}:"
            f" {_alter(topic, 'min.insync.replicas', str(IN_SYNC))}"
        )


def _alter(topic: Topic, name: str, wanted: str) -> str:
    """What an operator types, with Kafka's own tool: safe while all runs."""
    return f"`kafka-configs.sh --alter --topic {topic.name} --add-config {name}={wanted}`"


def _shown(name: str, value: str) -> str:
    if name != "retention.ms" or not value.lstrip("-").isdigit() or value == NEVER:
        return value or "nothing"
    return f"{value} ({int(value) / 1000 / DAY:g} days)"
