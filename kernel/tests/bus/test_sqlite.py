"""What only the SQLite bus has to keep: its file, its clock, its groups, its URL."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from zlib import crc32

import pytest

from muara_kernel.bus import BusError, BusUnavailable, Delivery, Record, UnknownTopic
from muara_kernel.bus.connect import connect
from muara_kernel.bus.sqlite import HOUR, SqliteBus, SqliteSubscription
from muara_kernel.events.topics import TOPICS, Topic

DAY = 24 * HOUR
FACTS = Topic("facts", retention=int(30 * DAY))
OTHER = Topic("other", retention=int(60 * DAY))
STATE = Topic("state", retention=None)
DECLARED = {topic.name: topic for topic in (FACTS, OTHER, STATE)}
KEYS = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"]

PUBLISHES = """
import sys
from pathlib import Path
from muara_kernel.bus import Record
from muara_kernel.bus.sqlite import SqliteBus
from muara_kernel.events.topics import Topic
bus = SqliteBus(Path(sys.argv[1]), topics={"facts": Topic("facts", retention=3600)})
for number in range(50):
    bus.publish("facts", [Record(sys.argv[2], str(number).encode())])
"""

HOLDS = """
import sys, time
from pathlib import Path
from muara_kernel.bus.sqlite import SqliteBus
from muara_kernel.events.topics import Topic
bus = SqliteBus(Path(sys.argv[1]), topics={"facts": Topic("facts", retention=3600)})
member = bus.subscribe(["facts"], group="katalog")
member.poll(1, 0.0)
print("holds", flush=True)
time.sleep(600)
"""


class Clock:
    """Time passes when the test says so; to a member this is its own monotonic clock."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


Open = Callable[..., SqliteBus]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "events.db"


@pytest.fixture
def bus(path: Path, clock: Clock) -> Iterator[SqliteBus]:
    opened = SqliteBus(path, topics=DECLARED, monotonic=clock)
    yield opened
    opened.close()


def values(deliveries: Sequence[Delivery]) -> list[str]:
    return [delivery.record.value.decode() for delivery in deliveries]


def records(*keys: str) -> list[Record]:
    return [Record(key, key.encode()) for key in keys]


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def held(member: SqliteSubscription) -> set[tuple[str, int]]:
    return set(member._member.held)


def settle(clock: Clock, *members: SqliteSubscription) -> None:
    """Let everyone poll until nobody has anything to give back or to take."""
    for _ in range(4):
        for member in members:
            member.poll(0, 0.0)


def let_pass(clock: Clock, seconds: float, *awake: SqliteSubscription) -> None:
    """Time passes in steps, in each of which the members awake poll."""
    for _ in range(int(seconds)):
        clock.now += 1.0
        for member in awake:
            member.poll(0, 0.0)


# ---- the table


def test_state_keeps_only_the_newest_record_of_a_key(bus: SqliteBus, path: Path) -> None:
    bus.publish("state", [Record("a", b"1"), Record("b", b"1"), Record("a", b"2")])
    bus.publish("state", [Record("a", b"3")])
    bus.publish("facts", [Record("a", b"1"), Record("a", b"2")])
    kept = rows(path, "SELECT topic, key, value FROM records ORDER BY topic, key, value")
    assert kept == [
        ("facts", "a", b"1"),
        ("facts", "a", b"2"),
        ("state", "a", b"3"),
        ("state", "b", b"1"),
    ]


def test_facts_past_their_retention_go_and_state_stays(bus: SqliteBus, path: Path) -> None:
    for topic in DECLARED:
        bus.publish(topic, records(*KEYS))
    bus.expire(time.time() + 29 * DAY)
    assert rows(path, "SELECT COUNT(*) FROM records") == [(30,)]
    bus.expire(time.time() + 31 * DAY)
    assert rows(path, "SELECT DISTINCT topic FROM records ORDER BY topic") == [("other",), ("state",)]


def test_however_many_have_expired_all_of_them_go(bus: SqliteBus, path: Path) -> None:
    bus.publish("facts", [Record("a", b"")] * 2500)
    bus.expire(time.time() + 31 * DAY)
    assert rows(path, "SELECT COUNT(*) FROM records") == [(0,)]


