"""The bus on Kafka beside kafka-python itself: one broker, the same settings, the same records of 1 KB.

The peer promises what we promise: it sends a batch, flushes, and looks at every future; it polls and commits
each batch. In brackets a floor that promises nothing about any single batch: kafka-python streaming, with
one flush or one commit at the very end. CPU is that of this process, broker left out; where the machine
is busy it is the steadier of the two.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

from kafka import KafkaConsumer, KafkaProducer, OffsetAndMetadata

from muara_kernel.bus import Record
from muara_kernel.bus.kafka import Brokers, KafkaBus, KafkaTopics
from muara_kernel.bus.kafka_consumer import SETTINGS as READING
from muara_kernel.bus.kafka_publisher import SETTINGS as PUBLISHING
from muara_kernel.events.topics import Topic

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from servers.kafka import Kafka

ROUNDS = 12
VALUE = b"x" * 1024
KEYS = [f"35.08/dataset-{number}" for number in range(100)]
HEADERS = {"id": str(uuid4()), "type": "id.muara.submission.received.v1", "correlationid": str(uuid4())}
AT_ONCE = 500
PUBLISHED = {1: 200, 10: 1000, 100: 3000, 1000: 6000}
READ = 20_000


class Took(NamedTuple):
    """Seconds for one record: on the wall, and of CPU."""

    wall: float
    cpu: float


Round = Callable[[], Took]


def main() -> None:
    with tempfile.TemporaryDirectory() as directory, Kafka.started(Path(directory), memory="1g") as broker:
        for batch, many in PUBLISHED.items():
            with publishers(broker, batch, many) as rounds:
                _compare(f"publish by {batch}", *rounds)
        with with_bus(broker) as (bus, topic):
            _publish(bus, topic, 1000, READ)
            _compare(
                f"read by {AT_ONCE}",
                lambda: read(broker, topic),
                lambda: read_bare(broker, topic, commits=True),
                lambda: read_bare(broker, topic, commits=False),
            )


def _compare(name: str, *each: Round) -> None:
    """Ours, the peer and the floor in turns, in short rounds, each of which begins with another."""
    rounds: list[list[Took]] = []
    for number in range(ROUNDS):
        order = [(number + turn) % len(each) for turn in range(len(each))]
        took = {which: each[which]() for which in order}
        rounds.append([took[which] for which in range(len(each))])
    rates = [1 / statistics.median(took.wall for took in of) for of in zip(*rounds, strict=True)]
    print("{:16}{:8.0f}/s   kafka-python {:8.0f}/s   [streaming {:8.0f}/s]".format(name, *rates))
    wall, floor = (statistics.median(one[of].wall / one[0].wall for one in rounds) for of in (1, 2))
    cpu = statistics.median(one[1].cpu / one[0].cpu for one in rounds)
    print(f"{'ratio':16}{wall:8.2f} of its rate, {cpu:.2f} by CPU   [{floor:.2f} of streaming]", flush=True)


@contextmanager
def publishers(broker: Kafka, batch: int, many: int) -> Iterator[tuple[Round, Round, Round]]:
    """Ours, the peer and the floor, connected and warm."""
    producer = KafkaProducer(bootstrap_servers=broker.bootstrap, **PUBLISHING)
    with with_bus(broker) as (bus, topic):
        bus.publish(topic.name, [Record("warm", b"")])
        producer.send(topic.name, key=b"warm", value=b"").get(30)
        yield (
            lambda: _timed(many, lambda: _publish(bus, topic, batch, many)),
            lambda: _timed(many, lambda: _publish_bare(producer, topic, batch, many)),
            lambda: _timed(many, lambda: _publish_bare(producer, topic, many, many)),
        )
    producer.close()


def _publish(bus: KafkaBus, topic: Topic, batch: int, many: int) -> None:
    for start in range(0, many, batch):
        bus.publish(topic.name, [Record(KEYS[(start + n) % len(KEYS)], VALUE, HEADERS) for n in range(batch)])


def _publish_bare(producer: KafkaProducer, topic: Topic, batch: int, many: int) -> None:
    headers = [(name, value.encode()) for name, value in HEADERS.items()]
    keys = [key.encode() for key in KEYS]
    for start in range(0, many, batch):
        futures = [
            producer.send(topic.name, key=keys[(start + n) % len(keys)], value=VALUE, headers=headers)
            for n in range(batch)
        ]
        producer.flush(60)
        for future in futures:
            future.get(60)


def read(broker: Kafka, topic: Topic) -> Took:
    bus = KafkaBus(Brokers.at(broker.url), topics={topic.name: topic})
    try:
        subscription = bus.subscribe([topic.name], group=uuid4().hex)
        return _read(lambda: subscription.poll(AT_ONCE, 0.5), subscription.commit)
    finally:
        bus.close()


def read_bare(broker: Kafka, topic: Topic, *, commits: bool) -> Took:
    consumer = KafkaConsumer(topic.name, bootstrap_servers=broker.bootstrap, group_id=uuid4().hex, **READING)
    held: dict[Any, Any] = {}

    def poll() -> list[Any]:
        held.clear()
        held.update(consumer.poll(timeout_ms=500, max_records=AT_ONCE))
        return [record for records in held.values() for record in records]

    def commit(_: object) -> None:
        if commits:
            consumer.commit({place: OffsetAndMetadata(found[-1].offset + 1) for place, found in held.items()})

    try:
        return _read(poll, commit)
    finally:
        consumer.close()


def _read(poll: Callable[[], Any], commit: Callable[[Any], None]) -> Took:
    """From the first records on: joining a group is not what is measured."""
    while not (batch := poll()):
        pass
    left = READ - len(batch)

    def the_rest() -> None:
        nonlocal batch
        seen = 0
        while seen < left:
            commit(batch)
            batch = poll()
            seen += len(batch)
        commit(batch)

    return _timed(left, the_rest)


def _timed(many: int, work: Callable[[], None]) -> Took:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Took((time.perf_counter() - wall) / many, (time.process_time() - cpu) / many)


@contextmanager
def with_bus(broker: Kafka) -> Iterator[tuple[KafkaBus, Topic]]:
    """A bus, and a new topic on it."""
    topic = Topic(f"facts.{uuid4().hex[:8]}", retention=3600)
    topics, brokers = {topic.name: topic}, Brokers.at(broker.url)
    there = KafkaTopics(brokers, topics=topics)
    there.apply()
    there.close()
    bus = KafkaBus(brokers, topics=topics)
    try:
        yield bus, topic
    finally:
        bus.close()
