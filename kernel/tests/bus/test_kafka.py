"""What only the Kafka bus has to keep, on a real broker: outages, lost members, limits, and who is let in.

The traps are those of kafka-python 3.0.12; whoever moves to another version finds out here what changed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import quote
from uuid import uuid4

import pytest
from servers.kafka import PASSWORD, USER, Kafka

pytest.importorskip("kafka")

from kafka import KafkaAdminClient, KafkaProducer
from kafka.admin import (
    ACL,
    ACLOperation,
    ACLPermissionType,
    ConfigResource,
    ConfigResourceType,
    ResourcePattern,
    ResourceType,
)

from muara_kernel.bus import (
    BusError,
    BusUnavailable,
    Delivery,
    Record,
    RecordTooLarge,
    Subscription,
    UnknownTopic,
)
from muara_kernel.bus.kafka import Brokers, KafkaBus, KafkaTopics
from muara_kernel.events.topics import DAY, Topic

SECONDS = 30.0
BACK_WITHIN = 2.0
MARGIN = 2.0  # for a machine that does other things too
SESSION = 1.0
KEYS = [f"35.08/dataset-{number}" for number in range(12)]

OPENS = """
import os, sys, time
from muara_kernel.bus import Record
from muara_kernel.bus.kafka import Brokers, KafkaBus
from muara_kernel.events.topics import Topic
url, name, session = sys.argv[1:]
bus = KafkaBus(Brokers.at(url), topics={name: Topic(name, retention=3600)}, session=float(session))
"""
READS_AND_SAYS = """
subscription = bus.subscribe([name], group="katalog")
while True:
    found = subscription.poll(100, 0.2)
    if found:
        print(*(delivery.record.value.decode() for delivery in found), flush=True)
        sys.stdin.readline()
        subscription.commit(found)
"""
FORKS = """
bus.publish(name, [Record("k", b"parent")])
child = os.fork()
if child == 0:
    bus.publish(name, [Record("k", b"child")])
    os._exit(0)
_, status = os.waitpid(child, 0)
assert status == 0, status
bus.publish(name, [Record("k", b"parent again")])
bus.close()
"""


@pytest.fixture
def topic() -> Topic:
    return Topic(f"facts.{uuid4().hex[:8]}", retention=3600)


@contextmanager
def opened(url: str, topic: Topic, session: float = SESSION) -> Iterator[KafkaBus]:
    bus = KafkaBus(Brokers.at(url), topics={topic.name: topic}, session=session)
    try:
        yield bus
    finally:
        bus.close()


@pytest.fixture
def bus(kafka: Kafka, topic: Topic) -> Iterator[KafkaBus]:
    make(kafka, topic)
    with opened(kafka.url, topic) as bus:
        yield bus


@contextmanager
def admin(kafka: Kafka) -> Iterator[KafkaAdminClient]:
    client = KafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    yield client
    client.close()


def make(kafka: Kafka, *topics: Topic) -> None:
    there = KafkaTopics(Brokers.at(kafka.url), topics={topic.name: topic for topic in topics})
    there.apply()
    there.close()


def made_by_hand(kafka: Kafka, name: str, partitions: int, **configs: str) -> None:
    told = {key.replace("_", "."): value for key, value in configs.items()}
    with admin(kafka) as client:
        client.create_topics(
            {name: {"num_partitions": partitions, "replication_factor": 1, "configs": told}},
            wait_for_metadata=True,
        )


def records(*values: str) -> list[Record]:
    """Spread over the keys, so over the partitions."""
    return [Record(KEYS[number % len(KEYS)], value.encode()) for number, value in enumerate(values)]


def values(deliveries: Sequence[Delivery]) -> list[str]:
    return [delivery.record.value.decode() for delivery in deliveries]


def read(subscription: Subscription, count: int, within: float = SECONDS) -> list[str]:
    """Poll and commit until ``count`` records came."""
    found: list[str] = []
    deadline = time.monotonic() + within
    while len(found) < count:
        assert time.monotonic() < deadline, f"only {len(found)} of {count} came: {sorted(found)}"
        batch = subscription.poll(count - len(found), 0.2)
        subscription.commit(batch)
        found += values(batch)
    return found


@contextmanager
def another_process(source: str, url: str, topic: Topic) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", OPENS + source, url, topic.name, str(SESSION)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environment, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def line(process: subprocess.Popen[str]) -> list[str]:
    assert process.stdout is not None
    return process.stdout.readline().split()


def go_on(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


# --- members that are lost ------------------------------------------------------------------------


def test_what_a_killed_member_held_is_taken_over_once_its_session_is_over(
    kafka: Kafka, bus: KafkaBus, topic: Topic
) -> None:
    with another_process(READS_AND_SAYS, kafka.url, topic) as killed:
        bus.publish(topic.name, records(*"abc"))
        taken = line(killed)
        assert taken
        killed.kill()
        began = time.monotonic()
        assert set(read(bus.subscribe([topic.name], group="katalog"), 3)) == set("abc")
    assert time.monotonic() - began < SESSION + 5


def test_a_member_that_was_frozen_beyond_its_session_comes_back_and_does_no_harm(
    kafka: Kafka, bus: KafkaBus, topic: Topic
) -> None:
    with another_process(READS_AND_SAYS, kafka.url, topic) as frozen:
        bus.publish(topic.name, records("first"))
        assert line(frozen) == ["first"]
        frozen.send_signal(signal.SIGSTOP)
        other = bus.subscribe([topic.name], group="katalog")
        assert read(other, 1) == ["first"]
        bus.publish(topic.name, records("second"))
        assert read(other, 1) == ["second"]
        frozen.send_signal(signal.SIGCONT)
        go_on(frozen)  # it commits "first", which is no longer its business, and joins anew
        said: list[str] = []
        reader = threading.Thread(target=_keep_reading, args=(frozen, said), daemon=True)
        reader.start()
        sent: list[str] = []
        found: list[str] = []
        deadline = time.monotonic() + SECONDS
        # It has its share again when it reads some of what is new; nobody reads anything twice.
        while not (said and len(said) + len(found) >= len(sent)):
            assert time.monotonic() < deadline, (sent, found, said)
            if not said:
                sent += [f"new-{len(sent) + number}" for number in range(len(KEYS))]
                bus.publish(topic.name, records(*sent[-len(KEYS) :]))
            batch = other.poll(100, 0.1)
            other.commit(batch)
            found += values(batch)
        assert sorted(found + said) == sorted(sent)


def _keep_reading(process: subprocess.Popen[str], said: list[str]) -> None:
    while words := line(process):
        said += words
        go_on(process)


def test_a_commit_for_what_was_taken_away_changes_nothing(bus: KafkaBus, topic: Topic) -> None:
    bus.publish(topic.name, records("in hand"))
    first = bus.subscribe([topic.name], group="katalog")
    held: Sequence[Delivery] = []
    while not held:
        held = first.poll(1, 0.5)
    second = bus.subscribe([topic.name], group="katalog")
    first._begin_anew()  # as after a loss
    assert read(second, 1) == ["in hand"]
    first.commit(held)
    bus.publish(topic.name, records("next"))
    first.close()
    assert read(second, 1) == ["next"]


def test_a_bus_that_was_used_before_a_fork_is_good_in_parent_and_child(
    kafka: Kafka, bus: KafkaBus, topic: Topic
) -> None:
    with another_process(FORKS, kafka.url, topic) as forking:
        assert forking.wait(SECONDS) == 0
    assert read(bus.subscribe([topic.name], group="katalog"), 3) == ["parent", "child", "parent again"]


# --- limits and topics ----------------------------------------------------------------------------


def test_a_record_larger_than_the_topic_takes_is_refused_for_good_and_others_still_go(
    kafka: Kafka, topic: Topic
) -> None:
    made_by_hand(kafka, topic.name, 4, max_message_bytes="20000")
    with opened(kafka.url, topic) as bus:
        for size in (30_000, 2_000_000):
            with pytest.raises(
                RecordTooLarge, match=rf"{size} bytes under 'k'.*message\.max\.bytes"
            ) as refused:
                bus.publish(topic.name, [Record("ok", b"x"), Record("k", b"x" * size)])
            assert not isinstance(refused.value, BusUnavailable)
        bus.publish(topic.name, records("small"))
        subscription = bus.subscribe([topic.name], group="katalog")
        while read(subscription, 1) != ["small"]:
            pass  # what stood beside the large one may have arrived


def test_what_was_too_large_goes_out_once_the_topic_takes_it(kafka: Kafka, topic: Topic) -> None:
    made_by_hand(kafka, topic.name, 4, max_message_bytes="20000")
    large = "x" * 2_000_000
    with opened(kafka.url, topic) as bus:
        with pytest.raises(RecordTooLarge, match=f"topik {topic.name}: naikkan max.message.bytes"):
            bus.publish(topic.name, records(large))
        more = ConfigResource(ConfigResourceType.TOPIC, topic.name, configs={"max.message.bytes": "4000000"})
        with admin(kafka) as client:
            client.alter_configs([more])
        bus.publish(topic.name, records(large, "small"))
        subscription = bus.subscribe([topic.name], group="katalog")
        assert {len(value) for value in read(subscription, 2)} == {len(large), len("small")}


def test_many_records_that_are_together_larger_than_the_topic_takes_all_arrive(
    kafka: Kafka, topic: Topic
) -> None:
    made_by_hand(kafka, topic.name, 1, max_message_bytes="20000")
    sent = [f"{number:04d}" + "x" * 1000 for number in range(100)]
    with opened(kafka.url, topic) as bus:
        bus.publish(topic.name, records(*sent))
        assert read(bus.subscribe([topic.name], group="katalog"), 100) == sent


def test_what_another_program_wrote_is_delivered_however_odd_it_is(
    kafka: Kafka, bus: KafkaBus, topic: Topic
) -> None:
    producer = KafkaProducer(bootstrap_servers=kafka.bootstrap)
    producer.send(topic.name, key=b"\xff", value=None, headers=[("asal", b"\xfe")], partition=0).get(SECONDS)
    producer.send(topic.name, value=b"no key", partition=0).get(SECONDS)
    producer.close()
    subscription = bus.subscribe([topic.name], group="katalog")
    found: list[Delivery] = []
    deadline = time.monotonic() + SECONDS
    while len(found) < 2:
        assert time.monotonic() < deadline
        found += subscription.poll(2, 0.2)
    assert [each.record for each in found] == [
        Record("\N{REPLACEMENT CHARACTER}", b"", {"asal": "\N{REPLACEMENT CHARACTER}"}),
        Record("", b"no key"),
    ]


def test_a_declared_topic_that_nobody_made_is_named_with_what_makes_it(kafka: Kafka, topic: Topic) -> None:
    with opened(kafka.url, topic) as bus:
        with pytest.raises(UnknownTopic, match=f"{topic.name}: jalankan / run `muara topics apply`"):
            bus.publish(topic.name, records("lost"))
        with pytest.raises(UnknownTopic, match=f"{topic.name}: jalankan / run `muara topics apply`"):
            bus.subscribe([topic.name], group="katalog").poll(1, 0.1)
        make(kafka, topic)
        bus.publish(topic.name, records("found"))
        assert read(bus.subscribe([topic.name], group="katalog"), 1) == ["found"]


def test_a_topic_deleted_under_its_readers_is_named_and_read_again_once_it_is_made_anew(
    kafka: Kafka, topic: Topic, bus: KafkaBus
) -> None:
    bus.publish(topic.name, records("before"))
    subscription = bus.subscribe([topic.name], group="katalog")
    assert read(subscription, 1) == ["before"]
    with admin(kafka) as client:
        client.delete_topics([topic.name])
    with pytest.raises(UnknownTopic, match=f"MUARA_BUS.*{topic.name}"):
        poll_until(time.monotonic() + SECONDS, subscription)
    make(kafka, topic)
    bus.publish(topic.name, records("after"))
    assert read(subscription, 1) == ["after"]


def poll_until(deadline: float, subscription: Subscription) -> None:
    while time.monotonic() < deadline:
        subscription.poll(1, 0.2)


def test_applying_makes_what_is_missing_as_declared_and_nothing_twice(kafka: Kafka) -> None:
    mark = uuid4().hex[:8]
    facts = Topic(f"facts.{mark}", retention=30 * DAY, partitions=3)
    state = Topic(f"state.{mark}", retention=None)
    there = KafkaTopics(Brokers.at(kafka.url), topics={topic.name: topic for topic in (facts, state)})
    assert there.differences() == [
        f"topik {name} belum ada / topic {name} does not exist: jalankan / run `muara topics apply`"
        for name in (facts.name, state.name)
    ]
    assert there.apply() == [facts.name, state.name]
    assert there.differences() == []
    assert there.apply() == []
    there.close()


def test_what_differs_from_the_declaration_is_said_and_left_alone(kafka: Kafka) -> None:
    mark = uuid4().hex[:8]
    facts, state = Topic(f"facts.{mark}", retention=30 * DAY), Topic(f"state.{mark}", retention=None)
    made_by_hand(kafka, facts.name, 2, retention_ms=str(7 * DAY * 1000))
    made_by_hand(kafka, state.name, 4, cleanup_policy="delete")
    there = KafkaTopics(Brokers.at(kafka.url), topics={topic.name: topic for topic in (facts, state)})
    assert there.apply() == []
    fewer, shorter, uncompacted = there.differences()
    assert f"{facts.name} has 2 partitions where 4 are declared" in fewer
    assert "retention.ms=604800000 (7 days), declared is 2592000000 (30 days)" in shorter
    assert f"{state.name} has cleanup.policy=delete, declared is compact" in uncompacted
    assert (
        f"`kafka-configs.sh --alter --topic {state.name} --add-config cleanup.policy=compact`" in uncompacted
    )
    there.close()


def test_what_differs_is_altered_on_request_and_partitions_only_by_a_request_of_their_own(
    kafka: Kafka,
) -> None:
    mark = uuid4().hex[:8]
    facts, state = Topic(f"facts.{mark}", retention=30 * DAY), Topic(f"state.{mark}", retention=None)
    made_by_hand(kafka, facts.name, 2, retention_ms=str(7 * DAY * 1000))
    made_by_hand(kafka, state.name, 5, cleanup_policy="delete")
    there = KafkaTopics(Brokers.at(kafka.url), topics={topic.name: topic for topic in (facts, state)})
    assert there.alter(configs=True, partitions=False) == [
        f"{facts.name}: retention.ms=2592000000",
        f"{state.name}: cleanup.policy=compact",
    ]
    (fewer,) = there.differences()
    assert "muara topics apply --add-partitions" in fewer
    assert there.alter(configs=True, partitions=True) == [f"{facts.name}: partitions=4"]
    assert there.differences() == []
    (more,) = there.remarks()
    assert f"{state.name} has 5 partitions where 4 are declared" in more and "cannot be taken back" in more
    there.close()


def test_a_session_shorter_than_the_broker_allows_names_the_setting(kafka: Kafka, topic: Topic) -> None:
    make(kafka, topic)
    with opened(kafka.url, topic, session=0.2) as bus:
        subscription = bus.subscribe([topic.name], group="katalog")
        with pytest.raises(BusError, match="MUARA_SESSION_SECONDS"):
            read(subscription, 1)


# --- who is let in --------------------------------------------------------------------------------


def userinfo(password: str) -> str:
    return f"{USER}:{quote(password, safe='')}"


def test_a_user_with_the_right_password_publishes_and_reads_over_tls(kafka: Kafka, topic: Topic) -> None:
    make(kafka, topic)
    with opened(kafka.secure_url(userinfo(PASSWORD)), topic) as bus:
        bus.publish(topic.name, records("rahasia"))
        assert read(bus.subscribe([topic.name], group="katalog"), 1) == ["rahasia"]


def test_a_wrong_password_is_said_to_be_possible_and_never_shown(kafka: Kafka, topic: Topic) -> None:
    with opened(kafka.secure_url(userinfo("salah")), topic) as bus:
        with pytest.raises(BusUnavailable, match=r"unreachable or credentials refused.*MUARA_BUS") as refused:
            bus.check()
        assert "salah" not in str(refused.value)


def test_a_broker_that_the_ca_does_not_vouch_for_is_not_spoken_to(kafka: Kafka, topic: Topic) -> None:
    url = kafka.secure_url(userinfo(PASSWORD)).partition("&ca=")[0]
    with opened(url, topic) as bus, pytest.raises(BusUnavailable, match="MUARA_BUS"):
        bus.check()


def test_a_user_without_the_right_to_write_is_told_what_to_change(kafka: Kafka, topic: Topic) -> None:
    make(kafka, topic)
    pattern = ResourcePattern(ResourceType.TOPIC, topic.name)
    with admin(kafka) as client:
        client.create_acls([ACL(f"User:{USER}", "*", ACLOperation.WRITE, ACLPermissionType.DENY, pattern)])
    forbidden = pytest.raises(BusUnavailable, match=f"{topic.name}.*MUARA_BUS.*ACL")
    with opened(kafka.secure_url(userinfo(PASSWORD)), topic) as bus, forbidden:
        bus.publish(topic.name, records("forbidden"))


# --- a broker that goes away ----------------------------------------------------------------------


class Publishing:
    """Publishes batches of one for each key, again and again until each is acknowledged."""

    def __init__(self, bus: KafkaBus, topic: Topic) -> None:
        self.acknowledged: list[str] = []
        self.acknowledged_at = 0.0
        self.failures = 0
        self._bus, self._topic = bus, topic
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Publishing:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        number = 0
        while not self._stop.is_set():
            batch = [Record(key, f"{number}".encode()) for key in KEYS]
            try:
                self._bus.publish(self._topic.name, batch)
            except BusUnavailable:
                self.failures += 1
                self._stop.wait(0.1)
            else:
                self.acknowledged += [f"{key} {number}" for key in KEYS]
                self.acknowledged_at = time.monotonic()
                number += 1


def test_a_broker_that_is_killed_and_comes_back_loses_nothing_that_was_acknowledged(
    own_kafka: Kafka, topic: Topic
) -> None:
    make(own_kafka, topic)
    seen: list[str] = []
    failures = 0
    with opened(own_kafka.url, topic) as bus, Publishing(bus, topic) as publishing:
        subscription = bus.subscribe([topic.name], group="katalog")

        def go(until: Callable[[], bool], within: float = SECONDS) -> None:
            nonlocal failures
            deadline = time.monotonic() + within
            while not until():
                assert time.monotonic() < deadline, (len(seen), len(publishing.acknowledged), failures)
                try:
                    batch = subscription.poll(500, 0.1)
                    subscription.commit(batch)
                    seen.extend(f"{each.record.key} {each.record.value.decode()}" for each in batch)
                except BusUnavailable:
                    failures += 1

        go(lambda: len(seen) > 100)
        own_kafka.kill()
        go(lambda: failures > 0 and publishing.failures > 0, within=12)
        own_kafka.start()
        open_at, known = time.monotonic(), len(seen)
        go(lambda: publishing.acknowledged_at > open_at, BACK_WITHIN + MARGIN)
        go(lambda: len(seen) > known, BACK_WITHIN + MARGIN)
        wanted = set(publishing.acknowledged)
        go(lambda: wanted <= set(seen))
    for key in KEYS:
        numbers = [int(each.split()[1]) for each in dict.fromkeys(seen) if each.startswith(f"{key} ")]
        assert numbers == sorted(numbers), key


def test_a_broker_that_stands_still_is_noticed_by_every_call_and_all_is_well_when_it_goes_on(
    own_kafka: Kafka, topic: Topic
) -> None:
    make(own_kafka, topic)
    with opened(own_kafka.url, topic, session=60) as bus:
        bus.publish(topic.name, records("before"))
        subscription = bus.subscribe([topic.name], group="katalog")
        held: Sequence[Delivery] = []
        while not held:
            held = subscription.poll(1, 0.5)
        own_kafka.freeze()
        try:
            for call, within in (
                (bus.check, 4.0),
                (lambda: subscription.commit(held), 5.0),
                (lambda: bus.publish(topic.name, records("unknown")), 15.0),
                (lambda: _poll_until_it_fails(subscription), 11.0),
            ):
                began = time.monotonic()
                with pytest.raises(BusUnavailable):
                    call()
                assert time.monotonic() - began < within
        finally:
            own_kafka.thaw()
        subscription.commit(held)
        _soon(bus.check)
        bus.publish(topic.name, records("after"))
        # What was not acknowledged may have arrived, even twice; what was acknowledged has, and is last.
        found: list[str] = []
        while "after" not in found:
            found += read(subscription, 1)
        assert set(found) <= {"unknown", "after"}


def _soon(call: Callable[[], None]) -> None:
    deadline = time.monotonic() + BACK_WITHIN + MARGIN
    while True:
        try:
            return call()
        except BusUnavailable:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def _poll_until_it_fails(subscription: Subscription) -> None:
    while True:
        subscription.poll(10, 0.2)
