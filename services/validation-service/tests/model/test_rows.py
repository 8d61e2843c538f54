"""Rules over one row at a time: sums, percentages, aturan validasi, stray spaces."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
from engine import checked, document, field, places
from hypothesis import given, settings
from hypothesis import strategies as st

from validation_service.model.reading.grid import ROW
from validation_service.model.rules.findings import Findings
from validation_service.model.rules.rows import check_rows
from validation_service.model.standard import Standard, Sum, TableRule

PUPILS = Standard.parse(
    document(
        field("sekolah", required=True),
        field("laki_laki", "integer"),
        field("perempuan", "integer"),
        field("jumlah", "integer"),
        field("persen", "number"),
    )
)
HEADER = "sekolah,laki_laki,perempuan,jumlah,persen\n"
SUM = Sum("jumlah", ("laki_laki", "perempuan"))


def with_rules(*rules: str | TableRule) -> Standard:
    told = (TableRule(rule, "$") if isinstance(rule, str) else rule for rule in rules)
    return replace(PUPILS, rules=tuple(told))


def with_percent(**more: float) -> Standard:
    *others, persen = PUPILS.fields
    return replace(PUPILS, fields=(*others, replace(persen, satuan="Persen", **more)))


def test_a_total_that_is_not_the_sum_of_its_parts_is_told_with_both_numbers() -> None:
    report = checked(HEADER + "SDN 1,5,6,11,\nSDN 2,5,6,12,\nSDN 3,5,6,10,\n", replace(PUPILS, sums=(SUM,)))
    assert places(report) == [("AG-04", 3, "jumlah"), ("AG-04", 4, "jumlah")]
    first = report.findings[0]
    assert (first.severity, first.value) == ("galat", "12")
    assert first.message.id == 'Kolom "jumlah" berisi 12, padahal laki_laki + perempuan = 11; selisih 1.'
    assert "jumlah = laki_laki + perempuan" in first.hint.en


def test_a_tolerance_is_tolerated_and_what_is_blank_or_no_number_is_not_reckoned_with() -> None:
    standard = replace(PUPILS, sums=(replace(SUM, tolerance=1),))
    assert places(checked(HEADER + "SDN 1,5,6,12,\nSDN 2,5,6,13,\n", standard)) == [("AG-04", 3, "jumlah")]
    assert checked(HEADER + "SDN 1,5,,12,\nSDN 2,,6,,\n", standard).verdict == "lulus"
    assert checked(HEADER + "SDN 1,5,enam,12,\n", standard).counts == {"SD-01": 1}


def test_decimals_that_add_up_on_paper_add_up_here() -> None:
    standard = Standard.parse(document(field("a", "number"), field("b", "number"), field("c", "number")))
    standard = replace(standard, sums=(Sum("c", ("a", "b")),))
    assert checked("a,b,c\n0.1,0.2,0.3\n1e15,0.5,1000000000000000.5\n", standard).verdict == "lulus"
    report = checked("a,b,c\n0.1,0.2,0.41\n", standard)
    assert "= 0.3; selisih 0.11." in report.findings[0].message.id


def test_what_rounding_of_the_parts_explains_is_no_error_but_whole_numbers_are_exact() -> None:
    standard = Standard.parse(document(field("a", "number"), field("b", "number"), field("c", "number")))
    standard = replace(standard, sums=(Sum("c", ("a", "b")),))
    assert checked("a,b,c\n33.33,66.66,100.00\n", standard).counts == {}
    report = checked("a,b,c\n33.33,66.66,100.02\n33,66,100\n", standard)
    assert places(report) == [("AG-04", 2, "c"), ("AG-04", 3, "c")]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(*[st.none() | st.integers(0, 30)] * 3), min_size=1, max_size=30))
def test_exactly_the_rows_that_do_not_add_up_are_found(rows: list[tuple[int | None, ...]]) -> None:
    text = ["" if number is None else str(number) for row in rows for number in row]
    lines = [f"SDN,{text[n]},{text[n + 1]},{text[n + 2]}," for n in range(0, len(text), 3)]
    report = checked(HEADER + "\n".join(lines) + "\n", replace(PUPILS, sums=(SUM,)))
    wrong = [n for n, row in enumerate(rows, 2) if None not in row and row[0] + row[1] != row[2]]  # type: ignore
    assert [finding.row for finding in report.findings] == wrong


def test_a_percentage_without_bounds_of_its_own_lies_between_0_and_100() -> None:
    data = HEADER + "A,,,,0\nB,,,,100\nC,,,,100.1\nD,,,,-3\n"
    report = checked(data, with_percent())
    assert places(report) == [("AG-03", 4, "persen"), ("AG-03", 5, "persen")]
    assert report.verdict == "lulus" and report.warnings == 2
    assert checked(data, with_percent(minimum=-5, maximum=200)).counts == {}
    assert checked(data, PUPILS).counts == {}


def test_an_aturan_validasi_that_does_not_hold_is_told_with_the_values_of_the_row() -> None:
    report = checked(HEADER + "SDN 1,5,6,11,\nSDN 2,9,6,11,\n", with_rules("laki_laki <= perempuan"))
    (finding,) = report.findings
    assert (finding.rule, finding.row, finding.column, finding.severity) == ("AV-01", 3, None, "galat")
    assert finding.message.id == (
        "Aturan validasi laki_laki <= perempuan tidak terpenuhi. Isi baris ini: laki_laki = 9, perempuan = 6."
    )
    assert finding.value == "laki_laki = 9, perempuan = 6" and "laki_laki <= perempuan" in finding.hint.id


def test_an_aturan_says_its_own_message_with_its_own_severity() -> None:
    rule = TableRule("jumlah < 100", "$", "Satu kelas memuat kurang dari 100 murid", "peringatan")
    report = checked(HEADER + "SDN 1,,,100,\n", with_rules(rule))
    (finding,) = report.findings
    assert (finding.rule, finding.column, finding.value) == ("AV-01", "jumlah", "100")
    assert finding.severity == "peringatan" and (report.errors, report.warnings) == (0, 1)
    assert finding.message.id.startswith(
        "Satu kelas memuat kurang dari 100 murid. Isi baris ini: jumlah = 100"
    )
    assert report.verdict == "lulus"


def test_a_division_by_zero_is_a_remark_on_that_row_alone() -> None:
    rows = "SDN 1,5,0,11,\nSDN 2,5,,11,\nSDN 3,5,6,11,\nSDN 4,1,6,11,\n"
    report = checked(HEADER + rows, with_rules("laki_laki / perempuan > 0.5"))
    assert places(report) == [("AV-02", 2, None), ("AV-01", 5, None)]
    assert "dibagi" in report.findings[0].hint.id or "pembagi" in report.findings[0].hint.id


def test_a_rule_over_a_whole_column_sees_all_rows() -> None:
    rule = with_rules("bulat(jumlah / total(jumlah) * 100, 1) = persen")
    report = checked(HEADER + "A,,,1,25\nB,,,3,70\n", rule)
    assert places(report) == [("AV-01", 3, None)]


def test_a_rule_over_a_column_that_is_missing_is_not_asked() -> None:
    report = checked(
        "sekolah,laki_laki,jumlah,persen\nA,7,5,\n", with_rules("perempuan > 3", "laki_laki < 6")
    )
    assert report.counts == {"IO-04": 1, "AV-01": 1}


def test_a_rule_without_columns_is_said_of_every_row() -> None:
    assert checked(HEADER + "A,,,,\nB,,,,\n", with_rules("2024 > 2030")).counts == {"AV-01": 2}


def test_braces_in_a_rule_are_only_letters() -> None:
    report = checked(HEADER + "A,,,,\n", with_rules("sekolah = '{0}{value}'"))
    assert "'{0}{value}'" in report.findings[0].message.id


def test_texts_with_stray_spaces_are_pointed_out() -> None:
    data = 'sekolah,laki_laki,perempuan,jumlah,persen\n"SDN 1 ",,,,\n SDN 2,,,,\nSDN  3,,,,\nSDN 4,,,,\n'
    report = checked(data, PUPILS)
    assert places(report) == [("SD-08", 2, "sekolah"), ("SD-08", 3, "sekolah"), ("SD-08", 4, "sekolah")]
    assert report.verdict == "lulus"


def test_of_very_many_broken_rows_the_first_are_told_and_all_are_kept() -> None:
    rows = 5_000
    frame = pl.DataFrame(
        {
            ROW: range(2, rows + 2),
            "f0": ["SDN "] * rows,
            "f1": ["1"] * rows,
            "f2": ["1"] * rows,
            "f3": ["3"] * rows,
        }
    )
    findings = Findings()
    check_rows(frame, replace(PUPILS, sums=(SUM,), rules=(TableRule("jumlah = 2", "$"),)), findings)
    assert findings.counts == {"SD-08": rows, "AG-04": rows, "AV-01": rows}
    assert len(findings.ordered(())) == 3_000 and len(findings.everything(())) == 3 * rows
    last = findings.everything(()).between(rows + 1, rows + 2).filter(pl.col("rule") == "AG-04")
    assert last["sentence"].to_list() == [
        'Kolom "jumlah" berisi 3, padahal laki_laki + perempuan = 2; selisih 1.'
    ]


def test_the_total_of_a_column_with_an_unknown_cell_condemns_nobody() -> None:
    rule = with_rules("jika sekolah = 'Semua' maka 2 * jumlah = total(jumlah)")
    for unknown in ("", "N/A", "tiga"):
        report = checked(HEADER + f"A,,,5,\nB,,,{unknown},\nSemua,,,12,\n", rule)
        assert "AV-01" not in report.counts
    assert places(checked(HEADER + "A,,,5,\nB,,,6,\nSemua,,,12,\n", rule)) == [("AV-01", 4, None)]


def test_a_rule_shows_long_cells_cut() -> None:
    report = checked(HEADER + f"{'x' * 5_000},7,6,,\n", with_rules("sekolah = 'SDN' atau laki_laki < 6"))
    assert len(report.findings[0].message.id) < 250


def test_large_numbers_are_told_in_digits() -> None:
    data = HEADER + "SDN 1,250000000000000000,0,350000000000000000,\n"
    (finding,) = checked(data, replace(PUPILS, sums=(SUM,))).findings
    assert "= 250000000000000000; selisih 100000000000000000." in finding.message.id
