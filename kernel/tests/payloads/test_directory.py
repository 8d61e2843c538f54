"""What only the directory store has to keep: its files, its leftovers, a full disk, its URL."""

from __future__ import annotations

import os
import resource
import signal
import time
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest

from muara_kernel import failpoints
from muara_kernel.payloads import SMALL, PayloadsUnavailable
from muara_kernel.payloads.connect import connect
from muara_kernel.payloads.directory import DirectoryPayloads

LARGE = b"0123456789abcdef" * SMALL


@pytest.fixture
def payloads(tmp_path: Path) -> Iterator[DirectoryPayloads]:
    store = DirectoryPayloads(tmp_path)
    yield store
    store.close()


def _files(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if len(path.name) >= 32)


def test_a_large_payload_is_one_file_named_by_its_hash_and_a_small_one_is_none(
    payloads: DirectoryPayloads, tmp_path: Path
) -> None:
    name = payloads.put(BytesIO(LARGE))
    payloads.put(BytesIO(LARGE))
    payloads.put_many([b"kecil", bytes(SMALL)])
    payloads.put(BytesIO(bytes(SMALL)))
    assert _files(tmp_path) == [f"{name[:2]}/{name}"]


def test_a_small_payload_put_twice_is_one_row(payloads: DirectoryPayloads) -> None:
    payloads.put_many([b"kecil", b"kecil"])
    payloads.put(BytesIO(b"kecil"))
    assert payloads._database.read("SELECT COUNT(*) FROM small") == [(1,)]


def test_a_failure_before_the_name_is_given_leaves_no_file(
    payloads: DirectoryPayloads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUARA_FAILPOINTS", "payloads.after_file_before_rename=raise")
    with pytest.raises(failpoints.Armed):
        payloads.put(BytesIO(LARGE))
    assert _files(tmp_path) == []


def test_leftovers_older_than_a_day_are_removed_at_opening_and_younger_ones_left(tmp_path: Path) -> None:
    DirectoryPayloads(tmp_path).close()
    incoming = tmp_path / "incoming"
    (incoming / "old").write_bytes(b"half")
    (incoming / "young").write_bytes(b"half")
    long_ago = time.time() - 25 * 60 * 60
    os.utime(incoming / "old", (long_ago, long_ago))
    DirectoryPayloads(tmp_path).close()
    assert [path.name for path in incoming.iterdir()] == ["young"]


def test_a_process_that_runs_for_days_sweeps_once_a_day(tmp_path: Path) -> None:
    now = [0.0]
    payloads = DirectoryPayloads(tmp_path, clock=lambda: now[0])
    (tmp_path / "incoming" / "old").write_bytes(b"half")
    os.utime(tmp_path / "incoming" / "old", (0, 0))
    payloads.put(BytesIO(LARGE))
    assert (tmp_path / "incoming" / "old").exists()
    now[0] += 24 * 60 * 60 + 1
    payloads.put(BytesIO(LARGE))
    assert list((tmp_path / "incoming").iterdir()) == []
    payloads.close()


@pytest.mark.parametrize("content", [LARGE, LARGE[:SMALL]], ids=["large", "small"])
def test_a_full_disk_says_unavailable_and_leaves_nothing(tmp_path: Path, content: bytes) -> None:
    """A file size limit stands for the full disk: it fails in the middle of a write, as that does."""
    payloads = DirectoryPayloads(tmp_path)
    payloads.put(BytesIO(b"kecil"))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL // 2, limits[1]))
    try:
        with pytest.raises(PayloadsUnavailable):
            payloads.put(BytesIO(content))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    assert _files(tmp_path) == []
    assert not payloads.holds(sha256(content).hexdigest())
    assert payloads.open(payloads.put(BytesIO(content))).read() == content
    payloads.close()


def test_a_root_that_cannot_be_made_says_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a directory")
    with pytest.raises(PayloadsUnavailable):
        DirectoryPayloads(tmp_path / "file" / "payloads")


def test_a_url_names_an_absolute_or_a_relative_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    name = connect("file://data/payloads").put(BytesIO(b"kecil"))
    assert connect(f"file://{tmp_path}/data/payloads").holds(name)


@pytest.mark.parametrize("url", ["", "file://", "/var/payloads", "gridfs://db", "s3://bucket"])
def test_any_other_url_is_refused_by_the_name_of_the_setting(url: str) -> None:
    with pytest.raises(ValueError, match="MUARA_PAYLOADS"):
        connect(url)