def test_publishing_expires_at_most_once_an_hour(bus: SqliteBus, path: Path, clock: Clock) -> None:
    bus.publish("facts", [Record("a", b"old")])
    connection = sqlite3.connect(path)
    connection.execute("UPDATE records SET at = at - ?", (31 * DAY,))
    connection.commit()
    connection.close()
    bus.publish("facts", [Record("a", b"soon after")])
    assert rows(path, "SELECT COUNT(*) FROM records") == [(2,)]
    clock.now += HOUR
    bus.publish("facts", [Record("a", b"an hour later")])
    assert rows(path, "SELECT value FROM records ORDER BY offset") == [(b"soon after",), (b"an hour later",)]


def test_an_emptied_topic_does_not_start_again_at_one(bus: SqliteBus) -> None:
    member = bus.subscribe(["facts"], group="katalog")
    bus.publish("facts", records("a"))
    member.commit(before := member.poll(10, 1.0))
    bus.expire(time.time() + 31 * DAY)
    bus.publish("facts", [Record("a", b"after")])
    after = member.poll(10, 1.0)
    assert values(after) == ["after"]
    assert after[0].offset > before[0].offset


def test_the_partition_is_the_keys_own_in_every_process(bus: SqliteBus) -> None:
    bus.publish("facts", records(*KEYS))
    for delivery in bus.subscribe(["facts"], group="katalog").poll(100, 1.0):
        assert delivery.partition == crc32(delivery.record.key.encode()) % FACTS.partitions


def test_a_failing_publish_leaves_none_of_its_records(bus: SqliteBus, path: Path) -> None:
    with pytest.raises(BusError):
        bus.publish("facts", [Record("a", b"good"), Record("a", None)])  # type: ignore[arg-type]
    assert rows(path, "SELECT COUNT(*) FROM records") == [(0,)]


# ---- polling


def test_no_partition_and_no_topic_waits_for_a_busy_one(bus: SqliteBus) -> None:
    bus.publish("facts", [Record("busy", b"flood")] * 1000)
    bus.publish("facts", records(*KEYS))
    bus.publish("other", [Record("quiet", b"quiet")])
    first = bus.subscribe(["facts", "other"], group="katalog").poll(200, 1.0)
    assert len(first) == 200
    assert "quiet" in values(first)
    assert len({delivery.partition for delivery in first if delivery.topic == "facts"}) == 4


def test_polled_one_at_a_time_every_partition_has_its_turn(bus: SqliteBus) -> None:
    bus.publish("facts", [Record(key, b"") for key in KEYS for _ in range(50)])
    member = bus.subscribe(["facts"], group="katalog")
    assert {member.poll(1, 1.0)[0].partition for _ in range(4)} == {0, 1, 2, 3}


def test_a_waiting_poll_wakes_up_when_something_is_published(path: Path) -> None:
    bus = SqliteBus(path, topics=DECLARED)
    member = bus.subscribe(["facts"], group="katalog")
    member._pause = 60.0
    assert member.poll(1, 0.0) == []
    publisher = threading.Timer(0.05, bus.publish, ("facts", records("a")))
    publisher.start()
    begun = time.monotonic()
    assert values(member.poll(1, 60.0)) == ["a"]
    assert time.monotonic() - begun < 30
    publisher.join()
    bus.close()


def test_no_read_outlives_a_poll_so_the_log_can_be_emptied(bus: SqliteBus, path: Path) -> None:
    member = bus.subscribe(["facts"], group="katalog")
    bus.publish("facts", [Record(key, bytes(10_000)) for key in KEYS])
    assert len(member.poll(5, 1.0)) == 5
    assert path.with_name("events.db-wal").stat().st_size > 100_000
    assert rows(path, "PRAGMA wal_checkpoint(TRUNCATE)") == [(0, 0, 0)]
    assert path.with_name("events.db-wal").stat().st_size == 0


