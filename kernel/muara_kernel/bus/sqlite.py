"""The bus of one machine: an append-only table in one SQLite file, shared by every process that opens it.

SQLite has one writer, so offsets are committed in the order they are given and no reader can step over
a slow writer. It has partitions because Kafka has: nobody may come to rely on an order that it lacks.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from zlib import crc32

from muara_kernel.bus.port import BusClosed, BusError, BusUnavailable, Delivery, Record, UnknownTopic
from muara_kernel.bus.sqlite_group import TABLES, Member, Place
from muara_kernel.events.topics import TOPICS, Topic
from muara_kernel.sqlite import Database, full, unavailable

SCHEMA = (
    "CREATE TABLE IF NOT EXISTS records (offset INTEGER PRIMARY KEY AUTOINCREMENT,"
    " topic TEXT NOT NULL, partition INTEGER NOT NULL, at REAL NOT NULL, state INTEGER NOT NULL,"
    " key TEXT NOT NULL, headers TEXT NOT NULL, value BLOB NOT NULL)",
    "CREATE INDEX IF NOT EXISTS records_in_order ON records (topic, partition, offset)",
    "CREATE INDEX IF NOT EXISTS state_by_key ON records (topic, key) WHERE state = 1",
    *TABLES,
)
SETTING = "MUARA_BUS"
HOUR = 3600.0
EXPIRED_AT_ONCE = 1000


class SqliteBus:
    """``session``: how long a member of a group may be silent before the others take its partitions."""

    def __init__(
        self,
        path: Path,
        *,
        topics: Mapping[str, Topic] = TOPICS,
        session: float = 10.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._topics = topics
        self._session = session
        self._monotonic = monotonic
        self._closed = False
        self._expire_from = monotonic()
        self._subscriptions: list[SqliteSubscription] = []
        self._database = Database(path)
        with self.reached(), self._database.turn() as connection:
            for statement in SCHEMA:
                connection.execute(statement)

    def publish(self, topic: str, records: Sequence[Record]) -> None:
        declared = self._declared(topic)
        self._expire_hourly()
        with self.reached(), self._database.turn() as connection:
            if declared.compacted:
                records = _newest_of_each_key(records)
                connection.executemany(
                    "DELETE FROM records WHERE topic = ? AND key = ? AND state = 1",
                    [(topic, record.key) for record in records],
                )
            connection.executemany(
                "INSERT INTO records (topic, partition, at, state, key, headers, value)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                _rows(declared, records, time.time()),
            )

    def subscribe(self, topics: Sequence[str], *, group: str) -> SqliteSubscription:
        declared = [self._declared(topic) for topic in topics]
        member = Member(self._database, group, declared, self._session, self._monotonic)
        subscription = SqliteSubscription(self, self._database, member, pause=min(0.25, self._session / 20))
        self._subscriptions.append(subscription)
        return subscription

    def expire(self, now: float) -> None:
        """Facts older than their topic's retention at ``now`` go, read or not, a few at a time."""
        for topic in self._topics.values():
            if topic.retention is not None:
                for partition in range(topic.partitions):
                    while self._expire_some(topic.name, partition, now - topic.retention):
                        pass

    def check(self) -> None:
        with self.reached():
            self._database.read("SELECT 1 FROM records LIMIT 1")
        if sentence := full(self._database.path.parent, SETTING):
            raise BusUnavailable(sentence)

    def close(self) -> None:
        if self._closed:
            return
        try:
            for subscription in list(self._subscriptions):
                subscription.close()
        finally:
            self._closed = True
            self._database.close()

    def forget(self, subscription: SqliteSubscription) -> None:
        self._subscriptions.remove(subscription)

    @contextmanager
    def reached(self) -> Iterator[None]:
        """Within it SQLite's errors become the port's."""
        if self._closed:
            raise BusClosed("this bus was closed")
        try:
            yield
        except sqlite3.Error as error:
            kind = BusClosed if self._closed else BusUnavailable if unavailable(error) else BusError
            no_room = unavailable(error) and full(self._database.path.parent, SETTING, error)
            raise kind(no_room or f"{SETTING}: {self._database.path}: {error}") from error

    def _declared(self, name: str) -> Topic:
        if name not in self._topics:
            known = ", ".join(self._topics)
            raise UnknownTopic(
                f"topic {name!r} is not declared: add it to events/topics.py (there are: {known})"
            )
        return self._topics[name]

    def _expire_hourly(self) -> None:
        if self._monotonic() >= self._expire_from:
            self._expire_from = self._monotonic() + HOUR
            self.expire(time.time())

    def _expire_some(self, topic: str, partition: int, before: float) -> bool:
        """Short turns, oldest first up to the first that stays; True when there may be more to do."""
        with self.reached():
            oldest = self._database.read(
                "SELECT offset, at FROM records WHERE topic = ? AND partition = ? ORDER BY offset LIMIT ?",
                (topic, partition, EXPIRED_AT_ONCE),
            )
            gone = next((number for number, (_, at) in enumerate(oldest) if at >= before), len(oldest))
            if gone:
                with self._database.turn(durable=False) as connection:
                    connection.execute(
                        "DELETE FROM records WHERE topic = ? AND partition = ? AND offset <= ?",
                        (topic, partition, oldest[gone - 1][0]),
                    )
        return gone == EXPIRED_AT_ONCE


