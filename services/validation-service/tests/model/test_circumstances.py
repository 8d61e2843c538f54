"""Lateness, metadata, personal numbers, codes and numbers that are missing."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import openpyxl
import pytest
from engine import (
    FACTS,
    LUMAJANG,
    checked,
    desa,
    document,
    field,
    kode_kecamatan,
    places,
    wilayah,
    with_metadata,
)

from validation_service.model.check import check
from validation_service.model.codelists.codelist import Codelist
from validation_service.model.period import before, ends, read_period
from validation_service.model.rules.metadata import check_metadata
from validation_service.model.standard import Standard

HEADER = "kode,nama,desa\n"
ROW = "35.08.01,Tempursari,7\n"

# --- lateness ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "frequency", "last", "earlier"),
    [
        ("2024", "tahunan", date(2024, 12, 31), "2023"),
        ("2024-S1", "semesteran", date(2024, 6, 30), "2023-S2"),
        ("2024-T4", "triwulanan", date(2024, 12, 31), "2024-T3"),
        ("2024-02", "bulanan", date(2024, 2, 29), "2024-01"),
        ("2024-01", "bulanan", date(2024, 1, 31), "2023-12"),
    ],
)
def test_a_period_has_a_last_day_and_one_before_it(
    text: str, frequency: str, last: date, earlier: str
) -> None:
    period = read_period(text, frequency)
    assert period and (ends(period), before(period)) == (last, earlier)


def test_data_that_comes_after_its_day_is_late_by_so_many_days() -> None:
    standard = replace(desa(), due_days=31)
    assert checked(HEADER + ROW, standard, received_on=date(2026, 1, 31)).counts == {}
    report = checked(HEADER + ROW, standard, received_on=date(2026, 2, 3))
    (finding,) = report.findings
    assert (finding.rule, finding.severity, finding.principle) == ("JD-01", "peringatan", "metadata")
    assert "3 hari setelah batas waktunya, 2026-01-31" in finding.message.id
    assert report.verdict == "lulus"


def test_a_period_that_does_not_exist_is_not_late_as_well() -> None:
    assert checked(HEADER + ROW, replace(desa(), due_days=1), period="2025-13").counts == {"PD-01": 1}


# --- metadata ---------------------------------------------------------------------------------------------


def test_metadata_that_is_absent_is_remarked_once_and_costs_nothing() -> None:
    report = check(
        (HEADER + ROW).encode(), facts=FACTS, standard=desa(), codelists={"wilayah-kemendagri": wilayah()}
    )
    (finding,) = report.findings
    assert (finding.rule, finding.severity, report.verdict) == ("MD-01", "catatan", "lulus")
    assert all(name in finding.message.id for name in ("MS-Ind", "MS-Var", "MS-Keg"))
    assert "BPS 5/2020" in finding.legal


def test_metadata_that_is_incomplete_is_told_but_sends_no_good_file_back() -> None:
    report = checked(HEADER + ROW, replace(desa(), ms_ind={"nama": "Jumlah desa", "komposit": "Mungkin"}))
    wrong = {finding.value: finding for finding in report.findings if finding.rule == "MD-02"}
    assert "$['satudata:msInd'].interpretasi" in wrong and "$['satudata:msInd'].komposit" in wrong
    assert "belum diisi" in wrong["$['satudata:msInd'].interpretasi"].message.id
    assert {finding.severity for finding in wrong.values()} == {"peringatan"} and report.verdict == "lulus"


def test_metadata_is_judged_once_for_each_standard_and_anew_when_it_changes() -> None:
    incomplete = {"nama": "Jumlah desa", "komposit": "Mungkin"}
    first, same = (replace(desa(), ms_ind=dict(incomplete)) for _ in range(2))
    assert check_metadata(first) is check_metadata(same)
    wrong = [finding.value for finding in check_metadata(first)]
    mended = replace(first, ms_ind=incomplete | {"komposit": "Tidak"})
    assert "$['satudata:msInd'].komposit" in wrong
    assert "$['satudata:msInd'].komposit" not in [finding.value for finding in check_metadata(mended)]


# --- personal numbers -------------------------------------------------------------------------------------

PEOPLE = Standard.parse(document(field("nik"), field("nama")))
WOMAN, MAN = "3508015203900001", "3508011203900002"


def test_a_column_of_nik_blocks_an_open_dataset_and_no_other() -> None:
    data = f"nik,nama\n{WOMAN},A\n{MAN},B\n"
    report = checked(data, PEOPLE, access="terbuka")
    (finding,) = report.findings
    assert (finding.rule, finding.row, finding.column) == ("PR-01", 2, "nik")
    assert (finding.severity, finding.legal) == ("galat", "UU 27/2022")
    assert "2 nilai" in finding.message.id and WOMAN not in finding.message.id
    for access in ("terbatas", "tertutup", None):
        assert checked(data, PEOPLE, access=access).counts == {}


def test_a_column_that_the_standard_does_not_know_is_looked_at_too() -> None:
    standard = Standard.parse(document(field("nama")))
    report = checked(f"nama,No. KTP\nA,{WOMAN}\n", standard, access="terbuka")
    assert report.counts == {"IO-05": 1, "PR-01": 1}


@pytest.mark.parametrize("hidden", [True, False])
def test_a_sheet_that_is_not_read_is_looked_at_too(hidden: bool) -> None:
    made = openpyxl.Workbook()
    read, other = made.worksheets[0], made.create_sheet("Penerima")
    for row in (["nama"], ["A"], ["B"]):
        read.append(row)
    for people in (["No", "NIK"], [1, WOMAN], [2, MAN]):
        other.append(people)
    other.sheet_state = "hidden" if hidden else "visible"
    made.save(file := io.BytesIO())
    standard = Standard.parse(document(field("nama")))
    report = checked(file.getvalue(), standard, access="terbuka")
    assert report.counts == {"IO-12": 1, "PR-01": 1}
    (finding,) = [each for each in report.findings if each.rule == "PR-01"]
    assert (finding.row, finding.column) == (None, "Penerima!B")
    assert checked(file.getvalue(), standard, access="terbatas").counts == {"IO-12": 1}


def test_a_table_beside_the_one_that_is_read_is_looked_at_too() -> None:
    standard = Standard.parse(document(field("nama"), field("jumlah", "integer")))
    data = f"nama,jumlah,,no_ktp,rt\nA,1,,{WOMAN},1\nB,2,,{MAN},2\n"
    report = checked(data, standard, access="terbuka")
    assert places(report) == [("IO-12", 1, None), ("PR-01", 2, "no_ktp")]


@pytest.mark.parametrize(
    "header", ["nik", "NIK", "no_kk", "No. KK", "nomor kartu keluarga", "nik_kepala_keluarga", "NIK/No. KTP"]
)
def test_one_number_is_enough_where_the_header_says_what_it_is(header: str) -> None:
    standard = Standard.parse(document(field(header), field("nama")))
    rows = "".join(f"-{n},x\n" for n in range(9))
    assert checked(f"{header},nama\n{MAN},x\n{rows}", standard, access="terbuka").counts == {"PR-01": 1}


@pytest.mark.parametrize(
    "written",
    [
        f"\u00a0{MAN}",
        f"'{MAN}",
        "3508 0112 0390 0002",
        f"{MAN}.0",
        "".join(chr(0xFF10 + int(digit)) for digit in MAN),
    ],
)
def test_a_nik_is_seen_however_it_is_written(written: str) -> None:
    assert checked(f"nik,nama\n{written},x\n", PEOPLE, access="terbuka").counts["PR-01"] == 1


def test_marks_for_no_data_are_not_counted_among_the_values() -> None:
    standard = Standard.parse(document(field("identitas"), field("nama"), missingValues=["", "-"]))
    rows = f"{MAN},x\n" * 4 + "-,y\n" * 6
    assert checked(f"identitas,nama\n{rows}", standard, access="terbuka").counts == {"PR-01": 1}


@pytest.mark.parametrize(
    "value",
    ["35080112039000", "9908011203900002", "3508013203900002", "3508011213900002", "350801xxxx900002", "nik"],
)
def test_other_numbers_are_no_nik(value: str) -> None:
    assert checked(f"nik,nama\n{value},x\n", PEOPLE, access="terbuka").counts == {}


def test_few_such_numbers_among_others_are_chance() -> None:
    standard = Standard.parse(document(field("kontrak"), field("nama")))
    rows = "".join(f"99{n:014},x\n" for n in range(9))
    assert checked(f"kontrak,nama\n{MAN},x\n{rows}", standard, access="terbuka").counts == {}


# --- what is missing --------------------------------------------------------------------------------------


def all_kecamatan() -> Standard:
    standard = desa()
    kode, *others = standard.fields
    assert kode.reference
    return replace(
        standard, fields=(replace(kode, reference=replace(kode.reference, complete=True)), *others)
    )


def test_each_code_of_the_region_that_does_not_occur_is_named() -> None:
    rows = [f"{kode},{nama},5" for kode, _, nama in LUMAJANG if nama not in ("Tempeh", "Klakah")]
    report = checked(HEADER + "\n".join(rows) + "\n", all_kecamatan())
    assert places(report) == [("KR-05", None, "kode"), ("KR-05", None, "kode")]
    assert [finding.value for finding in report.findings] == ["35.08.05", "35.08.19"]
    assert "(Tempeh) dari daftar" in report.findings[0].message.id and report.verdict == "lulus"
    everyone = [f"{kode},{nama},5" for kode, _, nama in LUMAJANG]
    assert checked(HEADER + "\n".join(everyone) + "\n", all_kecamatan()).counts == {}


def test_codes_are_to_be_complete_in_every_period() -> None:
    standard = Standard.parse(document(kode_kecamatan(), field("nama"), field("tahun", "year")))
    kode, *others = standard.fields
    assert kode.reference
    kode = replace(kode, reference=replace(kode.reference, complete=True))
    standard = replace(standard, fields=(kode, *others), period_column="tahun")
    rows = [f"{kode},{nama},{tahun}" for tahun in (2023, 2024) for kode, _, nama in LUMAJANG]
    report = checked("kode,nama,tahun\n" + "\n".join(rows[:-1]) + "\n", standard)
    (finding,) = report.findings
    assert (finding.rule, finding.value) == ("KR-05", "35.08.21")
    assert finding.message.id.endswith('di kolom "kode" pada periode 2024.')


def test_a_gap_in_numbers_that_follow_each_other_is_told_where_it_ends() -> None:
    standard = Standard.parse(document(field("no", "integer"), field("nama")))
    no, nama = standard.fields
    standard = replace(standard, fields=(replace(no, consecutive=True), nama))
    assert checked("no,nama\n3,a\n1,b\n2,c\n2,d\n,e\n", standard).counts == {}
    report = checked("no,nama\n1,a\n2,b\n4,c\n8,d\n", standard)
    assert places(report) == [("DP-02", 4, "no"), ("DP-02", 5, "no")]
    assert "dari 2 ke 4; di antaranya tidak ada 3." in report.findings[0].message.id
    assert "tidak ada 5–7." in report.findings[1].message.id


def test_a_period_that_is_none_asks_for_no_codes() -> None:
    standard = Standard.parse(document(kode_kecamatan(), field("nama"), field("tahun", "year")))
    fields = (all_kecamatan().fields[0], *standard.fields[1:])
    standard = replace(standard, fields=fields, period_column="tahun")
    rows = [f"{kode},{nama},2024" for kode, _, nama in LUMAJANG]
    wrong = ["35.08.01,Tempursari,20244", "35.08.02,Pronojiwo,-"]
    report = checked("kode,nama,tahun\n" + "\n".join([*rows, *wrong]) + "\n", standard)
    assert report.counts == {"SD-01": 1, "NL-02": 1}


def test_without_a_region_those_of_the_kabupaten_that_occur_are_asked_for() -> None:
    others = "35.09,Jember\n35.09.01,Jombang\n35.09.02,Kencong\n11.01.01,Bakongan\n"
    lists = "kode,nama\n" + "".join(f"{kode},{nama}\n" for kode, _, nama in LUMAJANG[:2]) + others
    report = check(
        b"kode,nama,desa\n35.08.01,Tempursari,7\n35.09.02,Kencong,3\n",
        facts=replace(FACTS, region=""),
        standard=with_metadata(all_kecamatan()),
        codelists={"wilayah-kemendagri": Codelist.from_csv("wilayah-kemendagri", "2025", lists.encode())},
    )
    assert [finding.value for finding in report.findings] == ["35.08.02", "35.09.01"]


# --- the period of the rows -------------------------------------------------------------------------------


def dated(type_: str) -> Standard:
    parsed = Standard.parse(document(field("desa"), field("kapan", type_), field("n", "integer")))
    return replace(parsed, period_column="kapan")


@pytest.mark.parametrize(
    ("type_", "cells", "frequency", "period", "told"),
    [
        ("year", ["2019"], "tahunan", "2024", "2019"),
        ("year", ["2019", "2024"], "tahunan", "2024", None),
        ("year", ["2024"], "semesteran", "2024-S1", None),
        ("year", ["2023"], "semesteran", "2024-S1", "2023"),
        ("string", ["2024-S1", "2023-S2"], "semesteran", "2024-S2", "2023-S2, 2024-S1"),
        ("string", ["2024-01", "2024-02"], "tahunan", "2024", None),
        ("string", ["Januari", "2023"], "bulanan", "2024-01", None),
        ("string", ["2021", "2019", "2020", "2018"], "tahunan", "2024", "2018, 2019, …, 2021"),
        ("date", ["2024-03-31"], "bulanan", "2024-03", None),
        ("date", ["2024-03-31"], "bulanan", "2024-04", "2024-03"),
        ("year", ["", "-"], "tahunan", "2024", None),
    ],
)
def test_a_table_of_another_period_than_its_submission_is_pointed_out(
    type_: str, cells: list[str], frequency: str, period: str, told: str | None
) -> None:
    data = "desa,kapan,n\n" + "".join(f"A,{cell},1\n" for cell in cells)
    facts = {"frequency": frequency, "period": period, "period_told": True}
    wrong = [each for each in checked(data, dated(type_), **facts).findings if each.rule == "PD-03"]
    assert [each.severity for each in wrong] == (["peringatan"] if told else [])
    if told:
        assert wrong[0].message.id.endswith(f'periode {period}, tetapi kolom "kapan" hanya berisi {told}.')


def test_a_wide_table_without_the_period_of_its_submission_is_pointed_out() -> None:
    wide = {"kolom": r"data_(\d{4})", "menjadi": "tahun", "nilai": "n"}
    fields = field("desa"), field("tahun", "year"), field("n", "integer")
    standard = Standard.parse(document(*fields, **{"satudata:tabelLebar": wide}))
    data = "desa,data_2022,data_2023\nA,1,2\n"
    for period, told in (("2023", {}), ("2024", {"PD-03": 1})):
        assert checked(data, standard, period=period, period_told=True).counts == told


def test_where_nobody_said_the_period_none_is_missing() -> None:
    assert checked("desa,kapan,n\nA,2019,1\n", dated("year")).counts == {}