def test_several_processes_publish_into_one_file_and_nothing_is_lost(bus: SqliteBus, path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    publishers = [
        subprocess.Popen([sys.executable, "-c", PUBLISHES, str(path), key], env=environment)
        for key in KEYS[:3]
    ]
    member = bus.subscribe(["facts"], group="katalog")
    arrived: dict[str, list[int]] = defaultdict(list)
    deadline = time.monotonic() + 30
    while sum(map(len, arrived.values())) < 150:
        assert time.monotonic() < deadline
        for delivery in member.poll(20, 0.5):
            arrived[delivery.record.key].append(int(delivery.record.value))
    assert arrived == {key: list(range(50)) for key in KEYS[:3]}
    assert [publisher.wait() for publisher in publishers] == [0, 0, 0]


# ---- groups


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_the_members_share_every_topics_partitions_fairly(bus: SqliteBus, clock: Clock, count: int) -> None:
    members = [bus.subscribe(["facts", "other"], group="katalog") for _ in range(count)]
    settle(clock, *members)
    for topic in ("facts", "other"):
        shares = [len([place for place in held(member) if place[0] == topic]) for member in members]
        assert sum(shares) == 4
        assert max(shares) - min(shares) <= 1


def test_members_of_a_group_may_read_different_topics(bus: SqliteBus, clock: Clock) -> None:
    both = bus.subscribe(["facts", "other"], group="katalog")
    one = bus.subscribe(["facts"], group="katalog")
    settle(clock, both, one)
    assert len([place for place in held(both) if place[0] == "other"]) == 4
    assert len(held(one)) == 2


def test_a_member_that_leaves_frees_its_partitions_at_once(bus: SqliteBus, clock: Clock) -> None:
    staying, leaving = (bus.subscribe(["facts"], group="katalog") for _ in range(2))
    settle(clock, staying, leaving)
    assert len(held(staying)) == 2
    leaving.close()
    staying.poll(0, 0.0)
    assert len(held(staying)) == 4


def test_a_silent_member_keeps_its_partitions_for_its_session_and_no_longer(
    bus: SqliteBus, clock: Clock
) -> None:
    silent, awake = (bus.subscribe(["facts"], group="katalog") for _ in range(2))
    settle(clock, silent, awake)
    let_pass(clock, 9, awake)
    assert len(held(awake)) == 2
    let_pass(clock, 2, awake)
    assert len(held(awake)) == 4


def test_what_a_killed_process_held_is_free_at_once_and_a_frozen_one_keeps_it(
    bus: SqliteBus, path: Path, clock: Clock
) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDS, str(path)], stdout=subprocess.PIPE) as process:
        assert process.stdout and process.stdout.readline() == b"holds\n"
        other = bus.subscribe(["facts"], group="katalog")
        settle(clock, other)
        assert held(other) == set()
        process.send_signal(signal.SIGSTOP)
        settle(clock, other)
        assert held(other) == set()
        process.kill()
        process.wait()
    settle(clock, other)
    assert len(held(other)) == 4
    assert [line.name for line in Path(f"{path}.members").iterdir()] == ["2"]


def test_a_member_that_polls_now_and_then_is_not_taken_for_dead(bus: SqliteBus, clock: Clock) -> None:
    slow, awake = (bus.subscribe(["facts"], group="katalog") for _ in range(2))
    settle(clock, slow, awake)
    for _ in range(5):
        let_pass(clock, 8, awake)
        slow.poll(0, 0.0)
    assert len(held(slow)) == len(held(awake)) == 2


def test_who_slept_has_not_watched(bus: SqliteBus, clock: Clock) -> None:
    """The whole machine may have stood still: then the others are as alive as we are."""
    one, two = (bus.subscribe(["facts"], group="katalog") for _ in range(2))
    settle(clock, one, two)
    clock.now += 3600
    one.poll(0, 0.0)
    two.poll(0, 0.0)
    assert len(held(one)) == len(held(two)) == 2


def test_a_member_that_only_commits_is_alive(bus: SqliteBus, clock: Clock) -> None:
    busy, awake = (bus.subscribe(["facts"], group="katalog") for _ in range(2))
    settle(clock, busy, awake)
    bus.publish("facts", records(*KEYS))
    polled = busy.poll(100, 0.0)
    for delivery in polled[:3]:
        let_pass(clock, 8, awake)
        busy.commit([delivery])
    assert len(held(awake)) == 2


def test_a_commit_for_a_partition_that_was_lost_changes_nothing(bus: SqliteBus, clock: Clock) -> None:
    away = bus.subscribe(["facts"], group="katalog")
    bus.publish("facts", [Record("a", b"1"), Record("a", b"2"), Record("a", b"3")])
    polled = away.poll(2, 0.0)
    taker = bus.subscribe(["facts"], group="katalog")
    let_pass(clock, 12, taker)
    away.commit(polled)
    assert values(taker.poll(10, 0.0)) == ["1", "2", "3"]
    taker.close()
    assert values(away.poll(10, 0.0)) == ["1", "2", "3"]


