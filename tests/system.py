"""The whole system as a test drives it: eight processes under the supervisor, on a small region."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from muara.http import Door, Refused
from muara.loading import load
from muara.place import Place
from muara.region import Region
from muara.running import Running, running
from muara.supervisor import to_files

PEMDA = "35.08"
STANDARD = {
    "satudata:konsep": "Angka",
    "satudata:definisi": "Angka untuk menguji alur kiriman.",
    "satudata:klasifikasi": "Tanpa klasifikasi",
    "satudata:ukuran": "Jumlah",
    "satudata:satuan": "Unit",
    "fields": [
        {"name": "kode", "type": "string", "constraints": {"required": True}},
        {"name": "jumlah", "type": "integer", "constraints": {"required": True, "minimum": 0}},
    ],
    "primaryKey": ["kode"],
}
OUTCOMES = {"diterbitkan", "dikembalikan"}


def small_region(directory: Path, opd: Sequence[str], *, publication: str = "langsung") -> Path:
    """A region directory with these OPD; each produces the dataset ``<opd>-angka``."""
    for kind in ("opd", "datasets", "standards", "codelists"):
        (directory / kind).mkdir(parents=True, exist_ok=True)
    _write(directory / "region.json", {"kode_pemda": PEMDA, "name": "Daerah Uji"})
    for number, id in enumerate(opd, start=1):
        skpd = f"1.02.0.00.0.00.{number:02d}.0000"
        told = {
            "name": f"Dinas {id}",
            "short_name": id.upper(),
            "kode_skpd": skpd,
            "valid_from": "2020-01-01",
        }
        _write(directory / "opd" / f"{id}.json", told | {"contact": f"{id}@daerah.example"})
        dataset = {
            "title": f"Angka {id}",
            "description": "Untuk uji.",
            "opd": id,
            "bidang_urusan": "1.02",
            "frequency": "tahunan",
            "access": "terbuka",
            "publication": publication,
            "level": "kabupaten",
        }
        _write(directory / "datasets" / f"{id}-angka.json", dataset)
        _write(directory / "standards" / f"{id}-angka.json", STANDARD)
    return directory


def table(*numbers: object) -> bytes:
    """A CSV that keeps the standard when every number does; ``"buruk"`` does not."""
    rows = "".join(f"K{place:04d},{number}\n" for place, number in enumerate(numbers, start=1))
    return f"kode,jumlah\n{rows}".encode()


@dataclass
class System:
    """What runs, and the receipts of everything that was acknowledged."""

    live: Running
    keys: Mapping[str, str]
    settings: Mapping[str, str] = field(default_factory=dict)
    receipts: list[Mapping[str, Any]] = field(default_factory=list)
    extra: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @classmethod
    @contextmanager
    def started(cls, data: Path, region: Path, settings: Mapping[str, str]) -> Iterator[System]:
        told = Region.read(region)
        place = Place(data, told.code, told.name, base=0)
        data.mkdir(parents=True, exist_ok=True)
        with running(place, say=to_files(_logs(data)), settings=settings) as live:
            load(told, live.doors)
            system = cls(live, live.make_keys(list(told.opd()), label="uji"), settings)
            try:
                yield system
            finally:
                for process in system.extra:
                    process.kill()
                    process.wait()

    def push(
        self,
        opd: str,
        data: bytes,
        *,
        period: str = "2024",
        filename: str = "angka.csv",
        key: str = "",
        **more: str,
    ) -> Mapping[str, Any]:
        """Push until it is acknowledged, as a patient OPD does; the receipt."""
        door = Door(self.live.doors.ingest.address, self.keys[opd])
        metadata = {"dataset": f"{PEMDA}/{opd}-angka", "period": period, **more}
        try:
            receipt: Mapping[str, Any] = door.submit(
                metadata, filename, data, "text/csv", key=key or uuid4().hex
            )
        except Refused as refused:
            refused.add_note(self._errors_of("ingest-web"))
            raise
        self.receipts.append(receipt)
        return receipt

    def _errors_of(self, process: str) -> str:
        lines = (_logs(self.live.place.root) / f"{process}.log").read_text().splitlines()
        return "\n".join([line for line in lines if '"error"' in line or not line.startswith("{")][-40:])

    def status(self, receipt: Mapping[str, Any]) -> Mapping[str, Any]:
        told: Mapping[str, Any] = self.live.doors.ingest.get(receipt["status"])
        return told

    def outcomes(
        self, receipts: Sequence[Mapping[str, Any]], within: float = 60.0
    ) -> list[Mapping[str, Any]]:
        """The status of each, once every one has its final outcome."""
        done: dict[str, Mapping[str, Any]] = {}

        def all_done() -> bool:
            for receipt in receipts:
                if receipt["submission"] not in done:
                    status = self.status(receipt)
                    if status["state"] not in OUTCOMES:
                        return False
                    done[receipt["submission"]] = status
            return True

        until(all_done, within, lambda: f"{len(done)} of {len(receipts)} have an outcome")
        return [done[receipt["submission"]] for receipt in receipts]

    def inbox(self) -> list[Mapping[str, Any]]:
        """Every alert there is, page by page."""
        alerts: list[Mapping[str, Any]] = []
        after = ""
        while True:
            page = self.live.doors.notification.get(f"/v1/inbox?recipient=walidata&limit=1000{after}")
            alerts += page["items"]
            if len(page["items"]) < 1000:
                return alerts
            after = f"&after={alerts[-1]['id']}"

    def kill(self, process: str, number: int = signal.SIGKILL) -> None:
        """End one of the eight processes that this test started, by its id."""

        def sent() -> bool:
            try:
                os.kill(self._id(process), number)
            except ProcessLookupError:  # it is being started again just now
                return False
            return True

        until(sent, 60, lambda: f"{process} does not run")

    def _id(self, process: str) -> int:
        return int((self.live.place.root / "run" / f"{process}.pid").read_text())

    def another_worker(self, service: str) -> subprocess.Popen[bytes]:
        """One more worker of this service, beside the supervisor's; ended with the system at the latest."""
        environment = self.live.place.environment(service, "127.0.0.1:0", "worker", dict(self.settings))
        log = (self.live.place.root / "logs" / f"{service}-worker-{len(self.extra)}.log").open("wb")
        command = [sys.executable, "-m", f"{service}_service", "worker"]
        with log:
            process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        self.extra.append(process)
        return process

    def readiness(self) -> dict[str, int]:
        """The status of /health/ready of each of the eight processes."""
        addresses = self.live.addresses
        with ThreadPoolExecutor(len(addresses)) as pool:  # one that is slow to answer holds no other up
            asked = pool.map(lambda address: _status(f"{address}/health/ready"), addresses.values())
            return dict(zip(addresses, asked, strict=True))

    def freeze(self, process: str) -> None:
        """Stop a process where it stands, but not while it holds a turn: on one file all writers share it.

        Where it writes to a database server there are no turns to hold.
        """

        def frozen() -> bool:
            self.kill(process, signal.SIGSTOP)
            until(lambda: _stands_still(self._id(process)), 60, lambda: f"{process} does not stop")
            if all(_is_free(lock) for lock in self.live.place.root.rglob("*.lock")):
                return True
            self.kill(process, signal.SIGCONT)
            return False

        until(frozen, 60, lambda: f"{process} always holds a turn")

    def thaw(self, process: str) -> None:
        self.kill(process, signal.SIGCONT)


def until(true: Callable[[], bool], within: float, otherwise: Callable[[], str] = lambda: "too late") -> None:
    """Wait to a deadline, looking often."""
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline, otherwise()
        time.sleep(0.05)


def _status(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:  # it takes longer to find out than anybody waits
        return 503


def _stands_still(pid: int) -> bool:
    """Every thread of it: one that was in the middle of a call of the system finishes that first."""
    try:
        stats = [stat.read_text() for stat in Path(f"/proc/{pid}/task").glob("*/stat")]
    except OSError:  # a thread ended meanwhile
        return False
    return bool(stats) and all(stat.rpartition(")")[2].split()[0] == "T" for stat in stats)


def _is_free(lock: Path) -> bool:
    """Whether nobody holds this turn, or it passes on within a short while."""
    with lock.open() as file:
        for _ in range(40):
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True
            except BlockingIOError:
                time.sleep(0.01)
    return False


def _logs(data: Path) -> Path:
    logs = data / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    return logs


def _write(path: Path, body: object) -> None:
    path.write_text(json.dumps(body))
