"""Wide tables: the standard takes the shape of the file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from engine import checked, document, field
from hypothesis import given, settings
from hypothesis import strategies as st

from validation_service.model.report import Report
from validation_service.model.standard import Change, Field, GroupSum, Standard, Sum, WideColumn

HEADER = ["kode", "laki_laki", "data_2022", "data_2023"]
LEBAR = {"kolom": r"data_(\d{4})", "menjadi": "tahun", "nilai": "jumlah"}


def described(**more: Any) -> dict[str, Any]:
    fields = (
        field("kode", required=True),
        field("tahun", "year", required=True, minimum=2000, maximum=2030),
        field("jumlah", "integer", required=True, minimum=0, maximum=100) | {"title": "Jumlah"},
        field("laki_laki", "integer"),
    )
    body = document(*fields, primaryKey=["kode", "tahun"]) | {"satudata:tabelLebar": LEBAR}
    return body | {f"satudata:{key}": value for key, value in more.items()}


def expanded(header: list[str] = HEADER, **more: Any) -> Standard:
    return Standard.parse(described(**more)).for_header(header)


def texts(standard: Standard) -> list[str]:
    return [rule.text for rule in standard.rules]


def test_the_value_stands_once_for_each_column_that_matches_under_its_own_name() -> None:
    standard = expanded()
    assert standard.names == ("kode", "data_2022", "data_2023", "laki_laki")
    assert standard.wide_columns == (WideColumn("data_2022", "2022"), WideColumn("data_2023", "2023"))
    first = standard.fields[1]
    assert (first.type, first.required, first.minimum, first.maximum) == ("integer", True, 0, 100)
    assert first.title == "Jumlah 2022"


def test_the_columns_stand_in_the_order_of_the_file() -> None:
    assert expanded(["data_2023", "kode", "data_2022"]).names[1:3] == ("data_2023", "data_2022")


def test_the_field_in_the_header_leaves_the_keys() -> None:
    standard = Standard.parse(described() | {"uniqueKeys": [["laki_laki", "tahun"], ["tahun"]]})
    wide = standard.for_header(HEADER)
    assert wide.primary_key == ("kode",)
    assert wide.unique_keys == (("laki_laki",),)


def test_the_field_in_the_header_is_kept_to_be_asked_of_the_names() -> None:
    standard = expanded(kolomPeriode="tahun")
    assert isinstance(standard.wide_name, Field)
    assert (standard.wide_name.name, standard.wide_name.minimum) == ("tahun", 2000)
    assert standard.period_column is None


def test_what_a_file_has_is_asked_for_again_in_vain() -> None:
    standard = expanded()
    assert standard.for_header(HEADER) is standard


@pytest.mark.parametrize("header", [["kode", "tahun", "jumlah", "laki_laki"], ["kode"], []])
def test_a_file_without_such_columns_is_checked_as_it_stands(header: list[str]) -> None:
    standard = Standard.parse(described())
    assert standard.for_header(header) is standard


@pytest.mark.parametrize(
    "name", ["data_24", "xdata_2024", "data_2024x", "Data_2024", "data_2024 ", "data_" + "2" * 500]
)
def test_only_a_name_that_matches_as_a_whole_is_such_a_column(name: str) -> None:
    assert expanded([*HEADER, name]).names == expanded().names


def test_a_column_of_another_field_is_never_taken_for_a_value() -> None:
    every = {"kolom": "(.+)", "menjadi": "tahun", "nilai": "jumlah"}
    standard = expanded(["kode", "laki_laki", "2022"], tabelLebar=every)
    assert standard.names == ("kode", "2022", "laki_laki")


def test_a_column_that_comes_twice_is_one_field() -> None:
    assert expanded([*HEADER, "data_2022"]).names == expanded().names


def test_a_header_of_a_hundred_thousand_columns_is_cut() -> None:
    header = [f"data_{number:04}" for number in range(10_000)] + [f"x{number}" for number in range(90_000)]
    assert len(expanded(["kode", *header]).wide_columns) == 1_000


def test_sums_are_asked_of_each_column() -> None:
    standard = expanded(jumlah=[{"total": "jumlah", "bagian": ["laki_laki"], "toleransi": 2}])
    assert standard.sums == (Sum("data_2022", ("laki_laki",), 2.0), Sum("data_2023", ("laki_laki",), 2.0))


def test_a_sum_that_does_not_speak_of_the_value_stays() -> None:
    other = described() | {"satudata:jumlah": [{"total": "laki_laki", "bagian": ["perempuan"]}]}
    other["fields"] = [*other["fields"], field("perempuan", "integer")]
    assert Standard.parse(other).for_header(HEADER).sums == (Sum("laki_laki", ("perempuan",)),)


def test_a_sum_per_header_is_that_of_each_column() -> None:
    standard = expanded(
        jumlahKelompok=[
            {"kolom": "jumlah", "per": ["tahun"], "samaDengan": 100, "toleransi": 1},
            {"kolom": "laki_laki", "per": ["kode", "tahun"], "samaDengan": 50},
        ]
    )
    assert standard.group_sums == (
        GroupSum("data_2022", (), 100.0, 1.0),
        GroupSum("data_2023", (), 100.0, 1.0),
        GroupSum("laki_laki", ("kode",), 50.0),
    )


def test_rules_speak_of_each_column_and_of_what_its_name_says() -> None:
    standard = expanded(
        aturan=["laki_laki <= jumlah", "jika tahun >= 2023 maka jumlah > 0", "laki_laki >= 0"]
    )
    assert texts(standard) == [
        "laki_laki <= [data_2022]",
        "laki_laki <= [data_2023]",
        "jika 2022 >= 2023 maka [data_2022] > 0",
        "jika 2023 >= 2023 maka [data_2023] > 0",
        "laki_laki >= 0",
    ]
    assert standard.rules[1].source == "$['satudata:aturan'][0]"


def test_a_rule_keeps_its_message_and_severity() -> None:
    rule = {"aturan": "jumlah > 0", "pesan": "Nol perlu dijelaskan.", "keparahan": "catatan"}
    read = expanded(aturan=[rule]).rules[1]
    assert (read.text, read.message, read.severity) == ("[data_2023] > 0", "Nol perlu dijelaskan.", "catatan")


def test_names_of_columns_cannot_break_out_of_a_rule() -> None:
    every = {"kolom": r"(\d{4}).*", "menjadi": "tahun", "nilai": "jumlah"}
    header = ["kode", "2022] > 0 atau [kode", '2023\'s "total" (orang)']
    assert texts(expanded(header, tabelLebar=every, aturan=["jumlah > 0"])) == [
        "[2022]] > 0 atau [kode] > 0",
        '[2023\'s "total" (orang)] > 0',
    ]


@pytest.mark.parametrize(
    ("type_", "value", "literal"),
    [("string", "L'aki", "'L''aki'"), ("integer", "-5", "(-5)"), ("date", "2024-01-31", "'2024-01-31'")],
)
def test_what_a_name_says_is_written_as_its_field_is_typed(type_: str, value: str, literal: str) -> None:
    body = document(field("kode"), field("jenis", type_), field("jumlah", "integer"))
    body |= {
        "satudata:tabelLebar": {"kolom": "n (.+)", "menjadi": "jenis", "nilai": "jumlah"},
        "satudata:aturan": ["jenis = jenis dan jumlah > 0"],
    }
    assert texts(Standard.parse(body).for_header(["kode", f"n {value}"])) == [
        f"{literal} = {literal} dan [n {value}] > 0"
    ]


def test_the_change_that_is_tolerated_goes_with_the_value() -> None:
    body = described()
    body["fields"][2] |= {"satudata:perubahan": {"naikMaks": 10}}
    assert Standard.parse(body).for_header(HEADER).fields[2].change == Change(most_rise=10)


def found(report: Report) -> list[tuple[str, int | None, str | None]]:
    return [(each.rule, each.row, each.column) for each in report.findings if each.severity == "galat"]


def wide_report(data: str, **more: Any) -> Report:
    return checked(data, Standard.parse(described(**more)))


def test_a_good_wide_table_passes() -> None:
    assert found(wide_report("kode,laki_laki,data_2022,data_2023\na,1,2,3\nb,2,3,4\n")) == []


def test_findings_name_the_columns_of_the_sender() -> None:
    report = wide_report(
        "kode,laki_laki,data_2022,data_2023\na,1,200,x\na,2,,4\n", aturan=["laki_laki <= jumlah"]
    )
    assert found(report) == [
        ("SD-02", 2, "data_2022"),
        ("SD-01", 2, "data_2023"),
        ("DP-01", 3, "kode"),
        ("NL-01", 3, "data_2022"),
    ]
    broken = wide_report("kode,laki_laki,data_2022,data_2023\na,5,4,9\n", aturan=["laki_laki <= jumlah"])
    assert [(rule, row) for rule, row, _ in found(broken)] == [("AV-01", 2)]
    assert "data_2022" in broken.findings[0].message.id


def test_a_name_that_says_what_the_standard_does_not_allow_is_told_once() -> None:
    report = wide_report("kode,laki_laki,data_2022,data_1999\na,1,2,3\nb,1,2,3\n")
    assert found(report) == [("SD-02", 1, "data_1999")]
    assert report.findings[0].value == "1999"


def test_two_names_that_say_the_same_are_told() -> None:
    either = {"kolom": r"(?:data|nilai)_(\d{4})", "menjadi": "tahun", "nilai": "jumlah"}
    report = wide_report("kode,laki_laki,data_2022,nilai_2022\na,1,2,3\n", tabelLebar=either)
    assert found(report) == [("IO-06", 1, "nilai_2022")]
    assert "data_2022" in report.findings[0].message.id


@pytest.mark.parametrize("kind", ["integer", "number"])
def test_names_that_write_one_number_in_two_ways_say_the_same(kind: str) -> None:
    body = document(
        field("kode"),
        field("tahun", kind),
        field("nilai", "integer"),
        primaryKey=["kode", "tahun"],
        **{"satudata:tabelLebar": {"kolom": r"data_(\d+)", "menjadi": "tahun", "nilai": "nilai"}},
    )
    report = checked("kode,data_2020,data_02020,data_2021\na,1,2,3\n", Standard.parse(body))
    assert found(report) == [("IO-06", 1, "data_02020")]
    assert '"data_02020" berarti 2020, sama dengan "data_2020"' in report.findings[0].message.id


def test_months_can_be_columns() -> None:
    months = field("bulan", required=True, enum=["Januari", "Februari"])
    wide = {"kolom": "(Januari|Februari|Maret)", "menjadi": "bulan", "nilai": "nilai"}
    body = document(field("kode"), months, field("nilai", "integer"), **{"satudata:tabelLebar": wide})
    report = checked("kode,Januari,Februari,Maret\na,1,x,3\n", Standard.parse(body))
    assert found(report) == [("SD-04", 1, "Maret"), ("SD-01", 2, "Februari")]


def test_numbers_of_wide_columns_are_read_as_their_field_is_written() -> None:
    body = document(field("kode"), field("tahun", "year"), field("persen", "number") | {"decimalChar": ","})
    body |= {"satudata:tabelLebar": {"kolom": r"(\d{4})", "menjadi": "tahun", "nilai": "persen"}}
    assert found(checked('[{"kode": "a", "2022": 1.5, "2023": 2}]', Standard.parse(body))) == []


CELLS = st.sampled_from(["0", "50", "100", "101", "-1", "x", "", "7.5"])
MEN = CELLS.filter(bool)
"""Never blank, or a wide row could be blank as a whole, and is then no row."""
YEARS = st.lists(st.integers(1995, 2035), min_size=1, max_size=4, unique=True)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[int], list[tuple[str, str, Mapping[int, str]]]]:
    years = draw(YEARS)
    names = draw(st.lists(st.sampled_from(["a", "b", "c", ""]), min_size=1, max_size=4))
    return years, [(name, draw(MEN), {year: draw(CELLS) for year in years}) for name in names]


@settings(max_examples=60, deadline=None)
@given(tables())
def test_a_wide_table_is_judged_as_the_long_one_that_says_the_same(
    table: tuple[list[int], list[tuple[str, str, Mapping[int, str]]]],
) -> None:
    years, rows = table
    rules = {"aturan": ["jika tahun > 2010 maka jumlah >= laki_laki"]}
    wide = [f"kode,laki_laki,{','.join(f'data_{year}' for year in years)}"]
    wide += [f"{kode},{men},{','.join(values[year] for year in years)}" for kode, men, values in rows]
    long = ["kode,tahun,jumlah,laki_laki"]
    long += [f"{kode},{year},{values[year]},{men}" for kode, men, values in rows for year in years]
    seen_wide = _judged(wide_report("\n".join(wide) + "\n", **rules))
    seen_long = _judged(wide_report("\n".join(long) + "\n", **rules))
    of_years = {("SD-02", "tahun")}
    assert seen_wide - of_years == seen_long - of_years
    late = {year for year in years if not 2000 <= year <= 2030}
    assert (("SD-02", "tahun") in seen_wide) == bool(late)


def _judged(report: Report) -> set[tuple[str, str]]:
    """Which rules are broken in which fields; wide columns and their years under the names of the fields."""
    judged = set()
    for each in report.findings:
        name = each.column or ""
        if name.startswith("data_"):
            name = "tahun" if each.value == name.removeprefix("data_") else "jumlah"
        judged.add((each.rule, "kunci" if each.rule == "DP-01" else name))
    return judged


def test_the_field_of_a_column_is_found_by_its_name_or_as_one_of_a_wide_table() -> None:
    standard = Standard.parse(described())
    names = {column: standard.field_of(column) for column in ("kode", "data_2022", "data_22", "\ud800")}
    assert {column: field.type for column, field in names.items() if field} == {
        "kode": "string",
        "data_2022": "integer",
    }


def test_a_rule_may_write_the_names_of_columns_in_any_case() -> None:
    wide = {"kolom": r"data_(\d{4})", "menjadi": "tahun", "nilai": "jumlah"}
    rules = ["JUMLAH >= 0 dan [Tahun] > 2000"]
    fields = field("kode"), field("tahun", "year"), field("jumlah", "integer")
    standard = Standard.parse(document(*fields, **{"satudata:tabelLebar": wide, "satudata:aturan": rules}))
    report = checked("kode,data_2023,data_2024\nA,1,-2\n", standard)
    assert [(each.rule, each.column) for each in report.findings] == [("AV-01", "data_2024")]
