"""The demo compares what came with what was expected, and says every difference."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from muara.demo import Row, differences
from muara.region import Example, Expected


def row(number: str, state: str, *, alert: float | None = 10.0, counts: Any = None, **outcome: Any) -> Row:
    example = Example(number, "dinkes", "35.08/x", "2024", Path("x.csv"), "text/csv", "", "", "", "")
    return Row(example, {}, {"state": state, "outcome": outcome}, counts=counts or {}, to_alert=alert)


def test_as_expected_is_no_difference() -> None:
    rows = [
        row("1", "diterbitkan", version=1, rows=21),
        row("2", "dikembalikan", rows=3, counts={"KR-02": 13}),
    ]
    expected = {"1": Expected("diterbitkan", "1", "21", ""), "2": Expected("dikembalikan", "", "3", "KR-02")}
    assert differences(rows, expected) == []


def test_another_outcome_version_row_count_or_rule_is_told() -> None:
    expected = {"1": Expected("diterbitkan", "1", "21", "")}
    for wrong in (
        row("1", "dikembalikan", rows=21),
        row("1", "diterbitkan", version=2, rows=21),
        row("1", "diterbitkan", version=1, rows=20),
        row("1", "diterbitkan", version=1, rows=21, counts={"IO-05": 1}),
    ):
        assert len(differences([wrong], expected)) == 1


def test_a_missing_alert_and_a_missing_submission_are_told() -> None:
    expected = {
        "1": Expected("diterbitkan", "1", "21", ""),
        "2": Expected("diterbitkan", "1", "21", ""),
    }
    told = differences([row("1", "diterbitkan", version=1, rows=21, alert=None)], expected)
    assert [line.partition(":")[0] for line in told] == ["1", "2"]


def test_the_reasons_name_each_rule_that_was_broken_once_with_its_count() -> None:
    findings = [
        {"rule": "KR-02", "severity": "galat", "message": {"id": "Kode salah."}},
        {"rule": "KR-02", "severity": "galat", "message": {"id": "Kode salah juga."}},
        {"rule": "DP-01", "severity": "galat", "message": {"id": "Kembar."}},
        {"rule": "MD-01", "severity": "catatan", "message": {"id": "Metadata belum ada."}},
    ]
    counts = {"KR-02": 13, "DP-01": 1, "MD-01": 1}
    returned = row("9", "dikembalikan", findings=findings, counts=counts, reason="umum")
    assert returned.reasons == "KR-02 (13×) Kode salah. DP-01 (1×) Kembar."
    assert row("8", "dikembalikan", reason="Koordinat salah.").reasons == "Koordinat salah."
