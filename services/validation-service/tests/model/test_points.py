"""SD-09: a point that may stand before thousands, in a column that reads it before decimals."""

from __future__ import annotations

from typing import Any

import pytest
from engine import checked, document, field

from validation_service.model.reading import large
from validation_service.model.report import Report
from validation_service.model.standard import Standard

NUMBER = field("n", "number")


def of_column(cells: list[str], described: dict[str, Any] = NUMBER) -> Report:
    """As a small file is judged; a sweep says the same."""
    standard = Standard.parse(document(field("k"), described, field("lain"), field("lagi")))
    text = "k,n,lain,lagi\n" + "".join(f"a{n},{cell},x,y\n" for n, cell in enumerate(cells))
    report = checked(text, standard)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(large, "LARGE_FROM", 0)
        assert checked(text, standard).to_json() == report.to_json()
    return report


@pytest.mark.parametrize(
    ("cells", "count"),
    [
        (["850", "1.250", "12", "2.300"], 2),
        (["980", "1.250", "2.310", "123.456"], 3),
        (["", "N/A", "0", " 1.250 ", "41"], 1),
        (["-1.250", "-7", "+3"], 1),
        (["7"] * 5_000 + ["1.250"], None),
        (["7"] * 999 + ["1.250"] + ["8.5"], 1),
    ],
)
def test_thousands_among_whole_numbers_are_told_once(cells: list[str], count: int | None) -> None:
    found = [each for each in of_column(cells).findings if each.rule == "SD-09"]
    assert [each.message.id.split()[3] for each in found] == ([] if count is None else [str(count)])
    assert all(each.severity == "peringatan" and each.column == "n" for each in found)


def test_the_warning_names_the_first_of_them_and_what_was_meant() -> None:
    (finding,) = of_column(["850", "1.250", "12"]).findings
    assert (finding.row, finding.value) == (3, "1.250")
    assert finding.message.id == 'Di kolom "n" 1 bilangan seperti 1.250 dibaca sebagai desimal, bukan ribuan.'
    assert "1250" in finding.hint.id and "1250" in finding.hint.en


@pytest.mark.parametrize(
    "cells",
    [
        ["1.250", "2.310", "12.375"],
        ["1.250", "2.31", "850", "12"],
        ["0.125", "1.250", "3", "4"],
        ["1.250", "2.310", "7.125", "41"],
        ["1.2500", "3", "4"],
        ["1.250", "0", "0"],
        ["1e3", "5.", "7"],
    ],
)
def test_decimals_are_left_alone(cells: list[str]) -> None:
    assert "SD-09" not in of_column(cells).counts


@pytest.mark.parametrize(
    "described",
    [
        field("n", "number", maximum=999),
        field("n", "number") | {"satudata:satuan": "Persen"},
        field("n", "number") | {"decimalChar": ",", "groupChar": "."},
        field("n"),
    ],
)
def test_where_no_thousands_can_be_or_points_are_known_nothing_is_guessed(described: dict[str, Any]) -> None:
    assert of_column(["850", "1.250", "12", "2.300"], described).counts.keys() <= {"AG-03"}
