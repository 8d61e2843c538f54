"""Every ``satudata:`` key is understood, and every wrong one refused where it stands."""

from __future__ import annotations

from typing import Any

import pytest
from engine import document, field, kode_kecamatan

from validation_service.model.standard import (
    BadStandard,
    Change,
    CodeReference,
    GroupSum,
    Standard,
    Sum,
    TableRule,
    Wide,
)

FIELDS = (
    field("kode", required=True),
    field("tahun", "year", required=True),
    field("laki_laki", "integer"),
    field("perempuan", "integer"),
    field("jumlah", "integer"),
    field("persen", "number"),
    field("status"),
)


def body(**more: Any) -> dict[str, Any]:
    """``kolomPeriode="tahun"`` stands for the key satudata:kolomPeriode."""
    satudata = {f"satudata:{key}": value for key, value in more.items()}
    return document(*FIELDS, primaryKey=["kode", "tahun"], **satudata)


def parsed(**more: Any) -> Standard:
    return Standard.parse(body(**more))


def with_key(key: str, value: Any, type_: str = "integer") -> dict[str, Any]:
    return document(field("a", type_) | {f"satudata:{key}": value}, field("b"))


def refused(document: Any) -> list[str]:
    with pytest.raises(BadStandard) as caught:
        Standard.parse(document)
    assert all(problem.text.id and problem.text.en for problem in caught.value.problems)
    assert all(problem.severity == "galat" for problem in caught.value.problems)
    return [problem.place for problem in caught.value.problems]


def test_every_key_of_a_dataset_is_read() -> None:
    standard = parsed(
        kodeSDSN="SP00055.00.00",
        level="kecamatan",
        periode="tahunan",
        kolomPeriode="tahun",
        jumlah=[{"total": "jumlah", "bagian": ["laki_laki", "perempuan"], "toleransi": 1}],
        jumlahKelompok=[{"kolom": "persen", "per": ["tahun"], "samaDengan": 100, "toleransi": 0.5}],
        barisJumlah="periksa",
        aturan=[
            "jumlah >= 0",
            {"aturan": "laki_laki <= jumlah", "pesan": "Terlalu banyak.", "keparahan": "peringatan"},
        ],
        jadwal={"hariSetelahPeriode": 31},
        lembar="Tabel 1",
        pengodean="windows-1252",
        msInd={"nama": "Penduduk"},
        msKeg={"judul_kegiatan": "Registrasi"},
    )
    assert standard.kode_sdsn == "SP00055.00.00"
    assert (standard.level, standard.frequency, standard.period_column) == ("kecamatan", "tahunan", "tahun")
    assert standard.sums == (Sum("jumlah", ("laki_laki", "perempuan"), 1.0),)
    assert standard.group_sums == (GroupSum("persen", ("tahun",), 100.0, 0.5),)
    assert standard.totals_rows == "periksa"
    assert standard.rules == (
        TableRule("jumlah >= 0", "$['satudata:aturan'][0]"),
        TableRule("laki_laki <= jumlah", "$['satudata:aturan'][1]", "Terlalu banyak.", "peringatan"),
    )
    assert (standard.due_days, standard.sheet, standard.encoding) == (31, "Tabel 1", "windows-1252")
    assert (standard.ms_ind, standard.ms_keg) == ({"nama": "Penduduk"}, {"judul_kegiatan": "Registrasi"})


def test_without_them_a_standard_asks_for_none_of_it() -> None:
    standard = parsed()
    assert (standard.totals_rows, standard.sums, standard.rules, standard.wide) == ("tolak", (), (), None)
    assert (standard.due_days, standard.sheet, standard.encoding, standard.level) == (None, None, None, None)


def test_a_wide_table_is_read() -> None:
    wide = {"kolom": r"data_(\d{4})", "menjadi": "tahun", "nilai": "jumlah"}
    assert parsed(tabelLebar=wide).wide == Wide(r"data_(\d{4})", "tahun", "jumlah")


