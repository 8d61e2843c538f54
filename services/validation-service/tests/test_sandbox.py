"""Where files are tried: processes that may die of them, and a web process that does not notice."""

from __future__ import annotations

import dataclasses
import io
import os
import threading
import zipfile
from contextlib import ExitStack
from datetime import date
from types import SimpleNamespace

import pytest

from validation_service.api.buckets import Buckets
from validation_service.api.shares import Shares
from validation_service.app import create_app
from validation_service.jobs.child import MIB, Failed, Limits, StartFailed
from validation_service.jobs.crew import Crew
from validation_service.jobs.sandbox import Sandbox
from validation_service.model.trial import Busy, ShareTaken, Trial, facts_on_trial

GOOD = b"kode,jumlah\nA,3\nB,5\n"
REPORT = {"report": '{"verdict":"lulus"}'}


@pytest.fixture
def trial(facts):
    def make(filename="baik.csv"):
        return Trial(
            facts_on_trial(facts.standard, region="35.08", on=date(2026, 3, 2), filename=filename),
            facts.standard,
        )

    return make


# --- with real children -----------------------------------------------------------------------------------


@pytest.fixture
def sandbox(house):
    made = []

    def make(places=1, **limits):
        sandbox = Sandbox(lambda: Crew(house.settings.payloads, Limits(**limits)), places=places)
        made.append(sandbox)
        return sandbox

    yield make
    for each in made:
        each.close()


