"""Usulkan standar of files that were really published: filled in, a proposal accepts its own sample but for
what is truly wrong with it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from engine import checked
from real_data import real_file
from test_real_files import EXPECTED, SUMBAR

from validation_service.model.document.dataset_keys import FILL_IN
from validation_service.model.proposal.propose import Proposal, propose
from validation_service.model.standard import BadStandard, Standard

ANSWERS = {
    "satudata:konsep": "Data",
    "satudata:definisi": "Menurut instansi yang menghimpunnya.",
    "satudata:klasifikasi": "1. Wilayah",
    "satudata:ukuran": "Jumlah",
    "satudata:satuan": "Satuan",
}
SHEETS = [
    *("Sosial", "Kesejahteraan(Pekerjaan)", "Agama", "Pendidikan", "Kesehatan", "UMP"),
    *("Pencari_Kerja_Terdaftar", "Tingkat_Pendidikan", "Kelompok_Umur", "Kejahatan"),
]
TRULY_WRONG: dict[str, dict[str, set[str | None]]] = {
    "bnpb-longsor-2022--tanpa-header-cp1252.csv": {
        "IO-11": {None},
        "IO-08": {None},
        "SD-01": {"kolom_1"},
        "DP-01": {None},
    },
    "opendata-bandung--jumlah-kk-kelurahan.csv": {"DP-01": {None}},
    "opendata-jakarta--hidran-2014.csv": {"SD-04": {"sektor"}},
    "opendata-jakarta--kepadatan-kelurahan-2013.csv": {"IO-06": {None}},
    "satudata-sidoarjo--bangunan-gedung-dssd.xls": {"DP-01": {"kode_dssd"}},
}
"""Rule and columns of the errors that a proposal's own sample may have."""
FILES = [(name, None) for name in sorted({each.file for each in EXPECTED} - {SUMBAR})]
CASES = [*FILES, *((SUMBAR, sheet) for sheet in SHEETS)]


def proposed(name: str, sheet: str | None = None) -> Proposal:
    return propose(real_file(name), filename=name, sheet=sheet)


def filled_in(document: dict[str, Any]) -> dict[str, Any]:
    written = {key: text for key, text in ANSWERS.items() if str(document.get(key, "")).startswith(FILL_IN)}
    return document | written


def types(proposal: Proposal) -> dict[str, str]:
    return {each["name"]: each["type"] for each in proposal.standard["fields"]}


def field(proposal: Proposal, name: str) -> dict[str, Any]:
    return next(each for each in proposal.standard["fields"] if each["name"] == name)


@pytest.mark.parametrize(("name", "sheet"), CASES)
def test_a_proposal_accepts_its_sample_but_for_what_is_truly_wrong(name: str, sheet: str | None) -> None:
    proposal = proposed(name, sheet)
    standard = Standard.parse(filled_in(json.loads(json.dumps(proposal.standard))))
    report = checked(real_file(name), standard, filename=name)
    errors: dict[str, set[str | None]] = {}
    for each in report.findings:
        if each.severity == "galat":
            errors.setdefault(each.rule, set()).add(each.column)
    wrong = TRULY_WRONG.get(name, {})
    assert not {rule: columns for rule, columns in errors.items() if not columns <= wrong.get(rule, set())}


@pytest.mark.parametrize(("name", "sheet"), CASES)
def test_a_proposal_is_refused_in_just_the_places_that_it_asks_for(name: str, sheet: str | None) -> None:
    proposal = proposed(name, sheet)
    with pytest.raises(BadStandard) as refused:
        Standard.parse(proposal.standard)
    places = {problem.place for problem in refused.value.problems if problem.severity == "galat"}
    assert places == set(proposal.to_fill_in)


def test_leading_zeros_and_codes_stay_text() -> None:
    kinds = types(proposed("bps-bandung--mfd-kelurahan-2023.csv"))
    assert {kinds[name] for name in ("kdkab", "kdkec", "kddesa", "iddesa")} == {"string"}
    assert (kinds["latitude"], kinds["longitude"], kinds["jml_sls"]) == ("number", "number", "integer")


