"""Tables with known bad cells: exactly those are found, whatever the standard and wherever they stand."""

from __future__ import annotations

from typing import Any

import pytest
from engine import LUMAJANG, checked, document, field
from hypothesis import given, settings
from hypothesis import strategies as st

from validation_service.model.reading import large
from validation_service.model.standard import Standard

TYPES = ("integer", "number", "date", "year", "boolean")
Planted = tuple[str, str | None]
Table = tuple[Standard, str, set[tuple[str, int, str]]]
GOOD = {
    "integer": st.integers(0, 100).map(str),
    "number": st.floats(0, 100, allow_nan=False, width=32).map(lambda x: f"{x:.3f}"),
    "date": st.dates().filter(lambda day: day.year > 999).map(str),
    "year": st.integers(1000, 9999).map(str),
    "boolean": st.sampled_from(["true", "false", "1", "0"]),
    "enum": st.sampled_from(["merah", "biru"]),
    "pattern": st.from_regex(r"\A[a-z]{2}[0-9]{2}\Z"),
    "percent": st.floats(0, 100, allow_nan=False, width=32).map(lambda x: f"{x:.2f}"),
    "decimal": st.integers(0, 9_999).map(lambda n: f"{n // 10}.{n % 10}" if n < 10_000 else str(n)),
    "free": st.text("abcdeéABC", min_size=6, max_size=9),
    "code": st.sampled_from([kode for kode, _, _ in LUMAJANG]),
    "length": st.text("abcdeé ", min_size=2, max_size=4)
    .filter(lambda text: "  " not in text)
    .map(lambda text: f"x{text}y"),
}
BAD: dict[str, list[Planted]] = {
    "integer": [
        ("x", "SD-01"),
        ("1.5", "SD-01"),
        ("1.000", "SD-06"),
        ("101", "SD-02"),
        ("-1", "SD-02"),
        ("7.0", "SD-01"),
    ],
    "number": [("x", "SD-01"), ('"1,5"', "SD-06"), ("100.5", "SD-02"), ("inf", "SD-01")],
    "date": [("2023-02-30", "SD-01"), ("1-1-2020", "SD-01"), ("31/01/2024", "SD-01")],
    "year": [("99", "SD-01"), ("20x4", "SD-01")],
    "boolean": [("ya", "SD-01"), ("2", "SD-01")],
    "enum": [("hijau", "SD-04"), ("Merah", "SD-04"), ("biru ", "SD-04")],
    "pattern": [("ab1", "SD-03"), ("xab12", "SD-03"), ("ab12x", "SD-03")],
    "percent": [("100.01", "AG-03"), ("-0.5", "AG-03"), ("x", "SD-01")],
    "decimal": [("1e400", "SD-01"), (".", "SD-01"), ("1000000", "SD-02")],
    "free": [
        ("abc ", "SD-08"),
        (" abc", "SD-08"),
        ("ab  cd", "SD-08"),
        ("ab\u200bcd", "SD-08"),
        ("ab\u00a0cd", "SD-08"),
    ],
    "code": [("3508010", "KR-03"), ("35.08", "KR-04"), ("35.09.01", "KR-04"), ("tidak tahu", "KR-01")],
    "length": [("xy", "SD-05"), ("xabcdefy", "SD-05")],
}
ALWAYS: list[Planted] = [("N/A", "NL-02"), ("-", "NL-02"), ("n.a.", "NL-02")]


def described(kind: str, name: str, required: bool) -> dict[str, Any]:
    limits: dict[str, Any] = {
        "integer": {"minimum": 0, "maximum": 100},
        "number": {"minimum": 0, "maximum": 100},
        "enum": {"enum": ["merah", "biru"]},
        "pattern": {"pattern": "[a-z]{2}[0-9]{2}"},
        "decimal": {"maximum": 999_999},
        "length": {"minLength": 3, "maxLength": 6},
    }.get(kind, {})
    type_ = {"percent": "number", "decimal": "number"}.get(kind, kind if kind in TYPES else "string")
    more: dict[str, Any] = {"satudata:satuan": "Persen"} if kind == "percent" else {}
    if kind == "code":
        more["satudata:kodeReferensi"] = {"daftar": "wilayah-kemendagri", "tingkat": "kecamatan"}
    return field(name, type_, required=required, **limits) | more


