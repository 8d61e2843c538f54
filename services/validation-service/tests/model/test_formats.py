"""Every format is read as its sender meant it, by what it is and not by what it is called."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from engine import checked, document, field, places
from making import Wrong, biff, compound, ods, ods_cell, xls, xlsb
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from validation_service.model.standard import Standard

ROWS = [["kode", "nama", "desa"], ["35.08.01", "Tempursari", 7], ["35.08.02", "Pronojiwo", 6]]
Maker = Callable[[dict[str, Any]], bytes]
MAKERS: dict[str, Maker] = {"xls": xls, "ods": ods, "xlsb": xlsb}
every_maker = pytest.mark.parametrize("kind", MAKERS)


@every_maker
def test_a_workbook_of_any_kind_is_read_and_named(kind: str) -> None:
    report = checked(MAKERS[kind]({"Data": ROWS}), filename=f"desa.{kind}")
    assert (report.verdict, report.rows, report.columns) == ("lulus", 2, 3)
    assert report.understood["format"] == kind and report.understood["sheet"] == "Data"


@every_maker
def test_an_error_value_is_not_an_empty_cell(kind: str) -> None:
    data = MAKERS[kind]({"Data": [*ROWS, ["35.08.03", "Candipuro", Wrong()]]})
    assert places(checked(data)) == [("NL-02", 4, "desa")]


@every_maker
def test_of_several_sheets_the_one_with_the_names_of_the_standard_is_read(kind: str) -> None:
    report = checked(MAKERS[kind]({"Sampul": [["Kabupaten Lumajang"]], "Isi": ROWS}))
    assert places(report) == [("IO-12", None, None)] and report.rows == 2
    assert report.understood["sheet"] == "Isi" and report.understood["other_sheets"] == ["Sampul"]


@every_maker
def test_a_workbook_of_only_a_header_has_no_rows(kind: str) -> None:
    assert places(checked(MAKERS[kind]({"A": ROWS[:1]}))) == [("IO-07", None, None)]


@every_maker
def test_empty_and_repeated_names_are_named_by_their_place(kind: str) -> None:
    rows = [["kode", "nama", "desa", "", "kode"], ["35.08.01", "Tempursari", 7, "x", "35.08.01"]]
    report = checked(MAKERS[kind]({"A": rows}))
    assert places(report) == [("IO-06", 1, "kode"), ("IO-06", 1, None)]


def test_an_xls_that_is_really_another_thing_is_told() -> None:
    assert places(checked(xls({"A": ROWS}), filename="desa.xlsx")) == [("IO-01", None, None)]


def test_objects_one_in_a_line_are_rows_numbered_as_the_lines_are() -> None:
    lines = [json.dumps(dict(zip(ROWS[0], row, strict=True))) for row in ROWS[1:]]
    report = checked("\n".join([lines[0], "", lines[1].replace("6", '"x"')]))
    assert places(report) == [("SD-01", 3, "desa")]
    assert report.understood["format"] == "ndjson" and report.rows == 2


def test_a_line_that_is_no_json_is_named_and_the_others_are_checked() -> None:
    good = json.dumps({"kode": "35.08.01", "nama": "Tempursari", "desa": 7})
    report = checked(f"{good}\n{{rusak\n[1]\n", filename="desa.ndjson")
    assert places(report) == [("IO-01", 2, None), ("IO-01", 3, None)] and report.rows == 3


def test_one_line_is_one_row_where_the_sender_says_so() -> None:
    good = json.dumps({"kode": "35.08.01", "nama": "Tempursari", "desa": 7})
    assert checked(good, filename="desa.ndjson").verdict == "lulus"
    assert places(checked(good, filename="desa.json")) == [("IO-01", None, None)]


def features(*properties: Any) -> bytes:
    shape = {"type": "Point", "coordinates": [113.2, -8.1]}
    each = [{"type": "Feature", "properties": each, "geometry": shape} for each in properties]
    return json.dumps({"type": "FeatureCollection", "features": each, "bbox": [1, 2, 3, 4]}).encode()


def test_the_properties_of_features_are_rows_and_their_shapes_are_set_aside() -> None:
    good = {"kode": "35.08.01", "nama": "Tempursari", "desa": 7}
    report = checked(features(good, {**good, "kode": "35.08.02", "nama": "Pronojiwo", "desa": "x"}))
    assert places(report) == [("SD-01", 2, "desa")]
    assert report.understood["format"] == "geojson"
    assert report.understood["geometry_not_read"] == {"Point": 2}


def test_a_feature_without_properties_is_a_blank_row() -> None:
    good = {"kode": "35.08.01", "nama": "Tempursari", "desa": 7}
    assert places(checked(features(good, None, {**good, "kode": "35.08.02", "nama": "Pronojiwo"}))) == [
        ("IO-10", 2, None)
    ]


def test_json_in_utf_16_is_read_and_remarked() -> None:
    report = checked('[{"kode":"35.08.01","nama":"Tempursari","desa":7}]'.encode("utf-16"))
    assert places(report) == [("IO-02", None, None)] and report.understood["format"] == "json"


def test_a_column_may_come_up_late_in_json() -> None:
    rows = [{"kode": "35.08.01", "nama": "Tempursari"}, {"kode": "35.08.02", "nama": "Pronojiwo", "desa": 6}]
    assert places(checked(json.dumps(rows))) == [("NL-01", 1, "desa")]


@pytest.mark.parametrize("end", ["]x", "", "] 1", ",]", "]}"])
def test_json_that_is_wrong_after_its_last_row_is_wrong(end: str) -> None:
    report = checked('[{"kode":"35.08.01","nama":"Tempursari","desa":7}' + end)
    assert places(report) == [("IO-01", None, None)] and report.rows == 0


DAYS = Standard.parse(document(field("kode"), field("hari", "date"), field("n", "integer")))


def test_a_workbook_that_counts_days_from_1904_gives_the_days_it_shows() -> None:
    from datetime import datetime

    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.append(["kode", "hari", "n"])
    book.active.append(["a", datetime(2024, 7, 1), 1])  # noqa: DTZ001 - Excel knows no zone
    out = io.BytesIO()
    book.save(out)
    only = Standard.parse(
        document(
            field("kode"),
            field("hari", "date", minimum="2024-07-01", maximum="2024-07-01"),
            field("n", "integer"),
        )
    )
    assert checked(out.getvalue(), only).verdict == "lulus"


def test_texts_and_numbers_mixed_in_a_column_are_each_read_as_written() -> None:
    data = xls(
        {"A": [["kode", "hari", "n"], ["a", "2024-07-01", "13"], [7, "2024-07-02", 13.0], ["b", 5, 1.5]]}
    )
    assert places(checked(data, DAYS)) == [("SD-01", 4, "hari"), ("SD-01", 4, "n")]


MACRO_STREAMS = ["_VBA_PROJECT_CUR", "VBA", "Macros", "_VBA_PROJECT"]
REFUSED: dict[str, tuple[bytes, str]] = {
    **{name: (xls({"A": ROWS}, extra={name: b"x"}), "makro") for name in MACRO_STREAMS},
    "an old macro sheet": (xls({"A": ROWS}, kind=1), "makro"),
    "an XLS with a password": (xls({"A": ROWS}, in_globals=biff(0x2F, bytes(6))), "kata sandi"),
    "an XLSX with a password": (compound({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}), "kata sandi"),
    "an XLS that refers to others": (xls({"A": ROWS}, in_globals=biff(0x1AE, b"\1\0\5\0\0a.xls")), "merujuk"),
    "a document of Word": (compound({"WordDocument": b"x"}), "bukan buku kerja Excel"),
    "an ODS with macros": (ods({"A": ROWS}, members={"Basic/Standard/a.xml": b"<a/>"}), "makro"),
    "an ODS with a password": (
        ods({"A": ROWS}, members={"META-INF/manifest.xml": b"<m:encryption-data/>"}),
        "kata sandi",
    ),
    "HTML called XLS": (b"<html><table><tr><td>kode</td></tr></table></html>", "halaman web"),
    "HTML in UTF-16 called XLS": (
        "<html><table><tr><td>kode</td></tr></table>".encode("utf-16"),
        "halaman web",
    ),
    "a far cell in XLSB": (xlsb({"A": ROWS}, far=(1_048_575, 16_383)), "terlalu jauh"),
    "a far cell in ODS": (
        ods(
            {"A": ROWS},
            rows='<table:table-row table:number-rows-repeated="1048000">'
            + ods_cell(1, 'table:number-columns-repeated="16384"')
            + "</table:table-row>",
        ),
        "terlalu jauh",
    ),
    "half an XLS": (xls({"A": ROWS})[:1500], "rusak"),
    "half an ODS": (ods({"A": ROWS})[:300], "rusak"),
    "an XLS of nothing": (xls({"A": []}), "tidak berisi data"),
}


@pytest.mark.parametrize(("data", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_what_may_not_be_opened_is_one_finding_that_says_why(data: bytes, words: str) -> None:
    report = checked(data)
    assert report.counts == {"IO-01": 1} and words in report.findings[0].message.id


def test_a_sheet_filled_up_with_empty_rows_is_as_long_as_its_data() -> None:
    blank = '<table:table-cell table:number-columns-repeated="16384"/>'
    rest = f'<table:table-row table:number-rows-repeated="1048000">{blank}</table:table-row>'
    report = checked(ods({"A": ROWS}, rows=rest))
    assert report.verdict == "lulus" and report.rows == 2


def test_a_formula_of_ods_without_a_result_is_no_empty_cell() -> None:
    row = (
        "<table:table-row>"
        + ods_cell("35.08.03")
        + ods_cell("Candipuro")
        + '<table:table-cell table:formula="of:=3+4"/></table:table-row>'
    )
    assert places(checked(ods({"A": ROWS}, rows=row))) == [("IO-09", 4, "desa")]


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("seed", range(12))
def test_a_damaged_workbook_never_raises(kind: str, seed: int) -> None:
    import random

    chance = random.Random(seed)
    data = bytearray(MAKERS[kind]({"Data": ROWS}))
    for _ in range(chance.randint(1, 20)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    assert json.loads(checked(bytes(data)).to_json())