def bomb() -> bytes:
    """A workbook of a hundred kilobytes that inflates to a hundred megabytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (100 * MIB))
    return out.getvalue()


def large() -> bytes:
    rows = b"".join(b"%d,%d\n" % (n, n) for n in range(700_000))
    return (b"kode,jumlah\n" + rows)[: 10 * MIB]


def test_a_killer_and_a_bomb_leave_the_next_file_its_turn(sandbox, trial, monkeypatch):
    monkeypatch.setenv("MUARA_FAILPOINTS", "checks.child_killed~mematikan=kill")
    only = sandbox()
    for name, data, words in (
        ("mematikan.csv", GOOD, b"berhenti mendadak"),
        ("baik.csv", GOOD, b'"verdict":"lulus"'),
        ("bom.xlsx", bomb(), b'"verdict":"gagal"'),
        ("baik.csv", GOOD, b'"verdict":"lulus"'),
    ):
        assert words in only.check(trial(name), data).report, name


@pytest.mark.parametrize(
    ("limits", "words"), [({"deadline": 0.05}, b"batas waktu"), ({"memory": MIB}, b"memori melebihi batas")]
)
def test_one_that_takes_too_long_or_too_much_is_ended_and_its_sender_told(sandbox, trial, limits, words):
    only = sandbox(**limits)
    for _ in range(2):
        report = only.check(trial(), large()).report
        assert b"tidak_dapat_diperiksa" in report and words in report


def test_the_table_comes_back_from_a_real_process_with_the_reasons_beside_each_row(sandbox, trial):
    asked = dataclasses.replace(trial(), table=True)
    told = sandbox().check(asked, b"kode,jumlah\nA,tiga\nB,5\n")
    header, first, second = told.table.decode("utf-8-sig").splitlines()
    assert (told.format, header, second) == ("csv", "kode,jumlah,hasil_pemeriksaan", "B,5,")
    assert first.startswith("A,tiga,") and "SD-01" in first


def test_the_whole_way_from_the_request_through_a_real_process(house, facts):
    app = create_app(house.settings, sandbox=None)
    standard = facts.standard
    house.library.adopt_standard("35.08/rumah-sakit", standard, ())
    data = {"dataset": "35.08/rumah-sakit", "file": (io.BytesIO(b"kode,jumlah\nA,tiga\n"), "rs.csv")}
    try:
        answer = app.test_client().post("/v1/checks", data=data)
        assert (answer.status_code, answer.json["verdict"]) == (200, "gagal")
    finally:
        app.extensions["sandbox"].close()


def test_files_of_10_mib_go_over_the_pipe(sandbox, trial):
    assert b'"rows":700000' in sandbox(deadline=60.0).check(trial(), large()).report


def test_nothing_is_started_before_the_first_file(house):
    started = threading.active_count()
    app = create_app(house.settings)
    assert app.test_client().get("/periksa").status_code == 200
    assert threading.active_count() == started


# --- with children that do as they are told ---------------------------------------------------------------


class Puppet:
    def __init__(self, answers):
        self.pid = os.getpid()
        self._answers = answers
        self.spent = False

    def ask(self, request, data):
        return self._answers(request, data)

    def is_spent(self):
        return self.spent


class Troupe:
    """A crew of puppets."""

    def __init__(self, answers=lambda request, data: REPORT):
        self._answers = answers
        self.hired, self.dismissed = [], []
        self.closed = threading.Event()

    def start(self):
        pass

    def hire(self):
        self.hired.append(Puppet(self._answers))
        return self.hired[-1]

    def dismiss(self, child):
        self.dismissed.append(child)

    def close(self):
        self.closed.set()


def test_never_more_at_once_than_there_are_places(trial):
    inside, go_on = threading.Semaphore(0), threading.Event()

    def slowly(request, data):
        inside.release()
        assert go_on.wait(60)
        return REPORT

    sandbox = Sandbox(lambda: Troupe(slowly), places=2)
    threads = [threading.Thread(target=sandbox.check, args=(trial(), GOOD)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for _ in threads:
        assert inside.acquire(timeout=60)
    with pytest.raises(Busy):
        sandbox.check(trial(), GOOD)
    go_on.set()
    for thread in threads:
        thread.join(60)
    assert sandbox.check(trial(), GOOD).report == b'{"verdict":"lulus"}'


def test_a_process_is_used_again_until_it_is_spent(trial):
    troupe = Troupe()
    sandbox = Sandbox(lambda: troupe, places=1)
    for _ in range(3):
        sandbox.check(trial(), GOOD)
    assert len(troupe.hired) == 1
    troupe.hired[0].spent = True
    sandbox.check(trial(), GOOD)
    assert (len(troupe.hired), troupe.dismissed) == (2, troupe.hired[:1])


def test_processes_that_nobody_needs_end_and_the_next_file_starts_others(trial):
    troupes = []

    def troupe():
        troupes.append(Troupe())
        return troupes[-1]

    sandbox = Sandbox(troupe, places=1, rest=0.0)
    for number in (1, 2):
        sandbox.check(trial(), GOOD)
        assert troupes[-1].closed.wait(60)
        assert [len(each.hired) for each in troupes] == [1] * number


def test_nobody_goes_to_rest_while_a_file_is_being_tried(trial):
    troupe = Troupe(lambda request, data: REPORT if not troupe.closed.wait(0.2) else Failed("died"))
    assert Sandbox(lambda: troupe, places=1, rest=0.0).check(trial(), GOOD).report == b'{"verdict":"lulus"}'
    assert troupe.closed.wait(60)


def test_a_failed_process_is_not_used_again_and_its_place_is_free(trial):
    troupe = Troupe(lambda request, data: Failed("memory", "more than 1 MiB"))
    sandbox = Sandbox(lambda: troupe, places=1)
    for _ in range(2):
        assert b"memori melebihi batas" in sandbox.check(trial(), GOOD).report
    assert troupe.dismissed == troupe.hired and len(troupe.hired) == 2


def test_whatever_is_raised_the_place_is_free_again(trial):
    def broken(request, data):
        raise RuntimeError

    sandbox = Sandbox(lambda: Troupe(broken), places=1)
    for _ in range(2):
        with pytest.raises(RuntimeError):
            sandbox.check(trial(), GOOD)


def test_an_installation_that_starts_no_process_is_busy_and_not_broken(trial):
    def no_hire():
        raise StartFailed("no memory left")

    ended = threading.Event()
    crew = SimpleNamespace(start=lambda: None, hire=no_hire, close=ended.set)
    sandbox = Sandbox(lambda: crew, places=1)
    with pytest.raises(Busy):
        sandbox.check(trial(), GOOD)
    sandbox.close()
    assert ended.is_set()


def test_of_several_places_one_address_holds_half_and_of_one_that_one():
    for places, share in ((1, 1), (2, 1), (4, 2), (5, 2)):
        shares = Shares(places)
        with ExitStack() as held:
            for _ in range(share):
                held.enter_context(shares.one("2001:db8:0:1::1"))
            with pytest.raises(ShareTaken), shares.one("2001:db8:0:1::2"):
                pass
            with shares.one("198.51.100.8"):
                pass
        with shares.one("2001:db8:0:1::1"):
            pass


# --- a share for each address -----------------------------------------------------------------------------


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_a_bucket_empties_and_fills_again(clock):
    buckets = Buckets(6, clock=clock)
    assert [buckets.take("198.51.100.7") for _ in range(8)] == [0] * 6 + [10, 10]
    clock.now = 10.0
    assert [buckets.take("198.51.100.7") for _ in range(2)] == [0, 10]
    clock.now = 1e6
    assert [buckets.take("198.51.100.7") for _ in range(7)] == [0] * 6 + [10]


def test_addresses_do_not_share_but_those_of_one_ipv6_network_do(clock):
    buckets = Buckets(1, clock=clock)
    assert [buckets.take(each) for each in ("198.51.100.7", "198.51.100.8", "-")] == [0, 0, 0]
    assert buckets.take("2001:db8:0:1::1") == 0
    assert buckets.take("2001:db8:0:1:ffff::2") == 60
    assert buckets.take("2001:db8:0:2::1") == 0
    assert buckets.take("::ffff:198.51.100.7") == 60


def test_a_flood_of_addresses_does_not_fill_the_memory(clock):
    buckets = Buckets(1, most=10, clock=clock)
    for number in range(100):
        clock.now += 0.01
        assert buckets.take(f"198.51.100.{number}") == 0
    assert len(buckets._held) == 10
    assert buckets.take("198.51.100.99") == 60
