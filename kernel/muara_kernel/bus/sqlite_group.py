"""One member of a group in the SQLite bus: which partitions are its own, and who has fallen silent.

A member looks (reads) at every poll and settles (writes) only when something is to be changed. What is
its own it knows from looking alone, so a write with an unknown outcome leaves no false belief behind.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from zlib import crc32

from muara_kernel.bus.sqlite_lifeline import Lifelines
from muara_kernel.events.topics import Topic
from muara_kernel.sqlite import Database, as_sqlite

Place = tuple[str, int]

TABLES = (
    "CREATE TABLE IF NOT EXISTS members (member INTEGER PRIMARY KEY AUTOINCREMENT,"
    " grp TEXT NOT NULL, topics TEXT NOT NULL, beat INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS places (grp TEXT NOT NULL, topic TEXT NOT NULL, partition INTEGER NOT NULL,"
    " next_offset INTEGER NOT NULL, owner INTEGER, PRIMARY KEY (grp, topic, partition)) WITHOUT ROWID",
)


@dataclass
class Holding:
    """A partition of ours: where we took it up, and what we read next."""

    start: int
    position: int

    def covers(self, offset: int) -> bool:
        return self.start <= offset < self.position


@dataclass
class Silence:
    """How long we ourselves have watched another member's beat stand still."""

    beat: int
    seconds: float = 0.0


@dataclass(frozen=True)
class Other:
    """A member of the group as the table shows it."""

    member: int
    topics: frozenset[str]
    beat: int


