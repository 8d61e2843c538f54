from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from engine import checked, document, field, places

from validation_service.model.standard import Standard


def found(value: str, described: dict[str, Any], **more: Any) -> list[str]:
    """The rules that one cell breaks, between two cells that break none."""
    standard = Standard.parse(document(field("kunci", required=True), described, **more))
    cell = '"' + value.replace('"', '""') + '"'
    report = checked(f"kunci,{described['name']}\na,\nb,{cell}\n", standard)
    assert all(finding.row == 3 and finding.column == described["name"] for finding in report.findings)
    return [finding.rule for finding in report.findings]


WHOLE, DECIMAL = field("n", "integer"), field("n", "number")
COMMA = DECIMAL | {"decimalChar": ",", "groupChar": "."}


@pytest.mark.parametrize(
    ("value", "described", "rules"),
    [
        ("12", WHOLE, []),
        ("-007", WHOLE, []),
        ("12.5", WHOLE, ["SD-01"]),
        ("12,5", WHOLE, ["SD-01"]),
        ("1.250", WHOLE, ["SD-06"]),
        ("1.250.000", WHOLE, ["SD-06"]),
        ("1 250", WHOLE, ["SD-06"]),
        ("dua", WHOLE, ["SD-01"]),
        ("99999999999999999999", WHOLE, ["SD-01"]),
        ("1.250", WHOLE | {"groupChar": "."}, []),
        ("12.50", WHOLE | {"groupChar": "."}, ["SD-01"]),
        (" 12 ", WHOLE, ["SD-07"]),
        ("12.5", DECIMAL, []),
        ("1e3", DECIMAL, []),
        ("12,5", DECIMAL, ["SD-06"]),
        ("1.250,5", DECIMAL, ["SD-06"]),
        ("Infinity", DECIMAL, ["SD-01"]),
        ("NaN", DECIMAL, ["NL-02"]),
        ("1.250,5", COMMA, []),
        ("12,5", COMMA, []),
        ("12.5", COMMA, ["SD-06"]),
        ("1,250.5", COMMA, ["SD-06"]),
        ("2024-02-29", field("t", "date"), []),
        ("2023-02-29", field("t", "date"), ["SD-01"]),
        ("2024-2-9", field("t", "date"), ["SD-01"]),
        ("29/02/2024", field("t", "date"), ["SD-01"]),
        ("29/02/2024", field("t", "date") | {"format": "%d/%m/%Y"}, []),
        ("2024", field("t", "year"), []),
        ("24", field("t", "year"), ["SD-01"]),
        ("+202", field("t", "year"), ["SD-01"]),
        ("true", field("b", "boolean"), []),
        ("ya", field("b", "boolean"), ["SD-01"]),
        ("ya", field("b", "boolean") | {"trueValues": ["ya"]}, []),
    ],
)
def test_the_type_of_a_value(value: str, described: dict[str, Any], rules: list[str]) -> None:
    assert found(value, described) == rules


@pytest.mark.parametrize(
    ("value", "described", "rules"),
    [
        ("101", field("n", "integer", maximum=100), ["SD-02"]),
        ("100", field("n", "integer", maximum=100), []),
        ("-0.1", field("n", "number", minimum=0), ["SD-02"]),
        ("2025-01-01", field("t", "date", maximum="2024-12-31"), ["SD-02"]),
        ("1999", field("t", "year", minimum=2000), ["SD-02"]),
        ("x1", field("k", pattern="[a-z]+"), ["SD-03"]),
        ("xx", field("k", pattern="x|y"), ["SD-03"]),
        ("Perempuan", field("k", enum=["Laki-laki", "Perempuan"]), []),
        ("perempuan", field("k", enum=["Laki-laki", "Perempuan"]), ["SD-04"]),
        ("3", field("n", "integer", enum=[1, 2]), ["SD-04"]),
        ("abcd", field("k", maxLength=3), ["SD-05"]),
        ("é", field("k", minLength=2), ["SD-05"]),
        ("abc4", field("k", maxLength=3, pattern="[a-z]+"), ["SD-03", "SD-05"]),
        ("x", field("n", "integer", maximum=100), ["SD-01"]),
    ],
)
def test_the_limits_of_a_value_are_asked_only_where_its_type_is_right(
    value: str, described: dict[str, Any], rules: list[str]
) -> None:
    assert found(value, described) == rules


@pytest.mark.parametrize("mark", ["N/A", "n/a", "NA", "n.a.", "-", "–", "#N/A", "NULL", "#DIV/0!", " N/A "])
@pytest.mark.parametrize("type_", ["string", "integer", "date"])
def test_a_mark_for_not_available_is_no_value(mark: str, type_: str) -> None:
    assert found(mark, field("x", type_)) == ["NL-02"]


