from __future__ import annotations

import itertools
from datetime import datetime
from typing import Any

import pytest

from ingest_service import handlers
from ingest_service.model.submission import Delivery, Submission


class Kept:
    """The submissions of a test, in memory."""

    def __init__(self, *submissions: Submission, now: datetime) -> None:
        self.all = {each.id: each for each in submissions}
        self.saved = 0
        self._now = now

    def get(self, id: str) -> Submission | None:
        return self.all.get(id)

    def save(self, submission: Submission) -> None:
        self.saved += 1

    def happened_at(self) -> datetime:
        return self._now


@pytest.fixture
def submission(delivery: Delivery, noon: datetime) -> Submission:
    made = Submission("KIRIM-1", delivery, 1, noon)
    made.release(0, noon)
    return made


@pytest.fixture
def kept(submission: Submission, noon: datetime) -> Kept:
    return Kept(submission, now=noon)


def tell(kept: Kept, *heard: Any) -> None:
    for event in heard:
        handlers.REACTIONS[type(event)](event, submissions=kept)


def test_a_publication_frees_the_slot_and_is_the_outcome(kept: Kept, events: Any, noon: datetime) -> None:
    tell(kept, events.published("KIRIM-1", version=4, rows=21))
    submission = kept.all["KIRIM-1"]
    assert (submission.state, submission.slot, submission.due) == ("selesai", None, None)
    told = {"state": "diterbitkan", "at": noon.isoformat(), "version": 4, "rows": 21, "report": "b" * 64}
    assert submission.outcome == told | {"final": True}


def test_a_return_keeps_its_reason_and_who_decided(kept: Kept, events: Any) -> None:
    tell(kept, events.returned("KIRIM-1", reason="Salah tahun.", decided_by="walidata", errors=3))
    outcome = kept.all["KIRIM-1"].outcome
    assert outcome is not None
    assert (outcome["state"], outcome["reason"]) == ("dikembalikan", "Salah tahun.")
    assert (outcome["decided_by"], outcome["errors"]) == ("walidata", 3)


def test_a_review_frees_the_slot_and_waits_for_its_decision(kept: Kept, events: Any) -> None:
    tell(kept, events.review("KIRIM-1"))
    assert kept.all["KIRIM-1"].slot is None
    tell(kept, events.returned("KIRIM-1"))
    outcome = kept.all["KIRIM-1"].outcome
    assert outcome is not None and outcome["state"] == "dikembalikan"


def test_the_same_outcome_again_changes_nothing(kept: Kept, events: Any) -> None:
    tell(kept, events.published("KIRIM-1"), events.published("KIRIM-1", version=9))
    assert [each["version"] for each in kept.all["KIRIM-1"].outcomes] == [1]


@pytest.mark.parametrize("final", ["published", "returned"])
@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_replays_in_any_order_leave_the_decision_standing(
    final: str, order: tuple[int, ...], kept: Kept, events: Any
) -> None:
    decision = getattr(events, final)("KIRIM-1")
    story = [events.review("KIRIM-1"), decision, events.review("KIRIM-1")]
    tell(kept, *(story[place] for place in order))
    outcome = kept.all["KIRIM-1"].outcome
    assert outcome is not None and outcome["final"]


def test_an_outcome_of_a_submission_never_accepted_here_is_left_alone(kept: Kept, events: Any) -> None:
    tell(kept, events.published("ORANG-LAIN"))
    assert kept.saved == 0


def test_a_lost_answer_frees_nothing(kept: Kept, events: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUARA_FAILPOINTS", "lanes.answer_lost~KIRIM-1=lose")
    tell(kept, events.published("KIRIM-1"))
    assert kept.all["KIRIM-1"].slot == "dinkes/0"


def test_there_is_a_reaction_to_every_outcome_the_catalog_knows() -> None:
    reacted = {event.type for event in handlers.REACTIONS}
    assert {"dataset.published", "submission.returned", "review.requested"} <= reacted
    assert {event.type for event in handlers.ANNOUNCES} == {"submission.received", "submission.held"}
