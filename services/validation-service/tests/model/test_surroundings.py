"""What stands around a table: titles, groups of columns, other tables, sheets and notes."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Sequence
from typing import Any

import openpyxl
import pytest
from engine import checked, desa, document, field, places
from hypothesis import given, settings
from hypothesis import strategies as st
from making import biff, ods, ods_cell, xls, xlsb

from validation_service.model.reading.hidden import in_ranges
from validation_service.model.reading.read import read
from validation_service.model.standard import Standard

NAMES = ["kode", "nama", "desa"]
TEMPURSARI, PRONOJIWO = ["35.08.01", "Tempursari", 7], ["35.08.02", "Pronojiwo", 6]
CSV = "kode,nama,desa\n35.08.01,Tempursari,7\n35.08.02,Pronojiwo,6\n"
PEOPLE = Standard.parse(
    document(field("Kode"), field("Penduduk / Laki-laki", "integer"), field("Perempuan", "integer"))
)


def book(
    sheets: dict[str, Sequence[Sequence[Any]]], *, merged: Sequence[str] = (), hidden: Sequence[str] = ()
) -> bytes:
    """``merged`` in the first sheet."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
        if name in hidden:
            sheet.sheet_state = "hidden"
    for area in merged:
        made.worksheets[0].merge_cells(area)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def with_lembar(name: str) -> Standard:
    plain = document(field("kode"), field("nama"), field("desa", "integer"), **{"satudata:lembar": name})
    return Standard.parse(plain)


# --- the header ------------------------------------------------------------------------------

GROUPED = [["Kode", "Penduduk", None], [None, "Laki-laki", "Perempuan"], ["a", 1, 2], ["b", "x", 3]]


def test_a_group_above_its_columns_is_joined_with_them_and_that_is_told() -> None:
    report = checked(book({"A": GROUPED}, merged=["A1:A2", "B1:C1"]), PEOPLE)
    assert places(report) == [("IO-14", 1, None), ("SD-01", 4, "Penduduk / Laki-laki")]
    assert '"Penduduk / Perempuan"' in report.findings[0].message.id
    assert report.understood["header_row"] == 2 and report.understood["header_rows"] == [1, 2]


def test_a_group_is_found_in_a_text_that_knows_no_merged_cells() -> None:
    report = checked("Kode,Penduduk,\n,Laki-laki,Perempuan\na,1,2\nb,x,3\n", PEOPLE)
    assert places(report) == [("IO-14", 1, None), ("SD-01", 4, "Penduduk / Laki-laki")]


def test_a_title_above_a_grouped_header_is_still_remarked() -> None:
    report = checked(book({"A": [["Penduduk Kabupaten Lumajang"], [], *GROUPED]}), PEOPLE)
    assert places(report) == [("IO-03", 1, None), ("IO-14", 3, None), ("SD-01", 6, "Penduduk / Laki-laki")]
    assert report.understood["skipped"] == {"above header": 2}


def test_the_last_part_of_a_name_that_occurs_twice_is_no_name() -> None:
    twice = "Kode,2023,,2024,\n,Laki-laki,Perempuan,Laki-laki,Perempuan\na,1,2,3,4\n"
    standard = Standard.parse(document(field("Kode"), field("Laki-laki", "integer")))
    assert ("IO-04", None, "Laki-laki") in places(checked(twice, standard))


@pytest.mark.parametrize("numbers", ["(1),(2),(3)", "-1,-2,-3", "1,2,3"])
def test_a_line_that_only_numbers_the_columns_is_part_of_the_header(numbers: str) -> None:
    report = checked(CSV.replace("desa\n", f"desa\n{numbers}\n").replace("6", "x"))
    assert places(report) == [("SD-01", 4, "desa")]
    assert report.understood["skipped"] == {"column numbers": 1}


@pytest.mark.parametrize("rows", ["1,2,3\n", "1,2,3\n4,5,6\n", "1,2,4\na,b,5\n", "1,2,\na,b,5\n"])
def test_numbers_that_may_be_data_do_not_number_the_columns(rows: str) -> None:
    standard = Standard.parse(document(field("a"), field("b"), field("c", "integer")))
    report = checked(f"a,b,c\n{rows}", standard)
    assert report.rows == rows.count("\n") and report.understood["skipped"] == {}