def test_every_key_of_a_field_is_read() -> None:
    described = {
        "satudata:konsep": "Penduduk",
        "satudata:definisi": "Orang yang tercatat.",
        "satudata:klasifikasi": "Jenis kelamin",
        "satudata:ukuran": "Jumlah",
        "satudata:satuan": "Orang",
        "satudata:kodeReferensi": {
            "daftar": "wilayah-kemendagri",
            "tingkat": "kecamatan",
            "kolomNama": "nama",
            "lengkap": True,
        },
        "satudata:perubahan": {"naikMaks": 50, "turunMaks": 30, "bolehSama": False},
        "satudata:berurutan": True,
        "satudata:bolehTidakTersedia": True,
        "satudata:msVar": {"nama": "Penduduk"},
    }
    missing = ["", {"value": "-", "label": "tidak ada datanya"}]
    standard = Standard.parse(
        document(field("a", "integer") | described, field("nama"), missingValues=missing)
    )
    read = standard.fields[0]
    assert (read.konsep, read.definisi, read.klasifikasi) == (
        "Penduduk",
        "Orang yang tercatat.",
        "Jenis kelamin",
    )
    assert (read.ukuran, read.satuan) == ("Jumlah", "Orang")
    assert read.reference == CodeReference("wilayah-kemendagri", "kecamatan", "nama", complete=True)
    assert read.change == Change(most_rise=50, most_fall=30, may_stay=False)
    assert read.consecutive and read.may_be_unavailable
    assert read.ms_var == {"nama": "Penduduk"}
    assert (standard.missing_values, standard.missing_labels) == (("", "-"), (("-", "tidak ada datanya"),))


def test_categories_are_choices() -> None:
    categories = [{"value": "L", "label": "Laki-laki"}, "P"]
    standard = Standard.parse(document({"name": "jk", "type": "string", "categories": categories}))
    assert standard.fields[0].enum == ("L", "P")


def test_choices_that_are_numbers_are_written_as_the_column_writes_them() -> None:
    rate = {"name": "tarif", "type": "number", "decimalChar": ",", "constraints": {"enum": [0.5, 1, 2.25]}}
    assert Standard.parse(document(rate)).fields[0].enum == ("0,5", "1", "2,25")


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"kodeSDSN": "SP55"}, "['satudata:kodeSDSN']"),
        ({"level": "RT"}, "['satudata:level']"),
        ({"periode": "mingguan"}, "['satudata:periode']"),
        ({"kolomPeriode": "bulan"}, "['satudata:kolomPeriode']"),
        ({"kolomPeriode": "persen"}, "['satudata:kolomPeriode']"),
        ({"jumlah": {"total": "jumlah"}}, "['satudata:jumlah']"),
        ({"jumlah": ["jumlah"]}, "['satudata:jumlah'][0]"),
        ({"jumlah": [{"bagian": ["laki_laki"]}]}, "['satudata:jumlah'][0].total"),
        ({"jumlah": [{"total": "jumlah", "bagian": []}]}, "['satudata:jumlah'][0].bagian"),
        ({"jumlah": [{"total": "jumlah", "bagian": ["x"]}]}, "['satudata:jumlah'][0].bagian[0]"),
        (
            {"jumlah": [{"total": "jumlah", "bagian": ["persen"], "toleransi": -1}]},
            "['satudata:jumlah'][0].toleransi",
        ),
        (
            {"jumlah": [{"total": "jumlah", "bagian": ["persen"], "tolerans": 1}]},
            "['satudata:jumlah'][0].tolerans",
        ),
        ({"jumlahKelompok": [{"kolom": "persen"}]}, "['satudata:jumlahKelompok'][0].samaDengan"),
        ({"barisJumlah": "abaikan"}, "['satudata:barisJumlah']"),
        ({"aturan": "jumlah >= 0"}, "['satudata:aturan']"),
        ({"aturan": [""]}, "['satudata:aturan'][0]"),
        ({"aturan": [{"pesan": "Salah."}]}, "['satudata:aturan'][0].aturan"),
        ({"aturan": [{"aturan": "jumlah>0", "keparahan": "fatal"}]}, "['satudata:aturan'][0].keparahan"),
        ({"tabelLebar": {"menjadi": "tahun", "nilai": "jumlah"}}, "['satudata:tabelLebar'].kolom"),
        ({"jadwal": {"hariSetelahPeriode": -1}}, "['satudata:jadwal'].hariSetelahPeriode"),
        ({"jadwal": {"hariSetelahPeriode": 1.5}}, "['satudata:jadwal'].hariSetelahPeriode"),
        ({"jadwal": {}}, "['satudata:jadwal'].hariSetelahPeriode"),
        ({"jadwal": 31}, "['satudata:jadwal']"),
        ({"lembar": ""}, "['satudata:lembar']"),
        ({"pengodean": "latin-1"}, "['satudata:pengodean']"),
        ({"msInd": "ada"}, "['satudata:msInd']"),
        ({"msKeg": []}, "['satudata:msKeg']"),
        ({"aturna": ["jumlah >= 0"]}, "['satudata:aturna']"),
    ],
)
def test_a_wrong_key_of_a_dataset_is_refused(more: dict[str, Any], place: str) -> None:
    assert refused(body(**more)) == [f"${place}"]