def test_a_few_dashes_among_coordinates_are_missing_values_and_said() -> None:
    proposal = proposed("opendata-jakarta--hidran-2014.csv")
    assert types(proposal)["latitude"] == "number"
    assert {"value": "-", "label": "tidak ada datanya"} in proposal.standard["missingValues"]
    place = f"$.fields[{list(types(proposal)).index('latitude')}]"
    shares = [note.share for note in proposal.notes if note.place.startswith(place) and note.share]
    assert 0.99 < min(shares) < 1


def test_the_key_is_that_of_a_statistician_though_a_few_rows_break_it() -> None:
    key = proposed("opendata-bandung--jumlah-kk-kelurahan.csv").standard["primaryKey"]
    assert key == ["bps_kode_desa_kelurahan", "semester", "tahun"]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("bps-jateng--penduduk-miskin.csv", ["Wilayah", "Tahun"]),
        ("bps-bandung--mfd-kelurahan-2023.csv", ["iddesa"]),
        ("opendata-jabar--upah-minimum.csv", ["kode_kabupaten_kota", "tahun"]),
        ("opendata-jabar--penduduk-golongan-darah.csv", ["golongan_darah", "jenis_kelamin", "tahun"]),
        ("opendata-jabar--piramida-penduduk-provinsi.csv", ["kelompok_umur", "jenis_kelamin", "tahun"]),
        ("opendata-jakarta--pendidikan-tertinggi-2007-2013.csv", ["tahun", "jenis_pendidikan"]),
        ("satudata-sidoarjo--bangunan-gedung-dssd.xls", ["kode_dssd", "tahun"]),
    ],
)
def test_the_fewest_columns_that_tell_rows_apart_are_the_key(name: str, key: list[str]) -> None:
    assert proposed(name).standard["primaryKey"] == key


def test_years_in_the_header_are_a_wide_table() -> None:
    proposal = proposed("satudata-sidoarjo--penertiban-tata-ruang-dssd.xls")
    wide = {"kolom": r"data_(\d{4})", "menjadi": "tahun", "nilai": "nilai"}
    assert proposal.standard["satudata:tabelLebar"] == wide
    assert types(proposal)["kode_dssd"] == "string" and types(proposal)["nilai"] == "integer"


def test_sums_that_hold_in_every_row_are_proposed() -> None:
    sums = proposed(SUMBAR, "Kelompok_Umur").standard["satudata:jumlah"]
    assert sums == [{"total": "Laki-laki + Perempuan ", "bagian": ["Laki-Laki", "Perempuan"]}]
    totals = [
        each["total"] for each in proposed(SUMBAR, "Kesejahteraan(Pekerjaan)").standard["satudata:jumlah"]
    ]
    assert {"Total_Pencari_Kerja21", "Total_Pencari_Kerja22"} <= set(totals)


def test_units_in_the_header_become_satuan() -> None:
    proposal = proposed("bps-jateng--penduduk-miskin.csv")
    assert field(proposal, "Jumlah Penduduk Ribu Jiwa")["satudata:satuan"] == "Ribu Jiwa"
    assert field(proposal, "Persentase Penduduk Miskin Maret")["satudata:satuan"] == "Persen"
    density = proposed("opendata-jakarta--kepadatan-kelurahan-2013.csv")
    assert field(density, "KEPADATAN (JIWA/KM2)")["satudata:satuan"] == "Jiwa/Km²"
    assert field(density, "LUAS WILAYAH (KM2)")["satudata:satuan"] == "Km²"


def test_a_file_without_a_header_gets_names_by_position_and_its_encoding_said() -> None:
    proposal = proposed("bnpb-longsor-2022--tanpa-header-cp1252.csv")
    assert list(types(proposal)) == [f"kolom_{n}" for n in range(1, 11)]
    assert types(proposal)["kolom_1"] == "date"
    assert proposal.standard["satudata:pengodean"] == "windows-1252"


def test_a_province_under_its_kabupaten_is_said_to_be_a_total() -> None:
    notes = [note.text.id for note in proposed("bps-jatim--kriminalitas-2021.xlsx").notes]
    assert any('"Jawa Timur"' in text for text in notes)