def test_without_names_the_columns_are_taken_by_position_and_checked() -> None:
    report = checked("35.08.01,Tempursari,7\n35.08.02,Pronojiwo,x\n")
    assert places(report) == [("IO-11", 1, None), ("SD-01", 2, "desa")]
    assert "kode, nama, desa" in report.findings[0].hint.id
    assert report.rows == 2 and report.understood["header_row"] is None


def test_a_sheet_without_names_is_taken_by_position_too() -> None:
    report = checked(book({"A": [TEMPURSARI, [*PRONOJIWO[:2], "x"]]}))
    assert places(report) == [("IO-11", 1, None), ("SD-01", 2, "desa")]


@pytest.mark.parametrize(
    "text", ["a,b,c\n35.08.01,Tempursari,7\n", "35.08.01,Tempursari\n35.08.02,Pronojiwo\n"]
)
def test_names_that_are_unknown_or_too_few_columns_are_no_reason_to_guess(text: str) -> None:
    report = checked(text)
    assert "IO-11" not in report.counts and report.counts["IO-04"] == 3


def test_a_merged_cell_among_the_data_is_not_copied_downwards() -> None:
    rows = [NAMES, TEMPURSARI, [None, "Pronojiwo", 6]]
    report = checked(book({"A": rows}, merged=["A2:A3"]))
    assert places(report) == [("IO-14", 2, "kode"), ("NL-01", 3, "kode")]
    assert "A2:A3" in report.findings[0].message.id


def test_merged_cells_of_ods_are_told_as_well() -> None:
    row = "<table:table-row>" + ods_cell("35.08.03", 'table:number-columns-spanned="2"')
    report = checked(ods({"A": [NAMES]}, rows=row + ods_cell("") + ods_cell(4) + "</table:table-row>"))
    assert places(report) == [("IO-14", 2, "kode"), ("NL-01", 2, "nama")]


def test_below_titles_the_first_full_row_is_the_header_though_no_name_is_known() -> None:
    report = checked("Jumlah desa, 2025\n\nwilayah;jenis;banyak;satuan\na;b;1;buah\n")
    assert report.understood["header_row"] == 3 and report.understood["delimiter"] == ";"
    assert report.columns == 4


# --- sheets and tables beside --------------------------------------------------------------------


def test_the_sheet_that_fits_best_is_read_and_the_others_are_named() -> None:
    data = book({"Sampul": [["Kabupaten"]], "L": [["kode"], ["1"]], "Isi": [NAMES, TEMPURSARI], "R": [NAMES]})
    report = checked(data)
    assert places(report) == [("IO-12", None, None)] and report.understood["sheet"] == "Isi"
    assert report.understood["other_sheets"] == ["Sampul", "L", "R"]


def test_the_sheet_that_the_standard_names_is_read_even_if_hidden() -> None:
    data = book({"A": [NAMES, TEMPURSARI], "B": [NAMES, TEMPURSARI, PRONOJIWO]}, hidden=["B"])
    report = checked(data, with_lembar("B"))
    assert report.rows == 2 and places(report) == [("IO-12", None, None), ("IO-14", None, None)]
    assert 'Lembar kerja "B" tersembunyi' in report.findings[1].message.id


def xlsx_that_hides() -> bytes:
    made = openpyxl.load_workbook(io.BytesIO(book({"A": [NAMES, TEMPURSARI, PRONOJIWO]})))
    for row in (3, 9):
        made.worksheets[0].row_dimensions[row].hidden = True
    for column in "CF":
        made.worksheets[0].column_dimensions[column].hidden = True
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def ods_that_hides() -> bytes:
    row = "".join(map(ods_cell, PRONOJIWO))
    return ods(
        {"A": [NAMES, TEMPURSARI]},
        columns='<table:table-column table:number-columns-repeated="2"/>'
        '<table:table-column table:visibility="collapse"/>',
        rows=f'<table:table-row table:visibility="filter">{row}</table:table-row>',
    )


def xls_that_hides() -> bytes:
    row, column = struct.pack("<HHHHHHI", 2, 0, 3, 0, 0, 0, 0x20), struct.pack("<HHHHHH", 2, 2, 0, 0, 1, 0)
    return xls({"A": [NAMES, TEMPURSARI, PRONOJIWO]}, in_sheets=biff(0x7D, column) + biff(0x208, row))


