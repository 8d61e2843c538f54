"""Long settled entries leave a full edition, and nothing that is promised leaves with them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from catalog_service import app
from catalog_service.model import AlreadyDecided, Edition
from catalog_service.storage import EDITIONS, DocumentShelf
from muara_kernel.documents import Conflict
from muara_kernel.events import SubmissionValidated

Validated = Callable[..., SubmissionValidated]
DATASET, PERIOD = "35.08/jumlah-penduduk", "2024-S1"
KEPT = 2


@pytest.fixture(autouse=True)
def few_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog_service.model.edition.KEPT", KEPT)


@pytest.fixture
def full(world: Any, validated: Validated) -> Any:
    """S1 to S6 are settled, S2 and S4 of them returned, and the world has been told."""
    world.registers()
    for number in range(1, 7):
        world.hears(validated(number, "gagal" if number in (2, 4) else "lulus"))
    world.sweep()
    world.said(8)
    return world


def edition(world: Any) -> Edition:
    found = DocumentShelf(world.ground.documents).edition(DATASET, PERIOD)
    assert found
    return found


def part(world: Any) -> None:
    partings = app.partings(world.ground)
    while partings.turn():
        pass


def test_only_the_newest_stay_and_every_version(full: Any) -> None:
    assert app.partings(full.ground).turn()
    assert set(edition(full).entries) == {"S5", "S6"}
    assert [version["submission"] for version in edition(full).versions] == ["S1", "S3", "S5", "S6"]
    assert not app.partings(full.ground).turn()


def test_very_many_leave_in_portions(full: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog_service.model.edition.LEAVING_AT_ONCE", 1)
    assert app.partings(full.ground).turn()
    assert set(edition(full).entries) == {"S2", "S3", "S4", "S5", "S6"}
    part(full)
    assert len(edition(full).entries) == 2 * KEPT


def test_a_few_settled_entries_are_left_where_they_are(world: Any, validated: Validated) -> None:
    world.registers()
    world.hears(*(validated(number) for number in range(1, 2 * KEPT + 1)))
    assert not app.partings(world.ground).turn()
    assert len(edition(world).entries) == 2 * KEPT


def test_what_waits_for_the_walidata_never_leaves(world: Any, validated: Validated) -> None:
    world.registers(publication="pemeriksaan")
    world.hears(validated(1), *(validated(number, "gagal") for number in range(2, 9)))
    part(world)
    assert set(edition(world).entries) == {"S1", "S7", "S8"}
    assert [asked["submission"] for asked in DocumentShelf(world.ground.documents).reviews(10)] == ["S1"]


def test_a_list_of_reviews_goes_on_behind_one_that_was_decided_and_has_left(
    world: Any, validated: Validated
) -> None:
    world.registers(publication="pemeriksaan")
    world.hears(*(validated(number) for number in range(1, 9)))
    work = world.work()
    held = work.editions.holding("S1")
    for number in range(1, 7):
        held.decide(f"S{number}", "setuju", "", work.editions.now())
    work.editions.save(held)
    work.flush()
    part(world)
    shelf = DocumentShelf(world.ground.documents)
    assert "S1" not in edition(world).entries
    assert [asked["submission"] for asked in shelf.reviews(10, after="S1")] == ["S7", "S8"]


def test_an_event_delivered_again_changes_nothing_and_says_the_stored_answer(
    full: Any, validated: Validated
) -> None:
    part(full)
    before = full.ground.documents.get(EDITIONS, f"{DATASET}@{PERIOD}")
    full.hears(validated(1), validated(2, "gagal"))
    full.hears(validated(1))
    assert full.ground.documents.get(EDITIONS, f"{DATASET}@{PERIOD}") == before
    said = Counter(record.headers["type"].rpartition("muara.")[2] for record in full.said(3))
    assert said == {"dataset.published.v1": 2, "submission.returned.v1": 1}


def test_a_decision_on_what_has_left_is_told_what_became_of_it(full: Any, desk: FlaskClient) -> None:
    part(full)
    answer = desk.post("/v1/reviews/S2", json={"decision": "setuju"})
    assert (answer.status_code, answer.json["state"]) == (409, "dikembalikan")
    with pytest.raises(AlreadyDecided):
        full.work().editions.holding("S1").decide("S1", "setuju", "", full.work().editions.now())


def test_a_repair_closes_what_has_left_and_it_leaves_again_closed(full: Any, validated: Validated) -> None:
    part(full)
    full.hears(validated(7, repairs="S2", repairs_period=PERIOD))
    assert edition(full).entries["S2"]["state"] == "digantikan"
    assert not edition(full).closed
    full.hears(*(validated(number, "gagal") for number in range(8, 13)))
    part(full)
    assert "S2" not in edition(full).entries
    assert full.work().editions.holding("S2").recalled["S2"]["superseded_by"] == "S7"


def test_a_repair_from_another_edition_closes_it_too(full: Any, validated: Validated) -> None:
    part(full)
    full.hears(validated(7, period="2024-S2", repairs="S4", repairs_period=PERIOD))
    app.todos(full.ground).turn()
    assert edition(full).entries["S4"]["superseded_by"] == "S7"


def test_an_entry_of_another_edition_is_not_taken_for_one_of_this(full: Any, validated: Validated) -> None:
    part(full)
    other = full.work().editions
    for number in range(11, 17):
        full.hears(validated(number, "gagal", period="2024-S2"))
    part(full)
    full.hears(validated(17, period="2024-S2", repairs="S2"))
    assert "S2" not in other.of(DATASET, "2024-S2").entries
    assert other.of(DATASET, "2024-S2").closed == {"S2": "S17"}


def test_what_died_between_the_two_writes_is_done_again(full: Any, validated: Validated) -> None:
    app.partings(full.ground).keep(DATASET, PERIOD)
    assert set(edition(full).entries) == {f"S{number}" for number in range(1, 7)}
    full.hears(validated(1))
    part(full)
    assert set(edition(full).entries) == {"S5", "S6"}


def test_what_changed_between_the_two_writes_does_not_leave_as_it_was(
    full: Any, validated: Validated
) -> None:
    partings = app.partings(full.ground)
    partings.keep(DATASET, PERIOD)
    full.hears(validated(7, repairs="S2"))
    partings._let_go(DATASET, PERIOD)
    assert edition(full).entries["S2"]["state"] == "digantikan"
    assert not {"S1", "S3"} & edition(full).entries.keys()


def test_a_worker_that_read_the_edition_before_has_its_write_refused(full: Any, validated: Validated) -> None:
    work = full.work()
    late = work.editions.taking("S7", DATASET, PERIOD)
    part(full)
    late.receive(validated(7), "langsung", work.editions.now())
    work.editions.save(late)
    with pytest.raises(Conflict):
        work.flush()
    assert set(edition(full).entries) == {"S5", "S6"}


@pytest.mark.parametrize("seed", range(5))
def test_however_often_and_late_events_come_each_submission_has_one_outcome_and_versions_no_gap(
    world: Any, validated: Validated, seed: int
) -> None:
    dice = random.Random(seed)
    world.registers()
    events = [validated(number, dice.choice(["lulus", "gagal"])) for number in range(1, 25)]
    for event in (*events, *dice.choices(events, k=40)):
        world.hears(*(dice.choices(events[: event.sequence], k=2)), event)
        if dice.random() < 0.3:
            part(world)
    part(world)
    world.sweep()
    outcomes: dict[str, set[bytes]] = {}
    for record in world.said(64):
        if record.headers["type"].endswith(("dataset.published.v1", "submission.returned.v1")):
            outcomes.setdefault(record.headers["correlationid"], set()).add(record.value)
    assert outcomes and {len(said) for said in outcomes.values()} == {1}
    versions = edition(world).versions
    assert [version["number"] for version in versions] == list(range(1, len(versions) + 1))
    assert len({version["submission"] for version in versions}) == len(versions)
    assert len(edition(world).entries) <= 2 * KEPT + sum(
        "asked" in e for e in edition(world).entries.values()
    )
