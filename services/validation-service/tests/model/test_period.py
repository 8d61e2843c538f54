from __future__ import annotations

from datetime import date

import pytest

from validation_service.model.period import frequency_of, has_begun, read_period


@pytest.mark.parametrize(
    ("text", "frequency", "begins"),
    [
        ("2024", "tahunan", date(2024, 1, 1)),
        ("2024-S2", "semesteran", date(2024, 7, 1)),
        ("2024-T3", "triwulanan", date(2024, 7, 1)),
        ("2024-12", "bulanan", date(2024, 12, 1)),
    ],
)
def test_a_period_begins_on_its_first_day(text: str, frequency: str, begins: date) -> None:
    period = read_period(text, frequency)
    assert period is not None and period.begins == begins
    assert frequency_of(text) == frequency


@pytest.mark.parametrize(
    "text", ["2024-13", "2024-00", "2024-S3", "2024-T5", "2024-7", "24", "0000", "", "２０２４"]
)
def test_what_is_no_period_is_none_in_any_frequency(text: str) -> None:
    assert frequency_of(text) is None


def test_a_period_that_starts_today_has_begun() -> None:
    period = read_period("2025", "tahunan")
    assert period is not None
    assert has_begun(period, date(2025, 1, 1)) and not has_begun(period, date(2024, 12, 31))