def test_a_member_that_was_away_reads_on_from_the_groups_place_and_its_old_polls_are_void(
    bus: SqliteBus, clock: Clock
) -> None:
    away = bus.subscribe(["facts"], group="katalog")
    bus.publish("facts", [Record("a", b"1"), Record("a", b"2"), Record("a", b"3")])
    long_ago = away.poll(1, 0.0)
    taker = bus.subscribe(["facts"], group="katalog")
    let_pass(clock, 12, taker)
    taker.commit(taker.poll(2, 0.0))
    taker.close()
    assert values(away.poll(10, 0.0)) == ["3"]
    away.commit(long_ago)
    away.close()
    assert values(bus.subscribe(["facts"], group="katalog").poll(10, 0.0)) == ["3"]


def test_what_a_holder_gives_back_to_a_newcomer_is_read_again_unless_committed(
    bus: SqliteBus, clock: Clock
) -> None:
    first = bus.subscribe(["facts"], group="katalog")
    bus.publish("facts", records(*KEYS))
    polled = first.poll(100, 0.0)
    newcomer = bus.subscribe(["facts"], group="katalog")
    newcomer.poll(100, 0.0)
    first.poll(100, 0.0)
    again = newcomer.poll(100, 0.0)
    first.commit(polled)
    assert again
    assert set(values(again)) < set(values(polled))
    newcomer.close()
    assert set(values(first.poll(100, 0.0))) == set(values(again))


def test_an_idle_member_writes_a_beat_a_tenth_of_its_session_apart_and_no_more(
    bus: SqliteBus, path: Path, clock: Clock
) -> None:
    member = bus.subscribe(["facts"], group="katalog")
    member.poll(0, 0.0)
    for _ in range(100):
        clock.now += 0.1
        member.poll(0, 0.0)
    ((beats,),) = rows(path, "SELECT beat FROM members")
    assert 9 <= int(str(beats)) <= 10


# ---- the edges


def test_an_unknown_topic_is_named_together_with_what_there_is(bus: SqliteBus) -> None:
    with pytest.raises(UnknownTopic, match=r"'fact' is not declared: add it to .*facts, other, state"):
        bus.publish("fact", [])


def test_a_file_that_cannot_be_reached_says_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a directory")
    with pytest.raises(BusUnavailable, match=r"events\.db"):
        SqliteBus(tmp_path / "file" / "events.db")


def test_a_file_that_is_no_event_log_is_an_error_that_waiting_does_not_cure(tmp_path: Path) -> None:
    (tmp_path / "events.db").write_bytes(b"this is no database at all" * 100)
    with pytest.raises(BusError) as raised:
        SqliteBus(tmp_path / "events.db")
    assert not isinstance(raised.value, BusUnavailable)


def test_a_url_names_a_relative_or_an_absolute_file_with_every_declared_topic(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    relative, absolute = connect("sqlite:///data/events.db"), connect(f"sqlite:///{tmp_path}/data/events.db")
    for topic in TOPICS:
        relative.publish(topic, records("a"))
    member = absolute.subscribe(list(TOPICS), group="katalog")
    assert {delivery.topic for delivery in member.poll(100, 1.0)} == set(TOPICS)
    relative.close()
    absolute.close()


@pytest.mark.parametrize(
    "url", ["", "sqlite://", "sqlite:///", "sqlite://events.db", "events.db", "amqp://x"]
)
def test_any_other_url_is_refused_by_the_name_of_the_setting(url: str) -> None:
    with pytest.raises(ValueError, match="MUARA_BUS"):
        connect(url)


def test_headers_that_cannot_be_read_stop_nobody(bus: SqliteBus, path: Path) -> None:
    """The record is for its reader to bury; a reader that dies of it would die for ever."""
    for number, headers in enumerate(("no json", "[]", '{"id": "ada"}')):
        bus.publish("facts", [Record("a", str(number).encode())])
        connection = sqlite3.connect(path)
        connection.execute("UPDATE records SET headers = ? WHERE value = ?", (headers, str(number).encode()))
        connection.commit()
        connection.close()
    reader = bus.subscribe(["facts"], group="pembaca")
    deliveries = list(reader.poll(10, 1.0))
    assert [dict(delivery.record.headers) for delivery in deliveries] == [{}, {}, {"id": "ada"}]