class Member:
    """Beats, watches the others, and holds its fair share of every topic's partitions."""

    def __init__(
        self,
        database: Database,
        group: str,
        topics: Sequence[Topic],
        session: float,
        monotonic: Callable[[], float],
    ) -> None:
        self.held: dict[Place, Holding] = {}
        self._database = database
        self._group = group
        self._topics = topics
        self._session = session
        self._monotonic = monotonic
        self._id: int | None = None
        self._beaten_at = self._looked_at = monotonic()
        self._silences: dict[int, Silence] = {}
        self._lifelines = Lifelines(database.path)

    def look(self) -> bool:
        """Take note of the group as it stands; True when this member has something to settle."""
        members = self._members()
        places = self._places()
        self._watch(members)
        self.held = {
            place: self.held.get(place) or Holding(committed, committed)
            for place, owner, committed in places
            if owner is not None and owner == self._id
        }
        if self._id not in {other.member for other in members}:
            return True
        ours = self._share(members)
        return (
            bool(self._lost())
            or self._monotonic() - self._beaten_at >= self._session / 10
            or any(place in ours and owner is None for place, owner, _ in places)
            or any(place not in ours for place in self.held)
        )

    def settle(self) -> None:
        """Beat, bury the silent, give back what is no longer ours, take what is free. Then look again."""
        with self._turn() as connection:
            for member, beat in self._lost().items():
                self._bury(connection, member, beat)
            self._beat(connection)
            ours = self._share(self._members())
            for place, owner, _ in self._places():
                if owner == self._id and place not in ours:
                    self._own(connection, place, None)
                elif owner is None and place in ours:
                    self._own(connection, place, self._id)

    def commit(self, ends: Mapping[Place, int]) -> None:
        """The group's places move to ``ends`` where this member is still the owner."""
        rows = [(end, self._group, *place, self._id) for place, end in ends.items()]
        with self._turn() as connection:
            connection.executemany(
                "UPDATE places SET next_offset = ?"
                " WHERE grp = ? AND topic = ? AND partition = ? AND owner = ?",
                rows,
            )
            connection.execute("UPDATE members SET beat = beat + 1 WHERE member = ?", (self._id,))
        self._beaten_at = self._monotonic()

    def leave(self) -> None:
        if self._id is not None:
            with self._turn() as connection:
                connection.execute("DELETE FROM members WHERE member = ?", (self._id,))
                self._free(connection, self._id)
            self._lifelines.clear_away(self._id)
            self._lifelines.let_go()

    def _turn(self) -> AbstractContextManager[sqlite3.Connection]:
        """Beats and places need not wait for the disk: what a power cut undoes is read again, as promised."""
        return self._database.turn(durable=False)

    def _members(self) -> list[Other]:
        rows = self._database.read(
            "SELECT member, topics, beat FROM members WHERE grp = ? ORDER BY member", (self._group,)
        )
        return [Other(member, frozenset(json.loads(topics)), beat) for member, topics, beat in rows]

    def _places(self) -> list[tuple[Place, int | None, int]]:
        rows = self._database.read(
            "SELECT topic, partition, owner, next_offset FROM places WHERE grp = ?", (self._group,)
        )
        return [((topic, partition), owner, committed) for topic, partition, owner, committed in rows]

    def _watch(self, members: Sequence[Other]) -> None:
        """Count the time we watched. Time in which we slept ourselves, frozen perhaps, counts for little."""
        now = self._monotonic()
        watched = min(now - self._looked_at, self._session / 4)
        self._looked_at = now
        before = self._silences
        self._silences = {
            other.member: Silence(other.beat, before[other.member].seconds + watched)
            if other.member in before and before[other.member].beat == other.beat
            else Silence(other.beat)
            for other in members
            if other.member != self._id
        }

    def _lost(self) -> dict[int, int]:
        """The members that died, or were silent for a session, each with its last beat."""
        return {
            member: silence.beat
            for member, silence in self._silences.items()
            if silence.seconds >= self._session or self._lifelines.is_cut(member)
        }

    def _share(self, members: Sequence[Other]) -> set[Place]:
        """The partitions that fall to us: dealt in the order of joining, each topic from another start."""
        ours: set[Place] = set()
        for topic in self._topics:
            readers = [other.member for other in members if topic.name in other.topics]
            start = crc32(topic.name.encode())
            ours.update(
                (topic.name, partition)
                for partition in range(topic.partitions)
                if readers[(start + partition) % len(readers)] == self._id
            )
        return ours

    def _beat(self, connection: sqlite3.Connection) -> None:
        update = connection.execute("UPDATE members SET beat = beat + 1 WHERE member = ?", (self._id,))
        if update.rowcount == 0:
            self._join(connection)
        self._beaten_at = self._monotonic()

    def _join(self, connection: sqlite3.Connection) -> None:
        names = json.dumps([topic.name for topic in self._topics])
        self._id = connection.execute(
            "INSERT INTO members (grp, topics, beat) VALUES (?, ?, 0)", (self._group, names)
        ).lastrowid
        assert self._id is not None
        try:
            self._lifelines.hold(self._id)  # before anybody can see the member
        except OSError as error:
            raise as_sqlite(error, sqlite3.SQLITE_IOERR) from error
        connection.executemany(
            "INSERT OR IGNORE INTO places (grp, topic, partition, next_offset) VALUES (?, ?, ?, 0)",
            [
                (self._group, topic.name, number)
                for topic in self._topics
                for number in range(topic.partitions)
            ],
        )

    def _bury(self, connection: sqlite3.Connection, member: int, beat: int) -> None:
        """Only if it has not stirred since we looked."""
        deletion = connection.execute("DELETE FROM members WHERE member = ? AND beat = ?", (member, beat))
        if deletion.rowcount:
            self._free(connection, member)
            self._lifelines.clear_away(member)

    def _free(self, connection: sqlite3.Connection, member: int) -> None:
        connection.execute(
            "UPDATE places SET owner = NULL WHERE grp = ? AND owner = ?", (self._group, member)
        )

    def _own(self, connection: sqlite3.Connection, place: Place, owner: int | None) -> None:
        connection.execute(
            "UPDATE places SET owner = ? WHERE grp = ? AND topic = ? AND partition = ?",
            (owner, self._group, *place),
        )
