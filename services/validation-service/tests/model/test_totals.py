"""Rows of totals: set aside, and where the standard says so compared with their data; sums of groups."""

from __future__ import annotations

from dataclasses import replace

import pytest
from engine import checked, desa, document, field, kode_kecamatan, places

from validation_service.model.report import Report
from validation_service.model.standard import GroupSum, Standard

DESA = replace(desa(), totals_rows="periksa")
HEADER = "kode,nama,desa\n"
TWO = "35.08.01,Tempursari,7\n35.08.02,Pronojiwo,6\n"


def told(report: Report) -> list[tuple[str, int | None, str | None]]:
    return [place for place in places(report) if place[0] != "AG-06"]


def test_a_totals_row_that_adds_up_is_only_remarked() -> None:
    report = checked(HEADER + TWO + ",Jumlah,13\n", DESA)
    assert places(report) == [("AG-06", 4, None)]
    assert (report.verdict, report.rows, report.findings[0].severity) == ("lulus", 2, "catatan")


def test_a_totals_row_that_does_not_says_both_numbers_and_the_difference() -> None:
    report = checked(HEADER + TWO + ",Jumlah,15\n", DESA)
    assert told(report) == [("AG-02", 4, "desa")]
    finding = next(each for each in report.findings if each.rule == "AG-02")
    assert (
        finding.message.id == 'Jumlah di kolom "desa" tertulis 15, padahal datanya berjumlah 13; selisih 2.'
    )
    assert finding.value == "15" and report.verdict == "gagal"


def test_a_standard_that_refuses_totals_rows_does_so_as_before() -> None:
    assert places(checked(HEADER + TWO + ",Jumlah,15\n", desa())) == [("AG-01", 4, None)]


NUMBERED = Standard.parse(
    document(
        field("No", "integer", required=True),
        field("nama", required=True),
        field("desa", "integer", required=True),
    )
)
TWO_NUMBERED = "No,nama,desa\n1,Tempursari,7\n2,Pronojiwo,6\n"


@pytest.mark.parametrize("word", ["Jumlah", " TOTAL ", "Jumlah Total"])
def test_the_word_may_stand_under_a_running_number(word: str) -> None:
    assert places(checked(TWO_NUMBERED + f"{word},,15\n", NUMBERED)) == [("AG-01", 4, None)]
    compared = replace(NUMBERED, totals_rows="periksa")
    assert places(checked(TWO_NUMBERED + f"{word},,13\n", compared)) == [("AG-06", 4, None)]
    assert told(checked(TWO_NUMBERED + f"{word},,15\n", compared)) == [("AG-02", 4, "desa")]


def test_the_word_may_stand_under_a_number_to_the_right_of_blank_cells_only() -> None:
    rows = "nama,No,desa\nTempursari,1,7\n"
    standard = replace(NUMBERED, fields=(NUMBERED.fields[1], NUMBERED.fields[0], NUMBERED.fields[2]))
    assert checked(rows + ",Jumlah,7\n", standard).counts == {"AG-01": 1}
    assert checked(rows + "Pronojiwo,Jumlah,7\n", standard).counts == {"SD-01": 1}
    assert checked(TWO_NUMBERED + "3,Pasirian,Jumlah\n", NUMBERED).counts == {"SD-01": 1}


def test_a_number_before_the_word_hides_it_no_more_than_before() -> None:
    assert checked(TWO_NUMBERED + "3,Jumlah,13\n", NUMBERED).counts == {"AG-01": 1}


def test_the_word_under_a_running_number_is_found_in_a_long_table() -> None:
    rows = "No,nama,desa\n" + "".join(f"{n},Desa {n},1\n" for n in range(1, 3_001))
    assert places(checked(rows + "Jumlah,,3000\n", NUMBERED)) == [("AG-01", 3_002, None)]


