from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from muara_kernel.documents import Conflict
from notification_service.app import reactions
from notification_service.handlers import ANNOUNCES, REACTIONS
from notification_service.storage import ALERTS


def test_the_same_event_twice_makes_one_alert(office: Any, clock: Any, facts: SimpleNamespace) -> None:
    office.hears(facts.returned())
    clock.goes(60)
    office.hears(facts.returned(), facts.returned())
    (alert,) = office.inbox.page(None, limit=10, after=None)
    assert alert.id == facts.returned().id
    assert clock.at > alert.created_at


def test_two_workers_that_hear_one_fact_at_once_make_one_alert(office: Any, facts: SimpleNamespace) -> None:
    first, second = office.unit(), office.unit()
    for unit in (first, second):
        reactions(unit, policy=office.policy)[type(facts.held())](facts.held())
    first.flush()
    with pytest.raises(Conflict):
        second.flush()
    office.hears(facts.held())
    assert office.documents.count(ALERTS) == 1


def test_a_repeat_changes_nothing_about_what_was_delivered(office: Any, facts: SimpleNamespace) -> None:
    office.hears(facts.review())
    office.worker().turn()
    office.hears(facts.review())
    assert not office.worker().turn()
    assert office.inbox.get(facts.review().id).deliveries[0].attempts == 1


def test_the_words_are_frozen_when_the_alert_is_made(office: Any, facts: SimpleNamespace) -> None:
    office.hears(facts.dataset(), facts.returned())
    office.hears(facts.dataset(title="Nama baru", revision=2), facts.returned())
    assert "Jumlah rumah sakit" in office.inbox.get(facts.returned().id).title.id


def test_a_name_that_came_in_the_same_batch_is_used(office: Any, facts: SimpleNamespace) -> None:
    office.hears(facts.opd(), facts.returned())
    assert "Dinas Kesehatan" in office.inbox.get(facts.returned().id).text.id


def test_an_alert_is_made_although_the_opd_has_not_arrived(office: Any, facts: SimpleNamespace) -> None:
    office.hears(facts.returned())
    alert = office.inbox.get(facts.returned().id)
    assert alert.recipients == ("walidata", "opd:dinkes")
    assert alert.deliveries[0].address is None


def test_what_is_only_to_be_known_leaves_nothing_to_deliver(office: Any, facts: SimpleNamespace) -> None:
    office.hears(facts.published())
    assert not office.worker().turn()
    assert "due" not in office.documents.get(ALERTS, facts.published().id).body


def test_it_hears_six_things_and_says_nothing() -> None:
    assert sorted(event.type for event in REACTIONS) == [
        "dataset.published",
        "dataset.registered",
        "opd.registered",
        "review.requested",
        "submission.held",
        "submission.returned",
    ]
    assert ANNOUNCES == ()
