"""What every payload store promises. An adapter joins in ADAPTERS and ``url``; no promise changes for it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest

from muara_kernel.payloads import SMALL, Payloads, UnknownPayload
from muara_kernel.payloads.connect import connect

ADAPTERS = ("directory", "gridfs")

LETTER = b"kode_kecamatan,jumlah\n35.08.01,1045\n"
CENSUS = bytes(range(256)) * 4096  # 1 MiB
KILLED_BEFORE_THE_END = {
    "directory": "payloads.after_file_before_rename=kill",
    "gridfs": "payloads.after_file_before_pointer=kill",
}

PUT = """
import io, sys
from muara_kernel.payloads.connect import connect
print(connect(sys.argv[1]).put(io.BytesIO(bytes(range(256)) * 4096)))
"""


@pytest.fixture(params=ADAPTERS)
def adapter(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def url(adapter: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A new, empty store. One that needs a server skips, visibly, where there is none."""
    if adapter == "gridfs":
        return f"gridfs+{request.getfixturevalue('mongo_url')}"
    return f"file://{tmp_path}/payloads"


@pytest.fixture
def payloads(url: str) -> Iterator[Payloads]:
    store = connect(url)
    yield store
    store.close()


class Trickle(BytesIO):
    """A stream that gives a few bytes at a time, as a slow connection does."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(1000)


class CutOff(BytesIO):
    """A sender that goes away in the middle."""

    def read(self, size: int | None = -1, /) -> bytes:
        part = super().read(size)
        if not part:
            raise ConnectionResetError("the sender went away")
        return part


def test_a_payload_comes_back_byte_for_byte_under_its_hash(payloads: Payloads) -> None:
    name = payloads.put(BytesIO(LETTER))
    assert name == sha256(LETTER).hexdigest()
    with payloads.open(name) as stream:
        assert stream.read() == LETTER


@pytest.mark.parametrize("size", [0, 1, SMALL - 1, SMALL, SMALL + 1, 2 * SMALL, 10 * 1024 * 1024])
def test_size_makes_no_difference(payloads: Payloads, size: int) -> None:
    content = (CENSUS * (size // len(CENSUS) + 1))[:size]
    name = payloads.put(BytesIO(content))
    assert name == sha256(content).hexdigest()
    assert payloads.open(name).read() == content


def test_a_stream_that_trickles_is_read_to_its_end(payloads: Payloads) -> None:
    for content in (LETTER * 40, CENSUS):
        assert payloads.open(payloads.put(Trickle(content))).read() == content


def test_a_large_payload_can_be_read_in_parts_from_the_start_each_time(payloads: Payloads) -> None:
    name = payloads.put(BytesIO(CENSUS))
    for _ in range(2):
        with payloads.open(name) as stream:
            assert stream.read(10) == CENSUS[:10]
            assert stream.read() == CENSUS[10:]


def test_many_payloads_small_and_large_are_named_in_their_order(payloads: Payloads) -> None:
    contents = [LETTER, CENSUS, b"", LETTER, b"kode,nama\n"]
    names = payloads.put_many(contents)
    assert names == [sha256(content).hexdigest() for content in contents]
    assert [payloads.open(name).read() for name in names] == contents


def test_no_payloads_are_put_without_a_fuss(payloads: Payloads) -> None:
    assert payloads.put_many([]) == []


def test_the_same_bytes_twice_are_one_payload(payloads: Payloads) -> None:
    for content in (LETTER, CENSUS):
        assert payloads.put(BytesIO(content)) == payloads.put_many([content])[0]
        assert payloads.open(sha256(content).hexdigest()).read() == content


@pytest.mark.parametrize("name", [sha256(b"never sent").hexdigest(), "", "../../etc/passwd", "AB" * 32, "ab"])
def test_what_was_never_put_is_unknown(payloads: Payloads, name: str) -> None:
    with pytest.raises(UnknownPayload):
        payloads.open(name)


def test_the_store_says_what_it_holds(payloads: Payloads) -> None:
    for content in (LETTER, CENSUS):
        name = sha256(content).hexdigest()
        assert not payloads.holds(name)
        payloads.put(BytesIO(content))
        assert payloads.holds(name)


def test_payloads_survive_a_restart(url: str) -> None:
    before = connect(url)
    names = before.put_many([LETTER, CENSUS])
    before.close()
    after = connect(url)
    assert [after.open(name).read() for name in names] == [LETTER, CENSUS]
    after.close()


def test_an_open_store_answers_its_check(payloads: Payloads) -> None:
    payloads.check()


@pytest.mark.parametrize("content", [LETTER, CENSUS], ids=["small", "large"])
def test_a_sender_that_goes_away_leaves_nothing(payloads: Payloads, content: bytes) -> None:
    with pytest.raises(ConnectionResetError):
        payloads.put(CutOff(content))
    assert not payloads.holds(sha256(content).hexdigest())


@pytest.mark.parametrize("content", [LETTER, CENSUS], ids=["small", "large"])
def test_many_may_put_the_same_bytes_at_once(payloads: Payloads, content: bytes) -> None:
    names: list[str] = []
    together = threading.Barrier(8)

    def put() -> None:
        together.wait()
        name = payloads.put(BytesIO(content))
        assert payloads.open(name).read() == content
        names.append(name)

    threads = [threading.Thread(target=put) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert names == [sha256(content).hexdigest()] * 8


def test_a_process_killed_in_the_middle_leaves_nothing_half_and_the_next_try_succeeds(
    adapter: str, url: str, payloads: Payloads
) -> None:
    name = sha256(CENSUS).hexdigest()
    killed = _put_elsewhere(url, MUARA_FAILPOINTS=KILLED_BEFORE_THE_END[adapter])
    assert killed.returncode == -signal.SIGKILL
    assert not payloads.holds(name)
    with pytest.raises(UnknownPayload):
        payloads.open(name)
    assert _put_elsewhere(url).stdout.strip() == name
    assert payloads.open(name).read() == CENSUS


def _put_elsewhere(url: str, **environment: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join(filter(None, sys.path))
    return subprocess.run(
        [sys.executable, "-c", PUT, url],
        env={**os.environ, "PYTHONPATH": path, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )
