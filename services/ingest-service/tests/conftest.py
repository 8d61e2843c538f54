"""An ingest service on real SQLite files in a directory of its own, and what an OPD does at its door."""

from __future__ import annotations

import io
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from ingest_service.app import build, create_app, reactions, relay
from ingest_service.jobs.relay import Asking, Relay
from ingest_service.model.integration import new_key
from ingest_service.model.submission import Delivery, submission_id
from ingest_service.settings import Settings
from ingest_service.storage import (
    SUBMISSIONS,
    Acceptance,
    DocumentIntegrations,
    DocumentLanes,
    DocumentSubmissions,
    candidate,
)
from muara_kernel.documents import Stored
from muara_kernel.events import (
    DatasetPublished,
    DatasetRegistered,
    Envelope,
    Event,
    OpdRegistered,
    ReviewRequested,
    SubmissionReturned,
    decode,
    encode,
)
from muara_kernel.worker.carrier import Carrier
from muara_kernel.worker.copies import Copies
from muara_kernel.worker.outbox import Outbox

TOKEN = "meja-walidata-lumajang"
NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
TABLE = b"kode_kecamatan,jumlah\n35.08.01,12\n"
DATASETS = {
    "35.08/rumah-sakit": "dinkes",
    "35.08/puskesmas": "dinkes",
    "35.08/jumlah-penduduk": "dispendukcapil",
}


