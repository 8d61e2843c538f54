"""MongoDB goes away and comes back: nothing acknowledged is lost, and work goes on by itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
from servers.mongo import Mongod

from muara_kernel.documents import Collection, Documents, DocumentsUnavailable, Duplicate, Insert, Stored
from muara_kernel.documents.connect import connect

CHECKS = Collection("checks", unique=(("slot",),))
SAID_WITHIN = 6.0
BACK_WITHIN = 2.0


@pytest.fixture
def store(own_mongod: Mongod) -> Iterator[Documents]:
    documents = connect(own_mongod.url("catalog"))
    documents.declare(CHECKS)
    yield documents
    documents.close()


@contextmanager
def written(store: Documents) -> Iterator[list[str]]:
    """Ids that two writers have had acknowledged so far; each writes on through every outage."""
    acknowledged: list[str] = []
    stop = threading.Event()

    def one_by_one() -> None:
        number = 0
        while not stop.is_set():
            with suppress(DocumentsUnavailable, Duplicate):
                acknowledged.append(store.insert(CHECKS, f"one-{number}", {"slot": number}).id)
            number += 1

    def in_batches() -> None:
        number = 0
        while not stop.is_set():
            batch = [Insert(CHECKS, f"batch-{number}-{n}", {}) for n in range(20)]
            with suppress(DocumentsUnavailable):
                acknowledged.extend(fate.id for fate in store.write(batch) if isinstance(fate, Stored))
            number += 1

    writers = [threading.Thread(target=work) for work in (one_by_one, in_batches)]
    for writer in writers:
        writer.start()
    try:
        yield acknowledged
    finally:
        stop.set()
        for writer in writers:
            writer.join(30)


def until(true: Callable[[], bool], within: float = 30.0) -> float:
    """The seconds it took."""
    begun = time.monotonic()
    while not true():
        assert time.monotonic() - begun < within
        time.sleep(0.005)
    return time.monotonic() - begun


def seconds_until_it_says_so(store: Documents) -> float:
    begun = time.monotonic()
    with pytest.raises(DocumentsUnavailable, match="MUARA_DOCUMENTS"):
        store.insert(CHECKS, f"late-{begun}", {})
    return time.monotonic() - begun


def test_a_server_killed_and_restarted_under_writes_loses_nothing(
    own_mongod: Mongod, store: Documents
) -> None:
    with written(store) as acknowledged:
        until(lambda: len(acknowledged) > 400)
        own_mongod.kill()
        assert seconds_until_it_says_so(store) < SAID_WITHIN
        own_mongod.start()
        before = len(acknowledged)
        assert until(lambda: len(acknowledged) > before) < BACK_WITHIN
    there = {stored.id for stored in store.find(CHECKS)}
    assert len(acknowledged) > 400
    assert set(acknowledged) <= there
    assert len(acknowledged) == len(set(acknowledged))


def test_a_server_that_only_hangs_is_unavailable_until_it_goes_on(
    own_mongod: Mongod, store: Documents
) -> None:
    store.insert(CHECKS, "before", {})
    own_mongod.freeze()
    try:
        assert seconds_until_it_says_so(store) < SAID_WITHIN
    finally:
        own_mongod.thaw()
    began = time.monotonic()
    while True:
        try:
            store.check()
            break
        except DocumentsUnavailable:
            assert time.monotonic() - began < SAID_WITHIN
    assert store.get(CHECKS, "before")