@st.composite
def tables(draw: st.DrawFn, first: str) -> Table:
    others = draw(st.lists(st.sampled_from(sorted(GOOD)), max_size=4))
    kinds = [(kind, draw(st.booleans())) for kind in (first, *others)]
    names = [f"kolom_{n}" for n in range(len(kinds))]
    fields = [described(kind, name, required) for name, (kind, required) in zip(names, kinds, strict=True)]
    height = draw(st.integers(1, 25))
    planted: set[tuple[str, int, str]] = set()
    lines = [",".join(["kunci", *names])]
    for row in range(2, height + 2):
        cells = [f"k{row}"]
        for name, (kind, required) in zip(names, kinds, strict=True):
            cell, rule = draw(_cell(kind, required))
            cells.append(cell)
            if rule is not None:
                planted.add((rule, row, name))
        if row > 2 and draw(st.integers(0, 9)) == 0:
            cells[0] = "k2"
            planted.add(("DP-01", row, "kunci"))
        lines.append(",".join(cells))
    standard = Standard.parse(document(field("kunci"), *fields, primaryKey=["kunci"]))
    return standard, "\n".join(lines) + "\n", planted


def _cell(kind: str, required: bool) -> st.SearchStrategy[Planted]:
    blank: Planted = ("", "NL-01" if required else None)
    bad: st.SearchStrategy[Planted] = st.sampled_from([*BAD[kind], *ALWAYS, blank])
    good: st.SearchStrategy[Planted] = GOOD[kind].map(lambda text: (text, None))
    return st.integers(0, 5).flatmap(lambda n: bad if n == 0 else good)


@pytest.mark.slow
@pytest.mark.parametrize("kind", sorted(GOOD))
@settings(max_examples=84, deadline=None)
@given(data=st.data())
def test_exactly_the_planted_cells_are_found(kind: str, data: st.DataObject) -> None:
    """1,008 standards and their tables: 84 for each kind of column, with others beside it."""
    standard, text, planted = data.draw(tables(kind))
    with pytest.MonkeyPatch.context() as patch:
        for least in (large.LARGE_FROM, 0):  # as a small file is judged, and as a large one
            patch.setattr(large, "LARGE_FROM", least)
            report = checked(text, standard)
            found = [f for f in report.findings if f.rule != "MD-01"]
            assert {(f.rule, f.row, f.column) for f in found} == planted
            assert len(found) == len(planted)
            assert report.errors == sum(f.severity == "galat" for f in found)


@pytest.mark.parametrize("rows", [1, 2_500])
def test_the_same_cells_are_found_however_many_rows_stand_before_them(rows: int) -> None:
    kinds = sorted(BAD)
    standard = Standard.parse(document(*(described(kind, kind, True) for kind in kinds)))
    fine = {
        "integer": "7", "number": "7.5", "date": "2024-01-31", "year": "2024",
        "percent": "50", "decimal": "1.5", "free": "abc", "code": "35.08.01",
        "boolean": "true", "enum": "biru", "pattern": "ab12", "length": "abcd",
    }  # fmt: skip
    lines = [",".join(kinds)] + [",".join(fine[kind] for kind in kinds)] * rows
    planted = set()
    for kind in kinds:
        for text, rule in [*BAD[kind], *ALWAYS, ("", "NL-01")]:
            cells = fine | {kind: text}
            lines.append(",".join(cells[each] for each in kinds))
            planted.add((rule, len(lines), kind))
    report = checked("\n".join(lines), standard)
    assert {(f.rule, f.row, f.column) for f in report.findings} == planted
