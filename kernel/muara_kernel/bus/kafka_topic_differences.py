"""How a topic on the brokers differs from its declaration: a sentence for people, and what would mend it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from muara_kernel.events.topics import DAY, Topic

NEVER = "-1"
IN_SYNC = 2


@dataclass(frozen=True)
class Difference:
    """``config``, a name and its declared value, or ``partitions``, how many there should be, can be mended.

    With neither there is nothing that could be changed in a topic. What is ``harmless`` needs no mending.
    """

    topic: str
    sentence: str
    config: tuple[str, str] | None = None
    partitions: int | None = None
    harmless: bool = False

    @property
    def change(self) -> str:
        """What mending it comes to, as an operator is told afterwards."""
        name, value = self.config or ("partitions", str(self.partitions))
        return f"{self.topic}: {name}={value}"


def wanted(topic: Topic, replication: int) -> dict[str, Any]:
    """What the brokers are asked to create."""
    configs = {"cleanup.policy": _policy(topic), "retention.ms": _retention(topic)}
    if replication > 1:
        # What was acknowledged must survive the loss of the one broker that acknowledged it.
        configs["min.insync.replicas"] = str(IN_SYNC)
    return {"num_partitions": topic.partitions, "replication_factor": replication, "configs": configs}


def differences_of(
    topic: Topic, partitions: Sequence[Any] | None, configs: Mapping[str, str]
) -> Iterator[Difference]:
    """``partitions`` and ``configs`` as the brokers describe them; None where the topic does not exist."""
    if partitions is None:
        yield Difference(
            topic.name,
            f"topik {topic.name} belum ada / topic {topic.name} does not exist:"
            " jalankan / run `muara topics apply`",
        )
        return
    if len(partitions) != topic.partitions:
        yield _of_partitions(topic, len(partitions))
    for name, value in (("cleanup.policy", _policy(topic)), ("retention.ms", _retention(topic))):
        is_so = configs.get(name, "")
        if is_so != value and not (topic.compacted and name == "retention.ms"):
            shown, should = _shown(name, is_so), _shown(name, value)
            yield _of_config(
                topic,
                name,
                value,
                f"topik {topic.name} memakai {name}={shown}, seharusnya {should}"
                f" / topic {topic.name} has {name}={shown}, declared is {should}",
            )
    replicas = min((len(each["replica_nodes"]) for each in partitions), default=1)
    if replicas > 1 and int(configs.get("min.insync.replicas", "1")) < IN_SYNC:
        yield _of_config(
            topic,
            "min.insync.replicas",
            str(IN_SYNC),
            f"topik {topic.name}: yang diterima satu broker saja dapat hilang; naikkan min.insync.replicas"
            f" / topic {topic.name} has min.insync.replicas={configs.get('min.insync.replicas')}:"
            f" what one of its {replicas} brokers alone acknowledged can be lost; declared is {IN_SYNC}",
        )


def _of_partitions(topic: Topic, there: int) -> Difference:
    if there > topic.partitions:  # somebody wanted more workers
        return Difference(
            topic.name,
            f"topik {topic.name} mempunyai {there} partisi, dinyatakan {topic.partitions}: tidak merusak, dan"
            " partisi tidak dapat dikurangi"
            f" / topic {topic.name} has {there} partitions where {topic.partitions} are declared:"
            " it does no harm, and partitions cannot be taken back",
            harmless=True,
        )
    return Difference(
        topic.name,
        f"topik {topic.name} mempunyai {there} partisi, seharusnya {topic.partitions}: tidak"
        " merusak; menambah partisi memindahkan kunci, jadi hentikan semua layanan lebih dulu"
        f" / topic {topic.name} has {there} partitions where {topic.partitions} are declared:"
        " it does no harm; adding some moves keys to other partitions, so stop the services first:"
        " `muara topics apply --add-partitions`",
        partitions=topic.partitions,
    )


def _of_config(topic: Topic, name: str, value: str, sentence: str) -> Difference:
    """With what an operator types, or types with Kafka's own tool: safe while all runs."""
    by_hand = f"`kafka-configs.sh --alter --topic {topic.name} --add-config {name}={value}`"
    return Difference(
        topic.name, f"{sentence}: `muara topics apply --alter`, atau / or {by_hand}", config=(name, value)
    )


def _policy(topic: Topic) -> str:
    return "compact" if topic.compacted else "delete"


def _retention(topic: Topic) -> str:
    return NEVER if topic.retention is None else str(topic.retention * 1000)


def _shown(name: str, value: str) -> str:
    if name != "retention.ms" or not value.lstrip("-").isdigit() or value == NEVER:
        return value or "nothing"
    return f"{value} ({int(value) / 1000 / DAY:g} days)"
