"""The documents port on MongoDB beside bare pymongo on the same server: in bulk, and one by one.

Bare pymongo writes the same stored form with the same durability, and guards a replacement by id and
version as one must; it is not asked which of its writes took place, and neither copies nor checks a body.
In brackets the CPU of this process for each write, ours and bare: the rest of the time is the server's.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pymongo import IndexModel, InsertOne, MongoClient, ReplaceOne

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from servers.mongo import Mongod, database

from muara_kernel.documents import Collection, Insert, Replace
from muara_kernel.documents.mongo import MongoDocuments

ROUNDS = 24
BATCH = 500
SINGLES = 300
SUBMISSIONS = Collection("submissions", unique=(("opd", "key"),), indexes=(("status", "due"),))
BARE = [
    IndexModel(
        [("b.opd", 1), ("b.key", 1)],
        unique=True,
        partialFilterExpression={"b.opd": {"$exists": True}, "b.key": {"$exists": True}},
    ),
    IndexModel([("b.status", 1), ("b.due", 1), ("_id", 1)]),
]

Step = Callable[[int], object]


def main() -> None:
    with _server() as server, database(server) as url:
        ours = MongoDocuments(url)
        ours.declare(SUBMISSIONS)
        client = MongoClient[dict[str, Any]](url, w="majority", journal=True)
        bare = client.get_default_database()["bare"]
        bare.create_indexes(BARE)

        def inserted(round_: int) -> object:
            return ours.write([Insert(SUBMISSIONS, _id(round_, n), _body(round_, n)) for n in range(BATCH)])

        def bare_inserted(round_: int) -> object:
            return bare.bulk_write([InsertOne(_document(round_, n, 1)) for n in range(BATCH)], ordered=False)

        def replaced(round_: int) -> object:
            return ours.write(
                [Replace(SUBMISSIONS, _id(0, n), round_, _body(0, n, round_)) for n in range(1, BATCH)]
            )

        def bare_replaced(round_: int) -> object:
            return bare.bulk_write(
                [
                    ReplaceOne({"_id": _id(0, n), "v": round_}, _document(0, n, round_ + 1, round_))
                    for n in range(1, BATCH)
                ],
                ordered=False,
            )

        def one_by_one(round_: int) -> object:
            return [
                ours.insert(SUBMISSIONS, f"one-{_id(round_, n)}", _body(round_, n + BATCH))
                for n in range(SINGLES)
            ]

        def bare_one_by_one(round_: int) -> object:
            return [
                bare.insert_one({"_id": f"one-{_id(round_, n)}", "v": 1, "b": _body(round_, n + BATCH)})
                for n in range(SINGLES)
            ]

        _compare("bulk insert", BATCH, ROUNDS, inserted, bare_inserted, first=0)
        _compare("bulk replace", BATCH - 1, ROUNDS, replaced, bare_replaced, first=1)
        _compare("single insert", SINGLES, 6, one_by_one, bare_one_by_one, first=0)


@contextmanager
def _server() -> Iterator[str]:
    if given := os.environ.get("TEST_MONGODB_URL"):
        yield given
        return
    with tempfile.TemporaryDirectory() as directory, Mongod.started(Path(directory)) as server:
        yield server.url()


def _compare(name: str, writes: int, rounds: int, ours: Step, bare: Step, *, first: int) -> None:
    """In turns, so that what the machine does meanwhile hits both; the ratio is taken round by round."""
    took: dict[Step, list[tuple[float, float]]] = {ours: [], bare: []}
    for round_ in range(first, first + rounds):
        for step in (ours, bare) if round_ % 2 else (bare, ours):
            wall, cpu = time.perf_counter(), time.process_time()
            step(round_)
            took[step].append((time.perf_counter() - wall, time.process_time() - cpu))
    ratio = statistics.median(theirs / mine for (mine, _), (theirs, _) in zip(*took.values(), strict=True))
    rates = [writes / statistics.median(wall for wall, _ in took[step]) for step in (ours, bare)]
    spent = [statistics.median(cpu for _, cpu in took[step]) / writes * 1e6 for step in (ours, bare)]
    print(f"{name:14} {rates[0]:8.0f}/s of bare pymongo's {rates[1]:8.0f}/s: ratio {ratio:.2f}", end="")
    print(f"   [{spent[0]:.0f} µs of our CPU for each, and {spent[1]:.0f}]")


def _id(round_: int, number: int) -> str:
    return f"35.08/{round_}-{number:04d}"


def _body(round_: int, number: int, change: int = 0) -> dict[str, Any]:
    """A submission of about 1 KB with an announcement that waits to be published."""
    return {
        "opd": "dinkes",
        "key": _id(round_, number),
        "dataset": "35.08/jumlah-penduduk",
        "status": "diterima",
        "sequence": number,
        "change": change,
        "due": 1763700000.25 + number,
        "outbox": {
            "e-1": {"topic": "muara.ingest", "key": "35.08", "value": "x" * 600, "headers": {"type": "t"}}
        },
    }


def _document(round_: int, number: int, version: int, change: int = 0) -> dict[str, Any]:
    return {"_id": _id(round_, number), "v": version, "b": _body(round_, number, change)}


if __name__ == "__main__":
    main()
