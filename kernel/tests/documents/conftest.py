"""The document stores under contract. A new adapter joins here and keeps every promise from its first day."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from servers.fixtures import mongo_url, mongodb, own_mongod

from muara_kernel.documents import Collection, Documents
from muara_kernel.documents.connect import connect

__all__ = ["mongo_url", "mongodb", "own_mongod"]

SUBMISSIONS = Collection(
    "submissions",
    unique=(("opd", "key"), ("slot",), ("origin.place.number",)),
    indexes=(("status", "due"), ("opd", "sequence")),
)
ADAPTERS = ("sqlite", "mongo")


@pytest.fixture(params=ADAPTERS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A new, empty store. One that needs a server skips, visibly, where there is none."""
    if request.param == "mongo":
        return str(request.getfixturevalue("mongo_url"))
    return f"sqlite:///{tmp_path}/documents.db"


@pytest.fixture
def submissions() -> Collection:
    return SUBMISSIONS


@pytest.fixture
def documents(url: str) -> Iterator[Documents]:
    store = connect(url)
    store.declare(SUBMISSIONS)
    yield store
    store.close()
