"""What every service stands on: whose documents these are, and what a running worker tells of itself."""

from __future__ import annotations

import signal
import socket
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from muara_kernel.bus import BusUnavailable
from muara_kernel.documents import Collection, DocumentsUnavailable
from muara_kernel.documents.sqlite import SqliteDocuments
from muara_kernel.events import OpdRegistered, Text
from muara_kernel.ground import Ground
from muara_kernel.settings import SettingsError, Shared
from muara_kernel.worker.process import Loop

PATIENCE = 60.0


@pytest.fixture
def settings(tmp_path: Path) -> Shared:
    return Shared(
        region="35.08",
        bus=f"sqlite:///{tmp_path}/bus.db",
        documents=f"sqlite:///{tmp_path}/ledger.db",
        payloads=f"file://{tmp_path}/payloads",
        desk_token="meja-walidata-lumajang",
    )


@pytest.fixture
def signals() -> Iterator[None]:
    """A worker listens to them; afterwards they are the test run's again."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def metrics_once(address: str, wanted: str, stop: threading.Event, told: list[str]) -> None:
    """Ask until ``wanted`` is among them, then let the worker end."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with urllib.request.urlopen(f"{address}/metrics", timeout=PATIENCE) as answer:
            told[:] = answer.read().decode().splitlines()
        if any(line.startswith(wanted) for line in told):
            break
        stop.wait(0.05)
    stop.set()


def test_a_running_worker_says_of_each_of_its_loops_that_it_turns(settings: Shared, signals: None) -> None:
    told: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as door:
        ground = Ground.of("ledger", replace(settings, health_bind=f"fd://{door.fileno()}"), [])
        address = f"http://127.0.0.1:{door.getsockname()[1]}"
        asking = threading.Thread(
            target=metrics_once, args=(address, "muara_outbox_pending{", ground.stop, told)
        )
        asking.start()
        assert ground.work(lambda unit: {OpdRegistered: lambda event: None}) == 0
        asking.join()
    for loop in ("reader", "outbox", "letters", "gauges"):
        assert f'muara_worker_up{{loop="{loop}",service="ledger"}} 1.0' in told


def test_a_worker_counts_its_loops_that_wait(settings: Shared, signals: None) -> None:
    def away() -> bool:
        raise BusUnavailable("MUARA_BUS: tidak terjangkau / unreachable")

    told: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as door:
        ground = Ground.of("ledger", replace(settings, health_bind=f"fd://{door.fileno()}"), [])
        address = f"http://127.0.0.1:{door.getsockname()[1]}"
        waiting = 'muara_loops_waiting{service="ledger"} 1.0'
        asking = threading.Thread(target=metrics_once, args=(address, waiting, ground.stop, told))
        asking.start()
        jobs = {"relay": Loop(away)}
        assert ground.work(lambda unit: {OpdRegistered: lambda event: None}, jobs=jobs) == 0
        asking.join()
    assert waiting in told


def test_a_loop_that_stands_still_is_down(settings: Shared) -> None:
    ground = Ground.of("ledger", settings, [])
    ground.pulse.beat("reader")
    ground.pulse._clock = lambda: time.monotonic() + 3600
    assert ground.pulse.stale() == ["reader"]
    up = ground.metrics.registry.get_sample_value("muara_worker_up", {"service": "ledger", "loop": "reader"})
    assert up == 0
    ground.close()


class Away(SqliteDocuments):
    """A store that cannot be reached until it is back."""

    back = False

    def declare(self, collection: Collection) -> None:
        if not self.back:
            raise DocumentsUnavailable("MUARA_DOCUMENTS: tidak menjawab / does not answer")
        super().declare(collection)


def test_documents_of_another_region_that_were_away_at_the_start_are_waited_for_and_said(
    settings: Shared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Ground.of("ledger", settings, []).close()
    store = Away(tmp_path / "ledger.db")
    monkeypatch.setattr("muara_kernel.ground.connect_documents", lambda url: store)
    ground = Ground.of("ledger", replace(settings, region="35.71"), [])
    assert "tidak menjawab" in str(ground.ready()["documents"])
    store.back = True
    assert "MUARA_REGION=35.71: dokumen di MUARA_DOCUMENTS adalah milik" in str(ground.ready()["documents"])
    app, _, _ = ground.web(Text("Buku", "Ledger"), import_name=__name__)
    assert app.test_client().get("/v1/copies").status_code == 503
    with pytest.raises(DocumentsUnavailable):
        ground._once_declared(Loop(lambda: True)).turn()
    ground.close()


def test_documents_are_those_of_the_region_they_were_begun_with(settings: Shared) -> None:
    for _ in range(2):
        Ground.of("ledger", settings, []).close()
    with pytest.raises(
        SettingsError, match=r"MUARA_REGION=35\.71: .*milik daerah 35\.08 / .*of region 35\.08"
    ):
        Ground.of("ledger", replace(settings, region="35.71"), [])
