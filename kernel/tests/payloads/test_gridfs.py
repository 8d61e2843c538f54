"""What only the GridFS store has to keep: its files, its leftovers, outages, its URL."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO, UnsupportedOperation
from typing import Any

import pymongo
import pytest
from gridfs import GridFSBucket
from pymongo.database import Database
from servers.mongo import Mongod

from muara_kernel import failpoints
from muara_kernel.payloads import SMALL, Payloads, PayloadsError, PayloadsUnavailable
from muara_kernel.payloads.connect import connect
from muara_kernel.payloads.gridfs import CHUNK, GridFSPayloads

LARGE = bytes(range(256)) * (3 * CHUNK // 256) + b"dan seterusnya"
SECRET = "kata-sandi-rahasia"

PUT = """
import io, sys
from muara_kernel.payloads.gridfs import CHUNK
from muara_kernel.payloads.connect import connect
print(connect(sys.argv[1]).put(io.BytesIO(bytes(range(256)) * (3 * CHUNK // 256) + b"dan seterusnya")))
"""


@pytest.fixture
def payloads(mongo_url: str) -> Iterator[GridFSPayloads]:
    store = GridFSPayloads(mongo_url)
    yield store
    store.close()


@pytest.fixture
def kept(mongo_url: str) -> Iterator[Database[dict[str, Any]]]:
    with pymongo.MongoClient[dict[str, Any]](mongo_url) as client:
        yield client.get_default_database()


def counts(kept: Database[dict[str, Any]]) -> dict[str, int]:
    """How many documents each part holds; those with none are left out."""
    names = ("payloads", "payloads.files", "payloads.chunks", "payloads.uploads")
    found = {name: kept[name].count_documents({}) for name in names}
    return {name.removeprefix("payloads."): count for name, count in found.items() if count}


def put_elsewhere(url: str, failpoints: str) -> int:
    path = os.pathsep.join(filter(None, sys.path))
    return subprocess.run(
        [sys.executable, "-c", PUT, f"gridfs+{url}"],
        env={**os.environ, "PYTHONPATH": path, "MUARA_FAILPOINTS": failpoints},
        stdout=subprocess.DEVNULL,
        timeout=60,
    ).returncode


def test_the_same_large_bytes_twice_are_one_file(
    payloads: GridFSPayloads, kept: Database[dict[str, Any]]
) -> None:
    for _ in range(2):
        payloads.put(BytesIO(LARGE))
    payloads.put_many([b"kecil", b"kecil", LARGE])
    assert counts(kept) == {"payloads": 2, "files": 1, "chunks": 4}


def test_other_tools_read_the_files_as_gridfs(
    payloads: GridFSPayloads, kept: Database[dict[str, Any]]
) -> None:
    name = payloads.put(BytesIO(LARGE))
    pointer = kept["payloads"].find_one({"_id": name})
    assert pointer
    assert GridFSBucket(kept, "payloads").open_download_stream(pointer["file"]).read() == LARGE


def test_a_large_payload_can_be_read_from_any_place(payloads: GridFSPayloads) -> None:
    with payloads.open(payloads.put(BytesIO(LARGE))) as stream:
        assert stream.seek(CHUNK - 3) == CHUNK - 3
        assert stream.read(10) == LARGE[CHUNK - 3 : CHUNK + 7]
        assert stream.seek(-4, os.SEEK_END) == len(LARGE) - 4
        assert stream.read() == LARGE[-4:]
        with pytest.raises(UnsupportedOperation):
            stream.write(b"never")


@pytest.mark.parametrize(
    "place",
    ["payloads.mid_gridfs_upload~0", "payloads.mid_gridfs_upload~3", "payloads.after_file_before_pointer"],
)
def test_a_process_killed_at_any_place_leaves_nothing_half_and_no_obstacle(
    mongo_url: str, payloads: GridFSPayloads, kept: Database[dict[str, Any]], place: str
) -> None:
    assert put_elsewhere(mongo_url, f"{place}=kill") == -signal.SIGKILL
    name = sha256(LARGE).hexdigest()
    assert not payloads.holds(name)
    assert counts(kept)["chunks"] > 0
    assert payloads.put(BytesIO(LARGE)) == name
    assert payloads.open(name).read() == LARGE
    _begun_long_ago(kept)
    again = GridFSPayloads(mongo_url)
    assert again.open(name).read() == LARGE
    assert counts(kept) == {"payloads": 1, "files": 1, "chunks": 4}
    again.close()


def test_a_process_that_runs_for_days_sweeps_once_a_day(
    mongo_url: str, payloads: GridFSPayloads, kept: Database[dict[str, Any]]
) -> None:
    now = [0.0]
    running = GridFSPayloads(mongo_url, clock=lambda: now[0])
    running.check()
    kept["payloads.chunks"].insert_one({"files_id": 1, "n": 0, "data": b"setengah"})
    kept["payloads.uploads"].insert_one({"_id": 1})
    _begun_long_ago(kept)
    running.check()
    assert counts(kept) == {"chunks": 1, "uploads": 1}
    now[0] += 24 * 60 * 60 + 1
    running.check()
    assert counts(kept) == {}
    running.close()


@pytest.mark.parametrize("place", ["payloads.mid_gridfs_upload~1", "payloads.after_file_before_pointer"])
def test_a_failure_in_the_middle_leaves_nothing(
    payloads: GridFSPayloads,
    kept: Database[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    place: str,
) -> None:
    monkeypatch.setenv("MUARA_FAILPOINTS", f"{place}=raise")
    with pytest.raises(failpoints.Armed):
        payloads.put(BytesIO(LARGE))
    assert counts(kept) == {}


def test_uploads_under_way_and_payloads_whose_note_was_left_are_not_swept(
    mongo_url: str, payloads: GridFSPayloads, kept: Database[dict[str, Any]]
) -> None:
    done = payloads.put(BytesIO(LARGE))
    pointer = kept["payloads"].find_one({"_id": done})
    assert pointer
    kept["payloads.uploads"].insert_one({"_id": pointer["file"], "at": datetime.now(UTC)})
    _begun_long_ago(kept)
    assert put_elsewhere(mongo_url, "payloads.mid_gridfs_upload~2=kill") == -signal.SIGKILL
    GridFSPayloads(mongo_url).check()
    assert counts(kept) == {"payloads": 1, "files": 1, "chunks": 4 + 3, "uploads": 1}
    assert payloads.open(done).read() == LARGE


def test_a_payload_that_lost_a_part_is_no_payload(
    payloads: GridFSPayloads, kept: Database[dict[str, Any]]
) -> None:
    name = payloads.put(BytesIO(LARGE))
    kept["payloads.chunks"].delete_one({"n": 1})
    with pytest.raises(PayloadsError, match="not whole"):
        payloads.open(name).read()


def test_an_outage_says_unavailable_and_what_was_put_is_there_afterwards(own_mongod: Mongod) -> None:
    payloads = GridFSPayloads(own_mongod.url("payloads"))
    names = [payloads.put(BytesIO(content)) for content in (b"kecil", LARGE)]
    own_mongod.kill()
    begun = time.monotonic()
    with pytest.raises(PayloadsUnavailable, match="MUARA_PAYLOADS"):
        payloads.put(BytesIO(b"baru"))
    assert time.monotonic() - begun < 20
    own_mongod.start()
    assert [payloads.open(name).read() for name in names] == [b"kecil", LARGE]
    payloads.close()


def test_a_server_that_is_not_there_is_named_with_the_setting() -> None:
    payloads = connect(f"gridfs+mongodb://muara:{SECRET}@127.0.0.1:1/payloads?timeoutMS=400")
    with pytest.raises(PayloadsUnavailable) as raised:
        payloads.put(BytesIO(b"kecil"))
    assert str(raised.value) == (
        "MUARA_PAYLOADS: tidak ada MongoDB yang menerima tulisan di 127.0.0.1:1"
        " / no MongoDB that takes writes answers at 127.0.0.1:1"
    )
    payloads.close()


def test_a_store_that_was_away_when_it_was_opened_is_made_ready_by_its_first_use(own_mongod: Mongod) -> None:
    own_mongod.kill()
    payloads = connect(f"gridfs+{own_mongod.url('payloads')}?timeoutMS=400")
    with pytest.raises(PayloadsUnavailable):
        payloads.check()
    own_mongod.start()
    name = _until_it_takes(payloads, LARGE)
    with pymongo.MongoClient[dict[str, Any]](own_mongod.url()) as client:
        assert "files_id_1_n_1" in client["payloads"]["payloads.chunks"].index_information()
    assert payloads.open(name).read() == LARGE
    payloads.close()


@pytest.mark.parametrize(
    "url",
    [
        f"gridfs://muara:{SECRET}@db.example/payloads",
        "gridfs+mongodb://",
        "gridfs+mongodb://db.example",
        f"gridfs+mongodb://muara:{SECRET}/@db.example/payloads",
    ],
)
def test_a_url_that_cannot_be_used_is_refused_by_the_name_of_the_setting(url: str) -> None:
    with pytest.raises(ValueError, match="MUARA_PAYLOADS") as raised:
        connect(url)
    assert SECRET not in str(raised.value)


def test_a_payload_up_to_the_limit_is_a_document(
    payloads: GridFSPayloads, kept: Database[dict[str, Any]]
) -> None:
    payloads.put_many([bytes(SMALL), b""])
    assert counts(kept) == {"payloads": 2}


def _until_it_takes(payloads: Payloads, content: bytes) -> str:
    deadline = time.monotonic() + 30
    while True:
        try:
            return payloads.put(BytesIO(content))
        except PayloadsUnavailable:
            assert time.monotonic() < deadline


def _begun_long_ago(kept: Database[dict[str, Any]]) -> None:
    kept["payloads.uploads"].update_many({}, {"$set": {"at": datetime.now(UTC) - timedelta(hours=25)}})
