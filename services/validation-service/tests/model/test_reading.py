from __future__ import annotations

import io
import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from engine import checked, desa, document, field, places

from validation_service.model.standard import Standard

GOOD = "kode,nama,desa\n35.08.01,Tempursari,7\n35.08.02,Pronojiwo,6\n"
ROWS: list[dict[str, Any]] = [
    {"kode": "35.08.01", "nama": "Tempursari", "desa": 7},
    {"kode": "35.08.02", "nama": "Pronojiwo", "desa": 6},
]


def workbook(rows: Iterable[list[Any]], *, hidden_first: bool = False) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    if hidden_first:
        sheet.append(["rahasia"])
        sheet.sheet_state = "hidden"
        sheet = book.create_sheet("Data")
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_every_usual_dialect_is_understood(delimiter: str, end: str, encoding: str) -> None:
    report = checked(GOOD.replace(",", delimiter).replace("\n", end).encode(encoding))
    assert (report.verdict, report.rows, report.columns) == ("lulus", 2, 3)
    assert report.understood["delimiter"] == delimiter and report.understood["encoding"] == encoding


def test_a_quoted_line_end_keeps_the_rows_as_a_spreadsheet_counts_them() -> None:
    data = 'kode,nama,desa\n35.08.01,"Tempursari\n",7\n35.08.02,Pronojiwo,x\n'
    assert places(checked(data)) == [("SD-01", 3, "desa")]


def test_a_blank_row_between_is_counted_and_remarked_and_those_at_the_end_are_not() -> None:
    report = checked("kode,nama,desa\n35.08.01,Tempursari,7\n\n35.08.02,Pronojiwo,x\n\n,,\n")
    assert places(report) == [("IO-10", 3, None), ("SD-01", 4, "desa")]
    assert report.rows == 2 and report.understood["skipped"] == {"blank": 3}
    assert report.first(1)[0].rule == "SD-01"


def test_a_row_with_another_number_of_cells_is_named_and_the_others_are_checked() -> None:
    report = checked("kode,nama,desa\n35.08.01,Tempursari\n35.08.02,Pronojiwo,6,9\n35.08.03,Candipuro,x\n")
    assert places(report) == [("IO-08", 2, None), ("IO-08", 3, None), ("SD-01", 4, "desa")]
    assert report.rows == 3


def test_blank_cells_behind_the_last_column_are_remarked_once_and_the_rows_are_checked() -> None:
    report = checked("kode,nama,desa\n35.08.01,Tempursari,7,\n35.08.02,Pronojiwo,x, ,\n35.08.03,,,,\n")
    assert places(report) == [
        ("IO-14", 2, None),
        ("SD-01", 3, "desa"),
        ("NL-01", 4, "nama"),
        ("NL-01", 4, "desa"),
    ]
    assert report.findings[0].message.id.startswith("3 baris") and report.rows == 3


def test_the_last_row_of_a_large_file_may_end_with_separators_too() -> None:
    report = checked(large() + "35.08.02,,,,\n", LARGE)
    assert places(report) == [("IO-14", 3_003, None)] and report.rows == 3_002


def test_a_longer_row_is_told_what_may_have_made_it_longer() -> None:
    report = checked("kode,nama,desa\n35.08.01,Tempursari, Lumajang,7\n")
    assert places(report) == [("IO-08", 2, None)] and "koma di akhir" in report.findings[0].message.id


@pytest.mark.parametrize("large_too", [GOOD, "large"])
@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=;\r"])
def test_the_line_in_which_excel_names_the_separator_is_no_row(first: str, large_too: str) -> None:
    text = large("x") if large_too == "large" else large_too.replace("7", "x")
    report = checked(f"{first}\n{text.replace(',', ';')}", LARGE)
    assert places(report) == [("SD-01", 3_002 if large_too == "large" else 2, "desa")]
    assert report.understood["delimiter"] == ";" and report.understood["header_row"] == 1


def test_the_separator_that_excel_names_is_taken_at_its_word() -> None:
    text = "sep=|\nnama|desa\na,b,c|1\nd,e,f|x\n"
    report = checked(text, Standard.parse(document(field("nama"), field("desa", "integer"))))
    assert places(report) == [("SD-01", 3, "desa")]


def large(cell: str = "7") -> str:
    rows = [f"35.08.{n % 21 + 1:02d},,{n % 100}" for n in range(3_000)]
    return "kode,nama,desa\n" + "\n".join(rows) + f"\n35.08.01,,{cell}\n"


LARGE = Standard.parse(
    document(field("kode", required=True), field("nama"), field("desa", "integer", maximum=100))
)


