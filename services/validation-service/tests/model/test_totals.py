"""Rows of totals: set aside, and where the standard says so compared with their data; sums of groups."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from engine import checked, desa, document, field, kode_kecamatan, places

from validation_service.model.reading.grid import ROW
from validation_service.model.report import Report
from validation_service.model.rules.totals import compared
from validation_service.model.rules.totals.by_word import hangs_on_others
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


def test_what_is_wrong_is_told_once_though_rows_of_data_have_no_code() -> None:
    rows = f"35,Jawa Timur,13\n35.08,Kabupaten Lumajang,13\n{TWO},Tempeh,1\n,Jumlah,15\n"
    assert told(checked(HEADER + rows, DESA)) == [("NL-01", 6, "kode"), ("AG-02", 7, "desa")]


def test_sub_totals_are_over_the_rows_above_them() -> None:
    rows = TWO + ",Sub jumlah,13\n35.08.03,Candipuro,10\n,Sub jumlah,11\n,Jumlah,23\n"
    assert told(checked(HEADER + rows, DESA)) == [("AG-02", 6, "desa")]


GROUPS_BELOW = "{0}A,,3\nA,a1,1\nA,a2,2\n{0}B,,{1}\nB,b1,5\nB,b2,4\n{0}C,,6\nC,c1,6\n"


@pytest.mark.parametrize("word", ["Jumlah ", "Subtotal "])
def test_sub_totals_above_their_groups_are_over_the_rows_below_them(word: str) -> None:
    for grand in ("", "Jumlah,,18\n"):
        rows = "kec,desa,n\n" + grand + GROUPS_BELOW
        assert told(checked(rows.format(word, 9), COMPARED)) == []
        (wrong,) = told(checked(rows.format(word, 8), COMPARED))
        assert wrong == ("AG-02", 6 if grand else 5, "n")
    assert told(checked("kec,desa,n\n" + GROUPS_BELOW.format(word, 9) + "Jumlah,,18\n", COMPARED)) == []


def test_jumlah_may_stand_above_every_group() -> None:
    rows = "kec,desa,n\nJumlah,,3\nA,a1,1\nA,a2,2\nJumlah,,{}\nB,b1,5\nB,b2,4\n"
    assert told(checked(rows.format(9), COMPARED)) == []
    report = checked(rows.format(8), COMPARED)
    assert told(report) == [("AG-02", 5, "n")]
    assert "berjumlah 9; selisih 1" in next(each.message.id for each in report.findings if each.row == 5)


def test_the_total_of_all_may_stand_above_them() -> None:
    assert told(checked("kec,desa,n\nJumlah,,8\nA,a1,3\nB,b1,5\n", COMPARED)) == []
    assert told(checked("kec,desa,n\nJumlah,,9\nA,a1,3\nB,b1,5\n", COMPARED)) == [("AG-02", 2, "n")]


def test_where_it_cannot_be_told_what_a_total_is_over_it_is_remarked_and_not_compared() -> None:
    for rows, row in (
        (",Sub jumlah,99\n" + TWO, 2),
        ("35.08.01,Tempursari,7\n,Sub jumlah,99\n35.08.02,Pronojiwo,6\n", 3),
        ("35.08.01,Tempursari,7\n,Jumlah,99\n35.08.02,Pronojiwo,6\n", 3),
    ):
        report = checked(HEADER + rows, DESA)
        assert (places(report), report.verdict) == ([("AG-07", row, None)], "lulus")
        assert "tidak dibandingkan" in report.findings[0].message.id
    agreeing = "35.08.01,Tempursari,7\n,Sub jumlah,{}\n35.08.02,Pronojiwo,6\n"
    for either_side in (7, 6):
        assert checked(HEADER + agreeing.format(either_side), DESA).counts == {"AG-06": 1}


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (TWO + ",Jumlah,14\n,Jumlah,14\n", {"AG-02": 2, "AG-06": 2}),
        (TWO + ",Jumlah,14\n" * 3, {"AG-07": 3}),
        (",Jumlah,7\n".join(TWO.splitlines(True)) + ",Jumlah,7\n35.08.03,Candipuro,2\n", {"AG-07": 2}),
    ],
    ids=["few", "many totals rows", "many groups of data"],
)
def test_where_totals_rows_are_too_many_they_are_remarked_and_not_compared(
    monkeypatch: pytest.MonkeyPatch, rows: str, told: dict[str, int]
) -> None:
    monkeypatch.setattr(compared, "MOST_COMPARED", 2)
    report = checked(HEADER + rows, DESA)
    assert report.counts == told and report.rows == sum("35.08" in row for row in rows.splitlines())
    for message in (finding.message for finding in report.findings if finding.rule == "AG-07"):
        assert message.id.endswith("terlalu banyak, paling banyak 50.000 baris jumlah dibandingkan.")
        assert message.en.endswith("there are too many, 50,000 totals rows are compared at most.")


def test_a_total_of_groups_passes_over_their_sub_totals() -> None:
    rows = "a1,1\na2,2\nSub jumlah,3\na3,4\nJumlah,{}\nb1,5\nSub jumlah,5\nJumlah,5\nTotal,12\n"
    standard = Standard.parse(document(field("desa", required=True), field("n", "integer")))
    standard = replace(standard, totals_rows="periksa")
    assert told(checked("desa,n\n" + rows.format(7), standard)) == []
    assert told(checked("desa,n\n" + rows.format(8), standard)) == [("AG-02", 6, "n")]


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


@pytest.mark.parametrize(
    ("total", "hangs"),
    [("Jumlah A,", True), ("Jumlah A,x", False), ("Jumlah,", False), ("A,x", False), (",Jumlah A", True)],
)
def test_only_of_a_total_that_leaves_blank_what_need_not_be_filled_other_rows_tell(
    total: str, hangs: bool
) -> None:
    free = replace(VILLAGES, fields=tuple(replace(each, required=False) for each in VILLAGES.fields))
    kec, desa = (cell or None for cell in total.split(","))
    rows = pl.DataFrame(
        {ROW: [2], "f0": [kec], "f1": [desa], "f2": ["3"]},
        schema_overrides={"f0": pl.String, "f1": pl.String},
    )
    assert hangs_on_others(rows, free) is hangs
    assert not hangs_on_others(rows, VILLAGES)


@pytest.mark.parametrize("word", ["Jml", "Jumlah 2024", "Jumlah (Kab)", "Jumlah Kabupaten Lumajang"])
def test_other_ways_to_write_a_total_are_known(word: str) -> None:
    rows = f"kec,desa,n\nA,a1,1\nB,b1,2\n{word},,"
    assert checked(rows + "3\n", COMPARED).counts == {"AG-06": 1}
    assert checked(rows + "4\n", COMPARED).counts == {"AG-06": 1, "AG-02": 1}


def test_an_average_is_set_aside_and_never_taken_for_a_sum() -> None:
    rows = "kec,desa,n\nA,a1,1\nB,b1,3\nJumlah,,4\nRata-rata,,2\n"
    assert checked(rows, COMPARED).counts == {"AG-06": 2}


def test_an_average_may_be_the_only_totals_row() -> None:
    rows = "kec,jenis,n\nA,L,1\nA,P,3\nB,L,5\nB,P,7\nRata-rata,,4\n"
    standard = Standard.parse(document(field("kec"), field("jenis"), field("n", "integer")))
    report = checked(rows, replace(standard, totals_rows="periksa"))
    assert (report.counts, report.rows) == ({"AG-06": 1}, 4)


def test_categories_that_are_called_jumlah_are_data() -> None:
    rows = "kec,desa,n\nJumlah,a1,1\nRata-rata,a1,2\nMaksimum,a1,2\n"
    assert checked(rows, VILLAGES).counts == {}


def test_what_rounding_of_the_data_explains_is_no_error() -> None:
    rows = "kec,desa,n\nA,a,33.33\nB,b,33.33\nC,c,33.33\nJumlah,,"
    assert told(checked(rows + "100.00\n", COMPARED)) == []
    assert told(checked(rows + "100.02\n", COMPARED)) == [("AG-02", 5, "n")]
    assert told(checked("kec,desa,n\nA,a,33\nB,b,33\nJumlah,,67\n", COMPARED)) == [("AG-02", 4, "n")]


def test_rounding_of_very_many_rows_is_no_excuse_for_any_difference() -> None:
    rows = "kec,desa,n\n" + "".join(f"A,a{n},{n % 7}.{n % 10}{n % 9 + 1}\n" for n in range(9_000))
    total = sum(float(line.rsplit(",", 1)[1]) for line in rows.splitlines()[1:])
    assert told(checked(f"{rows}Jumlah,,{total + 20:.2f}\n", COMPARED)) == []  # less than a thousandth
    assert told(checked(f"{rows}Jumlah,,{total + 40:.2f}\n", COMPARED)) == [("AG-02", 9_002, "n")]


def test_numbers_that_are_all_rounded_alike_are_no_error() -> None:
    rows = "kec,desa,n\n" + "".join(f"A,a{n},33.33\n" for n in range(3_000))
    assert told(checked(f"{rows}Jumlah,,100000.00\n", COMPARED)) == []


# --- what a totals row says itself ----------------------------------------------------------------------

PEOPLE = Standard.parse(
    document(
        field("kecamatan", required=True),
        field("jenis", required=True),
        field("tahun", required=True, pattern="[0-9]{4}"),
        field("satuan", required=True),
        field("n", "integer"),
        **{"satudata:kolomPeriode": "tahun", "satudata:barisJumlah": "periksa"},
    )
)
ROWS_OF_PEOPLE = "".join(
    f"{kecamatan},{jenis},{tahun},Jiwa,{n}\n"
    for n, (kecamatan, jenis, tahun) in enumerate(
        [(k, j, t) for k in ("Tempeh", "Kunir", "Senduro") for j in ("L", "P") for t in (2023, 2024)], 1
    )
)
"""By sex 36 men and 42 women, of them in 2023 15 (1, 5, 9) and 21 (3, 7, 11)."""


@pytest.mark.parametrize(
    ("total", "right"),
    [
        ("Jumlah,,,Jiwa,{}", 1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9 + 10 + 11 + 12),
        ("Jumlah,,2023,,{}", 36),
        ("Jumlah,,2023,Jiwa,{}", 36),
        ("Jumlah,L,2023,,{}", 15),
        ("Jumlah,P,,,{}", 3 + 4 + 7 + 8 + 11 + 12),
        ("Jumlah P,,2023,Jiwa,{}", 21),
        ("Jumlah Kecamatan Kunir,,,Jiwa,{}", 5 + 6 + 7 + 8),
        ('Jumlah,,2023,"Jiwa ",{}', 36),
    ],
)
def test_a_totals_row_is_over_the_rows_that_say_what_it_says(total: str, right: int) -> None:
    rows = "kecamatan,jenis,tahun,satuan,n\n" + ROWS_OF_PEOPLE + total + "\n"
    report = checked(rows.format(right), PEOPLE)
    assert (report.counts, report.rows) == ({"AG-06": 1}, 12)
    report = checked(rows.format(right + 1), PEOPLE)
    assert told(report) == [("AG-02", 14, "n")] and report.rows == 12
    assert f"berjumlah {right}; selisih 1" in report.findings[0].message.id + report.findings[-1].message.id


def test_a_total_without_a_year_may_be_over_the_year_that_its_rows_say() -> None:
    years = "desa,tahun,n\nJumlah,,3\na,2023,1\nb,2023,2\nJumlah,,11\na,2024,5\nb,2024,{}\n"
    standard = Standard.parse(document(field("desa"), field("tahun", "year"), field("n", "integer")))
    standard = replace(standard, totals_rows="periksa")
    assert told(checked(years.format(6), standard)) == []
    assert told(checked(years.format(7), standard)) == [("AG-02", 5, "n")]


def test_a_remark_in_a_totals_row_does_not_narrow_what_it_is_over() -> None:
    fields = field("desa", required=True), field("sumber"), field("n", "integer")
    standard = replace(Standard.parse(document(*fields)), totals_rows="periksa")
    rows = "desa,sumber,n\na,BPS,1\nb,BPS,2\nc,Dinas,4\nd,Dinas,8\nJumlah,BPS,{}\n"
    assert checked(rows.format(15), replace(standard, primary_key=("sumber",))).counts.get("AG-02") is None


UNITS = replace(
    Standard.parse(document(field("uraian"), field("satuan"), field("tahun", "year"), field("n", "integer"))),
    totals_rows="periksa",
)


def test_a_unit_or_year_beside_the_word_hides_no_total() -> None:
    rows = "uraian,satuan,tahun,n\nPria,Jiwa,2024,3\nWanita,Jiwa,2024,4\nJumlah,{},2024,{}\n"
    assert checked(rows.format("Jiwa", 7), UNITS).counts == {"AG-06": 1}
    assert told(checked(rows.format("Jiwa", 8), UNITS)) == [("AG-02", 4, "n")]
    assert checked(rows.format("Rumah", 8), UNITS).counts == {}


def test_a_unit_may_stand_before_the_word() -> None:
    units = replace(UNITS, fields=(UNITS.fields[1], UNITS.fields[0], *UNITS.fields[2:]))
    rows = "satuan,uraian,tahun,n\nJiwa,Pria,2024,3\nJiwa,Wanita,2024,4\nJiwa,Jumlah,2024,8\n"
    assert told(checked(rows, units)) == [("AG-02", 4, "n")]


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
