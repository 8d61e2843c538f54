"""Files that were really published: each is read whole, and what is strange in it is told in its place."""

from __future__ import annotations

from typing import Any

import pytest
from engine import document, field
from real_data import real_file

from validation_service.model.reading.grid import Grid
from validation_service.model.reading.read import read
from validation_service.model.standard import Standard


def grid(name: str, *names: str, **more: Any) -> Grid:
    standard = Standard.parse(document(*map(field, names), **more))
    return read(real_file(name), standard, filename=name, media_type="")


def told(of: Grid, *but: str) -> list[tuple[str, int | None]]:
    """(rule, row) of what was told, without the rules ``but``."""
    return [(each.rule, each.row) for each in of.found.ordered(of.header) if each.rule not in but]


BNPB = "bnpb-longsor-2022--tanpa-header-cp1252.csv"
SUMBAR = "bps-sumbar--sosial-kesejahteraan.xlsx"
KRIMINALITAS = "bps-jatim--kriminalitas-{}.xlsx"
BPS_COLUMNS = (
    "Kabupaten/Kota",
    "Jumlah Kejahatan yang Dilaporkan",
    "Risiko Penduduk Terjadi Tindak Pidana per 100.000 Penduduk",
    "Persentase Penyelesaian Tindak Pidana",
    "Selang Waktu Terjadinya Tindak Pidana",
)
WIDE = {"kolom": r"data_(\d{4})", "menjadi": "tahun", "nilai": "jumlah"}


def test_a_list_of_disasters_without_names_is_read_by_position() -> None:
    read_ = grid(BNPB, "tanggal", "tempat", "kabupaten", "provinsi", "mati", *(f"n{n}" for n in range(5)))
    uneven = [("IO-08", row) for row in (3, 120, 548, 549, 552, 600)]
    assert sorted(told(read_)) == sorted([("IO-11", 1), *uneven, ("IO-02", 494), ("IO-02", 697)])
    assert read_.frame.height == 710 and read_.understood["encoding"] == "windows-1252"


@pytest.mark.parametrize(("year", "markup"), [(2020, [43]), (2021, [43, 45, 46]), (2022, [43, 45, 46])])
def test_notes_of_a_table_of_bps_are_set_aside_and_its_total_stays(year: int, markup: list[int]) -> None:
    read_ = grid(KRIMINALITAS.format(year), *BPS_COLUMNS)
    assert told(read_, "IO-15") == [("IO-13", row) for row in range(42, 47)]
    assert told(read_, "IO-13") == [("IO-15", row) for row in markup]
    assert read_.frame.height == 39 and read_.frame["0"][-1] == "Jawa Timur"
    assert read_.understood["skipped"] == {"blank": 1, "footnotes": 5}


def test_a_sheet_that_reaches_to_the_last_row_of_excel_is_cut_where_its_table_ends() -> None:
    faiths = ["Islam", "Protestan", "Katolik", "Hindu", "Budha", "Konghucu", "Lainnya"]
    read_ = grid(SUMBAR, "Kabupaten_Kota", *faiths, **{"satudata:lembar": "Agama"})
    assert told(read_) == [("IO-12", None), ("IO-12", 1), ("IO-12", 1_048_575)]
    assert read_.frame.height == 18 and read_.understood["side_tables"] == [["Agama", "Jumlah"]]
    assert len(read_.understood["other_sheets"]) == 9


@pytest.mark.parametrize(
    ("sheet", "last", "beside"),
    [
        ("Pendidikan", "PT", [["Sekolah", "Jumlah"], ["Tempat", "Jumlah2"]]),
        ("Kesehatan", "Tenaga_Kesmas", [["K_Kes", "Jumlah"]]),
        ("Kejahatan", "2022", None),
    ],
)
def test_a_table_beside_another_is_told_from_it(sheet: str, last: str, beside: Any) -> None:
    first = "Kasus" if sheet == "Kejahatan" else "Kabupaten_Kota"
    read_ = grid(SUMBAR, first, last, **{"satudata:lembar": sheet})
    assert read_.understood["sheet"] == sheet and read_.header[-1] == last
    assert read_.understood.get("side_tables") == beside


