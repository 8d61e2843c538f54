"""MS-Ind, MS-Var and MS-Keg: complete, and in agreement with themselves and with the standard."""

from __future__ import annotations

from typing import Any

import pytest
from engine import document, field

from validation_service.model.metadata.documents import absent_documents, problems, standard_problems
from validation_service.model.metadata.items import MS_IND, MS_VAR
from validation_service.model.metadata.kegiatan import MS_KEG
from validation_service.model.problem import Problem
from validation_service.model.standard import Standard

MS_IND_PENDUDUK = {
    "nama": "Jumlah Penduduk",
    "konsep": "Penduduk",
    "definisi": "Orang yang tercatat dalam administrasi kependudukan.",
    "interpretasi": "Makin besar, makin banyak orang yang dilayani.",
    "metode": "Pencacahan register kependudukan pada akhir semester.",
    "ukuran": "Jumlah",
    "satuan": "Orang",
    "klasifikasi_penyajian": "Wilayah; jenis kelamin",
    "komposit": "Tidak",
    "kegiatan_variabel_pembangun": "Registrasi penduduk",
    "nama_variabel_pembangun": "Penduduk",
    "level_estimasi": "Kabupaten",
    "umum": "Ya",
}
MS_VAR_PENDUDUK = {
    "nama": "Penduduk",
    "konsep": "Penduduk",
    "definisi": "Orang yang tercatat.",
    "referensi_pemilihan": "UU 24/2013",
    "referensi_waktu": "Akhir semester",
    "tipe_data": "Bilangan bulat",
    "aturan_validasi": "penduduk >= 0",
    "kalimat_pertanyaan": "Berapa banyak penduduknya?",
    "umum": "Ya",
}
MS_KEG_REGISTRASI = {
    "judul_kegiatan": "Registrasi Penduduk",
    "tahun_kegiatan": "2024",
    "pengumpulan_data": "Kompilasi produk administrasi",
    "instansi_penyelenggara": "Dinas Kependudukan dan Pencatatan Sipil",
    "eselon_2": "Kepala Dinas",
    "latar_belakang": "Pelayanan kependudukan.",
    "tujuan_kegiatan": "Mengetahui banyaknya penduduk.",
    "variabel_dikumpulkan": ["Penduduk", "Jenis kelamin"],
    "kegiatan_dilakukan": "Berulang",
    "cakupan_wilayah_pengumpulan_data": "Seluruh kabupaten",
    "metode_pengumpulan_data": "Pencatatan",
}
GOOD: dict[Any, dict[str, Any]] = {
    "msInd": MS_IND_PENDUDUK,
    "msVar": MS_VAR_PENDUDUK,
    "msKeg": MS_KEG_REGISTRASI,
}


def told(kind: Any, **more: Any) -> list[tuple[str, str]]:
    changed = {name: value for name, value in (GOOD[kind] | more).items() if value is not None}
    return [(each.place, each.severity) for each in problems(kind, changed)]


def test_the_forms_have_the_items_of_bps() -> None:
    assert (len(MS_IND), len(MS_VAR)) == (16, 13)
    blocks = list(dict.fromkeys(item.block.partition(".")[0] for item in MS_KEG))
    assert blocks == ["Identitas", "I", "II", "III", "IV", "V", "VI", "VII", "VIII"]
    for items in (MS_IND, MS_VAR, MS_KEG):
        assert len({item.name for item in items}) == len(items)
        assert all(item.label for item in items)


@pytest.mark.parametrize("kind", ["msInd", "msVar", "msKeg"])
def test_a_complete_document_has_no_problem(kind: Any) -> None:
    assert told(kind) == []


@pytest.mark.parametrize("blank", [None, "", "  ", "-", []])
def test_an_item_that_is_not_filled_in_is_a_galat_where_the_form_is_known(blank: Any) -> None:
    assert told("msInd", definisi=blank) == [("$.definisi", "galat")]


def test_each_problem_is_told_in_both_languages_with_the_label_of_the_form() -> None:
    (problem,) = problems("msInd", MS_IND_PENDUDUK | {"metode": ""})
    assert "Metode/Rumus Penghitungan" in problem.text.id
    assert problem.text.en.endswith("is not filled in.")


def test_every_missing_item_is_told_at_once() -> None:
    assert [each.place for each in problems("msVar", {})] == [
        f"$.{item.name}" for item in MS_VAR if item.required
    ]


