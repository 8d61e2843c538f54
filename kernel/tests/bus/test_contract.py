"""What every bus promises. An adapter joins by a line in ADAPTERS; no promise changes for it.

Nothing here proves that a record is absent by waiting a moment (a group may simply still be joining):
a later record is published, and must be the next one read. Loops run to a deadline.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import pytest

from muara_kernel.bus import BusClosed, Delivery, EventBus, Record, Subscription, UnknownTopic
from muara_kernel.bus.sqlite import SqliteBus
from muara_kernel.events.topics import Topic

SECONDS = 30.0
DATASETS = [f"35.08/dataset-{number}" for number in range(40)]
PENDUDUK = "35.08/jumlah-penduduk"


@dataclass
class Broker:
    """One running bus with topics that no other test uses, opened as often as a test likes."""

    topics: dict[str, Topic]
    connect: Callable[[dict[str, Topic], float], EventBus]
    source: Callable[[dict[str, Topic], float], str]
    opened: list[EventBus] = field(default_factory=list)

    def open(self, session: float = 10.0) -> EventBus:
        """``session``: how long a silent member keeps its partitions, as far as one may choose."""
        self.opened.append(self.connect(self.topics, session))
        return self.opened[-1]

    def python(self, session: float) -> str:
        """What another process runs to have the same bus as ``bus``."""
        return self.source(self.topics, session)


def sqlite(topics: dict[str, Topic], request: pytest.FixtureRequest) -> Broker:
    path: Path = request.getfixturevalue("tmp_path") / "events.db"
    return Broker(
        topics,
        connect=lambda topics, session: SqliteBus(path, topics=topics, session=session),
        source=lambda topics, session: OPENS_SQLITE.format(path=str(path), topics=topics, session=session),
    )


OPENS_SQLITE = """
from pathlib import Path
from muara_kernel.bus.sqlite import SqliteBus
from muara_kernel.events.topics import Topic
bus = SqliteBus(Path({path!r}), topics={topics!r}, session={session!r})
"""


def kafka(topics: dict[str, Topic], request: pytest.FixtureRequest) -> Broker:
    """A real broker, one for the whole run; it makes no topics by itself, as in production."""
    url: str = request.getfixturevalue("kafka").url
    pytest.importorskip("kafka")
    from muara_kernel.bus.kafka import Brokers, KafkaBus, KafkaTopics

    there = KafkaTopics(Brokers.at(url), topics=topics)
    there.apply()
    there.close()
    return Broker(
        topics,
        connect=lambda topics, session: KafkaBus(Brokers.at(url), topics=topics, session=session),
        source=lambda topics, session: OPENS_KAFKA.format(url=url, topics=topics, session=session),
    )


OPENS_KAFKA = """
from muara_kernel.bus.kafka import Brokers, KafkaBus
from muara_kernel.events.topics import Topic
bus = KafkaBus(Brokers.at({url!r}), topics={topics!r}, session={session!r})
"""

ADAPTERS: dict[str, Callable[[dict[str, Topic], pytest.FixtureRequest], Broker]] = {
    "sqlite": sqlite,
    "kafka": kafka,
}

READS_AND_HANGS = """
import sys, time
subscription = bus.subscribe([sys.argv[1]], group="perpustakaan")
while not (found := subscription.poll(1, 1.0)):
    pass