def xlsb_that_hides() -> bytes:
    return xlsb({"A": [NAMES, TEMPURSARI, PRONOJIWO]}, hidden_row=2, hidden_column=2)


@pytest.mark.parametrize("made", [xlsx_that_hides, ods_that_hides, xls_that_hides, xlsb_that_hides])
def test_hidden_rows_and_columns_are_read_and_told(made: Callable[[], bytes]) -> None:
    report = checked(made())
    assert places(report) == [("IO-14", 1, "desa"), ("IO-14", 3, None)] and report.rows == 2
    assert report.findings[0].message.id.startswith('Kolom C ("desa") tersembunyi')
    assert report.findings[1].message.id.startswith("Baris 3 tersembunyi")
    assert report.understood["hidden_rows"] == 1 and report.understood["hidden_columns"] == ["desa"]


def test_many_hidden_rows_are_told_in_one_note() -> None:
    assert in_ranges([2, 3, 4, 9, 12, 13]) == "2-4, 9, 12-13"
    assert in_ranges(range(2, 60, 2)).endswith("20 …")


def test_a_sheet_that_is_named_and_missing_is_an_error_and_the_best_is_read() -> None:
    report = checked(book({"A": [NAMES, TEMPURSARI]}), with_lembar("Data"))
    assert places(report) == [("IO-01", None, None)] and report.rows == 1
    assert '"Data"' in report.findings[0].message.id


def test_a_table_behind_an_empty_column_is_set_aside() -> None:
    rows = [[*NAMES, None, "OPD", "Jumlah"], [*TEMPURSARI, None, "Dinkes", 3], [*PRONOJIWO, None, "DPMD", 4]]
    report = checked(book({"A": [*rows, [None, None, None, None, "Bappeda", 5]]}))
    assert places(report) == [("IO-12", 1, None)] and report.rows == 2
    assert "E-F (OPD, Jumlah)" in report.findings[0].message.id
    assert report.understood["side_tables"] == [["OPD", "Jumlah"]]


def test_a_shorter_table_right_beside_is_set_aside_too() -> None:
    text = "kode,nama,desa,OPD,Jumlah\n35.08.01,Tempursari,7,Dinkes,3\n35.08.02,Pronojiwo,6,,\n"
    assert places(checked(text)) == [("IO-12", 1, None)]


def test_why_a_column_is_of_another_table_is_said() -> None:
    said = {
        "kode,nama,desa,,luas\n35.08.01,Tempursari,7,,3\n": "dianggap tabel lain, tidak dibaca: E (luas).",
        "kode,nama,desa,OPD,n\n35.08.01,Tempursari,7,A,3\n35.08.02,Pronojiwo,6,,\n": "lebih pendek sehingga",
    }
    for text, words in said.items():
        assert words in checked(text).findings[0].message.id


def test_a_column_more_of_the_same_table_is_an_unknown_column() -> None:
    text = "kode,nama,desa,camat,luas\n35.08.01,Tempursari,7,Ali,3\n35.08.02,Pronojiwo,6,Budi,4\n"
    assert places(checked(text)) == [("IO-05", 1, "camat"), ("IO-05", 1, "luas")]


def test_many_empty_columns_between_known_ones_are_columns_that_were_lost() -> None:
    text = "kode,nama,,,desa\n35.08.01,Tempursari,,,7\n"
    assert places(checked(text)) == [("IO-06", 1, None), ("IO-06", 1, None)]


def test_a_sum_at_the_end_of_the_world_is_cut_off_and_told() -> None:
    made = openpyxl.load_workbook(io.BytesIO(book({"A": [NAMES, TEMPURSARI]})))
    made.worksheets[0]["A1048575"] = "=SUM(A2:A1048574)"
    out = io.BytesIO()
    made.save(out)
    report = checked(out.getvalue())
    assert places(report) == [("IO-12", 1_048_575, None)] and report.rows == 1
    assert report.understood["skipped"] == {"far below": 1}


# --- notes below the table -----------------------------------------------------------------------

NOTES = ["Sumber: Dinas Kesehatan", "Catatan:", "*) angka sementara", "1) sampai Juni", "² per km"]


