"""The name of a konsep, as BPS asks for it."""

from __future__ import annotations

import pytest
from engine import document, field

from validation_service.model.standard import BadStandard, Standard


def named(konsep: str, *places: str) -> Standard:
    return Standard.parse(document(field("a")) | {"satudata:konsep": konsep}, places=places)


def said_of(konsep: str, *places: str) -> list[str]:
    with pytest.raises(BadStandard) as caught:
        named(konsep, *places)
    assert {problem.place for problem in caught.value.problems} == {"$['satudata:konsep']"}
    return [problem.text.id for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("konsep", "because"),
    [
        ("Jumlah Penduduk", "diawali ukuran"),
        ("Persentase Rumah Tangga", "diawali ukuran"),
        ("Rata-rata Lama Sekolah", "diawali ukuran"),
        ("Penduduk Kab. Lumajang", "titik"),
        ("penduduk", "huruf besar"),
        ("Penduduk 2024", "2024"),
        ("Penduduk Triwulan II", "Triwulan II"),
        ("Curah Hujan Januari", "Januari"),
        ("Penduduk Kabupaten Lumajang", "Kabupaten Lumajang"),
        ("Penduduk Kota Kediri", "Kota Kediri"),
        ("Kemiskinan Kecamatan Senduro", "Kecamatan Senduro"),
        ("Kemiskinan Jawa Timur", "Jawa Timur"),
        ("Jml Penduduk", "Jml"),
    ],
)
def test_a_name_that_breaks_a_rule_is_refused_with_the_reason(konsep: str, because: str) -> None:
    assert any(because in sentence for sentence in said_of(konsep))


def test_the_name_of_the_region_itself_is_refused_where_it_is_known() -> None:
    assert "Lumajang" in said_of("Kopi Lumajang", "Lumajang")[0]
    assert named("Kopi Lumajang").konsep == "Kopi Lumajang"


@pytest.mark.parametrize(
    "konsep",
    [
        "Penduduk",
        "Desa/Kelurahan",
        "Kabupaten/Kota Layak Anak",
        "Kota Sehat",
        "Kecamatan",
        "Wajib Pajak dengan NPWP",
        "Kepemilikan NIK",
        "Bayi yang Mendapat ASI Eksklusif",
        "Indikator Kinerja",
        "Totalitas Layanan",
        "Tahun Ajaran",
    ],
)
def test_a_good_name_is_accepted_without_a_word(konsep: str) -> None:
    standard = named(konsep)
    assert [each for each in standard.warnings if each.place == "$['satudata:konsep']"] == []


@pytest.mark.parametrize(("konsep", "shown"), [("Akseptor MKJP", "MKJP"), ("Rumah sakit", "sakit")])
def test_what_only_a_person_can_judge_is_a_warning(konsep: str, shown: str) -> None:
    told = [each for each in named(konsep).warnings if each.place == "$['satudata:konsep']"]
    assert [each.severity for each in told] == ["peringatan"]
    assert shown in told[0].text.id and shown in told[0].text.en


def test_all_rules_that_a_name_breaks_are_told() -> None:
    assert len(said_of("jumlah penduduk Kab. Lumajang 2024")) == 5
