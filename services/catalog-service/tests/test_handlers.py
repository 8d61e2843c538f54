"""Events in, documents and frozen announcements out, on the embedded stores."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from catalog_service.handlers import ANNOUNCES, REACTIONS
from muara_kernel.events import CodelistAdopted, StandardAdopted, SubmissionValidated
from muara_kernel.worker.errors import Unprocessable

Validated = Callable[..., SubmissionValidated]
FactsOf = Callable[[Any], dict[str, Any]]


def test_what_is_heard_and_said_is_what_the_ring_expects() -> None:
    assert {event.type for event in REACTIONS} == {
        "submission.validated",
        "standard.adopted",
        "codelist.adopted",
    }
    assert {event.topic.name for event in ANNOUNCES} == {"muara.catalog", "muara.catalog.state"}


def test_what_passes_is_published_by_the_worker_that_heard_it(
    world: Any, validated: Validated, facts_of: FactsOf
) -> None:
    world.registers()
    world.hears(validated(1))
    said = {record.headers["type"]: facts_of(record) for record in world.said(1)}
    assert said["id.muara.dataset.published.v1"]["version"] == 1


def test_the_same_event_twice_is_the_same_bytes_again(world: Any, validated: Validated) -> None:
    world.registers()
    event = validated(1, "gagal")
    world.hears(event)
    (first,) = world.said(1)
    world.hears(event)
    (again,) = world.said(1)
    assert again == first


def test_the_same_event_twice_in_one_batch_is_answered_once_and_repeated(
    world: Any, validated: Validated
) -> None:
    world.registers()
    world.hears(validated(1), validated(1), validated(2))
    said = world.said(3)
    assert [json.loads(record.value)["subject"] for record in said] == ["S1", "S2", "S1"]
    assert said[0] == said[2]
    edition = world.work().editions.of("35.08/jumlah-penduduk", "2024-S1")
    assert [version["submission"] for version in edition.versions] == ["S1", "S2"]


def test_after_a_decision_a_repeat_says_both_answers(world: Any, validated: Validated) -> None:
    world.registers(publication="pemeriksaan")
    world.sweep()
    world.said(2)
    world.hears(validated(1))
    work = world.work()
    edition = work.editions.holding("S1")
    edition.decide("S1", "setuju", "", work.editions.now())
    work.editions.save(edition)
    work.flush()
    world.sweep()
    first = world.said(2)
    world.hears(validated(1))
    assert world.said(2) == first


def test_a_standard_that_changes_before_the_announcement_changes_nothing(
    world: Any, validated: Validated, facts_of: FactsOf
) -> None:
    """Written, then everything around it changes, then announced: the bytes are those of the write."""
    world.registers(publication="pemeriksaan")
    world.sweep()
    world.said(2)
    world.hears(validated(1))
    (asked,) = world.said(1)
    work = world.work()
    edition = work.editions.holding("S1")
    edition.decide("S1", "setuju", "", work.editions.now())
    work.editions.save(edition)
    (frozen,) = work.flush()
    world.hears(StandardAdopted(dataset="35.08/jumlah-penduduk", revision=2, standard={"fields": []}))
    world.registers(title="Judul lain", publication="langsung")
    world.sweep()
    published = [record for record in world.said(2) if "dataset.published" in record.headers["type"]]
    assert [record.value for record in published] == [frozen.record.value]
    assert facts_of(published[0])["payload"] == facts_of(asked)["payload"]


def test_an_unknown_dataset_is_unprocessable(world: Any, validated: Validated) -> None:
    with pytest.raises(Unprocessable, match="jumlah-penduduk"):
        world.hears(validated(1))
    assert world.work().editions.of("35.08/jumlah-penduduk", "2024-S1").entries == {}


def test_a_dismissed_dead_letter_returns_the_submission(
    world: Any, validated: Validated, facts_of: FactsOf
) -> None:
    from muara_kernel.events import encode

    event = validated(1)
    record = encode(event, source="validation", time=event.received_at)
    world.carrier().dismiss(record, "dataset ini sudah dicabut")
    world.carrier().dismiss(record, "sekali lagi")
    first, again = world.said(2)
    assert again == first
    assert facts_of(first)["decided_by"] == "ops"
    assert facts_of(first)["reason"] == "dataset ini sudah dicabut"


def test_copies_are_kept_at_their_newest_revision(world: Any) -> None:
    for revision in (2, 1):
        world.hears(StandardAdopted(dataset="35.08/jumlah-penduduk", revision=revision, standard={}))
    world.hears(
        CodelistAdopted(
            codelist="wilayah-kemendagri",
            revision=1,
            version="2025",
            title="Kode wilayah",
            source="Kemendagri",
            decree="Kepmendagri",
            valid_from="2025-01-01",
            count=226,
            entries="0" * 64,
        )
    )
    assert world.ground.copies().revisions() == {
        "standard.adopted": {"35.08/jumlah-penduduk": 2},
        "codelist.adopted": {"wilayah-kemendagri": 1},
    }