class House:
    """One ingest service: its ground, its door, and the parts of its worker, turned by hand."""

    def __init__(self, where: Path, **told: Any) -> None:
        self.where = where
        self.settings = Settings(
            region="35.08",
            bus=f"sqlite:///{where}/bus.db",
            documents=f"sqlite:///{where}/ingest.db",
            payloads=f"file://{where}/payloads",
            desk_token=TOKEN,
            **told,
        )
        self.ground = build(self.settings)
        self.client = create_app(self.settings).test_client()
        self.keys = {opd: self.new_key(opd) for opd in ("dinkes", "dispendukcapil")}
        for dataset, opd in DATASETS.items():
            self.register(dataset, opd)
        self._listening = self.ground.bus.subscribe(["muara.ingest"], group="uji")
        self._heard: list[Envelope] = []

    # --- what the region is ------------------------------------------------------------------

    def new_key(self, opd: str) -> str:
        integration, key = new_key(opd, label="uji", now=NOON)
        DocumentIntegrations(self.ground.documents).add(integration)
        return key

    def register(self, dataset: str, opd: str, revision: int = 1) -> None:
        unit = self.ground.unit()
        Copies(unit).keep(
            DatasetRegistered(
                dataset=dataset,
                revision=revision,
                title=dataset,
                description="",
                opd=opd,
                bidang_urusan="1.02",
                frequency="tahunan",
                access="terbuka",
                publication="langsung",
                level="kecamatan",
            )
        )
        unit.flush()

    def register_opd(self, *ids: str) -> None:
        unit = self.ground.unit()
        for number, id in enumerate(ids, start=1):
            told = {"name": f"Dinas {id}", "short_name": id, "contact": f"{id}@lumajang.example"}
            kode = f"1.02.0.00.0.00.{number:02d}.0000"
            registered = OpdRegistered(
                opd=id, revision=1, kode_skpd=kode, bidang_urusan=("1.02",), valid_from="2017-01-01", **told
            )
            Copies(unit).keep(registered)
        unit.flush()

    # --- at the door -------------------------------------------------------------------------

    def headers(self, opd: str = "dinkes", key: str = "kiriman-1", **more: str) -> dict[str, str]:
        told = {"Authorization": f"Bearer {self.keys[opd]}", "Idempotency-Key": key}
        return told | {name.replace("_", "-"): value for name, value in more.items()}

    def push(
        self,
        key: str = "kiriman-1",
        *,
        opd: str = "dinkes",
        dataset: str = "35.08/rumah-sakit",
        period: str = "2024",
        file: bytes = TABLE,
        name: str = "rumah-sakit.csv",
        type: str = "text/csv",
        headers: dict[str, str] | None = None,
        **metadata: Any,
    ) -> TestResponse:
        form = {"dataset": dataset, "period": period, "file": (io.BytesIO(file), name, type), **metadata}
        told = self.headers(opd, key) if headers is None else headers
        return self.client.post("/v1/submissions", headers=told, data=form)

    def push_rows(self, body: Any, key: str = "kiriman-1", **more: str) -> TestResponse:
        told = self.headers("dinkes", key, **more)
        if isinstance(body, bytes):
            return self.client.post(
                "/v1/submissions", headers=told, data=body, content_type="application/json"
            )
        return self.client.post("/v1/submissions", headers=told, json=body)

    def status(self, receipt: dict[str, Any], opd: str = "dinkes") -> dict[str, Any]:
        answer = self.client.get(receipt["status"], headers=self.headers(opd))
        assert answer.status_code == 200
        assert isinstance(answer.json, dict)
        return answer.json

    # --- inside ------------------------------------------------------------------------------

    def stored(self) -> list[Stored]:
        return self.ground.documents.find(SUBMISSIONS)

    def accept(self, key: str, *, opd: str = "dinkes", dataset: str = "35.08/rumah-sakit") -> str:
        """Accepted without the door, where a test needs hundreds; returns the submission."""
        delivery = Delivery(opd, dataset, "2024", "a" * 64, 12, "text/csv", "data.csv")
        id = submission_id(opd, key)
        Acceptance(self.ground.documents).accept(id, key, delivery, datetime.now(UTC))
        return id

    def relay(self, lanes: DocumentLanes | None = None) -> Relay:
        if lanes is None:
            return relay(self.ground, self.settings)
        unit = self.ground.unit(grace=5)
        return Relay(
            lanes,
            DocumentSubmissions(unit),
            candidate,
            unit=unit,
            outbox=self.ground.outbox(),
            metrics=self.ground.metrics,
            width=self.settings.width,
            total=self.settings.total,
            first_ask=self.settings.first_ask,
        )

    def ask(self, later: float) -> bool:
        """What the asking does at a look ``later`` seconds from now."""
        unit = self.ground.unit(grace=5)
        asking = Asking(
            DocumentLanes(self.ground.documents),
            DocumentSubmissions(unit),
            unit=unit,
            outbox=self.ground.outbox(),
            metrics=self.ground.metrics,
            asks=self.settings.asks,
            first_ask=self.settings.first_ask,
            bus_answers=self.ground.bus.check,
            now=lambda: datetime.now(UTC) + timedelta(seconds=later),
        )
        return asking.turn()

    def sweep_later(self) -> bool:
        """What another worker's outbox finds once the grace of the first is over."""
        ground = self.ground
        return Outbox(
            ground.documents,
            ground.bus,
            ground.metrics,
            collections=ground.speaking,
            cleared_with=ground.cleared_with,
            now=lambda: time.time() + 60,
        ).sweep()

    def hear(self, *events: Event, at: datetime = NOON) -> None:
        unit = self.ground.unit(grace=5)
        carrier = Carrier(
            reactions(unit), unit=unit, outbox=self.ground.outbox(), metrics=self.ground.metrics
        )
        carrier.carry([(event.topic.name, encode(event, source="catalog", time=at)) for event in events])

    def announced(self) -> list[Envelope]:
        """Everything ingest has published so far, in the order it is read."""
        while deliveries := self._listening.poll(500, 0):
            self._listening.commit(deliveries)
            self._heard.extend(decode(each.record.value) for each in deliveries)
        return list(self._heard)

    def released(self) -> list[str]:
        """The submissions announced as received, repeats included; in order where read one by one."""
        return [
            each.event.submission for each in self.announced() if each.event.type == "submission.received"
        ]

    # --- as processes of its own -------------------------------------------------------------

    def environ(self, **more: str) -> dict[str, str]:
        plain = {name: value for name, value in os.environ.items() if not name.startswith("MUARA_")}
        return {
            **plain,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "MUARA_REGION": "35.08",
            "MUARA_BUS": self.settings.bus,
            "MUARA_DOCUMENTS": self.settings.documents,
            "MUARA_PAYLOADS": self.settings.payloads,
            "MUARA_DESK_TOKEN": TOKEN,
            "MUARA_INGEST_LARGEST_BYTES": "1000000",
            "MUARA_FAILPOINTS_DIR": str(self.where),
            **more,
        }

    @contextmanager
    def web(self, **more: str) -> Iterator[int]:
        """A web process on a port of its own; yields the port."""
        with socket.create_server(("127.0.0.1", 0), backlog=128) as listening:
            environ = self.environ(MUARA_BIND=f"fd://{listening.fileno()}", MUARA_WEB_THREADS="8", **more)
            process = subprocess.Popen(
                [sys.executable, "-m", "ingest_service", "web"],
                env=environ,
                pass_fds=[listening.fileno()],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            try:
                yield listening.getsockname()[1]
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(60)

    def push_to(self, port: int, key: str, *, file: bytes = TABLE, opd: str = "dinkes") -> tuple[int, bytes]:
        """A push over the network; a connection that breaks is tried again, as a client does."""
        body, type = multipart(file)
        headers = self.headers(opd, key) | {"Content-Type": type}
        deadline = time.monotonic() + 60
        while True:
            connection = HTTPConnection("127.0.0.1", port, timeout=20)
            try:
                connection.request("POST", "/v1/submissions", body, headers)
                answer = connection.getresponse()
                return answer.status, answer.read()
            except OSError:
                assert time.monotonic() < deadline, "no answer came"
            except Exception as error:  # http.client has its own for a connection cut in the answer
                assert time.monotonic() < deadline, error
            finally:
                connection.close()

    def dies_in_a_relay(self, failpoint: str) -> None:
        """One turn of a relay in a process of its own, which is killed there."""
        code = (
            "from ingest_service.app import build, relay\n"
            "from ingest_service.settings import Settings\n"
            "from muara_kernel.settings import read\n"
            "settings = read(Settings)\n"
            "relay(build(settings), settings).turn()\n"
        )
        environ = self.environ(MUARA_FAILPOINTS=f"{failpoint}=kill")
        died = subprocess.run([sys.executable, "-c", code], env=environ, timeout=60, check=False)
        assert died.returncode == -signal.SIGKILL


def multipart(file: bytes, dataset: str = "35.08/rumah-sakit") -> tuple[bytes, str]:
    part = '--batas\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n'
    body = part.format("dataset", "") + f"{dataset}\r\n" + part.format("period", "") + "2024\r\n"
    head = body + part.format("file", '; filename="rumah-sakit.csv"')
    return head.encode() + file + b"\r\n--batas--\r\n", "multipart/form-data; boundary=batas"


def published(submission: str, **changes: Any) -> DatasetPublished:
    told: dict[str, Any] = {**_DELIVERED, "version": 1, "decided_by": "sistem", "published_at": NOON}
    return DatasetPublished(submission=submission, **{**told, **changes})


def review(submission: str, **changes: Any) -> ReviewRequested:
    told: dict[str, Any] = {**_DELIVERED, "reason": "pemeriksaan"}
    return ReviewRequested(submission=submission, **{**told, **changes})


def returned(submission: str, **changes: Any) -> SubmissionReturned:
    told = {name: _DELIVERED[name] for name in ("dataset", "opd", "period", "sequence", "received_at")}
    told |= {"decided_by": "walidata", "reason": "Angkanya belum masuk akal."}
    return SubmissionReturned(submission=submission, **{**told, **changes})


_DELIVERED: dict[str, Any] = {
    "dataset": "35.08/rumah-sakit",
    "opd": "dinkes",
    "period": "2024",
    "sequence": 1,
    "payload": "a" * 64,
    "size": 12,
    "media_type": "text/csv",
    "filename": "rumah-sakit.csv",
    "received_at": NOON,
    "report": "b" * 64,
    "rows": 21,
    "warnings": 0,
}


class Client:
    """A client that sends by hand and stops as soon as an answer is there; ``sent`` counts its body."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self.sent = 0

    def head(self, headers: dict[str, str]) -> None:
        lines = ["POST /v1/submissions HTTP/1.1", "Host: muara.example"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self._socket.sendall("\r\n".join([*lines, "", ""]).encode())

    def send_until_answered(self, part: bytes, most: int) -> None:
        while self.sent < most and not self.answered(0):
            try:
                self._socket.sendall(part)
            except OSError:
                return
            self.sent += len(part)

    def answered(self, within: float) -> bool:
        return bool(select.select([self._socket], [], [], within)[0])

    def hang_up(self) -> None:
        self._socket.shutdown(socket.SHUT_WR)

    def status(self) -> int:
        assert self.answered(10)
        with self._socket:
            return int(self._socket.recv(64).split()[1])


@pytest.fixture
def events() -> Any:
    """What the catalog says: ``events.published("KIRIM-1")`` and so on."""
    return Events


class Events:
    published = staticmethod(published)
    review = staticmethod(review)
    returned = staticmethod(returned)


@pytest.fixture
def client() -> Callable[[int], Client]:
    return Client


@pytest.fixture
def make_house(tmp_path: Path) -> Iterator[Callable[..., House]]:
    """Builds a house with settings of one's own; called twice, it opens the same one again."""
    houses: list[House] = []

    def make(**told: Any) -> House:
        houses.append(House(tmp_path, **told))
        return houses[-1]

    yield make
    for each in houses:
        each.ground.close()


@pytest.fixture
def house(make_house: Callable[..., House]) -> House:
    return make_house()


@pytest.fixture
def delivery() -> Delivery:
    return Delivery(
        opd="dinkes",
        dataset="35.08/rumah-sakit",
        period="2024",
        payload="a" * 64,
        size=34,
        media_type="text/csv",
        filename="rumah-sakit.csv",
    )


@pytest.fixture
def other_delivery(delivery: Delivery) -> Delivery:
    return replace(delivery, opd="dispendukcapil", dataset="35.08/jumlah-penduduk")


@pytest.fixture
def noon() -> datetime:
    return NOON