print(found[0].record.value.decode(), flush=True)
time.sleep(600)
"""


@pytest.fixture(params=ADAPTERS)
def broker(request: pytest.FixtureRequest) -> Iterator[Broker]:
    mark = uuid4().hex[:8]
    topics = [
        Topic(f"facts.{mark}", retention=3600),
        Topic(f"more.{mark}", retention=3600),
        Topic(f"state.{mark}", retention=None),
    ]
    running = ADAPTERS[request.param]({topic.name: topic for topic in topics}, request)
    yield running
    for bus in running.opened:
        bus.close()


@pytest.fixture
def facts(broker: Broker) -> str:
    return next(iter(broker.topics))


@pytest.fixture
def more(broker: Broker) -> str:
    return list(broker.topics)[1]


@pytest.fixture
def state(broker: Broker) -> str:
    return list(broker.topics)[2]


@pytest.fixture
def bus(broker: Broker) -> EventBus:
    return broker.open()


def record(value: str, key: str = PENDUDUK) -> Record:
    return Record(key, value.encode())


def values(deliveries: Sequence[Delivery]) -> list[str]:
    return [delivery.record.value.decode() for delivery in deliveries]


def read(subscription: Subscription, count: int) -> list[Delivery]:
    """Poll, without committing, until ``count`` records came; fails at the deadline."""
    found: list[Delivery] = []
    deadline = time.monotonic() + SECONDS
    while len(found) < count:
        assert time.monotonic() < deadline, f"only {len(found)} of {count} records came"
        found += subscription.poll(count - len(found), 0.5)
    return found


def test_a_record_comes_back_with_its_key_value_and_headers(bus: EventBus, facts: str) -> None:
    sent = Record("35.08/angka-kemiskinan-é", b"\x00\xff\xfe\n'", {"type": "x", "asal": "Lumajang é"})
    bus.publish(facts, [sent])
    (delivery,) = read(bus.subscribe([facts], group="katalog"), 1)
    assert delivery.record == sent
    assert delivery.topic == facts


def test_an_empty_value_and_no_headers_come_back_too(bus: EventBus, facts: str) -> None:
    bus.publish(facts, [Record("", b"")])
    assert read(bus.subscribe([facts], group="katalog"), 1)[0].record == Record("", b"")


def test_publishing_nothing_publishes_nothing(bus: EventBus, facts: str) -> None:
    bus.publish(facts, [])
    bus.publish(facts, [record("next")])
    assert values(read(bus.subscribe([facts], group="katalog"), 1)) == ["next"]


def test_records_of_one_key_arrive_in_the_order_they_were_published(bus: EventBus, facts: str) -> None:
    for start in range(0, 30, 3):
        bus.publish(facts, [record(str(start + n), key) for n in range(3) for key in DATASETS])
    arrived: dict[str, list[int]] = defaultdict(list)
    partitions: dict[str, set[int]] = defaultdict(set)
    for delivery in read(bus.subscribe([facts], group="katalog"), 30 * len(DATASETS)):
        arrived[delivery.record.key].append(int(delivery.record.value))
        partitions[delivery.record.key].add(delivery.partition)
    assert arrived == {key: list(range(30)) for key in DATASETS}
    assert all(len(places) == 1 for places in partitions.values())


def test_within_a_partition_offsets_rise(bus: EventBus, facts: str) -> None:
    bus.publish(facts, [record("x", key) for key in DATASETS for _ in range(3)])
    offsets: dict[int, list[int]] = defaultdict(list)
    for delivery in read(bus.subscribe([facts], group="katalog"), 3 * len(DATASETS)):
        offsets[delivery.partition].append(delivery.offset)
    assert all(places == sorted(set(places)) for places in offsets.values())


def test_keys_are_spread_over_the_partitions(bus: EventBus, facts: str) -> None:
    bus.publish(facts, [record("x", key) for key in DATASETS])
    found = read(bus.subscribe([facts], group="katalog"), len(DATASETS))
    assert len({delivery.partition for delivery in found}) > 1


def test_a_poll_brings_no_more_than_was_asked(bus: EventBus, facts: str) -> None:
    bus.publish(facts, [record("x", key) for key in DATASETS])
    subscription = bus.subscribe([facts], group="katalog")
    left, deadline = len(DATASETS), time.monotonic() + SECONDS
    while left > 0:
        assert time.monotonic() < deadline
        batch = subscription.poll(7, 0.5)
        assert len(batch) <= 7
        left -= len(batch)


def test_every_group_reads_every_record(bus: EventBus, facts: str) -> None:
    bus.publish(facts, [record("one"), record("two")])
    for group in ("katalog", "pemberitahuan"):
        subscription = bus.subscribe([facts], group=group)
        found = read(subscription, 2)
        subscription.commit(found)
        assert values(found) == ["one", "two"]


def test_one_subscription_reads_several_topics_and_no_others(
    bus: EventBus, facts: str, more: str, state: str
) -> None:
    for topic in (facts, state, more):
        bus.publish(topic, [record(topic)])
    found = read(bus.subscribe([facts, more], group="katalog"), 2)
    assert {(delivery.topic, delivery.record.value.decode()) for delivery in found} == {
        (facts, facts),
        (more, more),
    }


def test_polling_an_empty_topic_returns_none_and_later_what_comes(bus: EventBus, facts: str) -> None:
    subscription = bus.subscribe([facts], group="katalog")
    assert list(subscription.poll(10, 0.05)) == []
    assert list(subscription.poll(10, 0.0)) == []
    bus.publish(facts, [record("at last")])
    assert values(read(subscription, 1)) == ["at last"]


def test_a_member_reads_on_after_what_it_polled(bus: EventBus, facts: str) -> None:
    bus.publish(facts, [record(str(n)) for n in range(4)])
    subscription = bus.subscribe([facts], group="katalog")
    assert values(read(subscription, 2) + read(subscription, 2)) == ["0", "1", "2", "3"]


def test_what_was_committed_is_not_read_again(bus: EventBus, facts: str) -> None:
    bus.publish(facts, [record("done")])
    first = bus.subscribe([facts], group="katalog")
    first.commit(read(first, 1))
    first.close()
    bus.publish(facts, [record("next")])
    assert values(read(bus.subscribe([facts], group="katalog"), 1)) == ["next"]


def test_what_was_not_committed_is_read_again(bus: EventBus, facts: str) -> None:
    bus.publish(facts, [record("once more"), record("next")])
    first = bus.subscribe([facts], group="katalog")
    assert values(read(first, 2)) == ["once more", "next"]
    first.close()
    assert values(read(bus.subscribe([facts], group="katalog"), 2)) == ["once more", "next"]


def test_committing_a_record_commits_all_before_it_and_none_after(bus: EventBus, facts: str) -> None:
    bus.publish(facts, [record(str(n)) for n in range(5)])
    first = bus.subscribe([facts], group="katalog")
    first.commit(read(first, 5)[2:3])
    first.close()
    assert values(read(bus.subscribe([facts], group="katalog"), 2)) == ["3", "4"]


def test_committing_in_one_partition_leaves_the_others(bus: EventBus, facts: str, more: str) -> None:
    bus.publish(facts, [record("done")])
    bus.publish(more, [record("not done")])
    first = bus.subscribe([facts, more], group="katalog")
    first.commit([delivery for delivery in read(first, 2) if delivery.topic == facts])
    first.close()
    bus.publish(facts, [record("next")])
    found = read(bus.subscribe([facts, more], group="katalog"), 2)
    assert sorted(values(found)) == ["next", "not done"]


def test_committing_nothing_changes_nothing(bus: EventBus, facts: str) -> None:
    bus.publish(facts, [record("here")])
    first = bus.subscribe([facts], group="katalog")
    read(first, 1)
    first.commit([])
    first.close()
    assert values(read(bus.subscribe([facts], group="katalog"), 1)) == ["here"]


def test_two_members_of_one_group_never_read_the_same_record_and_share_the_work(
    broker: Broker, facts: str
) -> None:
    members = [broker.open().subscribe([facts], group="katalog") for _ in range(2)]
    publisher = broker.open()
    read_by: list[list[str]] = [[], []]
    sent: list[str] = []
    deadline = time.monotonic() + SECONDS
    # The first may have everything to itself until the second has joined, so go on until both had some.
    while not (all(read_by) and len(sent) >= 400 and sum(map(len, read_by)) >= len(sent)):
        assert time.monotonic() < deadline, [len(names) for names in read_by]
        if len(sent) < 400 or not all(read_by):
            names = [f"{key} {len(sent)}" for key in DATASETS]
            publisher.publish(facts, [record(name, name.split()[0]) for name in names])
            sent += names
        for member, names in zip(members, read_by, strict=True):
            batch = member.poll(16, 0.01)
            names += values(batch)
            member.commit(batch)
    assert sorted(read_by[0] + read_by[1]) == sorted(sent)


def test_a_member_that_leaves_hands_over_what_it_did_not_commit(broker: Broker, facts: str) -> None:
    staying, leaving = (broker.open().subscribe([facts], group="katalog") for _ in range(2))
    broker.open().publish(facts, [record(key, key) for key in DATASETS])
    done: set[str] = set()
    held: set[str] = set()
    deadline = time.monotonic() + SECONDS
    while len(done | held) < len(DATASETS):
        assert time.monotonic() < deadline
        batch = staying.poll(5, 0.01)
        staying.commit(batch)
        done.update(values(batch))
        held.update(values(leaving.poll(5, 0.01)))
    leaving.close()
    while len(done) < len(DATASETS):
        assert time.monotonic() < deadline, set(DATASETS) - done
        batch = staying.poll(5, 0.1)
        staying.commit(batch)
        done.update(values(batch))


def test_a_member_that_dies_hands_its_place_to_another(broker: Broker, facts: str) -> None:
    bus = broker.open(session=0.5)
    bus.publish(facts, [record("in hand"), record("waiting")])
    source = broker.python(session=0.5) + READS_AND_HANGS
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", source, facts]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as member:
        assert member.stdout is not None
        assert member.stdout.readline() == b"in hand\n"
        member.kill()
    assert values(read(bus.subscribe([facts], group="perpustakaan"), 2)) == ["in hand", "waiting"]


def test_published_records_and_the_groups_places_survive_a_restart(broker: Broker, facts: str) -> None:
    before = broker.open()
    before.publish(facts, [record("read"), record("kept")])
    subscription = before.subscribe([facts], group="katalog")
    subscription.commit(read(subscription, 1))
    before.close()
    after = broker.open()
    assert values(read(after.subscribe([facts], group="katalog"), 1)) == ["kept"]
    assert values(read(after.subscribe([facts], group="baru"), 2)) == ["read", "kept"]


def test_a_new_group_learns_the_newest_state_of_every_key(bus: EventBus, state: str) -> None:
    for version in range(3):
        bus.publish(state, [record(f"{key} v{version}", key) for key in DATASETS])
    bus.publish(state, [record("old", "twice"), record("new", "twice")])
    known: dict[str, str] = {}
    subscription = bus.subscribe([state], group="katalog")
    wanted = {**{key: f"{key} v2" for key in DATASETS}, "twice": "new"}
    deadline = time.monotonic() + SECONDS
    while known != wanted:
        assert time.monotonic() < deadline
        for delivery in subscription.poll(50, 0.5):
            known[delivery.record.key] = delivery.record.value.decode()


def test_several_threads_may_publish_at_once(bus: EventBus, facts: str) -> None:
    def publish(name: str) -> None:
        for number in range(20):
            bus.publish(facts, [record(str(number), name)])

    threads = [threading.Thread(target=publish, args=(key,)) for key in DATASETS[:6]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    arrived: dict[str, list[int]] = defaultdict(list)
    for delivery in read(bus.subscribe([facts], group="katalog"), 120):
        arrived[delivery.record.key].append(int(delivery.record.value))
    assert arrived == {key: list(range(20)) for key in DATASETS[:6]}


def test_a_topic_nobody_declared_is_refused_by_name(bus: EventBus, facts: str) -> None:
    with pytest.raises(UnknownTopic, match=r"muara\.typo"):
        bus.publish("muara.typo", [record("lost")])
    with pytest.raises(UnknownTopic, match=r"muara\.typo"):
        bus.subscribe([facts, "muara.typo"], group="katalog")


def test_a_closed_subscription_says_so(bus: EventBus, facts: str) -> None:
    bus.publish(facts, [record("one")])
    subscription = bus.subscribe([facts], group="katalog")
    found = read(subscription, 1)
    subscription.close()
    subscription.close()
    with pytest.raises(BusClosed):
        subscription.poll(1, 0.0)
    with pytest.raises(BusClosed):
        subscription.commit(found)


def test_a_closed_bus_says_so_and_so_do_its_subscriptions(bus: EventBus, facts: str) -> None:
    subscription = bus.subscribe([facts], group="katalog")
    bus.close()
    bus.close()
    with pytest.raises(BusClosed):
        bus.publish(facts, [record("late")])
    with pytest.raises(BusClosed):
        bus.check()
    with pytest.raises(BusClosed):
        bus.subscribe([facts], group="katalog").poll(1, 0.0)
    with pytest.raises(BusClosed):
        subscription.poll(1, 0.0)


def test_a_running_bus_answers_its_check(bus: EventBus) -> None:
    bus.check()
