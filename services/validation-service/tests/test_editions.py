"""Which earlier submission a new one is compared with, and that it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from validation_service.jobs.request import facts_of, previous_of, to_request
from validation_service.model.life import Outcome, References
from validation_service.storage.checks import DocumentEditions, DocumentQueue
from validation_service.storage.shelf import DocumentShelf

LIMITED = {"name": "jumlah", "type": "integer", "satudata:perubahan": {"naikMaks": 50}}


@pytest.fixture
def judged(house):
    """Hear a submission and give it its verdict without looking at it."""

    def judge(submission, period, verdict="lulus", *, sequence=1, dataset="35.08/rumah-sakit"):
        received = replace(house.received(submission, sequence=sequence, dataset=dataset), period=period)
        house.hear(received)
        queue = DocumentQueue(house.ground.documents, house.ground.unit, house.ground.outbox())
        claim = queue.claim("dinkes", "worker-a")
        claim.check.conclude(Outcome(verdict=verdict, report="ab" * 32))
        assert queue.keep(claim)

    return judge


@pytest.fixture
def before(house):
    def ask(period, dataset="35.08/rumah-sakit"):
        found = DocumentEditions(house.ground.documents).before(
            replace(house.received("baru", dataset=dataset), period=period)
        )
        return found and found.submission

    return ask


def test_it_is_the_last_that_passed_for_the_newest_earlier_period(judged, before):
    judged("S-2021", "2021", sequence=1)
    judged("S-2022", "2022", sequence=2)
    judged("S-2022-ulang", "2022", sequence=3)
    judged("S-2023-gagal", "2023", "gagal", sequence=4)
    judged("S-2025", "2025", sequence=5)
    judged("lain", "2023", sequence=1, dataset="35.08/lain")
    assert before("2024") == "S-2022-ulang"
    assert before("2022") == "S-2021"
    assert before("2021") is None and before("2024", "35.08/puskesmas") is None


def test_periods_of_another_frequency_or_none_are_not_compared(judged, before):
    judged("S-T4", "2023-T4")
    assert before("2024-T1") == "S-T4"
    assert before("2024") is None and before("kapan-kapan") is None


def test_the_edition_is_looked_up_only_where_changes_are_limited(house, facts, judged):
    judged("S-2023", "2023")
    house.knows_everything()
    shelf = DocumentShelf(house.library, house.ground.copies(), DocumentEditions(house.ground.documents))
    received = house.received("S-2024")
    assert shelf.references(received).previous is None
    house.library.adopt_standard(received.dataset, facts.standard | {"fields": [LIMITED]}, ())
    assert shelf.references(received).previous.submission == "S-2023"


def test_the_child_is_told_the_edition_by_its_hash_and_the_access_of_the_dataset(house, facts):
    house.knows_everything()
    received, earlier = house.received("S-2024"), replace(house.received("S-2023"), period="2023")
    standard = house.library.standard(received.dataset)
    references = References(facts.dataset(), facts.opd(), standard, previous=earlier)
    request = to_request(received, references, region="35.08")
    assert facts_of(request).access == "terbuka"
    previous = previous_of(request, {earlier.payload: b"kode\nA\n"}.__getitem__)
    assert previous and (previous.period, previous.data) == ("2023", b"kode\nA\n")
    without = to_request(received, replace(references, previous=None), region="35.08")
    assert previous_of(without, lambda sha256: b"") is None


def test_a_jump_since_the_edition_before_is_in_the_verdict(house, facts):
    house.knows_everything()
    kode, _ = facts.standard["fields"]
    standard = facts.standard | {"fields": [kode, LIMITED]}
    house.library.adopt_standard("35.08/rumah-sakit", standard, ())
    house.hear(replace(house.received("S-2023", b"kode,jumlah\nA,3\nB,5\n"), period="2023"))
    house.answers(1)
    house.hear(house.received("S-2024", b"kode,jumlah\nA,9\nB,5\n", sequence=2))
    verdict = house.answers(2)[-1]
    assert (verdict.verdict, verdict.warnings) == ("lulus", 1)
    assert [finding.rule for finding in verdict.findings] == ["YY-01", "MD-01"]