class SqliteSubscription:
    """One member; to be used by one thread."""

    def __init__(self, bus: SqliteBus, database: Database, member: Member, *, pause: float) -> None:
        self._bus = bus
        self._database = database
        self._member = member
        self._pause = pause
        self._turn = 0
        self._closed = False

    def poll(self, most: int, timeout: float) -> Sequence[Delivery]:
        deadline = time.monotonic() + timeout
        with self._reached():
            while True:
                self._database.changed()
                deliveries = self._read(most)
                if deliveries or time.monotonic() >= deadline:
                    return deliveries
                self._wait(min(deadline, time.monotonic() + self._pause))

    def commit(self, deliveries: Sequence[Delivery]) -> None:
        ends: dict[Place, int] = {}
        for delivery in deliveries:
            place = (delivery.topic, delivery.partition)
            holding = self._member.held.get(place)
            if holding and holding.covers(delivery.offset):
                ends[place] = max(ends.get(place, 0), delivery.offset + 1)
        with self._reached():
            if ends:
                self._member.commit(ends)

    def close(self) -> None:
        if not self._closed:
            with self._reached():
                self._closed = True
                self._bus.forget(self)
                self._member.leave()

    @contextmanager
    def _reached(self) -> Iterator[None]:
        if self._closed:
            raise BusClosed("this subscription was closed")
        with self._bus.reached():
            yield

    def _wait(self, until: float) -> None:
        """Until another connection wrote something, or ``until``: the hint may be wrong, the look is not."""
        pause = 0.002
        while (left := until - time.monotonic()) > 0 and not self._database.changed():
            time.sleep(min(pause, left))
            pause = min(pause * 1.5, 0.02)

    def _read(self, most: int) -> list[Delivery]:
        if self._member.look():
            self._member.settle()
            self._member.look()
        return self._fetch(most)

    def _fetch(self, most: int) -> list[Delivery]:
        """First an equal share of each partition, then whatever still fits; every poll starts at another."""
        places = sorted(self._member.held)
        if not places:
            return []
        self._turn = (self._turn + 1) % len(places)
        places = places[self._turn :] + places[: self._turn]
        positions = {place: self._member.held[place].position for place in places}
        deliveries: list[Delivery] = []
        for share in (-(-most // len(places)), most):
            full = []
            for place in places:
                wanted = min(share, most - len(deliveries))
                found = self._records(place, positions[place], wanted) if wanted else []
                if found:
                    positions[place] = found[-1].offset + 1
                if len(found) == wanted:
                    full.append(place)
                deliveries += found
            places = full
        for place, position in positions.items():
            self._member.held[place].position = position
        return deliveries

    def _records(self, place: Place, position: int, most: int) -> list[Delivery]:
        rows = self._database.read(
            "SELECT offset, key, value, headers FROM records"
            " WHERE topic = ? AND partition = ? AND offset >= ? ORDER BY offset LIMIT ?",
            (*place, position, most),
        )
        return [
            Delivery(*place, offset, Record(key, value, _headers(headers)))
            for offset, key, value, headers in rows
        ]


def _headers(text: str) -> dict[str, str]:
    """What cannot be read is left out: the record is for its reader to bury, not for the bus to die of."""
    try:
        return {str(name): str(value) for name, value in json.loads(text).items()}
    except (ValueError, AttributeError, RecursionError):
        return {}


def _rows(topic: Topic, records: Sequence[Record], at: float) -> Iterator[tuple[object, ...]]:
    for record in records:
        partition = crc32(record.key.encode()) % topic.partitions
        headers = json.dumps(dict(record.headers))
        yield topic.name, partition, at, int(topic.compacted), record.key, headers, record.value


def _newest_of_each_key(records: Sequence[Record]) -> list[Record]:
    newest: dict[str, Record] = {}
    for record in records:
        newest.pop(record.key, None)
        newest[record.key] = record
    return list(newest.values())