def test_a_large_file_takes_the_fast_way_to_the_same_rows() -> None:
    assert checked(large(), LARGE).findings == ()
    assert places(checked(large("x"), LARGE)) == [("SD-01", 3_002, "desa")]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("35.08.05,,4\n", "35.08.05,4\n", [("IO-08", 6, None)]),
        ("35.08.05,,4\n", "35.08.05,,4,\n", [("IO-14", 6, None)]),
        ("35.08.05,,4\n", "35.08.05,,4,5\n", [("IO-08", 6, None)]),
        ("35.08.05,,4\n", '35.08.05,"a,b",x\n', [("SD-01", 6, "desa")]),
        ("35.08.05,,4\n", '35.08.05,"a\n\nb",x\n', [("SD-01", 6, "desa")]),
        ("35.08.05,,4\n", '35.08.05,"a ""b"" c",x\n', [("SD-01", 6, "desa")]),
        ("35.08.05,,4\n", '35.08.05,a "b" c,x\n', [("SD-01", 6, "desa")]),
        ("35.08.05,,4\n", '"","",x\n', [("NL-01", 6, "kode"), ("SD-01", 6, "desa")]),
        ("35.08.05,,4\n", '35.08.05,"a"b,4\n', [("IO-01", 6, None)]),
        ("35.08.05,,4\n", "\n35.08.05,,x\n", [("IO-10", 6, None), ("SD-01", 7, "desa")]),
        ("35.08.05,,4\n", "35.08.05,a\rb,4\n", [("IO-08", 6, None), ("IO-08", 7, None)]),
    ],
)
def test_the_fast_way_gives_way_where_quotes_or_cells_are_in_doubt(
    old: str, new: str, expected: list[tuple[str, int, str | None]]
) -> None:
    assert places(checked(large().replace(old, new, 1), LARGE)) == expected


def test_a_quote_that_is_never_closed_is_named_where_it_opens() -> None:
    report = checked('kode,nama,desa\n35.08.01,Tempursari,7\n35.08.02,"Pronojiwo,6\n35.08.03,Candipuro,5\n')
    assert places(report) == [("IO-01", 3, None)] and "baris 3" in report.findings[0].message.id


def test_windows_1252_is_checked_on_and_every_such_cell_is_named() -> None:
    standard = Standard.parse(document(field("nama"), field("n", "integer")))
    report = checked("nama,n\nRS Haryoto,1\nRS “Haryoto”,x\n".encode("cp1252"), standard)
    assert places(report) == [("IO-02", 3, "nama"), ("SD-01", 3, "n")]
    assert report.findings[0].value == "RS “Haryoto”"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_read_and_remarked_with_a_bom_or_without(encoding: str) -> None:
    report = checked(GOOD.encode(encoding))
    assert places(report) == [("IO-02", None, None)] and report.rows == 2
    assert report.understood["encoding"] == "utf-16"


def test_utf_16_filled_up_with_nul_is_read_to_its_end() -> None:
    report = checked(GOOD.encode("utf-16") + b"\0" * 512)
    assert places(report) == [("IO-02", None, None)] and report.rows == 2


@pytest.mark.parametrize("encoding", ["utf-16", "windows-1252"])
def test_an_encoding_that_the_standard_declares_is_nothing_to_remark(encoding: str) -> None:
    declared = document(field("nama"), field("n", "integer"), **{"satudata:pengodean": encoding})
    report = checked("nama,n\nRS “Haryoto”,1\n".encode(encoding), Standard.parse(declared))
    assert report.verdict == "lulus" and report.understood["encoding"] == encoding


def test_title_rows_above_the_header_are_told_and_the_rest_is_checked() -> None:
    report = checked("Jumlah desa 2025\nKabupaten Lumajang\n\n" + GOOD.replace(",6", ",x"))
    assert places(report) == [("IO-03", 1, None), ("SD-01", 6, "desa")]
    assert report.understood["header_row"] == 4


def test_missing_unknown_empty_and_repeated_columns_are_named() -> None:
    report = checked("kode,Nama,,kode\n35.08.01,Tempursari,x,35.08.01\n")
    assert places(report) == [
        ("IO-04", None, "nama"),
        ("IO-04", None, "desa"),
        ("IO-06", 1, "kode"),
        ("IO-05", 1, "Nama"),
        ("IO-06", 1, None),
    ]
    assert "Nama" in report.findings[0].message.id and report.warnings == 1


def test_a_table_without_rows_says_so() -> None:
    assert places(checked("kode,nama,desa\n")) == [("IO-07", None, None)]
    assert places(checked(b"[]")) == places(checked(b'{"data": []}')) == [("IO-07", None, None)]
    assert places(checked(workbook([["kode", "nama", "desa"]]))) == [("IO-07", None, None)]