@pytest.mark.parametrize(("written", "wrong"), [("13", False), ("14", True)])
def test_the_row_of_the_code_above_is_a_totals_row(written: str, wrong: bool) -> None:
    report = checked(HEADER + f"35.08,Kabupaten Lumajang,{written}\n" + TWO, DESA)
    assert told(report) == ([("AG-02", 2, "desa")] if wrong else [])
    assert report.counts["AG-06"] == 1 and report.rows == 2


def test_a_code_above_nothing_is_judged_as_a_code() -> None:
    assert checked(HEADER + "35.71,Kota Kediri,13\n" + TWO, DESA).counts == {"KR-04": 1}


def test_sub_totals_are_over_the_rows_above_them() -> None:
    rows = TWO + ",Sub jumlah,13\n35.08.03,Candipuro,10\n,Sub jumlah,11\n,Jumlah,23\n"
    assert told(checked(HEADER + rows, DESA)) == [("AG-02", 6, "desa")]


def test_a_sub_total_above_its_group_is_only_recognised() -> None:
    report = checked(HEADER + ",Sub jumlah,99\n" + TWO, DESA)
    assert places(report) == [("AG-06", 2, None)]


def test_jumlah_after_each_group_is_over_the_group() -> None:
    rows = TWO + ",Jumlah,13\n35.08.03,Candipuro,10\n,Jumlah,{}\n"
    for over_all_or_group in (10, 23):
        assert told(checked(HEADER + rows.format(over_all_or_group), DESA)) == []
    assert told(checked(HEADER + rows.format(11), DESA)) == [("AG-02", 6, "desa")]


def test_where_a_cell_is_unknown_its_sum_is_too() -> None:
    rows = "35.08.01,Tempursari,\n35.08.02,Pronojiwo,6\n,Jumlah,13\n"
    assert checked(HEADER + rows, DESA).counts == {"NL-01": 1, "AG-06": 1}
    assert checked(HEADER + TWO + ",Jumlah,\n", DESA).counts == {"AG-06": 1}


def test_a_total_that_names_a_period_is_over_that_period() -> None:
    standard = Standard.parse(
        document(kode_kecamatan(), field("nama"), field("tahun", "year"), field("n", "integer"))
    )
    standard = replace(standard, totals_rows="periksa", period_column="tahun")
    data = "35.08.01,Tempursari,2023,7\n35.08.02,Pronojiwo,2023,6\n35.08.01,Tempursari,2024,8\n"
    totals = ",Jumlah,2023,13\n,Jumlah,2024,9\n,Total,,21\n35.08,Kabupaten Lumajang,2023,12\n"
    report = checked("kode,nama,tahun,n\n" + data + totals, standard)
    assert told(report) == [("AG-02", 6, "n"), ("AG-02", 8, "n")]


def test_what_does_not_add_up_is_not_added_up() -> None:
    standard = Standard.parse(
        document(
            field("nama"),
            field("persen_desa", "number"),
            field("kepadatan", "number"),
            field("umur", "number") | {"satudata:ukuran": "Rata-rata", "satudata:satuan": "Tahun"},
            field("desa", "integer"),
        )
    )
    standard = replace(standard, totals_rows="periksa")
    report = checked(
        "nama,persen_desa,kepadatan,umur,desa\nA,50,20,30,1\nB,50,30,40,2\nTotal,9,9,9,4\n", standard
    )
    assert told(report) == [("AG-02", 4, "desa")]


def test_very_many_totals_rows_are_all_counted() -> None:
    rows = "".join("35.08.01,Tempursari,1\n,Sub jumlah,2\n" for _ in range(1_500))
    report = checked(HEADER + rows, replace(DESA, primary_key=()))
    assert report.counts == {"AG-06": 1_500, "AG-02": 1_500}


VILLAGES = Standard.parse(
    document(field("kec", required=True), field("desa", required=True), field("n", "number"))
)
COMPARED = replace(VILLAGES, totals_rows="periksa")
OF_TWO = "kec,desa,n\nA,a1,1\nA,a2,2\n{},{}\nB,b1,5\nJumlah B,,5\nTotal,,8\n"


