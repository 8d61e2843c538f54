"""The life of a check."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from muara_kernel.events import SubmissionReceived
from validation_service.model.life import Check, given_up


@pytest.fixture
def check() -> Check:
    return Check(
        SubmissionReceived(
            submission="S-1",
            dataset="35.08/rumah-sakit",
            opd="dinkes",
            period="2024",
            sequence=1,
            payload="cd" * 32,
            size=20,
            media_type="text/csv",
            filename="a.csv",
            received_at=datetime(2026, 3, 2, tzinfo=UTC),
        )
    )


def test_a_start_is_counted_when_it_begins(check):
    check.begin("worker-a")
    assert (check.owner, check.starts) == ("worker-a", 1)


def test_waiting_for_a_standard_is_no_start(check):
    check.begin("worker-a")
    check.wait_for("standard 35.08/rumah-sakit")
    assert (check.state, check.owner, check.starts) == ("menunggu_acuan", None, 0)


def test_a_failed_start_counts_and_is_remembered(check):
    check.begin("worker-a")
    check.fail("deadline")
    assert (check.state, check.owner, check.starts, check.failure) == ("menunggu", None, 1, "deadline")


@pytest.mark.parametrize(
    ("failure", "words"),
    [("memory", "memori"), ("deadline", "batas waktu"), ("died", "mendadak"), ("missing", "penyimpanan")],
)
def test_what_is_given_up_says_why_in_plain_words(check, failure, words):
    check.starts, check.failure = 3, failure
    assert words in given_up(check).id
    assert "3" in given_up(check).en
