"""The document stores under contract. A new adapter joins here and keeps every promise from its first day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from muara_kernel.documents import Collection, Documents
from muara_kernel.documents.connect import connect

SUBMISSIONS = Collection(
    "submissions",
    unique=(("opd", "key"), ("slot",), ("origin.place.number",)),
    indexes=(("status", "due"), ("opd", "sequence")),
)


def _sqlite(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/documents.db"


ADAPTERS: dict[str, Callable[[Path], str]] = {"sqlite": _sqlite}
"""Name to the URL of a new, empty store. One that needs a server skips, visibly, where there is none."""


@pytest.fixture(params=ADAPTERS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return ADAPTERS[request.param](tmp_path)


@pytest.fixture
def submissions() -> Collection:
    return SUBMISSIONS


@pytest.fixture
def documents(url: str) -> Iterator[Documents]:
    store = connect(url)
    store.declare(SUBMISSIONS)
    yield store
    store.close()