@pytest.mark.parametrize("note", NOTES)
@pytest.mark.parametrize("blank", ["", "\n", ",,\n"])
def test_a_note_below_the_data_is_set_aside_and_told(note: str, blank: str) -> None:
    for text in (f"{CSV}{blank}{note}\n", f"{CSV}{blank}{note},,\n"):
        report = checked(text)
        row = 4 + bool(blank)
        assert places(report) == [("IO-13", row, "kode")] and report.rows == 2
        assert report.understood["skipped"]["footnotes"] == 1


def test_all_below_the_first_note_belongs_to_it() -> None:
    rows = [NAMES, TEMPURSARI, [], ["Kabupaten Lumajang"], ["Sumber: DPMD"], ["Jalan Alun-alun"]]
    for data in (book({"A": rows}), xls({"A": [row or [""] for row in rows]})):
        assert places(checked(data)) == [("IO-13", 4, "kode"), ("IO-13", 5, "kode"), ("IO-13", 6, "kode")]


DESA = Standard.parse(document(field("desa"), primaryKey=["desa"]))
TWO = Standard.parse(document(field("desa", required=True), field("n", "integer", required=True)))


def test_a_desa_whose_name_begins_like_a_note_is_a_desa() -> None:
    names = ["Asem", "Sumber Mujur", *(f"Desa {n}" for n in range(150))]
    report = checked("desa\n" + "\n".join(names), DESA)
    assert (report.verdict, report.rows, report.findings) == ("lulus", 152, ())


@pytest.mark.parametrize("name", ["Sumber Mujur", "Sumber", "Ket Lor", "Catatan 2024"])
def test_a_row_of_data_that_begins_like_a_note_is_checked(name: str) -> None:
    report = checked(f"desa,n\nAsem,1\n{name},\n", TWO)
    assert places(report) == [("NL-01", 3, "n")] and report.rows == 2


@pytest.mark.parametrize("note", ["Catatan 2024", "Sumber BPS", "Data diolah dari BPS"])
def test_below_a_blank_row_a_word_is_enough_for_a_note(note: str) -> None:
    assert places(checked(f"desa,n\nAsem,1\n\n{note},\n", TWO)) == [("IO-13", 4, "desa")]


def test_many_rows_below_a_blank_one_are_data_whatever_the_first_is_called() -> None:
    rows = "".join(f"Desa {n},\n" for n in range(11))
    report = checked(f"desa,n\nAsem,1\n,\nSumber Mujur,\n{rows}", TWO)
    assert report.counts == {"IO-10": 1, "NL-01": 12}


def test_a_row_right_below_what_looks_like_a_note_shows_that_both_are_data() -> None:
    report = checked("desa,n\nAsem,1\nSumber: Semeru,\nTempeh,\n", TWO)
    assert places(report) == [("NL-01", 3, "n"), ("NL-01", 4, "n")]


def test_in_a_single_column_only_a_colon_makes_a_note_and_only_at_the_end() -> None:
    report = checked("desa\nAsem\nSumber: mata air\n1) Tempeh\n\nSumber Mujur\n\nSumber: DPMD, 2024\n", DESA)
    assert places(report) == [("IO-10", 5, None), ("IO-13", 8, "desa")] and report.rows == 4


@pytest.mark.parametrize("columns", [2, 3])
def test_a_note_cut_at_its_own_comma_is_one_note(columns: int) -> None:
    text = CSV if columns == 3 else "desa,n\nAsem,1\nTempeh,2\n"
    report = checked(text + "Sumber: BPS, diolah\n", None if columns == 3 else TWO)
    assert places(report) == [("IO-13", 4, "kode" if columns == 3 else "desa")] and report.rows == 2
    assert report.findings[0].value == "Sumber: BPS, diolah"


def test_what_opens_like_a_note_but_holds_a_number_is_data() -> None:
    report = checked("desa,n\nAsem,1\nSumber: Semeru,12\n", TWO)
    assert (report.verdict, report.rows, report.findings) == ("lulus", 2, ())


def test_a_note_may_hold_the_delimiter() -> None:
    report = checked(CSV + "Sumber: DPMD, 2024, diolah, lagi\n")
    assert places(report) == [("IO-13", 4, "kode")]
    assert report.findings[0].value == "Sumber: DPMD, 2024, diolah, lagi"