def test_a_mark_that_the_standard_knows_is_a_blank() -> None:
    assert found("N/A", field("n", "integer"), missingValues=["", "N/A"]) == []
    assert found("N/A", field("k", enum=["N/A", "A"])) == []
    standard = Standard.parse(document(field("n", "integer", required=True), missingValues=["", "N/A"]))
    assert places(checked("n\nN/A\n3\n", standard)) == [("NL-01", 2, "n")]


def test_a_blank_mark_that_looks_like_a_value_is_blank_all_the_same() -> None:
    standard = Standard.parse(document(field("n", "integer", required=True), missingValues=["-99"]))
    assert places(checked("n\n-99\n3\n", standard)) == [("NL-01", 2, "n")]
    assert found("-", field("b", "boolean") | {"falseValues": ["-"]}) == []


ANSWERS = [{"value": "-", "label": "tidak ada datanya"}, {"value": "-99", "label": "belum dihitung"}]


@pytest.mark.parametrize("described", [field("n", "integer", required=True), field("n", required=True)])
def test_a_labelled_missing_value_is_an_answer_where_the_standard_accepts_it(
    described: dict[str, Any],
) -> None:
    more = {"missingValues": ["", "N/A", *ANSWERS]}
    rows = "k,n\na,-\nb, -99 \nc,N/A\nd,\ne,  \nf,3\ng,?\n"
    accepted = Standard.parse(document(field("k"), described | {"satudata:bolehTidakTersedia": True}, **more))
    refused = Standard.parse(document(field("k"), described, **more))
    assert [row for rule, row, _ in places(checked(rows, accepted)) if rule == "NL-01"] == [4, 5, 6]
    assert [row for rule, row, _ in places(checked(rows, refused)) if rule == "NL-01"] == [2, 3, 4, 5, 6]


def test_a_mark_without_a_label_is_no_answer() -> None:
    lenient = field("n", "integer", required=True) | {"satudata:bolehTidakTersedia": True}
    standard = Standard.parse(document(field("k"), lenient, missingValues=["", *ANSWERS]))
    assert places(checked("k,n\na,N/A\nb,-\n", standard)) == [("NL-02", 2, "n")]


def test_a_key_is_never_unavailable() -> None:
    standard = Standard.parse(
        document(field("k"), field("n"), primaryKey=["k"], missingValues=["", *ANSWERS])
    )
    lenient = tuple(replace(each, may_be_unavailable=True) for each in standard.fields)
    report = checked("k,n\n-,x\nb,y\n", replace(standard, fields=lenient))
    assert places(report) == [("NL-01", 2, "k")]


@pytest.mark.parametrize("blank", ["", "   "])
@pytest.mark.parametrize("described", [field("x", required=True), field("x", "integer", required=True)])
def test_a_required_cell_must_not_be_blank(blank: str, described: dict[str, Any]) -> None:
    standard = Standard.parse(document(field("k"), described))
    assert places(checked(f"k,x\na,{blank}\nb,1\n", standard)) == [("NL-01", 2, "x")]


def test_a_message_names_the_value_what_was_expected_and_the_law() -> None:
    finding = checked("kode,nama,desa\n35.08.01,Tempursari,tujuh\n").findings[0]
    assert finding.message.id == 'Nilai "tujuh" di kolom "desa" bukan bilangan bulat.'
    assert finding.hint.en == "Write a whole number, for example 1250."
    assert finding.legal == "Perpres 39/2019 Pasal 3 huruf a"


def test_a_long_value_is_cut_and_braces_do_no_harm() -> None:
    finding = checked(f"kode,nama,desa\n35.08.01,Tempursari,{{column}}{'x' * 200}\n").findings[0]
    assert finding.value is not None and len(finding.value) == 100 and finding.value.startswith("{column}xxx")


def test_findings_stop_at_a_thousand_of_a_rule_but_are_all_counted() -> None:
    standard = Standard.parse(document(field("n", "integer")))
    report = checked("n\n" + "x\n" * 3_000, standard)
    assert (report.counts, report.errors, len(report.findings)) == ({"SD-01": 3_000}, 3_000, 1_000)
    assert report.findings[-1].row == 1_001


def test_the_second_of_two_equal_keys_is_named_with_the_first() -> None:
    standard = Standard.parse(document(field("a"), field("n", "integer"), primaryKey=["a", "n"]))
    report = checked("a,n\nx,7\ny,7\nx,007\nx,7\n", standard)
    assert [(finding.rule, finding.row) for finding in report.findings] == [("DP-01", 4), ("DP-01", 5)]
    assert "baris 2" in report.findings[0].message.id


