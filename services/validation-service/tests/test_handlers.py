"""What validation does when data arrived, with fakes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from muara_kernel.events import SubmissionReceived, SubmissionValidated
from validation_service.handlers import dismiss_submission, receive_submission
from validation_service.model.life import Check, Outcome
from validation_service.model.report import Report


class FakeChecks(dict):
    def __init__(self):
        super().__init__()
        self.again = []

    def save(self, check):
        self[check.id] = check

    def say_again(self, answer):
        self.again.append(answer)

    def now(self):
        return 1000.0


class FakeReports(list):
    def keep(self, report: Report) -> Outcome:
        self.append(report)
        return Outcome.of(report, "ab" * 32)


@pytest.fixture
def event() -> SubmissionReceived:
    return SubmissionReceived(
        submission="S-1",
        dataset="35.08/rumah-sakit",
        opd="dinkes",
        period="2024",
        sequence=1,
        payload="cd" * 32,
        size=20,
        media_type="text/csv",
        filename="rumah-sakit.csv",
        received_at=datetime(2026, 3, 2, tzinfo=UTC),
        repairs="S-0",
    )


def test_what_was_received_waits_for_its_check(event):
    checks = FakeChecks()
    receive_submission(event, checks=checks)
    assert checks["S-1"] == Check(event, queued=1000.0)


def test_a_repeat_of_what_still_waits_changes_nothing(event):
    checks = FakeChecks()
    checks["S-1"] = claimed = Check(event, queued=5.0, owner="a worker", starts=1)
    receive_submission(event, checks=checks)
    assert checks == {"S-1": claimed} and not checks.again


def test_a_repeat_of_what_was_answered_says_the_stored_answer_again(event):
    checks = FakeChecks()
    check = Check(event)
    check.conclude(Outcome("lulus", "ab" * 32, rows=2))
    checks.save(check)
    receive_submission(event, checks=checks)
    assert checks.again == [check.answer]


def test_a_verdict_repeats_the_facts_of_the_submission(event):
    check = Check(event)
    check.conclude(Outcome("lulus", "ab" * 32, rows=2, standard=3, codelists={"jenis": "1"}))
    (verdict,) = check.announcements
    assert isinstance(verdict, SubmissionValidated)
    assert (verdict.payload, verdict.repairs, verdict.received_at) == (
        event.payload,
        "S-0",
        event.received_at,
    )
    assert (verdict.rows, verdict.standard, verdict.codelists) == (2, 3, {"jenis": "1"})


def test_a_dismissed_submission_is_answered_with_the_reason_of_ops(event):
    checks, reports = FakeChecks(), FakeReports()
    dismiss_submission(event, "berkas rusak sejak dikirim", checks=checks, reports=reports)
    (verdict,) = checks["S-1"].announcements
    assert verdict.verdict == "tidak_dapat_diperiksa"
    assert [finding.rule for finding in verdict.findings] == ["TK-01"]
    assert "berkas rusak sejak dikirim" in verdict.findings[0].message.id


def test_a_dismissal_does_not_change_an_answer_that_was_given(event):
    checks, reports = FakeChecks(), FakeReports()
    check = Check(event)
    check.conclude(Outcome("lulus", "ab" * 32))
    checks.save(check)
    dismiss_submission(event, "terlambat", checks=checks, reports=reports)
    assert checks.again == [check.answer] and not reports
