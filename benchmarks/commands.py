"""What a mongod was asked while something went on, by its own count: all processes of the system together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from pymongo import MongoClient

COUNTED = ("find", "getMore", "aggregate", "insert", "update", "delete", "findAndModify")


class Asked:
    """The commands a server was sent, told by their kind."""

    def __init__(self, url: str) -> None:
        self._client: MongoClient[dict[str, object]] = MongoClient(url, directConnection=True)

    @contextmanager
    def during(self, what: str, each: float, unit: str) -> Iterator[None]:
        """Print how many commands ``what`` took, divided by ``each``."""
        before = self._so_far()
        yield
        asked = self._so_far() - before
        kinds = ", ".join(f"{count / each:.1f} {kind}" for kind, count in asked.most_common())
        print(f"  {what:<20}{asked.total() / each:8.1f} commands {unit}: {kinds}", flush=True)

    def close(self) -> None:
        self._client.close()

    def _so_far(self) -> Counter[str]:
        kinds = self._client.admin.command("serverStatus")["metrics"]["commands"]
        return Counter({kind: int(kinds[kind]["total"]) for kind in COUNTED if kind in kinds})
