"""``muara up``: everything on one machine, until Ctrl-C; the second time it goes on where it was."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from system import table, until

from muara.http import Door

ROOT = Path(__file__).parent.parent
KEY = re.compile(r"^  (\S+)\s+(muara_\S+)$", re.MULTILINE)


class Up:
    """One run of the command, and what it has printed so far."""

    def __init__(self, data: Path) -> None:
        command = [sys.executable, "-u", "-m", "muara", "up", "--region", "kediri", "--port", "0"]
        self.process = subprocess.Popen(
            [*command, "--data", str(data)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.data = data
        self.lines: list[str] = []
        threading.Thread(target=self._read, daemon=True).start()

    def wait_until_up(self) -> None:
        until(lambda: any("Ctrl-C" in line for line in self.lines), 150, lambda: self.output)

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line)

    @property
    def output(self) -> str:
        return "".join(self.lines)

    def door(self, service: str, token: str | None = None) -> Door:
        addresses = json.loads((self.data / "run" / "addresses.json").read_text())
        return Door(addresses[f"{service}-web"], token)


@contextmanager
def up(data: Path) -> Iterator[Up]:
    running = Up(data)
    try:
        running.wait_until_up()
        yield running
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(60) == 0, running.output
    finally:
        running.process.kill()


def test_credentials_are_shown_once_and_a_second_start_goes_on(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with up(data) as first:
        keys = dict(KEY.findall(first.output))
        token = (data / "secrets" / "desk-token").read_text()
        assert token in first.output
        assert set(keys) == {path.stem for path in (ROOT / "examples" / "kediri" / "opd").glob("*.json")}
        door = first.door("ingest", keys["dpupr"])
        receipt = door.submit(
            {"dataset": "35.71/luas-wilayah", "period": "2025"}, "luas.csv", table(1), "text/csv", key="satu"
        )
    with up(data) as second:
        assert token not in second.output
        assert str(data / "secrets" / "desk-token") in second.output
        assert not KEY.findall(second.output)
        status = second.door("ingest", keys["dpupr"])
        until(lambda: status.get(receipt["status"])["outcome"] is not None, 60)
    assert re.search(r"^ingest-worker\s+\| ", second.output, re.MULTILINE) or "ingest-web" in second.output


def test_no_process_is_left_after_ctrl_c(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with up(data):
        pids = [int(path.read_text()) for path in (data / "run").glob("*.pid")]
        assert len(pids) == 8
        assert all(Path(f"/proc/{pid}").exists() for pid in pids)
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


def test_no_process_is_left_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    data = tmp_path / "data"
    running = Up(data)
    running.wait_until_up()
    pids = [int(path.read_text()) for path in (data / "run").glob("*.pid")]
    running.process.kill()
    running.process.wait()
    until(lambda: not any(_runs(pid) for pid in pids), 15, lambda: str([pid for pid in pids if _runs(pid)]))


def test_two_on_one_directory_are_refused(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with up(data):
        command = [
            sys.executable,
            "-m",
            "muara",
            "up",
            "--region",
            "kediri",
            "--data",
            str(data),
            "--port",
            "0",
        ]
        second = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
        assert second.returncode == 1
        assert "is in use by another muara" in second.stderr


def _runs(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("asked", [["keys", "list"], ["dead-letters", "catalog", "list"]])
def test_what_was_never_run_is_said_to_be_so(asked: list[str], tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "muara",
        asked[0],
        "--region",
        "kediri",
        "--data",
        str(tmp_path),
        *asked[1:],
    ]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 1
    assert "was never run" in ran.stderr