def test_numbers_dates_and_truths_of_a_workbook_are_read_as_the_standard_writes_them() -> None:
    comma = field("luas", "number") | {"decimalChar": ","}
    day = field("hari", "date") | {"format": "%d/%m/%Y"}
    standard = Standard.parse(
        document(field("n", "integer"), comma, day, field("b", "boolean"), field("t", "year"))
    )
    rows = [
        ["n", "luas", "hari", "b", "t"],
        [12, 12.5, datetime(2024, 7, 1), True, 2024],  # noqa: DTZ001 - Excel knows no zone
        [1.5, 3, date(2024, 1, 2), 0, 24],
    ]
    assert places(checked(workbook(rows), standard)) == [("SD-01", 3, "n"), ("SD-01", 3, "t")]


def test_whole_numbers_of_a_workbook_are_whole_as_far_as_they_are_exact() -> None:
    standard = Standard.parse(document(field("nama"), field("n", "integer")))
    report = checked(workbook([["nama", "n"], ["Semeru", 3.6e15], ["Lamongan", -(2.0**53) + 1]]), standard)
    assert report.verdict == "lulus"


def test_a_workbook_keeps_its_row_numbers_and_skips_hidden_sheets() -> None:
    rows = [[], ["Judul"], ["kode", "nama", "desa"], ["35.08.01", "Tempursari", "x"]]
    report = checked(workbook(rows, hidden_first=True))
    assert places(report) == [("IO-12", None, None), ("IO-03", 1, None), ("SD-01", 4, "desa")]
    assert report.understood["sheet"] == "Data" and report.understood["hidden_sheets"] == ["Sheet"]


def test_a_formula_without_a_value_is_not_an_empty_cell() -> None:
    rows = [["kode", "nama", "desa"], ["35.08.01", "Tempursari", "=3+4"], ["35.08.02", "Pronojiwo", "#N/A"]]
    assert places(checked(workbook(rows))) == [("IO-09", 2, "desa"), ("NL-02", 3, "desa")]


@pytest.mark.parametrize("wrapped", [ROWS, {"rows": ROWS}, {"data": ROWS, "note": 1}])
def test_rows_of_json_are_numbered_from_the_first_object(wrapped: Any) -> None:
    assert checked(json.dumps(wrapped)).verdict == "lulus"
    assert places(checked(json.dumps([ROWS[0], {**ROWS[1], "desa": "x"}]))) == [("SD-01", 2, "desa")]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ('{"kode":"35.08.03","nama":"Candipuro","desa":NaN}', ("NL-02", 1, "desa")),
        ('{"kode":"35.08.03","nama":"Candipuro","desa":Infinity}', ("SD-01", 1, "desa")),
        ('{"kode":"35.08.03","nama":"Candipuro","desa":1' + "0" * 5000 + "}", ("SD-01", 1, "desa")),
        ('{"kode":"35.08.03","nama":"Candipuro","desa":{"a":[1]}}', ("SD-01", 1, "desa")),
        ('{"kode":"35.08.03","nama":"Candipuro","desa":null}', ("NL-01", 1, "desa")),
        ('{"kode":"35.08.03","nama":"Candipuro"}', ("IO-04", None, "desa")),
        ('{"kode":"35.08.03","nama":"Candipuro","desa":1,"desa":2}', ("IO-01", 1, "desa")),
        ('{"kode":"35.08.03","nama":["Candipuro"],"desa":1}', ("SD-01", 1, "nama")),
    ],
)
def test_strange_values_of_json_are_findings(row: str, expected: tuple[str, int | None, str]) -> None:
    assert places(checked(f"[{row}]")) == [expected]


def test_a_whole_number_written_with_a_point_is_whole_in_json() -> None:
    assert checked('[{"kode":"35.08.03","nama":"Candipuro","desa":7.0}]').verdict == "lulus"


def test_what_the_file_is_decides_and_a_false_name_is_told() -> None:
    good = GOOD.encode()
    assert checked(good, filename="a.csv", media_type="application/vnd.ms-excel").verdict == "lulus"
    assert checked(good, filename="a.csv", media_type="application/json").verdict == "lulus"
    report = checked(good, filename="a.xlsx", media_type="application/octet-stream")
    assert places(report) == [("IO-01", None, None)] and report.rows == 2


def test_a_report_is_the_same_bytes_again_and_json() -> None:
    first, second = checked(GOOD, desa()), checked(GOOD, desa())
    assert first.to_json() == second.to_json()
    assert json.loads(first.to_json())["verdict"] == "lulus"
