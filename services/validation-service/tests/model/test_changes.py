"""What changed since the period before: within the table, side by side, and against the edition before."""

from __future__ import annotations

from dataclasses import replace

import pytest
from engine import checked, document, field, places

from validation_service.model.facts import Previous
from validation_service.model.standard import Change, Standard


def limited(standard: Standard, name: str, **change: object) -> Standard:
    fields = (
        replace(each, change=Change(**change)) if each.name == name else each for each in standard.fields
    )  # type: ignore[arg-type]
    return replace(standard, fields=tuple(fields))


LONG = Standard.parse(
    document(
        field("desa", required=True),
        field("tahun", "year"),
        field("n", "integer"),
        primaryKey=["desa", "tahun"],
    )
)
LONG = replace(LONG, period_column="tahun")
ONE = Standard.parse(document(field("desa", required=True), field("n", "integer"), primaryKey=["desa"]))
LIMITS = {"most_rise": 50, "most_fall": 30}


def test_a_jump_within_the_table_is_told_with_both_values_and_the_limit() -> None:
    rows = "desa,tahun,n\nA,2022,100\nA,2023,151\nA,2024,150\nB,2022,100\nB,2024,69\nB,2023,100\n"
    report = checked(rows, limited(LONG, "n", **LIMITS))
    assert places(report) == [("YY-01", 3, "n"), ("YY-01", 6, "n")]
    rise, fall = report.findings
    assert rise.message.id == 'Nilai 151 di "n" naik 51% dari 100 (2022); batasnya 50%.'
    assert fall.message.en == 'The value 69 in "n" falls 31% from 100 (2023); limit 30%.'
    assert (rise.severity, report.verdict) == ("peringatan", "lulus")


@pytest.mark.parametrize(
    ("before", "now", "limit", "told"),
    [
        ("3", "5", 50, "naik 66.7% dari 3 (2022); batasnya 50%"),
        ("10000", "15004", 50, "naik 50.04% dari 10000 (2022); batasnya 50%"),
        ("2.5", "8.2", 12.5, "naik 228% dari 2.5 (2022); batasnya 12.5%"),
        ("1000", "2504", 150.35, "naik 150.4% dari 1000 (2022); batasnya 150.35%"),
        ("0.001", "20000", 1_000_000, "naik 1999999900% dari 0.001 (2022); batasnya 1000000%"),
    ],
)
def test_percentages_are_rounded_but_never_down_to_the_limit(
    before: str, now: str, limit: float, told: str
) -> None:
    fields = field("desa", required=True), field("tahun", "year"), field("n", "number")
    standard = Standard.parse(document(*fields, primaryKey=["desa", "tahun"]))
    standard = limited(replace(standard, period_column="tahun"), "n", most_rise=limit)
    (finding,) = checked(f"desa,tahun,n\nA,2022,{before}\nA,2023,{now}\n", standard).findings
    assert finding.message.id == f'Nilai {now} di "n" {told}.'


def test_what_is_exactly_at_the_limit_blank_or_came_from_nothing_is_no_jump() -> None:
    rows = "desa,tahun,n\nA,2022,100\nA,2023,150\nA,2024,105\nB,2022,\nB,2023,9\nC,2022,0\nC,2023,9\n"
    assert checked(rows, limited(LONG, "n", **LIMITS)).counts == {}


def test_a_period_in_which_nothing_changed_is_pointed_out_once() -> None:
    rows = "desa,tahun,n\nA,2022,1\nB,2022,2\nA,2023,1\nB,2023,2\nA,2024,5\nB,2024,3\n"
    report = checked(rows, limited(LONG, "n", may_stay=False))
    (finding,) = report.findings
    assert (finding.rule, finding.row, finding.column, finding.value) == ("YY-02", 4, "n", None)
    assert finding.message.id == 'Semua 2 nilai kolom "n" pada periode 2023 sama dengan periode 2022.'


def test_a_single_value_that_stayed_the_same_is_pointed_out_in_its_row() -> None:
    rows = "desa,tahun,n\nA,2022,1\nB,2022,2\nA,2023,01\nB,2023,9\nA,2024,1\nB,2024,9\nC,2024,\n"
    report = checked(rows, limited(LONG, "n", may_stay=False))
    assert places(report) == [("YY-02", 4, "n"), ("YY-02", 6, "n")]
    alone, whole_period = report.findings
    assert alone.message.id == 'Nilai 01 kolom "n" pada periode 2023 sama dengan periode 2022.'
    assert alone.message.en == 'The value 01 of column "n" stayed the same from 2022 to 2023.'
    assert (alone.value, alone.severity, report.verdict) == ("01", "peringatan", "lulus")
    assert whole_period.message.en == 'All 2 values of column "n" stayed the same from 2023 to 2024.'