@pytest.mark.parametrize(
    ("key", "value", "place"),
    [
        ("satuan", 5, ""),
        ("kodeReferensi", "wilayah", ""),
        ("kodeReferensi", {"daftar": "satuan", "tingkt": "desa"}, ".tingkt"),
        ("kodeReferensi", {"daftar": "satuan", "tingkat": "RT"}, ".tingkat"),
        ("kodeReferensi", {"daftar": "satuan", "kolomNama": 5}, ".kolomNama"),
        ("kodeReferensi", {"daftar": "satuan", "lengkap": "ya"}, ".lengkap"),
        ("perubahan", 50, ""),
        ("perubahan", {"naikMaks": -5}, ".naikMaks"),
        ("perubahan", {"turunMaks": 120}, ".turunMaks"),
        ("perubahan", {"naikMax": 50}, ".naikMax"),
        ("perubahan", {"bolehSama": "tidak"}, ".bolehSama"),
        ("berurutan", "ya", ""),
        ("bolehTidakTersedia", 1, ""),
        ("msVar", "ada", ""),
        ("satuann", "Orang", ""),
    ],
)
def test_a_wrong_key_of_a_field_is_refused(key: str, value: Any, place: str) -> None:
    assert refused(with_key(key, value)) == [f"$.fields[0]['satudata:{key}']{place}"]


def test_keys_that_others_added_are_left_alone() -> None:
    standard = document(field("a") | {"title": "A", "rdfType": "x"}, title="Desa", **{"x:catatan": "ya"})
    assert Standard.parse(standard).names == ("a",)


@pytest.mark.parametrize("key", ["missingValues", "bareNumber"])
def test_keys_that_would_change_the_meaning_of_cells_are_refused(key: str) -> None:
    value: Any = ["-"] if key == "missingValues" else False
    assert refused(document(field("a", "integer") | {key: value})) == [f"$.fields[0].{key}"]


def test_a_constraint_that_would_have_no_effect_is_refused() -> None:
    assert refused(document(field("a", "integer", minimun=0))) == ["$.fields[0].constraints.minimun"]


def test_a_field_that_could_not_be_read_is_not_called_unknown_elsewhere() -> None:
    wrong = document(field("a", "geopoint"), field("b", "integer"), primaryKey=["a"])
    wrong |= {
        "satudata:jumlah": [{"total": "b", "bagian": ["a"]}],
        "satudata:aturan": ["a > b"],
        "satudata:kolomPeriode": "a",
    }
    assert refused(wrong) == ["$.fields[0].type"]


def test_places_count_the_fields_as_they_were_written() -> None:
    wrong = document(5, field("a", pattern="("), kode_kecamatan())  # type: ignore[arg-type]
    assert refused(wrong) == [
        "$.fields[0]",
        "$.fields[1].constraints.pattern",
        "$.fields[2]['satudata:kodeReferensi'].kolomNama",
    ]


def test_an_aturan_validasi_in_ms_var_is_a_rule_of_the_table() -> None:
    known = field("desa", "integer") | {"satudata:msVar": {"aturan_validasi": "desa >= 0"}}
    several = field("rt", "integer") | {"satudata:msVar": {"aturan_validasi": ["rt >= 0", "rt >= desa"]}}
    standard = Standard.parse(document(known, several))
    assert [(rule.text, rule.source) for rule in standard.rules] == [
        ("desa >= 0", "$.fields[0]['satudata:msVar'].aturan_validasi"),
        ("rt >= 0", "$.fields[1]['satudata:msVar'].aturan_validasi[0]"),
        ("rt >= desa", "$.fields[1]['satudata:msVar'].aturan_validasi[1]"),
    ]


def test_an_aturan_validasi_in_plain_words_is_told_and_not_run() -> None:
    plain = field("desa", "integer") | {"satudata:msVar": {"aturan_validasi": "Tidak boleh kosong."}}
    standard = Standard.parse(document(plain))
    assert standard.rules == ()
    told = [each for each in standard.warnings if each.place.endswith(".aturan_validasi")]
    assert [each.severity for each in told] == ["catatan"]
    assert "tidak dijalankan" in told[0].text.id
