"""frictionless judges the same tables; where it says otherwise, docs/second-opinion.md says why."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from engine import checked, document, field
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from validation_service.model.rules.blanks import MARKS
from validation_service.model.standard import Standard

frictionless = pytest.importorskip("frictionless", reason="frictionless is not installed: no second opinion")

EXPLAINED = Path(__file__).parents[4] / "docs" / "second-opinion.md"
KINDS = [
    field("k", "integer", minimum=0, maximum=100),
    field("k", "number", minimum=-5, maximum=100),
    field("k", "number") | {"decimalChar": ",", "groupChar": "."},
    field("k", "date"),
    field("k", "date", minimum="2020-01-01"),
    field("k", "year", minimum=1990),
    field("k", "boolean"),
    field("k", "string", minLength=2, maxLength=6),
    field("k", "string", pattern="[a-z]{2}[0-9]{2}"),
    field("k", "string", enum=["merah", "biru"]),
    field("k", "string", unique=True),
    field("k", "integer", unique=True),
]
CELLS = st.sampled_from(
    [
        *(
            "",
            "0",
            "7",
            "007",
            "+7",
            " 7",
            "7 ",
            "-0",
            "100",
            "101",
            "-1",
            "1.5",
            "-5",
            "-5.01",
            "1.000",
            "1e3",
        ),
        *("1,5", "1.234,5", "12.34,5", ".5", "5.", "inf", "nan", "NaN", "-", "n/a", "NULL", "#REF!", "…"),
        *(
            "2024-02-29",
            "2023-02-29",
            "2024-1-5",
            "2019-12-31",
            "20240105",
            "2024-01-05T00:00",
            "1989",
            "2024",
        ),
        *("99", "02024", "true", "True", "TRUE", "1", "false", "yes", "ya", "merah", "Merah", " biru", "abc"),
        *("ab12", "ab1", "xab12", "ab12x", "a", "abcdefg", "é2", "Jumlah", "99999999999999999999", "1_000"),
    ]
)
NUMBERS = ("integer", "number", "year")


@st.composite
def tables(draw: st.DrawFn) -> tuple[dict[str, Any], list[list[str]]]:
    drawn = draw(st.lists(st.tuples(st.sampled_from(KINDS), st.booleans()), min_size=1, max_size=4))
    fields = [
        kind | {"name": f"k{n}", "constraints": kind["constraints"] | {"required": required}}
        for n, (kind, required) in enumerate(drawn)
    ]
    key = [{"name": "kunci", "type": "string", "constraints": {}}]
    cells = [st.sampled_from(["a", "b", "c", "d", "e", "f"]), *(CELLS for _ in fields)]
    rows = draw(st.lists(st.tuples(*cells), min_size=1, max_size=6))
    return document(*key, *fields, primaryKey=["kunci"]), [list(row) for row in rows]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(tables())
def test_no_difference_is_left_unexplained(table: tuple[dict[str, Any], list[list[str]]]) -> None:
    described, rows = table
    names = [each["name"] for each in described["fields"]]
    ours, totals = _ours(described, names, rows)
    theirs = _theirs(described, names, rows)
    for row, name in sorted(ours ^ theirs):
        cell = rows[row - 2][names.index(name)]
        about = described["fields"][names.index(name)]
        why = "baris jumlah" if row in totals else explained(cell, about, (row, name) in ours)
        assert why is not None, (cell, about, "ours" if (row, name) in ours else "theirs")
        assert why in reasons()


def _ours(described: dict[str, Any], names: list[str], rows: list[list[str]]) -> tuple[set[Any], set[int]]:
    text = "\n".join(";".join(row) for row in [names, *rows])
    report = checked(text, Standard.parse(described))
    totals = {f.row for f in report.findings if f.rule == "AG-01"}
    bad = {(f.row, f.column) for f in report.findings if f.column and f.severity == "galat" and f.row}
    return bad, {row for row in totals if row}


def _theirs(described: dict[str, Any], names: list[str], rows: list[list[str]]) -> set[Any]:
    schema = {"fields": described["fields"], "primaryKey": described["primaryKey"]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        resource = frictionless.Resource(
            data=[names, *rows], schema=frictionless.Schema.from_descriptor(schema)
        )
        errors = [e.to_dict() for task in resource.validate().tasks for e in task.errors]
    return {(each["rowNumber"], each.get("fieldName", "kunci")) for each in errors if "rowNumber" in each}


def explained(cell: str, about: dict[str, Any], only_ours: bool) -> str | None:
    """Which of the reasons of docs/second-opinion.md holds for a cell that only one of the two blames."""
    for reason, holds in REASONS.items():
        if holds(cell, about, only_ours):
            return reason
    return None


Reason = Callable[[str, dict[str, Any], bool], bool]
REASONS: dict[str, Reason] = {
    "tanda tidak tersedia": lambda cell, about, ours: ours and cell.strip().lower() in MARKS,
    "bilangan tak hingga": lambda cell, about, ours: ours and cell.lower() in ("inf", "nan"),
    "titik yang bukan ribuan": lambda cell, about, ours: (
        ours and about.get("groupChar") == "." and not re.fullmatch(r"-?\d{1,3}(\.\d{3})*(,\d+)?", cell)
    ),
    "garis bawah": lambda cell, about, ours: ours and about["type"] in NUMBERS and "_" in cell,
    "tanggal tanpa nol": lambda cell, about, ours: (
        ours and about["type"] == "date" and re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", cell) is not None
    ),
    "lebih dari 64 bit": lambda cell, about, ours: (
        ours and about["type"] == "integer" and cell.isdigit() and int(cell) >= 2**63
    ),
}


def reasons() -> set[str]:
    return set(re.findall(r"^## .*?\(`([^`]+)`\)", EXPLAINED.read_text(), re.M))


def test_every_reason_is_written_down() -> None:
    assert reasons() == {*REASONS, "baris jumlah"}
