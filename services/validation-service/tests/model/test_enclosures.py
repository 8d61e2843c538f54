"""What goes with a report: all findings as a file, the sender's own table with reasons, an excerpt."""

from __future__ import annotations

import gzip
import io

import openpyxl
from enclosing import enclose, lines_of, listing_of, sheet_of
from engine import document, field

from validation_service.model.enclosures import annotated, excerpt
from validation_service.model.standard import Standard

GOOD = "kode,nama,desa\n35.08.01,Tempursari,7\n"
BAD = "kode,nama,desa\n35.08.01,Tempursari,tujuh\n35.08.02,Pronojiwo,6\n35.08.03,Candipuro,\n"
NOT_A_NUMBER = 'Nilai "tujuh" di kolom "desa" bukan bilangan bulat.'


def workbook(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def texts(*names):
    return Standard.parse(document(*(field(name, maxLength=3) for name in names)))


def test_nothing_goes_with_a_report_without_findings():
    report, files = enclose(GOOD)
    assert (report.verdict, dict(report.files), dict(report.excerpt), files) == ("lulus", {}, {}, {})


def test_all_findings_are_a_csv_for_excel_with_bom_and_sentences():
    report, files = enclose(BAD)
    assert gzip.decompress(files["findings"]).startswith(b"\xef\xbb\xbfbaris,")
    header, first, second = listing_of(files)
    assert header == ["baris", "kolom", "aturan", "keparahan", "nilai", "pesan"]
    assert first == ["2", "desa", "SD-01", "galat", "tujuh", NOT_A_NUMBER]
    assert second[:5] == ["4", "desa", "NL-01", "galat", ""]
    about = report.files["findings"]
    assert about["count"] == about["listed"] == sum(report.counts.values())


def test_beyond_the_first_thousand_of_a_rule_every_finding_is_in_the_file():
    report, files = enclose("kode,nama,desa\n" + "35.08.01,Tempursari,tujuh\n" * 2_500)
    rules = [line[2] for line in listing_of(files)[1:]]
    assert rules.count("SD-01") == report.counts["SD-01"] == 2_500
    assert rules.count("DP-01") == report.counts["DP-01"] == 2_499
    assert listing_of(files)[-1][5].startswith('Isi "kode" sama dengan baris 2;') or (
        listing_of(files)[-1][5] == NOT_A_NUMBER
    )


def test_a_csv_comes_back_whole_with_its_delimiter_and_the_reasons_of_each_row():
    _, files = enclose(BAD.replace(",", ";"))
    header, first, second, third = lines_of(files, ";")
    assert header == ["kode", "nama", "desa", "hasil_pemeriksaan"]
    assert first == ["35.08.01", "Tempursari", "tujuh", f"Baris 2: [SD-01 desa] {NOT_A_NUMBER}"]
    assert second == ["35.08.02", "Pronojiwo", "6", ""]
    assert third[3].startswith("Baris 4: [NL-01 desa]")


def test_what_is_said_of_the_file_as_a_whole_stands_in_the_first_row():
    _, files = enclose("kode,nama,catatan\n35.08.01,Tempursari,baru\n")
    said = lines_of(files)[1][3]
    assert said.startswith("Seluruh berkas: ") and "[IO-04 desa]" in said and "[IO-05 catatan]" in said


def test_a_row_that_fits_under_no_header_is_not_left_out():
    _, files = enclose(GOOD + "35.08.02,Pronojiwo\n35.08.03,Candipuro,8\n")
    _, _, uneven, last = lines_of(files)
    assert uneven[:3] == ["", "", ""] and uneven[3].startswith("Baris 3: [IO-08]")
    assert last == ["35.08.03", "Candipuro", "8", ""]


def test_a_workbook_comes_back_as_a_workbook_with_the_bad_cells_filled():
    rows = ["35.08.01", "Tempursari", "tujuh"], ["35.08.02", "Pronojiwo", 6]
    report, files = enclose(workbook(["kode", "nama", "desa"], *rows))
    sheet = sheet_of(files)
    assert [cell.value for cell in sheet[1]] == ["kode", "nama", "desa", "hasil_pemeriksaan"]
    assert sheet["D2"].value == f"Baris 2: [SD-01 desa] {NOT_A_NUMBER}"
    assert (sheet["C2"].fill.fill_type, sheet["C3"].fill.fill_type) == ("solid", None)
    assert (sheet["A3"].value, sheet["C3"].value) == ("35.08.02", 6)
    assert report.files["annotated"]["format"] == "xlsx"


def test_rows_of_json_come_back_as_csv():
    report, files = enclose('[{"kode": "35.08.01", "nama": "Tempursari", "desa": "tujuh"}]')
    assert report.files["annotated"]["format"] == "csv"
    assert lines_of(files)[1][3].startswith("Baris 1: [SD-01 desa]")


def test_of_a_large_table_only_the_rows_with_findings_come_back(monkeypatch):
    monkeypatch.setitem(annotated.MOST_CELLS, "csv", 8)
    report, files = enclose(BAD)
    about = report.files["annotated"]
    assert (about["rows"], about["of"], about["whole"]) == (2, 3, False)
    assert [line[0] for line in lines_of(files)[1:]] == ["35.08.01", "35.08.03"]


FORMULAS = [
    '=HYPERLINK("http://jahat.example")',
    "+cmd|' /C calc'!A0",
    "-2+3(1)",
    "@SUM(1)",
    "  =1+1",
    "\t=1",
]
PLAIN = ["-5,25", "+62 812 555", "-", "- tidak ada", "@dinkes", "a=b"]


def test_no_cell_runs_as_a_formula_and_numbers_and_marks_stay_as_they_were():
    rows = "".join(f'"{cell.replace(chr(34), chr(34) * 2)}",{n}\n' for n, cell in enumerate(FORMULAS + PLAIN))
    standard = Standard.parse(document(field("teks", maxLength=1), field("nomor", "integer")))
    _, files = enclose("teks,nomor\n" + rows, standard)
    given = [line[0] for line in lines_of(files)[1:]]
    assert given == ["'" + cell for cell in FORMULAS] + PLAIN
    listed = {line[4] for line in listing_of(files)[1:] if line[2] == "SD-05"}
    assert all("'" + cell in listed for cell in FORMULAS)


def test_in_a_workbook_a_formula_is_text_and_odd_characters_do_no_harm():
    _, files = enclose(workbook(["teks"], ["'=1+1"], ["=cmd()"], ["a_x0001_b"]), texts("teks"))
    assert all(cell.data_type != "f" for row in sheet_of(files).iter_rows() for cell in row)


def test_the_same_data_gives_the_same_bytes():
    data = workbook(["kode", "nama", "desa"], ["35.08.01", "Tempursari", "tujuh"])
    assert enclose(data)[1] == enclose(data)[1]
    assert enclose(data)[0].to_json() == enclose(data)[0].to_json()


def test_an_excerpt_has_the_rows_with_findings_under_their_own_numbers():
    report, _ = enclose(BAD)
    assert report.excerpt == {
        "header": ["kode", "nama", "desa"],
        "rows": [
            {"row": 2, "cells": ["35.08.01", "Tempursari", "tujuh"]},
            {"row": 4, "cells": ["35.08.03", "Candipuro", ""]},
        ],
        "rows_with_findings": 2,
        "columns_left_out": 0,
    }


def test_an_excerpt_is_bounded_in_rows_columns_and_letters():
    names = [f"kolom_{n}" for n in range(excerpt.MOST_COLUMNS + 20)]
    row = ",".join(["aa"] * (len(names) - 1) + ["z" * 1_000])
    report, _ = enclose("\n".join([",".join(names), *[row] * 500]) + "\n", texts(*names))
    assert len(report.excerpt["rows"]) == excerpt.MOST_ROWS
    assert report.excerpt["rows_with_findings"] == 500
    assert (len(report.excerpt["header"]), report.excerpt["columns_left_out"]) == (excerpt.MOST_COLUMNS, 20)
    assert report.excerpt["header"][-1] == names[-1], "a column with findings is never left out first"
    assert len(report.excerpt["rows"][0]["cells"][-1]) == excerpt.LONGEST_CELL


def test_an_excerpt_shows_no_row_of_which_findings_are_missing_from_the_report():
    names = [f"kolom_{n}" for n in range(50)]
    row = ",".join(["panjang"] * 50)
    report, _ = enclose("\n".join([",".join(names), *[row] * 100]) + "\n", texts(*names))
    assert report.counts["SD-05"] == 5_000
    shown = {each["row"] for each in report.excerpt["rows"]}
    told = [finding for finding in report.findings if finding.row in shown]
    assert shown and len(told) == len(shown) * 50


def test_what_holds_no_table_has_its_findings_alone():
    report, files = enclose(b"PK\x03\x04 bukan buku kerja")
    assert report.verdict == "gagal" and list(files) == ["findings"] and not report.excerpt
