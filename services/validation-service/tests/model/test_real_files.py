"""Files that were really published, each with a small standard: what is wrong with it is found, in its place,
and nothing else is called an error."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from engine import checked
from real_data import real_file

from validation_service.model.facts import Previous
from validation_service.model.report import Report
from validation_service.model.standard import Standard

STANDARDS = Path(__file__).parent / "standards"
Place = tuple[str, int | None, str | None]

SUMBAR = "bps-sumbar--sosial-kesejahteraan.xlsx"
KRIMINALITAS = "bps-jatim--kriminalitas-{}.xlsx"
CLEARED = "Persentase Penyelesaian Tindak Pidana"
LASTED = "Selang Waktu Terjadinya Tindak Pidana"
FIRST = "Kabupaten/Kota"


def all_in(rule: str, column: str | None, rows: Iterable[int | None]) -> list[Place]:
    return [(rule, row, column) for row in rows]


@dataclass
class Expected:
    """``counts`` are exact and of all rules; ``places`` must be among what was found."""

    standard: str
    file: str
    counts: dict[str, int] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)

    @property
    def id(self) -> str:
        return f"{self.standard}:{self.file[:40]}"


OVER_100_IN_2022 = 28
STAYED_IN_2021, STAYED_IN_2022, BOGOR_2022 = 10, 8, 137
EXPECTED = [
    Expected(
        "longsor",
        "bnpb-longsor-2022--tanpa-header-cp1252.csv",
        {"IO-11": 1, "IO-02": 2, "IO-08": 6, "SD-01": 478, "DP-01": 32, "SD-08": 164},
        [
            ("IO-11", 1, None),
            *all_in("IO-02", "tempat", (494, 697)),
            *all_in("IO-08", None, (3, 120, 548, 549, 552, 600)),
            ("SD-01", 2, "tanggal"),
            *all_in("DP-01", None, (418, 419, 447)),
        ],
    ),
    Expected("kelurahan-bps", "bps-bandung--mfd-kelurahan-2023.csv"),
    Expected("air-minum", "bps-jateng--air-minum-layak.csv"),
    Expected("penduduk-miskin", "bps-jateng--penduduk-miskin.csv"),
    Expected(
        "kriminalitas",
        KRIMINALITAS.format(2020),
        {"AV-01": 1, "AG-03": 2, "IO-13": 5, "IO-15": 1},
        [
            ("AV-01", 40, None),
            *all_in("AG-03", CLEARED, (5, 20)),
            *all_in("IO-13", FIRST, range(42, 47)),
            ("IO-15", 43, FIRST),
        ],
    ),
    Expected(
        "kriminalitas",
        KRIMINALITAS.format(2021),
        {"AV-01": 2, "AG-03": 1, "IO-13": 5, "IO-15": 3},
        [
            ("AG-03", 2, CLEARED),
            ("AV-01", 7, CLEARED),
            *all_in("IO-13", FIRST, range(42, 47)),
            *all_in("IO-15", FIRST, (43, 45, 46)),
        ],
    ),
    Expected(
        "kriminalitas",
        KRIMINALITAS.format(2022),
        {"AG-03": OVER_100_IN_2022, "NL-01": 1, "SD-01": 32, "IO-13": 5, "IO-15": 3},
        [
            *all_in("AG-03", CLEARED, (2, 7, 31)),
            ("NL-01", 40, CLEARED),
            ("SD-01", 7, LASTED),
            *all_in("IO-15", FIRST, (43, 45, 46)),
        ],
    ),
    Expected("sumbar-sosial", SUMBAR, {"IO-12": 1}),
    Expected("sumbar-pekerjaan", SUMBAR, {"IO-12": 1}),
    Expected(
        "sumbar-agama",
        SUMBAR,
        {"IO-12": 3, "IO-05": 4},
        [("IO-12", 1, None), ("IO-12", 1_048_575, None), ("IO-05", 1, "KekerasanAnak2021")],
    ),
    Expected("sumbar-pendidikan", SUMBAR, {"IO-12": 3}, [("IO-12", 1, None)]),
    Expected("sumbar-kesehatan", SUMBAR, {"IO-12": 2}, [("IO-12", 1, None)]),
    Expected("sumbar-upah", SUMBAR, {"IO-12": 1, "YY-02": 1}, [("YY-02", 5, "UMP")]),
    Expected("sumbar-pencari-kerja", SUMBAR, {"IO-12": 1}),
    Expected("sumbar-lulusan", SUMBAR, {"IO-12": 1}),
    Expected("sumbar-umur", SUMBAR, {"IO-12": 1}),
    Expected("sumbar-kejahatan", SUMBAR, {"IO-12": 1, "YY-01": 1}, [("YY-01", 5, "2021")]),
    Expected(
        "rumah-sakit",
        "jatim--rumah-sakit.json",
        {"IO-15": 1, "SD-04": 26, "NL-01": 80, "AV-01": 31},
        [
            ("IO-15", 2, "Name"),
            *all_in("SD-04", "Type", (18, 19)),
            *all_in("SD-04", "Class", (18, 40, 77)),
            *all_in("NL-01", "District", (12, 13)),
            *all_in("AV-01", "District", (29, 34, 35)),
            ("SD-04", 41, "Province"),
        ],
    ),
    Expected(
        "jumlah-kk",
        "opendata-bandung--jumlah-kk-kelurahan.csv",
        {"DP-01": 21, "DP-02": 3, "SD-02": 2, "AV-01": 242},
        [
            ("DP-01", 126, None),
            *all_in("DP-02", "id", (589, 1176, 1763)),
            *all_in("SD-02", "jumlah_kk", (2111, 2112)),
            ("AV-01", 17, None),
        ],
    ),
    Expected("golongan-darah", "opendata-jabar--penduduk-golongan-darah.csv"),
    Expected(
        "piramida-penduduk",
        "opendata-jabar--piramida-penduduk-provinsi.csv",
        {"YY-01": 64},
        all_in("YY-01", "jumlah_penduduk", range(66, 130)),
    ),
    Expected(
        "upah-minimum",
        "opendata-jabar--upah-minimum.csv",
        {"YY-01": 2, "YY-02": STAYED_IN_2021 + STAYED_IN_2022},
        [
            *all_in("YY-01", "upah_minimum", (149, 210)),
            *all_in("YY-02", "upah_minimum", (BOGOR_2022, 112, 153)),
        ],
    ),
    Expected(
        "hidran",
        "opendata-jakarta--hidran-2014.csv",
        {"SD-04": 17, "NL-01": 628, "SD-07": 1, "SD-08": 194},
        [
            ("SD-04", 800, "sektor"),
            *all_in("NL-01", "latitude", (184, 185, 186)),
            *all_in("NL-01", "longitude", (184, 185, 186)),
            ("NL-01", 2, "kelurahan"),
        ],
    ),
    Expected(
        "kepadatan",
        "opendata-jakarta--kepadatan-kelurahan-2013.csv",
        {"IO-06": 12, "SD-07": 1},
        [("IO-06", 1, None), ("SD-07", 2, "LUAS WILAYAH (KM2)")],
    ),
    Expected(
        "kode-wilayah",
        "opendata-jakarta--kode-wilayah-2014.csv",
        {"SD-03": 260, "IO-05": 2},
        [
            ("SD-03", 2, "nomor_kabupaten"),
            ("SD-03", 2, "nomor_kecamatan"),
            ("IO-05", 1, "Column"),
            ("IO-05", 1, "Column2"),
        ],
    ),
    Expected(
        "pendidikan-tertinggi",
        "opendata-jakarta--pendidikan-tertinggi-2007-2013.csv",
        {"AG-05": 3},
        all_in("AG-05", "persentase", (17, 27, 32)),
    ),
    Expected(
        "penduduk-kelurahan",
        "opendata-jakarta--penduduk-kelurahan-2014.csv",
        {"SD-01": 3 * 267 + (267 - 43) + (267 - 69)},
        [("SD-01", 2, "tahun"), ("SD-01", 2, "laki-laki_wni")],
    ),
    Expected(
        "bangunan-gedung",
        "satudata-sidoarjo--bangunan-gedung-dssd.xls",
        {"DP-01": 2, "NL-01": 15, "AV-01": 3},
        [
            *all_in("DP-01", "kode_dssd", (3, 4)),
            *all_in("AV-01", None, (2, 3, 4)),
            ("NL-01", 2, "data_2019"),
            ("NL-01", 4, "data_2024"),
        ],
    ),
    Expected(
        "tata-ruang",
        "satudata-sidoarjo--penertiban-tata-ruang-dssd.xls",
        {"NL-01": 5},
        [("NL-01", 2, f"data_{year}") for year in range(2019, 2024)],
    ),
    Expected("lembaga-kemasyarakatan", "satudata-sidoarjo--lembaga-kemasyarakatan-2022-upload-a.xlsx"),
    Expected("lembaga-kemasyarakatan", "satudata-sidoarjo--lembaga-kemasyarakatan-2022-upload-b.xlsx"),
    Expected("batas-kabupaten", "satudata-sidoarjo--batas-kabupaten.geojson"),
]


def standard_of(name: str) -> Standard:
    document: dict[str, Any] = json.loads((STANDARDS / f"{name}.json").read_text())
    return Standard.parse(document)


def judged(standard: str, file: str, previous: Previous | None = None) -> Report:
    return checked(real_file(file), standard_of(standard), previous, filename=file)


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda expected: expected.id)
def test_what_is_wrong_with_a_published_file_is_found_and_nothing_else(expected: Expected) -> None:
    report = judged(expected.standard, expected.file)
    assert dict(report.counts) == expected.counts
    found = {(each.rule, each.row, each.column) for each in report.findings}
    assert not [place for place in expected.places if place not in found]


def test_another_measure_under_the_same_name_is_seen_against_the_year_before() -> None:
    before = KRIMINALITAS.format(2021)
    earlier = Previous("2021", real_file(before), before)
    report = judged("kriminalitas", KRIMINALITAS.format(2022), earlier)
    risk = [each for each in report.findings if each.rule == "YY-01"]
    assert len(risk) >= 30 and all(str(each.column).startswith("Risiko") for each in risk)


@pytest.mark.parametrize("year", [2020, 2022])
def test_the_total_of_a_year_that_does_not_add_up_is_one_row(year: int) -> None:
    report = judged("kriminalitas", KRIMINALITAS.format(year))
    broken = [each.row for each in report.findings if each.rule == "AV-01" and each.severity == "galat"]
    assert broken == ([40] if year == 2020 else [])


def test_every_standard_beside_this_test_is_used() -> None:
    assert {path.stem for path in STANDARDS.glob("*.json")} == {each.standard for each in EXPECTED}


def test_every_published_file_has_a_standard() -> None:
    index = real_file("index.csv").decode()
    named = {line.split(",")[0] for line in index.splitlines()[1:] if line.partition(",")[0].count("--")}
    assert named == {each.file for each in EXPECTED}