@pytest.mark.parametrize("line", ["35.08.03", "35.08.03,Candipuro", "Candipuro"])
def test_a_short_row_of_data_at_the_end_is_no_note(line: str) -> None:
    assert places(checked(f"{CSV}{line}\n")) == [("IO-08", 4, None)]


def test_a_row_of_data_whose_other_cells_are_blank_is_no_note() -> None:
    report = checked(CSV + "35.08.03,,\nSumber: DPMD\n")
    assert places(report) == [("NL-01", 4, "nama"), ("NL-01", 4, "desa"), ("IO-13", 5, "kode")]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_notes_do_not_change_what_is_read_of_a_large_file(end: str) -> None:
    rows = [f"35.08.{n % 21 + 1:02d},Kecamatan {n},{n % 90}" for n in range(3_000)]
    notes = ["", "Sumber: DPMD, 2024", "Jalan Alun-alun", ""]
    plain = Standard.parse(document(field("kode"), field("nama"), field("desa", "integer")))
    report = checked(end.join(["kode,nama,desa", *rows, *notes, ""]), plain)
    assert places(report) == [("IO-13", 3_003, "kode"), ("IO-13", 3_004, "kode")] and report.rows == 3_000
    broken = checked(end.join(["kode,nama,desa", *rows, "35.08.01,Tempursari", "35.08.02"]), plain)
    assert places(broken) == [("IO-08", 3_002, None), ("IO-08", 3_003, None)]


def test_a_note_between_the_data_is_a_broken_row() -> None:
    text = CSV.replace("35.08.02", "Sumber: DPMD\n35.08.02")
    assert places(checked(text)) == [("IO-08", 3, None)]


def test_a_totals_row_above_blank_rows_and_notes_is_seen() -> None:
    report = checked(CSV + "Jumlah,,13\n,,\nSumber: DPMD,,\n")
    assert places(report) == [("AG-01", 4, None), ("IO-13", 6, "kode")] and report.rows == 2


@pytest.mark.parametrize("cell", ["RS &quot;Haryoto&quot;", "m<sup>2</sup>", "a &#x3D; b", "<br/>"])
def test_codes_of_html_in_a_cell_are_told(cell: str) -> None:
    standard = Standard.parse(document(field("nama"), field("n", "integer")))
    report = checked(f'nama,n\nRS Haryoto & Anak <3,1\n"{cell}",2\n', standard)
    assert places(report) == [("IO-15", 3, "nama")] and report.verdict == "lulus"


def test_codes_of_html_are_told_of_names_and_of_notes() -> None:
    standard = Standard.parse(document(field("luas (km<sup>2</sup>)", "integer"), field("n", "integer")))
    report = checked("luas (km<sup>2</sup>),n\n1,2\n<sup>1</sup> sementara,\n", standard)
    assert report.counts == {"IO-15": 2, "IO-13": 1}


# --- what is always said -------------------------------------------------------------------------


@pytest.mark.parametrize("data", [CSV.encode(), book({"A": [NAMES, TEMPURSARI]}), b'[{"kode":"35.08.01"}]'])
def test_how_a_file_was_understood_is_always_said_in_full(data: bytes) -> None:
    always = {"format", "sheet", "encoding", "delimiter", "header_row", "skipped"}
    assert always <= set(checked(data, desa()).understood)


def test_the_columns_of_a_wide_table_are_named() -> None:
    wide = {"kolom": r"data_(\d{4})", "menjadi": "tahun", "nilai": "jumlah"}
    standard = Standard.parse(
        document(
            field("kode"), field("tahun", "year"), field("jumlah", "integer"), **{"satudata:tabelLebar": wide}
        )
    )
    report = checked(xls({"A": [["kode", "data_2023", "data_2024"], ["a", 1, "x"]]}), standard)
    assert places(report) == [("SD-01", 2, "data_2024")]
    assert report.understood["wide"] == ["data_2023", "data_2024"]


# --- further down ---------------------------------------------------------------------------------

PAGES = [["Desa di Lumajang"], NAMES, ["(1)", "(2)", "(3)"], TEMPURSARI, PRONOJIWO]
PAGES += [*PAGES[:3], ["35.08.03", "Candipuro", "x"]]


