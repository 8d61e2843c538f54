"""Checks are worked off with real checking processes, whatever becomes of these."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from muara_kernel.payloads import PayloadsUnavailable
from muara_kernel.worker.unit import SWEEP_AFTER
from validation_service.jobs.child import MIB, Child, Failed, Limits
from validation_service.jobs.crew import Crew
from validation_service.jobs.request import to_request
from validation_service.jobs.rota import Rota
from validation_service.jobs.slot import Desk, Slot
from validation_service.model.life import Check, Claim, Outcome, References
from validation_service.storage.checks import CHECKS, DocumentQueue, PayloadReports

GOOD = b"kode,jumlah\nA,3\nB,5\n"
BAD = b"kode,jumlah\nA,tiga\nB,5\n"

# --- with the real child ------------------------------------------------------------------------------


def test_a_good_file_passes_and_says_what_it_was_checked_against(house):
    house.knows_everything()
    house.hear(house.received("S-1", GOOD))
    (verdict,) = house.answers(1)
    assert (verdict.submission, verdict.verdict, verdict.rows, verdict.standard) == ("S-1", "lulus", 2, 1)


def test_a_bad_file_fails_and_its_report_is_kept(house):
    house.knows_everything()
    house.hear(house.received("S-1", BAD))
    (verdict,) = house.answers(1)
    assert (verdict.verdict, verdict.errors) == ("gagal", 1)
    report = PayloadReports(house.ground.documents, house.ground.payloads).open(verdict.report)
    assert report and b'"SD-01"' in report.read()


def test_a_file_that_kills_its_checker_is_answered_and_the_good_one_after_it_passes(house, monkeypatch):
    monkeypatch.setenv("MUARA_FAILPOINTS", "checks.child_killed~mematikan=kill")
    house.knows_everything()
    house.hear(house.received("S-1", filename="mematikan.csv"))
    house.hear(house.received("S-2", filename="baik.csv"))
    verdicts = {each.submission: each for each in house.answers(2)}
    assert verdicts["S-2"].verdict == "lulus"
    killed = verdicts["S-1"]
    assert (killed.verdict, [finding.rule for finding in killed.findings]) == (
        "tidak_dapat_diperiksa",
        ["TK-01"],
    )
    assert "3 kali" in killed.findings[0].message.id and "mendadak" in killed.findings[0].message.id


def test_a_repeat_after_the_verdict_says_the_same_bytes_again(house, facts):
    house.knows_everything()
    received = house.received("S-1")
    house.hear(received)
    (first,) = house.answers(1)
    house.library.adopt_standard(received.dataset, facts.standard | {"satudata:satuan": "Gedung"}, ())
    house.hear(received)
    first, again = house.answers(2)
    assert first == again and again.standard == 1


def test_a_check_that_lacks_its_standard_waits_and_goes_on_when_it_arrives(house, facts):
    house.hear(facts.dataset(), facts.opd(), house.received("S-1"))
    waiting = house.ground.documents.count_by
    house.works_until(lambda: waiting(CHECKS, "lacks") == {"standard 35.08/rumah-sakit": 1})
    house.library.adopt_standard("35.08/rumah-sakit", facts.standard, ())
    (verdict,) = house.answers(1)
    assert verdict.verdict == "lulus"
    assert house.ground.documents.get(CHECKS, "S-1").body["starts"] == 1


def test_checks_of_a_worker_that_died_are_taken_over(house):
    house.knows_everything()
    house.hear(house.received("S-1"))
    stored = house.ground.documents.get(CHECKS, "S-1")
    house.ground.documents.replace(CHECKS, stored, {**stored.body, "owner": "died-yesterday", "starts": 1})
    (verdict,) = house.answers(1)
    assert verdict.verdict == "lulus"


def test_what_killed_its_workers_again_and_again_is_given_up_without_another_start(house):
    house.knows_everything()
    house.hear(house.received("S-1"))
    stored = house.ground.documents.get(CHECKS, "S-1")
    house.ground.documents.replace(CHECKS, stored, {**stored.body, "starts": 3})
    (verdict,) = house.answers(1)
    assert verdict.verdict == "tidak_dapat_diperiksa" and "3 kali" in verdict.findings[0].message.id


def test_a_claim_whose_outcome_was_lost_with_the_database_is_not_lost(house):
    house.knows_everything()
    house.hear(house.received("S-1"))
    documents, make_unit = house.ground.documents, partial(house.ground.unit, grace=SWEEP_AFTER)
    queue = DocumentQueue(documents, make_unit, house.ground.outbox())
    queue.claim("dinkes", house.leases.owner)  # durable, and then forgotten
    Rota(queue, house.leases, checkers=2).free_the_abandoned()
    assert queue.waiting() == {"dinkes": 1}
    (verdict,) = house.answers(1)
    assert verdict.verdict == "lulus"


def test_the_files_of_one_flood_do_not_hold_up_the_file_of_another(house):
    house.knows_everything("dinkes", "bpbd")
    for number in range(10):
        house.hear(house.received(f"flood-{number}", sequence=number))
    house.hear(house.received("quiet", opd="bpbd", dataset="35.08/bpbd"))
    house.works_until(lambda: any(each.submission == "quiet" for each in house.said()), "checker-1")
    assert len(house.said()) <= 3


# --- one process ----------------------------------------------------------------------------------------


@pytest.fixture
def request_for(house, facts):
    def make(data: bytes = GOOD):
        received = house.received("S-1", data)
        house.library.adopt_standard(received.dataset, facts.standard, ())
        references = References(facts.dataset(), facts.opd(), house.library.standard(received.dataset))
        return to_request(received, references, region="35.08")

    return make


@pytest.fixture
def child(house):
    children = []

    def start(**limits):
        child = Child(house.settings.payloads, Limits(**limits))
        children.append(child)
        child.wait_until_ready()
        return child

    yield start
    for each in children:
        each.kill()


def test_one_process_answers_one_request_after_the_other(child, request_for):
    one = child()
    verdicts = [one.check(request_for(data)).verdict for data in (GOOD, BAD, GOOD)]
    assert verdicts == ["lulus", "gagal", "lulus"]


def test_a_check_that_takes_too_long_is_killed(child, request_for):
    one = child(deadline=0.2)
    os.kill(one.pid, signal.SIGSTOP)
    failed = one.check(request_for())
    assert isinstance(failed, Failed) and failed.failure == "deadline"
    assert one.is_spent() and one.resident() == 0


def test_a_check_that_takes_too_much_memory_is_killed(child, request_for):
    one = child(memory=1024 * 1024)
    os.kill(one.pid, signal.SIGSTOP)
    failed = one.check(request_for())
    assert isinstance(failed, Failed) and failed.failure == "memory"


def test_a_file_that_is_not_in_the_store_is_a_failed_start_and_the_process_lives(child, request_for):
    one = child()
    failed = one.check(request_for() | {"payload": "ab" * 32})
    assert isinstance(failed, Failed) and failed.failure == "missing"
    assert not one.is_spent()


@pytest.mark.slow
def test_a_million_findings_are_listed_and_given_back_within_half_the_memory(child, request_for, house):
    names = [f"kolom_{number}" for number in range(4)]
    rows = b"satu,dua,tiga,empat\n" * 250_000
    request = request_for(",".join(names).encode() + b"\n" + rows)
    fields = [{"name": name, "type": "integer"} for name in names]
    told = {key: value for key, value in request["standard"].items() if key != "primaryKey"}
    outcome = child(memory=512 * MIB, deadline=250).check({**request, "standard": {**told, "fields": fields}})
    assert isinstance(outcome, Outcome), outcome
    with house.ground.payloads.open(outcome.report) as stream:
        files = json.load(stream)["files"]
    assert outcome.errors == 1_000_000 <= files["findings"]["listed"]
    assert (files["annotated"]["rows"], files["annotated"]["whole"]) == (250_000, True)


def test_the_files_of_a_report_are_there_before_its_verdict(house):
    house.knows_everything()
    house.hear(house.received("S-1", BAD))
    (verdict,) = house.answers(1)
    with house.ground.payloads.open(verdict.report) as stream:
        files = json.load(stream)["files"]
    assert all(house.ground.payloads.holds(about["sha256"]) for about in files.values())
    assert set(files) == {"findings", "annotated"}


def test_an_old_process_is_replaced_and_so_is_one_that_grew(child, request_for):
    old = child(recycle=1)
    assert not old.is_spent()
    old.check(request_for())
    assert old.is_spent()
    assert child(memory=1024 * 1024).is_spent()


def test_the_secrets_of_the_worker_are_not_told_to_the_child(child, monkeypatch):
    monkeypatch.setenv("MUARA_DESK_TOKEN", "rahasia-meja-walidata")
    assert b"rahasia-meja-walidata" not in Path(f"/proc/{child().pid}/environ").read_bytes()


def test_the_crew_has_the_next_one_ready_when_one_is_killed(house):
    crew = Crew(house.settings.payloads, Limits())
    crew.start()
    try:
        first = crew.hire()
        crew.dismiss(first)
        second = crew.hire()
        assert second.pid != first.pid and not second.is_spent()
    finally:
        crew.close()
    assert second.is_spent()


# --- in turn, with fakes --------------------------------------------------------------------------------


class FakeQueue:
    def __init__(self, **lanes: int) -> None:
        self.lanes = {opd: [f"{opd}-{number}" for number in range(count)] for opd, count in lanes.items()}
        self.kept: list[Check] = []

    def waiting(self):
        return {opd: len(lane) for opd, lane in self.lanes.items() if lane}

    def claim(self, opd, owner):
        check = FakeCheck(self.lanes[opd].pop(0), opd)
        check.begin(owner)
        return Claim(check, None)

    def keep(self, claim):
        self.kept.append(claim.check)
        return True


class FakeCheck(Check):
    def __init__(self, id: str, opd: str) -> None:
        super().__init__(received=SimpleNamespace(submission=id, opd=opd, filename=f"{id}.csv"))


class FakeLeases:
    owner = "worker-a"


def test_checks_are_claimed_in_turn_by_opd():
    rota = Rota(FakeQueue(bpbd=2, dinkes=3, dukcapil=1), FakeLeases(), checkers=1)
    order = []
    while claim := rota.next():
        order.append(claim.check.id)
        rota.done(claim)
    assert order == ["bpbd-0", "dinkes-0", "dukcapil-0", "bpbd-1", "dinkes-1", "dinkes-2"]


def test_of_three_checkers_one_opd_holds_two_at_most():
    rota = Rota(FakeQueue(dinkes=5), FakeLeases(), checkers=3)
    first, second = rota.next(), rota.next()
    assert first and second and rota.next() is None
    rota.done(first)
    assert rota.next()


def test_the_only_checker_is_there_for_everybody():
    assert Rota(FakeQueue(dinkes=1), FakeLeases(), checkers=1).next()


class FakeCrew:
    def __init__(self, child) -> None:
        self.child = child
        self.dismissed = []

    def hire(self):
        return self.child

    def dismiss(self, child):
        self.dismissed.append(child)


class EndlessChild:
    def is_spent(self):
        return False

    def check(self, request, *, look):
        while True:
            look()
            time.sleep(0.001)


class LostPayloads(EndlessChild):
    def check(self, request, *, look):
        raise PayloadsUnavailable("disk is gone")


class FakeShelf:
    def references(self, received):
        return None


class NoMetrics:
    def job(self, *args):
        pass


@pytest.fixture
def desk(monkeypatch):
    monkeypatch.setattr("validation_service.jobs.slot.to_request", lambda *args, **kwargs: {})

    def make(child):
        queue = FakeQueue(dinkes=1)
        return Desk(
            rota=Rota(queue, FakeLeases(), checkers=2),
            crew=FakeCrew(child),
            queue=queue,
            shelf=FakeShelf(),
            reports=None,
            metrics=NoMetrics(),
            region="35.08",
            starts=3,
            stop=threading.Event(),
            grace=0.05,
        )

    return make


def test_a_clean_stop_gives_the_start_back(desk):
    desk = desk(EndlessChild())
    desk.stop.set()
    assert Slot(desk).turn()
    (check,) = desk.queue.kept
    assert (check.starts, check.owner, check.state) == (0, None, "menunggu")
    assert desk.crew.dismissed


def test_a_lost_store_is_no_outcome_of_a_check(desk):
    desk = desk(LostPayloads())
    with pytest.raises(PayloadsUnavailable):
        Slot(desk).turn()
    assert desk.queue.kept == []


def test_a_check_at_work_says_that_its_thread_lives(desk):
    desk = desk(EndlessChild())
    desk.stop.set()
    beats = []
    Slot(desk, lambda: beats.append(1)).turn()
    assert beats