def test_the_sheet_whose_columns_are_asked_for_is_found_among_ten() -> None:
    read_ = grid(SUMBAR, "Lulusan", "Jumlah_Melamar_Kerja", "Jumlah_Diterima_Kerja")
    assert read_.understood["sheet"] == "Tingkat_Pendidikan" and read_.frame.height == 7


@pytest.mark.parametrize(
    ("name", "rows", "last"),
    [
        ("satudata-sidoarjo--bangunan-gedung-dssd.xls", 3, (None, None, None, None, "0", None)),
        ("satudata-sidoarjo--penertiban-tata-ruang-dssd.xls", 1, (None, None, None, None, None, "1")),
    ],
)
def test_an_old_workbook_with_years_as_columns_is_read(name: str, rows: int, last: tuple[Any, ...]) -> None:
    standard = document(
        *(field(each) for each in ("kode_dssd", "uraian_dssd", "satuan")),
        field("tahun", "year"),
        field("jumlah", "integer"),
        **{"satudata:tabelLebar": WIDE},
    )
    read_ = read(real_file(name), Standard.parse(standard), filename=name, media_type="")
    assert told(read_) == [] and read_.frame.height == rows and read_.frame.row(-1)[4:] == last
    assert read_.frame["0"][0].startswith("1.03.0000")
    assert read_.understood["wide"] == [f"data_{year}" for year in range(2019, 2025)]


def test_the_properties_of_a_boundary_are_a_row() -> None:
    read_ = grid("satudata-sidoarjo--batas-kabupaten.geojson", "kd_propinsi", "kd_dati2", "nm_dati2")
    assert told(read_) == [] and read_.frame.row(0)[1:] == ("35", "15", "Sidoarjo")
    assert read_.understood["geometry_not_read"] == {"MultiPolygon": 1}


def test_a_list_of_hospitals_in_json_has_its_codes_of_html_told() -> None:
    read_ = grid("jatim--rumah-sakit.json", "Name", "Class")
    assert told(read_) == [("IO-15", 2)] and read_.frame.height == 176


@pytest.mark.parametrize(
    ("name", "column", "rows", "columns"),
    [
        ("bps-bandung--mfd-kelurahan-2023.csv", "kdkec", 151, 15),
        ("bps-jateng--air-minum-layak.csv", "", 140, 3),
        ("bps-jateng--penduduk-miskin.csv", "", 175, 6),
        ("opendata-bandung--jumlah-kk-kelurahan.csv", "jumlah_kk", 2262, 13),
        ("opendata-jabar--penduduk-golongan-darah.csv", "", 286, 8),
        ("opendata-jabar--piramida-penduduk-provinsi.csv", "kelompok_umur", 352, 9),
        ("opendata-jabar--upah-minimum.csv", "", 216, 8),
        ("opendata-jakarta--hidran-2014.csv", "sektor", 859, 8),
        ("opendata-jakarta--kepadatan-kelurahan-2013.csv", "TAHUN", 267, 37),
        ("opendata-jakarta--kode-wilayah-2014.csv", "nomor_kecamatan", 267, 11),
        ("opendata-jakarta--pendidikan-tertinggi-2007-2013.csv", "", 35, 3),
        ("opendata-jakarta--penduduk-kelurahan-2014.csv", "laki-laki_wna", 267, 9),
        ("satudata-sidoarjo--lembaga-kemasyarakatan-2022-upload-a.xlsx", "", 1, 5),
        ("satudata-sidoarjo--lembaga-kemasyarakatan-2022-upload-b.xlsx", "", 1, 5),
    ],
)
def test_an_ordinary_file_is_read_whole_and_without_remark(
    name: str, column: str, rows: int, columns: int
) -> None:
    read_ = grid(name, column or "kolom lain")
    assert told(read_) == [] and read_.understood["skipped"] == {}
    assert (read_.frame.height, len(read_.header)) == (rows, columns)
    assert read_.header_row == 1 and (not column or column in read_.header)
