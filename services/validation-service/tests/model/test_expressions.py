"""The language of aturan validasi: what it takes, what it refuses and where, and what it says of a row."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from validation_service.model.expressions import BadExpression, parse, rewritten
from validation_service.model.expressions.engine import translated
from validation_service.model.standard import FieldType

FIELDS: dict[str, FieldType] = {
    "laki_laki": "integer",
    "perempuan": "integer",
    "jumlah": "integer",
    "persen": "number",
    "jenis": "string",
    "Nama Desa": "string",
    "mulai": "date",
    "selesai": "date",
    "aktif": "boolean",
    "tahun": "year",
    "laki-laki": "integer",
}
ROW: dict[str, Any] = {
    "laki_laki": 5,
    "perempuan": 6,
    "jumlah": 11,
    "persen": 45.5,
    "jenis": "SD",
    "Nama Desa": "Tegalrejo",
    "mulai": "2024-01-01",
    "selesai": "2024-12-31",
    "aktif": True,
    "tahun": 2024,
    "laki-laki": 5,
}


def said(text: str, **values: Any) -> tuple[bool | None, bool]:
    """What the rule says of one row, and whether something in it could not be computed."""
    types = {"integer": pl.Int64, "number": pl.Float64, "year": pl.Int64, "boolean": pl.Boolean}
    row = ROW | values
    frame = pl.DataFrame(
        {name: [row[name]] for name in FIELDS},
        schema={name: types.get(kind, pl.String) for name, kind in FIELDS.items()},
    ).with_columns(pl.col("mulai", "selesai").str.to_date(strict=False))
    expression = parse(text, FIELDS)
    rule = translated(expression.root, pl.col, lambda name: pl.col(name).is_null())
    holds, failed = frame.select(rule.holds.alias("holds"), rule.failed.alias("failed")).row(0)
    return holds, failed


@pytest.mark.parametrize(
    "rule",
    [
        "laki_laki + perempuan = jumlah",
        "laki_laki + perempuan == jumlah dan jumlah != 12",
        "jumlah(laki_laki, perempuan) = jumlah",
        "sum(laki_laki; perempuan) = [jumlah]",
        "LAKI_LAKI <= jumlah",
        "jumlah <> 12 and not (jumlah < 11)",
        "2 + 3 * 4 = 14 dan (2 + 3) * 4 = 20 dan 10 - 3 - 2 = 5 dan 12 / 2 / 3 = 2",
        "-laki_laki + 5 = 0 dan - -3 = 3 dan -2 * -3 = 6",
        "persen >= 0 dan persen ≤ 100",
        "0.1 + 0.2 = 0.3 dan 1 / 3 * 3 = 1",
        "jenis dalam ('SD', \"SMP\")",
        "jenis tidak dalam ('SMA') dan jenis not in ('PT')",
        "jumlah in (1, -2, 11)",
        "jumlah + 1 dalam (12)",
        "jika jenis = 'SD' maka jumlah > 10",
        "if jenis = 'SMP' then jumlah > 1000",
        "jika jenis = 'SD' maka jika aktif maka jumlah = 11",
        "[Nama Desa] = 'Tegalrejo' atau panjang([nama desa]) = 1",
        "panjang(jenis) = 2",
        "mulai < selesai dan mulai >= '2024-01-01'",
        "aktif dan bukan kosong(jumlah)",
        "aktif = benar",
        "abs(laki_laki - perempuan) = 1",
        "bulat(45.5) = 46 dan bulat(-45.5) = -46 dan round(1.255001, 2) = 1.26",
        "min(laki_laki, perempuan, 9) = 5 dan max(laki_laki, perempuan) = 6",
        "total(jumlah) = 11",
        "tahun - 1 = 2023",
        "jenis = 'S' atau jenis = 'SD' dan benar",
    ],
)
def test_what_holds(rule: str) -> None:
    assert said(rule) == (True, False)
    assert said(f"bukan ({rule})") == (False, False)


@pytest.mark.parametrize(
    ("rule", "holds"),
    [
        ("laki_laki + perempuan = jumlah", None),
        ("bukan (laki_laki > 3)", None),
        ("laki_laki > 3 atau jumlah = 11", True),
        ("laki_laki > 3 dan jumlah = 12", False),
        ("jika laki_laki > 3 maka jumlah = 11", True),
        ("jika laki_laki > 3 maka jumlah = 12", None),
        ("laki_laki dalam (1, 2)", None),
        ("min(laki_laki, 1) = 1", None),
        ("kosong(laki_laki)", True),
        ("jika kosong(laki_laki) maka jumlah = 0", False),
    ],
)
def test_what_is_unknown_is_not_broken(rule: str, holds: bool | None) -> None:
    assert said(rule, laki_laki=None) == (holds, False)


def test_what_cannot_be_computed_is_unknown_and_said() -> None:
    assert said("jumlah / laki_laki > 1", laki_laki=0) == (None, True)
    assert said("min(jumlah / laki_laki, 1) = 1", laki_laki=0) == (None, True)
    assert said("0 / laki_laki = 0", laki_laki=0) == (None, True)
    assert said("jumlah / laki_laki > 1", laki_laki=None) == (None, False)
    assert said("persen * persen * persen > 1", persen=1e200) == (None, True)
    assert said("jika laki_laki > 0 maka jumlah / laki_laki > 1", laki_laki=0)[0] is True


@pytest.mark.parametrize(
    ("text", "position", "part"),
    [
        ("", 1, "kosong"),
        ("   ", 1, "kosong"),
        ("jumlah > ", 9, "akhir aturan"),
        ("jumlah >", 9, "akhir aturan"),
        ("lakilaki > 3", 1, '"lakilaki"'),
        ("jumlah + 3", 1, "diperlukan syarat, bukan bilangan"),
        ("jumlah = 'SD'", 8, "tidak dapat dibandingkan"),
        ("jenis < 'SD'", 7, "= atau !="),
        ("1 < jumlah < 3", 12, "dan"),
        ("jumlah > 3 dan", 15, "akhir aturan"),
        ("(jumlah > 3", 12, '")"'),
        ("jumlah > 3)", 11, '")"'),
        ("jumlah > 'tiga", 10, "tidak ditutup"),
        ("[jumlah > 3", 1, "tidak ditutup"),
        ("jumlah ! 3", 8, "tidak dikenal"),
        ("jika jumlah > 3", 16, '"maka"'),
        ("rata(jumlah) > 3", 1, '"rata"'),
        ("abs(jumlah, 2) > 3", 1, "2 nilai"),
        ("kosong(3)", 8, "nama kolom"),
        ("total(jumlah + 1) = 3", 7, "nama kolom"),
        ("bulat(persen, 99) = 3", 15, "desimal"),
        ("panjang(jumlah) = 3", 9, "diperlukan teks"),
        ("mulai > 'kemarin'", 7, "bukan tanggal"),
        ("jenis dalam (jenis)", 14, "pilihan"),
        ("jenis dalam ('SD', 3)", 20, "diperlukan teks"),
        ("jumlah > 1e999", 10, "terlalu besar"),
        ("jumlah > 3 jumlah < 4", 12, '"jumlah"'),
        ("jenis dan aktif", 1, "diperlukan syarat"),
        ("__import__('os')", 1, "tidak ada fungsi"),
        ("jenis dalam ()", 14, "kosong"),
        ("jenis tidak dalam ( )", 21, "kosong"),
        ("jumlah > 1.000.000", 15, "tanpa titik ribuan"),
        ("persen > 0,5", 11, "dengan titik: 0.5"),
        ("[] > 3", 1, "nama kolom"),
        ("jumlah > 3; tahun > 4", 11, '";"'),
        ("jumlah > 3;", 11, '"dan"'),
        ("laki-laki > 3", 1, "ditulis [laki-laki]"),
        ("jumlah > laki-laki", 10, "ditulis [laki-laki]"),
        ("Nama Desa = 'Pasirian'", 1, "ditulis [Nama Desa]"),
        ("jumlh > 3", 1, 'barangkali "jumlah"'),
    ],
)
def test_what_is_no_rule_is_refused_at_its_place(text: str, position: int, part: str) -> None:
    with pytest.raises(BadExpression) as refused:
        parse(text, FIELDS)
    assert refused.value.position == position, refused.value.text
    assert part in refused.value.text.id and str(position) in refused.value.text.en


@pytest.mark.parametrize(
    "text",
    [
        "(" * 500 + "1=1" + ")" * 500,
        "bukan " * 300 + "aktif",
        "jumlah = " + "-" * 1_000 + "1",
        "jika aktif maka " * 100 + "aktif",
        "+".join(["jumlah"] * 280) + "= 1 dan " + "+".join(["1"] * 200) + "=1",
        "jumlah = 1" + " " * 2_000,
        "jumlah = " + "1/(" * 15 + "2" + ")" * 15,
        "jumlah = " + "min(1," * 20 + "2" + ")" * 20,
    ],
)
def test_a_rule_that_would_never_end_is_refused(text: str) -> None:
    with pytest.raises(BadExpression):
        parse(text, FIELDS)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60) | st.text(alphabet="jumlah(aktif)[]'<=+-*/ 1.dantaubuk", max_size=60))
def test_any_text_is_a_rule_or_is_refused(text: str) -> None:
    try:
        parse(text, FIELDS)
    except BadExpression as refused:
        assert 1 <= refused.position <= len(text) + 1


def test_a_column_is_replaced_where_it_is_one() -> None:
    rule = "jumlah(laki_laki, [jumlah]) = jumlah dan jenis = 'jumlah' dan tahun > 2000"
    assert rewritten(rule, {"jumlah": "[data_2024]", "tahun": "2024"}) == (
        "jumlah(laki_laki, [data_2024]) = [data_2024] dan jenis = 'jumlah' dan 2024 > 2000"
    )


def test_what_may_be_meant_otherwise_is_told_with_its_place() -> None:
    (doubt,) = parse("jumlah > 1.000", FIELDS).doubts
    assert doubt.id.startswith("Huruf ke-10: 1.000 dibaca sebagai 1,") and "write 1000" in doubt.en
    (doubt,) = parse("1 + 1 = 2", FIELDS).doubts
    assert "tidak menyebut kolom" in doubt.id
    assert parse("persen > 0.125 dan [laki-laki] < 1000 dan persen < 12.50", FIELDS).doubts == ()


def test_what_a_rule_speaks_of() -> None:
    rule = parse("jumlah / total(jumlah) * 100 = persen", FIELDS)
    assert (rule.columns, rule.totalled) == (("jumlah", "persen"), ("jumlah",))


# --- a second evaluator, in fractions, over trees that hypothesis draws -------------------------------

Unknown = None
NUMBERS = {"laki_laki": "integer", "perempuan": "integer", "persen": "number"}


def arithmetic() -> st.SearchStrategy[tuple[Any, ...]]:
    leaves = st.sampled_from([("column", name) for name in NUMBERS]) | st.integers(0, 9).map(
        lambda number: ("number", number)
    )
    return st.recursive(
        leaves,
        lambda inner: (
            st.tuples(st.sampled_from("+-*/"), inner, inner)
            | st.tuples(st.sampled_from(["min", "max", "jumlah"]), inner, inner)
            | st.tuples(st.sampled_from(["abs", "neg"]), inner)
        ),
        max_leaves=5,
    )


def conditions() -> st.SearchStrategy[tuple[Any, ...]]:
    compare = st.tuples(st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), arithmetic(), arithmetic())
    leaves = compare | st.sampled_from([("kosong", name) for name in NUMBERS])
    return st.recursive(
        leaves,
        lambda inner: (
            st.tuples(st.sampled_from(["dan", "atau", "jika"]), inner, inner)
            | st.tuples(st.just("bukan"), inner)
        ),
        max_leaves=4,
    )


def written(tree: tuple[Any, ...]) -> str:
    head, *rest = tree
    if head in ("column", "number"):
        return str(rest[0])
    if head == "kosong":
        return f"kosong({rest[0]})"
    parts = [written(part) for part in rest]
    if head in ("abs", "min", "max", "jumlah"):
        return f"{head}({', '.join(parts)})"
    if head == "jika":
        return f"(jika {parts[0]} maka {parts[1]})"
    if len(parts) == 1:
        return f"({'-' if head == 'neg' else 'bukan'} {parts[0]})"
    return f"({parts[0]} {head} {parts[1]})"


def number(tree: tuple[Any, ...], row: dict[str, Fraction | None]) -> Fraction | None:
    head, *rest = tree
    if head == "number":
        return Fraction(rest[0])
    if head == "column":
        return row[rest[0]]
    values = [number(part, row) for part in rest]
    if any(value is Unknown for value in values):
        return Unknown
    if head == "/":
        return values[0] / values[1] if values[1] else Unknown
    return {
        "+": lambda a, b: a + b,
        "-": lambda a, b: a - b,
        "*": lambda a, b: a * b,
        "jumlah": lambda a, b: a + b,
        "min": min,
        "max": max,
        "abs": abs,
        "neg": lambda a: -a,
    }[head](*values)


def truth(tree: tuple[Any, ...], row: dict[str, Fraction | None]) -> bool | None:
    head, *rest = tree
    if head == "kosong":
        return row[rest[0]] is Unknown
    if head == "bukan":
        inner = truth(rest[0], row)
        return Unknown if inner is Unknown else not inner
    if head in ("dan", "atau", "jika"):
        one, other = truth(rest[0], row), truth(rest[1], row)
        if head == "jika":
            one = Unknown if one is Unknown else not one
        decisive = head != "dan"
        if decisive in (one, other):
            return decisive
        return Unknown if Unknown in (one, other) else not decisive
    left, right = number(rest[0], row), number(rest[1], row)
    if left is Unknown or right is Unknown:
        return Unknown
    return {
        "=": left == right,
        "!=": left != right,
        "<": left < right,
        "<=": left <= right,
        ">": left > right,
        ">=": left >= right,
    }[head]


@settings(max_examples=400, deadline=None)
@given(
    conditions(),
    st.lists(
        st.tuples(
            st.none() | st.integers(-9, 9),
            st.none() | st.integers(0, 5),
            st.none() | st.integers(-8, 8).map(lambda quarters: quarters / 4),
        ),
        min_size=1,
        max_size=5,
    ),
)
def test_it_says_what_a_reckoning_in_fractions_says(
    tree: tuple[Any, ...], rows: list[tuple[Any, ...]]
) -> None:
    fields: dict[str, FieldType] = NUMBERS  # type: ignore[assignment]
    frame = pl.DataFrame(
        rows,
        schema={"laki_laki": pl.Int64, "perempuan": pl.Int64, "persen": pl.Float64},
        orient="row",
    )
    rule = translated(parse(written(tree), fields).root, pl.col, lambda name: pl.col(name).is_null())
    exact = [
        {
            name: Unknown if value is None else Fraction(value)
            for name, value in zip(NUMBERS, row, strict=True)
        }
        for row in rows
    ]
    holds = frame.select(pl.repeat(None, pl.len()).alias("n"), rule.holds.alias("holds"))["holds"]
    assert holds.to_list() == [truth(tree, row) for row in exact], written(tree)