def test_keys_of_the_wrong_type_are_compared_by_their_text() -> None:
    standard = Standard.parse(document(field("a"), field("n", "integer"), primaryKey=["a", "n"]))
    report = checked(
        "a,n\nx,7\nx,tujuh\ny,tujuh\nx, tujuh \nx,007\nx,Tujuh\nz,\nz,\nz,N/A\nz,N/A\n", standard
    )
    again = [(each.row, each.value) for each in report.findings if each.rule == "DP-01"]
    assert again == [(5, "x,  tujuh "), (6, "x, 007")]
    assert report.counts["SD-01"] == 4


@pytest.mark.parametrize(
    ("type_", "right", "wrong"),
    [("number", ["1.5", "1.50"], "1,5"), ("date", ["2024-07-31", " 2024-07-31"], "31/7/2024")],
)
def test_right_values_are_compared_as_values_beside_wrong_ones(
    type_: str, right: list[str], wrong: str
) -> None:
    standard = Standard.parse(document(field("n", type_, unique=True), field("lain")))
    cells = [right[0], wrong, right[1], wrong]
    report = checked("n;lain\n" + "".join(f"{cell};x\n" for cell in cells), standard)
    assert [each.row for each in report.findings if each.rule == "DP-01"] == [4, 5]


def test_a_unique_column_may_be_blank_more_than_once() -> None:
    standard = Standard.parse(document(field("k"), field("u", unique=True)))
    assert places(checked("k,u\na,\nb,\nc,1\nd,1\n", standard)) == [("DP-01", 5, "u")]


@pytest.mark.parametrize(
    "word", ["Jumlah", "TOTAL", "Jumlah/Total", "Grand Total", "Jumlah Total", "Sub Total", "Total :"]
)
def test_a_totals_row_is_reported_once_and_not_checked_further(word: str) -> None:
    for row in (f",{word},12x", f"{word},,12x", f"{word},{word},12x"):
        report = checked(f"kode,nama,desa\n35.08.01,Tempursari,7\n{row}\n")
        assert places(report) == [("AG-01", 3, None)] and report.rows == 1


def test_a_place_that_begins_like_a_total_is_no_total() -> None:
    standard = Standard.parse(
        document(field("nama"), field("jenis", enum=["Laki-laki", "Total"]), field("n", "integer"))
    )
    assert checked("nama,jenis,n\nJumlahrejo,Total,3\n,Total,4\n", standard).verdict == "lulus"


def test_bidang_urusan_and_period_belong_to_the_metadata() -> None:
    good = "kode,nama,desa\n35.08.01,Tempursari,7\n"
    assert checked(good, declared_bidang_urusan="1.02").counts == {"TP-01": 1}
    assert checked(good, declared_bidang_urusan="2.13").verdict == "lulus"
    assert checked(good, opd_bidang_urusan=()).verdict == "lulus"
    assert checked(good, period="2025-13").counts == {"PD-01": 1}
    assert checked(good, period="2025-01").counts == {"PD-01": 1}
    report = checked(good, period="2027")
    assert report.counts == {"PD-02": 1}
    assert report.principles == {
        "standar_data": "lulus",
        "metadata": "gagal",
        "interoperabilitas": "lulus",
        "kode_referensi": "lulus",
    }


@pytest.mark.parametrize("rows", [1, 400])
@pytest.mark.parametrize("described", [field("x", required=True), field("x", "integer", required=True)])
def test_a_cell_of_what_nobody_sees_is_blank_where_it_must_be_filled_in(
    rows: int, described: dict[str, Any]
) -> None:
    standard = Standard.parse(document(field("k"), described))
    report = checked("k,x\n" + "a,1\n" * rows + "b,\u200b\nc,\u00a0\ufeff\n", standard)
    assert places(report) == [("NL-01", rows + 2, "x"), ("NL-01", rows + 3, "x")]
    assert "hanya huruf yang tidak tampak" in report.findings[0].message.id


def test_spaces_around_a_missing_value_of_the_standard_are_no_part_of_it() -> None:
    marks = ["", " ", " - ", {"value": "N/A ", "label": "belum dihitung"}]
    standard = Standard.parse(document(field("k"), field("n", "integer"), missingValues=marks))
    assert standard.missing_values == ("", "-", "N/A") and standard.missing_labels[0][0] == "N/A"
    assert checked("k,n\na,-\nb, - \nc,N/A\n", standard).counts == {}