@pytest.mark.parametrize("word", ["Jumlah A,", "Total A,", "Subtotal A,", ",Jumlah Kecamatan A", "Jml A,"])
def test_a_sub_total_may_name_its_group(word: str) -> None:
    assert checked(OF_TWO.format(word, 3), COMPARED).counts == {"AG-06": 3}
    assert told(checked(OF_TWO.format(word, 4), COMPARED)) == [("AG-02", 4, "n")]
    assert checked(OF_TWO.format(word, 3), VILLAGES).counts == {"AG-01": 3}


def test_a_place_or_measure_that_is_called_jumlah_is_data() -> None:
    assert checked("kec,desa,n\nJumlah Makmur,a1,1\nA,a2,2\n", VILLAGES).counts == {}
    measures = Standard.parse(document(field("uraian", required=True), field("ket"), field("n", "number")))
    rows = "uraian,ket,n\nJumlah penduduk,,9\nLuas wilayah,,5\n"
    for standard in (measures, replace(measures, totals_rows="periksa")):
        assert checked(rows, standard).counts == {}


@pytest.mark.parametrize("word", ["Jml", "Jumlah 2024", "Jumlah (Kab)", "Jumlah Kabupaten Lumajang"])
def test_other_ways_to_write_a_total_are_known(word: str) -> None:
    rows = f"kec,desa,n\nA,a1,1\nB,b1,2\n{word},,"
    assert checked(rows + "3\n", COMPARED).counts == {"AG-06": 1}
    assert checked(rows + "4\n", COMPARED).counts == {"AG-06": 1, "AG-02": 1}


def test_an_average_is_set_aside_and_never_taken_for_a_sum() -> None:
    rows = "kec,desa,n\nA,a1,1\nB,b1,3\nJumlah,,4\nRata-rata,,2\n"
    assert checked(rows, COMPARED).counts == {"AG-06": 2}


def test_categories_that_are_called_jumlah_are_data() -> None:
    rows = "kec,desa,n\nJumlah,a1,1\nRata-rata,a1,2\nMaksimum,a1,2\n"
    assert checked(rows, VILLAGES).counts == {}


def test_what_rounding_of_the_data_explains_is_no_error() -> None:
    rows = "kec,desa,n\nA,a,33.33\nB,b,33.33\nC,c,33.33\nJumlah,,"
    assert told(checked(rows + "100.00\n", COMPARED)) == []
    assert told(checked(rows + "100.02\n", COMPARED)) == [("AG-02", 5, "n")]
    assert told(checked("kec,desa,n\nA,a,33\nB,b,33\nJumlah,,67\n", COMPARED)) == [("AG-02", 4, "n")]


# --- sums of groups -------------------------------------------------------------------------------------

SHARES = Standard.parse(document(field("tahun", "year"), field("jenis"), field("persen", "number")))
SHARE_OF_YEAR = GroupSum("persen", ("tahun",), 100, 0.5)


def test_shares_that_do_not_add_up_to_100_in_their_year_are_told_once_for_the_year() -> None:
    rows = "tahun,jenis,persen\n2023,A,60\n2023,B,40.4\n2024,A,60\n2024,B,41\n"
    report = checked(rows, replace(SHARES, group_sums=(SHARE_OF_YEAR,)))
    (finding,) = report.findings
    assert (finding.rule, finding.row, finding.column, finding.value) == ("AG-05", 4, "persen", "101")
    assert finding.message.id == (
        'Kolom "persen" untuk tahun 2024 berjumlah 101, padahal seharusnya 100; selisih 1.'
    )
    assert "for tahun 2024 adds up to 101" in finding.message.en
    assert report.verdict == "lulus"


def test_shares_over_the_whole_table_and_shares_that_are_not_all_known() -> None:
    standard = replace(SHARES, group_sums=(replace(SHARE_OF_YEAR, per=()),))
    assert checked("tahun,jenis,persen\n2023,A,60\n2024,A,39\n", standard).counts == {"AG-05": 1}
    assert checked("tahun,jenis,persen\n2023,A,60\n2024,A,\n", standard).counts == {}
