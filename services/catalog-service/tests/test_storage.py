"""Editions and entries as documents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from catalog_service.model import UnknownSubmission
from catalog_service.storage import EDITIONS, SUBMISSIONS, DocumentShelf
from muara_kernel.documents import Conflict
from muara_kernel.events import SubmissionValidated

Validated = Callable[..., SubmissionValidated]
DATASET = "35.08/jumlah-penduduk"


def test_two_decisions_racing_have_one_winner(world: Any, validated: Validated) -> None:
    world.registers(publication="pemeriksaan")
    world.hears(validated(1))
    first, second = world.work(), world.work()
    for work, decision in ((first, "setuju"), (second, "kembalikan")):
        edition = work.editions.holding("S1")
        edition.decide("S1", decision, "Sudah dilihat.", work.editions.now())
        work.editions.save(edition)
    first.flush()
    with pytest.raises(Conflict):
        second.flush()
    edition = world.work().editions.holding("S1")
    assert edition.entries["S1"]["state"] == "diterbitkan"


def test_the_documents_of_a_batch_are_read_in_one_look_a_collection(
    world: Any, validated: Validated, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.registers()
    get, alone = world.ground.documents.get, []

    def noted(collection: Any, id: str) -> Any:
        alone.append((collection.name, id))
        return get(collection, id)

    monkeypatch.setattr(world.ground.documents, "get", noted)
    world.hears(validated(1), validated(2, period="2024-S2"), validated(3))
    assert alone == [("datasets", DATASET)]
    monkeypatch.undo()
    assert set(world.work().editions.holding("S3").entries) == {"S1", "S3"}


def test_a_submission_leads_to_its_edition(world: Any, validated: Validated) -> None:
    world.registers()
    world.hears(validated(1), validated(2, period="2024-S2"))
    assert world.work().editions.holding("S2").period == "2024-S2"
    with pytest.raises(UnknownSubmission):
        world.work().editions.holding("S3")


def test_a_way_that_was_lost_is_written_again_by_a_repeat(world: Any, validated: Validated) -> None:
    world.registers()
    world.hears(validated(1))
    documents = world.ground.documents
    documents.delete(SUBMISSIONS, documents.get(SUBMISSIONS, "S1"))
    world.hears(validated(1))
    assert world.work().editions.holding("S1").entries["S1"]["version"] == 1


def test_the_way_is_written_before_the_edition(world: Any, validated: Validated) -> None:
    world.registers(publication="pemeriksaan")
    world.sweep()
    work = world.work()
    edition = work.editions.taking("S1", DATASET, "2024-S1")
    edition.receive(validated(1), "pemeriksaan", work.editions.now())
    work.editions.save(edition)
    assert [name for name, _ in work._unit._held] == [SUBMISSIONS.name, EDITIONS.name]


def test_reviews_are_paged_over_editions(world: Any, validated: Validated) -> None:
    world.registers(publication="pemeriksaan")
    for number, period in ((1, "2024-S2"), (2, "2024-S1"), (3, "2024-S2"), (4, "2024-S1"), (5, "2023-S1")):
        world.hears(validated(number, period=period))
    shelf = DocumentShelf(world.ground.documents)
    seen: list[str] = []
    while some := shelf.reviews(2, seen[-1] if seen else None):
        seen += [asked["submission"] for asked in some]
    assert seen == ["S5", "S2", "S4", "S1", "S3"]


def test_paging_goes_on_behind_what_was_decided_meanwhile(world: Any, validated: Validated) -> None:
    world.registers(publication="pemeriksaan")
    world.hears(validated(1), validated(2), validated(3))
    work = world.work()
    edition = work.editions.holding("S2")
    edition.decide("S2", "setuju", "", work.editions.now())
    work.editions.save(edition)
    work.flush()
    shelf = DocumentShelf(world.ground.documents)
    assert [asked["submission"] for asked in shelf.reviews(10, "S2")] == ["S3"]
    assert shelf.reviews(10, "S9") == []


def test_only_editions_with_a_version_are_listed(world: Any, validated: Validated) -> None:
    world.registers()
    world.hears(validated(1), validated(2, "gagal", period="2024-S2"))
    shelf = DocumentShelf(world.ground.documents)
    assert [edition.period for edition in shelf.published([DATASET])] == ["2024-S1"]
    assert [edition.period for edition in shelf.published_of(DATASET, 10)] == ["2024-S1"]
    assert shelf.published_of(DATASET, 10, "2024-S1") == []
