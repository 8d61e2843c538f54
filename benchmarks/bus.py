"""The bus on Kafka beside kafka-python itself, on the same broker with the same promises and records of 1 KB.

Bare publishing sends a batch, flushes, and looks at every future; bare reading polls and commits each batch.
Both have the settings that kafka-python was found to be fastest with. In brackets: kafka-python streaming,
with one flush or one commit at the very end, which promises nothing about any single batch.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from muara_kernel.bus import Record
from muara_kernel.bus.kafka import Brokers, KafkaBus, KafkaTopics
from muara_kernel.events.topics import Topic

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from servers.kafka import Kafka

ROUNDS = 5
VALUE = b"x" * 1024
KEYS = [f"35.08/dataset-{number}" for number in range(100)]
HEADERS = {"id": str(uuid4()), "type": "id.muara.submission.received.v1", "correlationid": str(uuid4())}
AT_ONCE = 500
PUBLISHED = {1: 300, 10: 1500, 100: 6000, 1000: 15_000}
READ = 50_000
STREAMED = 0

Rate = Callable[[], float]


def main() -> None:
    with tempfile.TemporaryDirectory() as directory, Kafka.started(Path(directory), memory="1g") as broker:
        for batch, many in PUBLISHED.items():
            _compare(
                f"publish by {batch}",
                lambda batch=batch, many=many: published(broker, batch, many),  # type: ignore[misc]
                lambda batch=batch, many=many: published_bare(broker, batch, many),  # type: ignore[misc]
                lambda many=many: published_bare(broker, STREAMED, many),  # type: ignore[misc]
            )
        topic = _topic(broker)
        with_bus(broker, topic, lambda bus: _publish(bus, topic, 1000, READ))
        _compare(
            f"read by {AT_ONCE}",
            lambda: read(broker, topic),
            lambda: read_bare(broker, topic, commits=True),
            lambda: read_bare(broker, topic, commits=False),
        )


def _compare(name: str, ours: Rate, bare: Rate, streaming: Rate) -> None:
    """Interleaved, so that what the machine does meanwhile hits all."""
    rounds = [(ours(), bare(), streaming()) for _ in range(ROUNDS)]
    rates = [statistics.median(each) for each in zip(*rounds, strict=True)]
    ratio = statistics.median(one / other for one, other, _ in rounds)
    streamed = statistics.median(one / other for one, _, other in rounds)
    print(f"{name:16}{rates[0]:8.0f}/s   kafka-python {rates[1]:8.0f}/s   [streaming {rates[2]:8.0f}/s]")
    print(f"{'ratio':16}{ratio:8.2f} of kafka-python's rate   [{streamed:.2f} of streaming]", flush=True)


def published(broker: Kafka, batch: int, many: int) -> float:
    topic = _topic(broker)
    return with_bus(broker, topic, lambda bus: _publish(bus, topic, batch, many))


def _publish(bus: KafkaBus, topic: Topic, batch: int, many: int) -> float:
    bus.publish(topic.name, [Record("warm", b"")])
    began = time.perf_counter()
    for start in range(0, many, batch):
        bus.publish(topic.name, [Record(KEYS[(start + n) % len(KEYS)], VALUE, HEADERS) for n in range(batch)])
    return many / (time.perf_counter() - began)


def published_bare(broker: Kafka, batch: int, many: int) -> float:
    from kafka import KafkaProducer

    topic = _topic(broker).name
    headers = [(name, value.encode()) for name, value in HEADERS.items()]
    producer = KafkaProducer(
        bootstrap_servers=broker.bootstrap,
        acks="all",
        enable_idempotence=False,
        max_in_flight_requests_per_connection=1,
        batch_size=256 * 1024,
    )
    producer.send(topic, key=b"warm", value=b"").get(30)
    keys = [key.encode() for key in KEYS]
    began = time.perf_counter()
    for start in range(0, many, batch or many):
        futures = [
            producer.send(topic, key=keys[(start + n) % len(keys)], value=VALUE, headers=headers)
            for n in range(batch or many)
        ]
        producer.flush(60)
        for future in futures:
            future.get(60)
    rate = many / (time.perf_counter() - began)
    producer.close()
    return rate


def read(broker: Kafka, topic: Topic) -> float:
    def all_of_it(bus: KafkaBus) -> float:
        subscription = bus.subscribe([topic.name], group=uuid4().hex)
        return _timed(lambda: subscription.poll(AT_ONCE, 0.5), subscription.commit)

    return with_bus(broker, topic, all_of_it)


def read_bare(broker: Kafka, topic: Topic, *, commits: bool) -> float:
    from kafka import KafkaConsumer, OffsetAndMetadata
    from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor

    consumer = KafkaConsumer(
        topic.name,
        bootstrap_servers=broker.bootstrap,
        group_id=uuid4().hex,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        fetch_max_wait_ms=50,
        partition_assignment_strategy=[CooperativeStickyAssignor],
    )
    held: dict[Any, Any] = {}

    def poll() -> list[Any]:
        held.clear()
        held.update(consumer.poll(timeout_ms=500, max_records=AT_ONCE))
        return [record for records in held.values() for record in records]

    def commit(_: object) -> None:
        if commits:
            consumer.commit({place: OffsetAndMetadata(found[-1].offset + 1) for place, found in held.items()})

    rate = _timed(poll, commit)
    consumer.close()
    return rate


def _timed(poll: Callable[[], Any], commit: Callable[[Any], None]) -> float:
    """From the first record on: joining a group is not what is measured."""
    while not (batch := poll()):
        pass
    began, first, many = time.perf_counter(), len(batch), 0
    while many + first < READ:
        commit(batch)
        batch = poll()
        many += len(batch)
    commit(batch)
    return many / (time.perf_counter() - began)


def with_bus(broker: Kafka, topic: Topic, use: Callable[[KafkaBus], float]) -> float:
    bus = KafkaBus(Brokers.at(broker.url), topics={topic.name: topic})
    try:
        return use(bus)
    finally:
        bus.close()


def _topic(broker: Kafka) -> Topic:
    topic = Topic(f"facts.{uuid4().hex[:8]}", retention=3600)
    there = KafkaTopics(Brokers.at(broker.url), topics={topic.name: topic})
    there.apply()
    there.close()
    return topic