def test_names_that_are_repeated_on_each_page_are_told_and_passed_over() -> None:
    for data in (book({"A": PAGES}), "\n".join(",".join(map(str, [*row, "", ""][:3])) for row in PAGES)):
        report = checked(data)
        assert places(report) == [("IO-03", 1, None), ("IO-16", 7, None), ("SD-01", 9, "desa")]
        assert report.rows == 3 and report.understood["skipped"]["repeated header"] == 3
        assert "judul kolom di baris 2" in report.findings[1].message.id


def test_names_over_two_rows_are_told_once_where_they_come_again() -> None:
    report = checked(book({"A": [*GROUPED[:3], *GROUPED]}, merged=["A1:A2", "B1:C1"]), PEOPLE)
    assert places(report) == [("IO-14", 1, None), ("IO-16", 4, None), ("SD-01", 7, "Penduduk / Laki-laki")]


def test_a_row_that_shares_a_few_words_with_the_header_is_data() -> None:
    text = "kode,nama,desa\n35.08.01,nama,7\nkode,nama,\n"
    assert "IO-16" not in checked(text).counts and checked(text).rows == 2


LOWER = ["kecamatan", "nama", "tenaga"]


@pytest.mark.parametrize("title", [[], [["Tenaga kesehatan", None, None]]])
def test_another_table_below_a_blank_row_is_set_aside_as_one(title: list[list[Any]]) -> None:
    rows = [
        NAMES,
        TEMPURSARI,
        PRONOJIWO,
        [None] * 3,
        *title,
        LOWER,
        ["Kunir", "Ani", 3],
        ["Tempeh", "Budi", 4],
    ]
    for data in (
        book({"A": rows}),
        "\n".join(",".join("" if c is None else str(c) for c in r) for r in rows),
    ):
        report = checked(data)
        row = 5 + len(title)
        assert places(report) == [("IO-17", row, None)] and report.rows == 2
        assert f"kecamatan, nama, tenaga; baris 5-{row + 2} tidak dibaca" in report.findings[0].message.id


def test_another_table_of_another_width_is_set_aside_as_one() -> None:
    for names, cells in (("nama,tenaga", "Ani,3"), ("nama,tenaga,umur,alamat", "Ani,3,30,Kunir")):
        report = checked(f"{CSV}\n{names}\n{cells}\n{cells}\n")
        assert places(report) == [("IO-17", 5, None)] and report.rows == 2
        wide = [NAMES, TEMPURSARI, [], names.split(","), cells.split(",")]
        assert places(checked(book({"A": wide}))) == [("IO-17", 4, None)]


def test_notes_cut_at_their_commas_below_a_blank_row_are_no_table() -> None:
    reference = {"daftar": "wilayah-kemendagri", "tingkat": "kecamatan"}
    coded = Standard.parse(
        document(field("desa") | {"satudata:kodeReferensi": reference}, field("n", "integer"))
    )
    text = "desa,n\n35.08.01,1\n\nSumber: BPS, diolah\nCatatan: sementara, semua\n"
    assert checked(text, coded).counts["IO-13"] == 2


LINES = [
    "kode,nama,desa",
    "35.08.01,Tempursari,7",
    "",
    ",,",
    "nama,tenaga",
    "nama,tenaga,umur",
    "Sumber: A, B",
]
LINES += ["Judul", "Judul,,", "Ani,3", "Ani,Budi,Cici", "Jumlah,,7", ",,,", "35.08.02,x,y,"]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(LINES), min_size=1, max_size=12))
def test_every_line_with_something_in_it_is_read_or_said_to_be_skipped(lines: list[str]) -> None:
    text = "\n".join(["kode,nama,desa", *lines]).rstrip("\n,")
    grid = read(text.encode(), desa(), filename="", media_type="")
    skipped = sum(count for kind, count in grid.skipped.items() if kind not in ("unreadable", "blank"))
    written = [line for line in text.splitlines()[1:] if line.strip(",")]
    assert grid.frame.height + grid.set_aside + skipped >= len(written)


@pytest.mark.parametrize("row", ["35.08.03,Candipuro,belum ada", "Candipuro,desa,7", "35.08.03,nama,nihil"])
def test_a_row_of_data_below_a_blank_row_is_no_header(row: str) -> None:
    report = checked(f"{CSV},,\n{row}\n35.08.04,Pasirian,9\n")
    assert "IO-17" not in report.counts and report.rows == 4
