"""What crosses all four services, beyond what the demo shows, on files and on Kafka with MongoDB."""

from __future__ import annotations

import random
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from history import check
from production import ON_BOTH
from system import PEMDA, System, table, until

from muara.place import SERVICES

pytestmark = ON_BOTH

WORKERS = [f"{service}-worker" for service in SERVICES]


def test_what_is_published_is_what_was_sent(start: Callable[..., System]) -> None:
    system = start("dinkes")
    sent = table(1, 2, 3)
    check_ = system.push("dinkes", sent)
    check(system)
    address = system.live.doors.catalog.address
    path = f"/v1/datasets/{check_['dataset']}/editions/2024/versions/1/data"
    with urllib.request.urlopen(address + path) as answer:
        assert answer.read() == sent


def test_a_review_goes_round_and_is_told(start: Callable[..., System]) -> None:
    system = start("dinkes", publication="pemeriksaan")
    receipt = system.push("dinkes", table(1))
    until(lambda: system.status(receipt)["state"] == "menunggu_pemeriksaan", 30)
    catalog = system.live.doors.catalog
    catalog.post(
        f"/v1/reviews/{receipt['submission']}", {"decision": "kembalikan", "reason": "Angka belum final."}
    )
    (status,) = check(system)
    assert [step["state"] for step in status["timeline"]][-2:] == ["menunggu_pemeriksaan", "dikembalikan"]
    assert status["outcome"]["reason"] == "Angka belum final."


def test_a_standard_that_comes_late_is_waited_for(start: Callable[..., System]) -> None:
    system = start("dinkes")
    catalog, validation = system.live.doors.catalog, system.live.doors.validation
    dataset = catalog.get(f"/v1/datasets/{PEMDA}/dinkes-angka")
    told = {name: dataset[name] for name in ("title", "description", "opd", "bidang_urusan", "frequency")}
    catalog.put(
        f"/v1/datasets/{PEMDA}/dinkes-baru",
        told | {"access": "terbuka", "publication": "langsung", "level": "lokasi"},
    )
    until(
        lambda: f"{PEMDA}/dinkes-baru" in system.live.doors.ingest.get("/v1/copies")["dataset.registered"], 60
    )
    receipt = system.push("dinkes", table(1), dataset=f"{PEMDA}/dinkes-baru")
    until(lambda: system.status(receipt)["state"] == "diperiksa", 60)
    standard = validation.get(f"/v1/standards/{PEMDA}/dinkes-angka")["standard"]
    validation.put(f"/v1/standards/{PEMDA}/dinkes-baru", standard)
    (status,) = check(system)
    assert status["state"] == "diterbitkan"


def test_workers_killed_at_random_under_load_lose_nothing_and_double_nothing(
    start: Callable[..., System],
) -> None:
    system = start("dinkes", "dinsos", "dpmd")
    chance = random.Random(39_2019)

    def push(number: int) -> None:
        opd = ("dinkes", "dinsos", "dpmd")[number % 3]
        numbers = ("buruk",) if number % 7 == 0 else (number,)
        system.push(opd, table(*numbers), period=str(2000 + number % 20))

    with ThreadPoolExecutor(6) as pool:
        pushes = [pool.submit(push, number) for number in range(120)]
        for _ in range(6):
            _let_some_pass(system, 15)
            system.kill(chance.choice([*WORKERS, "ingest-web", "catalog-web"]))
        for each in pushes:
            each.result()
    check(system)


def _let_some_pass(system: System, how_many: int) -> None:
    goal = min(len(system.receipts) + how_many, 119)
    until(lambda: len(system.receipts) >= goal, 60)


def test_a_worker_stopped_for_longer_than_its_session_does_no_harm(start: Callable[..., System]) -> None:
    system = start("dinkes", settings={"MUARA_SESSION_SECONDS": "1", "MUARA_LEASE_SECONDS": "1"})
    for turn, worker in enumerate(WORKERS):
        for n in range(5):
            system.push("dinkes", table(turn, n), period=str(2000 + n))
        with _stopped(system, worker, seconds=2.5):
            for n in range(5):
                system.push("dinkes", table(turn, n), period=str(2010 + n))
        assert len(check(system)) == 10 * (turn + 1)


@contextmanager
def _stopped(system: System, worker: str, seconds: float) -> Iterator[None]:
    """The worker stands still through the block, and for so long at least."""
    system.freeze(worker)
    began = time.monotonic()
    try:
        yield
        until(lambda: time.monotonic() > began + seconds, 60)
    finally:
        system.thaw(worker)