def test_what_no_source_confirms_is_never_a_galat() -> None:
    assert {each.severity for each in problems("msKeg", {})} == {"peringatan"}
    assert told("msVar", kalimat_pertanyaan=None) == [("$.kalimat_pertanyaan", "peringatan")]


@pytest.mark.parametrize("yes", ["Ya", "ya", " YA ", True])
def test_a_composite_indicator_names_what_it_is_made_of(yes: Any) -> None:
    assert told("msInd", komposit=yes, kegiatan_variabel_pembangun=None, nama_variabel_pembangun=None) == [
        ("$.publikasi_indikator_pembangun", "peringatan"),
        ("$.nama_indikator_pembangun", "peringatan"),
    ]


def test_a_simple_indicator_names_its_variables() -> None:
    assert told("msInd", kegiatan_variabel_pembangun=None, nama_variabel_pembangun=None) == [
        ("$.kegiatan_variabel_pembangun", "peringatan"),
        ("$.nama_variabel_pembangun", "peringatan"),
    ]


def test_what_belongs_to_the_other_kind_of_indicator_is_a_contradiction() -> None:
    assert told("msInd", nama_indikator_pembangun="IPM") == [("$.nama_indikator_pembangun", "peringatan")]


def test_whether_it_is_composite_must_be_answered_with_ya_or_tidak() -> None:
    assert ("$.komposit", "galat") in told("msInd", komposit="mungkin")
    assert told("msInd", umum=1) == [("$.umum", "galat")]


def test_a_satuan_that_repeats_the_ukuran_is_a_galat() -> None:
    assert told("msInd", ukuran="Indeks", satuan="indeks") == [("$.satuan", "galat")]
    assert told("msVar", ukuran="Orang", satuan="Orang") == [("$.satuan", "galat")]


@pytest.mark.parametrize(
    ("name", "value"),
    [("tahun_kegiatan", "dua ribu"), ("variabel_dikumpulkan", 5), ("hardcopy", "barangkali")],
)
def test_an_item_of_another_kind_is_told(name: str, value: Any) -> None:
    assert told("msKeg", **{name: value}) == [(f"$.{name}", "peringatan")]


def test_an_item_that_the_form_does_not_have_is_remarked() -> None:
    assert told("msInd", definsi="Orang.") == [("$.definsi", "catatan")]


def with_documents(**more: Any) -> Standard:
    variable = field("penduduk", "integer") | {"satudata:satuan": "Orang"} | more.pop("on_field", {})
    parts = {"satudata:konsep": "Penduduk", "satudata:satuan": "Orang"}
    return Standard.parse(
        document(variable) | parts | {f"satudata:{key}": value for key, value in more.items()}
    )


def places(found: list[Problem]) -> list[tuple[str, str]]:
    return [(each.place, each.severity) for each in found]


def test_problems_of_a_standard_stand_where_its_documents_do() -> None:
    standard = with_documents(
        msInd=MS_IND_PENDUDUK | {"definisi": ""},
        msKeg=MS_KEG_REGISTRASI | {"tujuan_kegiatan": ""},
        on_field={"satudata:msVar": MS_VAR_PENDUDUK | {"tipe_data": ""}},
    )
    assert places(standard_problems(standard)) == [
        ("$['satudata:msInd'].definisi", "galat"),
        ("$['satudata:msKeg'].tujuan_kegiatan", "peringatan"),
        ("$.fields[0]['satudata:msVar'].tipe_data", "galat"),
    ]


def test_metadata_that_differ_from_the_standard_are_told() -> None:
    standard = with_documents(
        msInd=MS_IND_PENDUDUK | {"satuan": "Jiwa"},
        on_field={"satudata:msVar": MS_VAR_PENDUDUK | {"satuan": "Kepala Keluarga"}},
    )
    assert places(standard_problems(standard)) == [
        ("$['satudata:msInd'].satuan", "peringatan"),
        ("$.fields[0]['satudata:msVar'].satuan", "peringatan"),
    ]


def test_the_documents_that_are_absent_are_named() -> None:
    assert absent_documents(with_documents()) == ("msInd", "msVar", "msKeg")
    assert absent_documents(with_documents(msInd=MS_IND_PENDUDUK)) == ("msVar", "msKeg")


def test_whoever_writes_a_standard_is_warned_and_not_refused() -> None:
    standard = with_documents(msInd={"nama": "Penduduk"})
    assert {each.severity for each in standard.warnings} == {"catatan", "peringatan"}
    assert ("$", "catatan") in places(list(standard.warnings))
    assert ("$['satudata:msInd'].definisi", "peringatan") in places(list(standard.warnings))
