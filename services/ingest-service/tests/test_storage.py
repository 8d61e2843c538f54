from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ingest_service.model.integration import new_key
from ingest_service.model.submission import Delivery, KeyReused, Submission
from ingest_service.storage import (
    COLLECTIONS,
    Acceptance,
    DocumentIntegrations,
    DocumentLanes,
    DocumentSubmissions,
)
from muara_kernel.documents import Documents, DocumentsUnavailable
from muara_kernel.documents.connect import connect
from muara_kernel.worker.unit import Unit


@pytest.fixture
def documents(tmp_path: Path) -> Any:
    store = connect(f"sqlite:///{tmp_path}/ingest.db")
    for collection in COLLECTIONS:
        store.declare(collection)
    yield store
    store.close()


@pytest.fixture
def acceptance(documents: Documents) -> Acceptance:
    return Acceptance(documents)


def test_what_was_saved_is_read_back_whole(documents: Documents, delivery: Delivery, noon: datetime) -> None:
    unit = Unit(documents, source="ingest")
    submission = Submission("K1", delivery, 1, noon)
    submission.release(2, noon)
    submission.settle("dikembalikan", noon, reason="N/A")
    submission.held_at = noon + timedelta(hours=1)
    DocumentSubmissions(unit).save(submission)
    unit.flush()
    read = DocumentSubmissions(Unit(documents, source="ingest")).get("K1")
    submission.announcements.clear()
    assert read == submission


def test_sequences_of_a_dataset_count_from_one_without_a_gap(
    acceptance: Acceptance, delivery: Delivery, other_delivery: Delivery, noon: datetime
) -> None:
    taken = [acceptance.accept(f"K{n}", "x", delivery, noon).sequence for n in range(3)]
    assert taken == [1, 2, 3]
    assert acceptance.accept("L1", "x", other_delivery, noon).sequence == 1


def test_processes_that_race_on_a_dataset_leave_no_gap_and_no_double(
    documents: Documents, delivery: Delivery, noon: datetime
) -> None:
    together = threading.Barrier(4)

    def accept(process: int) -> list[int]:
        acceptance = Acceptance(documents)
        together.wait()
        return [acceptance.accept(f"K{process}-{n}", "x", delivery, noon).sequence for n in range(10)]

    with ThreadPoolExecutor(4) as processes:
        taken = [sequence for some in processes.map(accept, range(4)) for sequence in some]
    assert sorted(taken) == list(range(1, 41))


def test_the_same_id_is_accepted_once_and_takes_no_sequence(
    acceptance: Acceptance, delivery: Delivery, noon: datetime
) -> None:
    first = acceptance.accept("K1", "x", delivery, noon)
    again = acceptance.accept("K1", "x", delivery, noon + timedelta(seconds=9))
    assert again == first
    assert acceptance.accept("K2", "x", delivery, noon).sequence == 2


def test_the_same_id_for_something_else_is_refused(
    acceptance: Acceptance, delivery: Delivery, noon: datetime
) -> None:
    acceptance.accept("K1", "x", delivery, noon)
    with pytest.raises(KeyReused):
        acceptance.accept("K1", "y", delivery, noon)


def test_what_another_process_accepted_leaves_no_gap_and_no_double(
    documents: Documents, delivery: Delivery, noon: datetime
) -> None:
    ours, theirs = Acceptance(documents), Acceptance(documents)
    accepted = [
        each.accept(f"K{number}", "x", delivery, noon).sequence
        for number, each in enumerate((ours, ours, theirs, theirs, theirs, ours, ours, theirs))
    ]
    assert accepted == [1, 2, 3, 4, 5, 6, 7, 8]


