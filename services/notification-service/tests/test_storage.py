from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from notification_service.model.alerts import NoSuchAlert
from notification_service.storage import ALERTS, DocumentClaims


def test_the_inbox_is_newest_first_and_pages_through_everything_once(
    office: Any, clock: Any, facts: SimpleNamespace
) -> None:
    said = [facts.published(f"KIRIM-{number}") for number in range(7)]
    for number, fact in enumerate(said):
        office.hears(fact)
        clock.goes(number % 2)  # some were made in the same moment
    seen: list[str] = []
    while page := office.inbox.page(None, limit=2, after=seen[-1] if seen else None):
        seen += [alert.id for alert in page]
    assert sorted(seen) == sorted(fact.id for fact in said)
    times = [office.inbox.get(id).created_at for id in seen]
    assert times == sorted(times, reverse=True)


def test_an_alert_that_comes_while_somebody_pages_shifts_nothing(
    office: Any, clock: Any, facts: SimpleNamespace
) -> None:
    first, second, third = (facts.published(f"KIRIM-{number}") for number in range(3))
    for fact in (first, second):
        office.hears(fact)
        clock.goes(1)
    (newest,) = office.inbox.page(None, limit=1, after=None)
    office.hears(third)
    assert [alert.id for alert in office.inbox.page(None, limit=5, after=newest.id)] == [first.id]


def test_an_opd_sees_its_own_alerts_only(office: Any, facts: SimpleNamespace) -> None:
    office.hears(facts.published(), facts.published("KIRIM-9", opd="bpbd"))
    assert [alert.opd for alert in office.inbox.page("bpbd", limit=5, after=None)] == ["bpbd"]
    assert len(office.inbox.page(None, limit=5, after=None)) == 2


def test_paging_after_an_alert_that_is_not_there_says_so(office: Any) -> None:
    with pytest.raises(NoSuchAlert):
        office.inbox.page(None, limit=5, after="tidak-ada")


def test_what_is_due_is_claimed_oldest_first(office: Any, clock: Any, facts: SimpleNamespace) -> None:
    for name in ("KIRIM-lama", "KIRIM-baru"):
        office.hears(facts.review(name))
        clock.goes(1)
    claims = DocumentClaims(office.documents)
    (claimed,) = claims.claim("pekerja", now=clock().timestamp(), most=1)
    assert claimed.submission == "KIRIM-lama"
    assert claimed.owner == "pekerja"


def test_an_alert_that_is_settled_is_out_of_the_queue(office: Any, facts: SimpleNamespace) -> None:
    office.hears(facts.review())
    office.worker().turn()
    body = office.documents.get(ALERTS, facts.review().id).body
    assert "due" not in body
    assert "owner" not in body
