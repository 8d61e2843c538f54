"""Checks, standards and code lists as documents."""

from __future__ import annotations

from functools import partial

import pytest

from muara_kernel.documents import Conflict
from muara_kernel.worker.unit import SWEEP_AFTER
from validation_service.model.life import Lacks, Outcome
from validation_service.storage.checks import DocumentQueue, PayloadReports
from validation_service.storage.shelf import DocumentShelf


@pytest.fixture
def queue(house):
    ground = house.ground
    return DocumentQueue(ground.documents, partial(ground.unit, grace=SWEEP_AFTER), ground.outbox())


@pytest.fixture
def shelf(house):
    return DocumentShelf(house.library, house.ground.copies())


def test_a_check_is_claimed_once_and_its_start_is_durable(house, queue):
    house.hear(house.received("S-1"))
    assert queue.waiting() == {"dinkes": 1}
    assert queue.claim("dinkes", "worker-a").check.starts == 1
    assert queue.claim("dinkes", "worker-b") is None
    assert [claim.check.starts for claim in queue.claimed_by("worker-a")] == [1]


def test_within_an_opd_who_came_first_is_first(house, queue):
    for name in ("S-9", "S-1", "S-5"):
        house.hear(house.received(name, dataset=f"35.08/{name.lower()}"))
    assert [queue.claim("dinkes", "a").check.id for _ in range(3)] == ["S-9", "S-1", "S-5"]


def test_of_one_dataset_the_older_is_done_before_the_newer_begins(house, queue):
    """Or a second checker could let a newer version out before the older one."""
    house.hear(house.received("S-newer", sequence=2), house.received("S-older", sequence=1))
    older = queue.claim("dinkes", "a")
    assert older.check.id == "S-older"
    assert queue.claim("dinkes", "b") is None
    older.check.conclude(Outcome("gagal", "0" * 64))
    assert queue.keep(older)
    assert queue.claim("dinkes", "b").check.id == "S-newer"


def test_the_late_result_of_one_who_lost_the_check_is_refused(house, queue):
    house.hear(house.received("S-1"))
    late = queue.claim("dinkes", "worker-a")
    assert queue.release("worker-a") == 1
    assert queue.claim("dinkes", "worker-b").check.starts == 2
    late.check.fail("died")
    assert not queue.keep(late)


def test_an_owner_without_a_beat_is_known_to_be_gone(house, queue):
    house.hear(house.received("S-1"), house.received("S-2", dataset="35.08/bpbd"))
    queue.claim("dinkes", house.leases.owner)
    queue.claim("dinkes", "worker-of-yesterday")
    assert queue.owners() == {house.leases.owner: True, "worker-of-yesterday": False}


def test_what_waits_for_a_standard_is_taken_up_by_its_name(house, queue):
    house.hear(house.received("S-1"))
    claim = queue.claim("dinkes", "a")
    claim.check.wait_for("standard 35.08/rumah-sakit")
    assert queue.keep(claim)
    assert queue.waiting() == {} and queue.lacking() == ["standard 35.08/rumah-sakit"]
    queue.take_up("standard 35.08/rumah-sakit")
    assert queue.waiting() == {"dinkes": 1} and queue.lacking() == []


def test_the_shelf_names_what_is_lacking_one_after_the_other(house, shelf, facts):
    received = house.received("S-1")
    with_list = facts.standard | {
        "fields": [{"name": "kode", "type": "string", "satudata:kodeReferensi": {"daftar": "jenis"}}]
    }
    steps = {
        "dataset 35.08/rumah-sakit": lambda: house.hear(facts.dataset()),
        "opd dinkes": lambda: house.hear(facts.opd()),
        "standard 35.08/rumah-sakit": lambda: house.library.adopt_standard(
            received.dataset, with_list, ("jenis",)
        ),
        "codelist jenis 2026-03-02": lambda: house.library.adopt_codelist(
            "jenis", about(), b"kode,nama\nA,a\n", 1
        ),
    }
    for lack, arrive in steps.items():
        with pytest.raises(Lacks, match=lack):
            shelf.references(received)
        assert not shelf.has(lack)
        arrive()
        assert shelf.has(lack)
    assert [each.codelist for each in shelf.references(received).codelists] == ["jenis"]


def about() -> dict[str, str]:
    return {
        "title": "Jenis",
        "version": "1",
        "source": "contoh",
        "decree": "belum",
        "valid_from": "2020-01-01",
    }


def test_every_change_is_a_new_revision_and_the_old_one_stays(house, facts):
    library, changed = house.library, facts.standard | {"satudata:satuan": "Gedung"}
    first, second = (library.adopt_standard("35.08/x", each, ())[0] for each in (facts.standard, changed))
    assert (first.revision, second.revision) == (1, 2)
    assert library.adopt_standard("35.08/x", changed, ())[1] is False
    assert library.standard("35.08/x", 1).standard == facts.standard
    assert library.standard("35.08/x").standard == changed


def test_true_is_another_standard_than_one(house, facts):
    for value in (1, True):
        house.library.adopt_standard("35.08/x", facts.standard | {"catatan": value}, ())
    assert house.library.standard("35.08/x").revision == 2


def test_of_two_at_once_both_get_a_revision_of_their_own(house, facts, monkeypatch):
    library = house.library
    newest, raced = library.standard, []

    def slow(dataset, revision=None):
        found = newest(dataset, revision)
        if not raced:
            raced.append(1)
            house.library.adopt_standard("35.08/x", facts.standard | {"satudata:ukuran": "Luas"}, ())
        return found

    monkeypatch.setattr(library, "standard", slow)
    assert library.adopt_standard("35.08/x", facts.standard, ())[0].revision == 2


def test_who_never_gets_a_turn_is_told_of_the_conflict(house, facts, monkeypatch):
    library = house.library
    library.adopt_standard("35.08/x", facts.standard, ())
    monkeypatch.setattr(library, "standard", lambda dataset: None)
    with pytest.raises(Conflict):
        library.adopt_standard("35.08/x", facts.standard, ())


def test_a_payload_that_is_no_report_is_not_shown(house):
    received = house.received("S-1")
    house.hear(received)
    assert PayloadReports(house.ground.documents, house.ground.payloads).open(received.payload) is None