def test_a_value_that_stayed_the_same_is_seen_against_the_edition_before_and_side_by_side() -> None:
    previous = Previous("2024", b"desa,n\nA,100\nB,7\n")
    report = checked("desa,n\nA,100\nB,8\n", limited(ONE, "n", may_stay=False), previous)
    assert places(report) == [("YY-02", 2, "n")]
    changing = field("n", "integer") | {"satudata:perubahan": {"bolehSama": False}}
    wide = {"satudata:tabelLebar": {"kolom": r"data_(\d{4})", "menjadi": "tahun", "nilai": "n"}}
    standard = Standard.parse(
        document(field("desa"), field("tahun", "year"), changing, primaryKey=["desa", "tahun"], **wide)
    )
    report = checked("desa,data_2022,data_2023\nA,1,2\nB,3,3\n", standard)
    assert places(report) == [("YY-02", 3, "data_2023")]


def test_very_many_values_that_stayed_the_same_are_all_counted_and_kept() -> None:
    rows = "".join(f"D{n},2022,1\nD{n},2023,1\n" for n in range(1_500)) + "E,2022,1\nE,2023,2\n"
    report = checked("desa,tahun,n\n" + rows, limited(LONG, "n", may_stay=False))
    assert report.counts == {"YY-02": 1_500} and len(report.findings) == 1_000
    (last,) = report.everything.rows().tail(1)
    assert last == 3_001 and len(report.everything) == 1_500
    told = report.everything.windows()
    sentences = {sentence for window in told for sentence in window["sentence"]}
    assert sentences == {'Nilai 1 kolom "n" pada periode 2023 sama dengan periode 2022.'}


def test_against_the_edition_before() -> None:
    previous = Previous("2024", b"desa,n\nA,100\nB,100\nJumlah,200\n", "lama.csv", "text/csv")
    report = checked("desa,n\nA,151\nB,100\nC,7\n", limited(ONE, "n", **LIMITS), previous)
    assert places(report) == [("YY-01", 2, "n")]
    assert "dari 100 (2024)" in report.findings[0].message.id


def test_single_rows_need_no_key_and_a_copy_of_the_edition_before_is_seen() -> None:
    standard = limited(replace(ONE, primary_key=()), "n", may_stay=False, **LIMITS)
    previous = Previous("2024", b"desa,n\nA,100\n")
    assert checked("desa,n\nA,100\n", standard, previous).counts == {"YY-02": 1}
    assert checked("desa,n\nA,200\n", standard, previous).counts == {"YY-01": 1}
    assert checked("desa,n\nA,200\nB,300\n", standard, previous).counts == {}


@pytest.mark.parametrize("data", [b"", b"\x00\x01", b"PK\x03\x04rusak", b"{", b"lain,kolom\n1,2\n"])
def test_an_edition_that_cannot_be_read_keeps_nothing_from_being_checked(data: bytes) -> None:
    report = checked("desa,n\nA,151\n", limited(ONE, "n", **LIMITS), Previous("2024", data, "lama.csv"))
    assert set(report.counts) <= {"YY-03"} and report.verdict == "lulus"
    assert all(finding.severity == "catatan" for finding in report.findings)


def test_without_limits_or_an_edition_before_nothing_is_said() -> None:
    assert checked("desa,n\nA,151\n", limited(ONE, "n", **LIMITS)).counts == {}
    assert checked("desa,n\nA,151\n", ONE, Previous("2024", b"desa,n\nA,1\n")).counts == {}


def test_in_a_wide_table_each_row_holds_its_own_past() -> None:
    standard = Standard.parse(
        document(
            field("desa", required=True),
            field("tahun", "year"),
            field("n", "integer") | {"satudata:perubahan": {"naikMaks": 50}},
            primaryKey=["desa", "tahun"],
            **{"satudata:tabelLebar": {"kolom": r"data_(\d{4})", "menjadi": "tahun", "nilai": "n"}},
        )
    )
    report = checked("desa,data_2022,data_2024,data_2023\nA,100,100,151\nB,1,1,1\n", standard)
    assert places(report) == [("YY-01", 2, "data_2023")]
    assert "dari 100 (2022)" in report.findings[0].message.id


def test_very_many_jumps_are_all_counted_and_kept() -> None:
    rows = "".join(f"D{n},2022,1\nD{n},2023,3\n" for n in range(3_000))
    report = checked("desa,tahun,n\n" + rows, limited(LONG, "n", **LIMITS))
    assert report.counts == {"YY-01": 3_000} and len(report.findings) == 1_000


@pytest.mark.parametrize("key", [[], ["desa", "tahun"]])
def test_rows_that_the_key_does_not_tell_apart_are_not_compared(key: list[str]) -> None:
    fields = field("desa"), field("jenis"), field("tahun", "year"), field("n", "integer")
    standard = replace(Standard.parse(document(*fields, primaryKey=key)), period_column="tahun")
    rows = "desa,jenis,tahun,n\nA,L,2022,100\nA,P,2022,1000\nA,L,2023,101\nA,P,2023,1001\n"
    assert "YY-01" not in checked(rows, limited(standard, "n", **LIMITS)).counts
    one_each = "desa,jenis,tahun,n\nA,L,2022,100\nA,L,2023,160\n"
    assert checked(one_each, limited(standard, "n", **LIMITS)).counts == {"YY-01": 1}