@pytest.mark.parametrize("waiting", [1, 3, 4, 5, 9])
def test_the_front_of_every_lane_is_found_however_many_wait(
    acceptance: Acceptance, documents: Documents, delivery: Delivery, noon: datetime, waiting: int
) -> None:
    opd = ("bappeda", "bpbd", "dinkes", "dinsos", "dispendukcapil")
    for number in range(waiting * len(opd)):
        theirs = Delivery(**{**vars(delivery), "opd": opd[number % len(opd)]})
        acceptance.accept(f"K{number}", "x", theirs, noon + timedelta(seconds=number))
    for most in (1, 2, 4, 7):
        fronts = DocumentLanes(documents).fronts(most)
        assert list(fronts) == list(opd)
        ids = [
            [f"K{place + lane * len(opd)}" for lane in range(min(most, waiting))] for place in range(len(opd))
        ]
        assert [[stored.id for stored in lane] for lane in fronts.values()] == ids


def test_a_lane_is_read_in_the_order_of_acceptance_and_its_opd_are_found(
    acceptance: Acceptance,
    documents: Documents,
    delivery: Delivery,
    other_delivery: Delivery,
    noon: datetime,
) -> None:
    lanes = DocumentLanes(documents)
    assert lanes.fronts(2) == {}
    for number in range(3):
        acceptance.accept(f"K{number}", "x", delivery, noon + timedelta(seconds=number))
    acceptance.accept("L1", "x", other_delivery, noon)
    assert lanes.waiting() == {"dinkes": 3, "dispendukcapil": 1}
    fronts = {opd: [stored.id for stored in lane] for opd, lane in lanes.fronts(2).items()}
    assert fronts == {"dinkes": ["K0", "K1"], "dispendukcapil": ["L1"]}


def test_a_dataset_that_changed_its_opd_leaves_each_lane_its_own(
    acceptance: Acceptance, documents: Documents, delivery: Delivery, noon: datetime
) -> None:
    acceptance.accept("LAMA", "x", delivery, noon)
    merged = Delivery(**{**vars(delivery), "opd": "dinkesppkb"})
    acceptance.accept("BARU", "x", merged, noon)
    (lowest,) = DocumentLanes(documents).lowest("dinkesppkb", delivery.dataset)
    assert lowest.id == "BARU"


def test_what_is_being_sent_is_known_even_after_its_slot_is_free(
    documents: Documents, delivery: Delivery, noon: datetime
) -> None:
    unit = Unit(documents, source="ingest")
    submission = Submission("K1", delivery, 1, noon)
    submission.release(0, noon)
    submission.settle("diterbitkan", noon)
    DocumentSubmissions(unit).save(submission)
    unit.flush()
    assert DocumentLanes(documents).taken() == ({}, {"35.08/rumah-sakit"})


def test_an_unknown_outcome_of_the_insert_is_told_and_the_repeat_finds_it(
    acceptance: Acceptance, delivery: Delivery, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUARA_FAILPOINTS", "documents.write_unknown~submissions=lose")
    with pytest.raises(DocumentsUnavailable):
        acceptance.accept("K1", "x", delivery, noon)
    monkeypatch.delenv("MUARA_FAILPOINTS")
    assert acceptance.accept("K1", "x", delivery, noon + timedelta(hours=1)).received_at == noon


def test_a_lane_is_paused_and_resumed_alone(documents: Documents) -> None:
    lanes = DocumentLanes(documents)
    lanes.pause("dinkes", True)
    lanes.pause("dispendukcapil", True)
    lanes.pause("dinkes", False)
    assert lanes.paused() == {"dispendukcapil"}


def test_a_revoked_key_stays_on_record_and_is_revoked_once(documents: Documents, noon: datetime) -> None:
    integrations = DocumentIntegrations(documents)
    integration, _ = new_key("dinkes", label="SIMRS", now=noon)
    integrations.add(integration)
    assert integrations.revoke(integration.id, noon)
    assert not integrations.revoke(integration.id, noon + timedelta(days=1))
    kept = integrations.get(integration.id)
    assert kept is not None and kept.revoked_at == noon
    assert not integrations.revoke("tak-ada", noon)
