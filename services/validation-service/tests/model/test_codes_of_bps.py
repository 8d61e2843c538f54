"""Codes of BPS where codes of Kemendagri are asked for, with the lists as they are published."""

from __future__ import annotations

import csv

import pytest
from engine import FACTS, LUMAJANG, document, field, kode_kecamatan
from real_data import reference

from validation_service.model.check import check
from validation_service.model.codelists.codelist import Codelist
from validation_service.model.codelists.table import entries_to_csv
from validation_service.model.report import Report
from validation_service.model.standard import Standard

DISTRICTS = "idn-area-data--districts.csv"
VILLAGES = "idn-area-data--villages-jawa-timur.csv"
BRIDGING = "zakiego--bridging-bps-kemendagri-kecamatan.csv"


def rows(name: str) -> list[dict[str, str]]:
    with reference(name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def published() -> Codelist:
    bps = {row["kode_dagri"]: row["kode_bps"] for row in rows(BRIDGING)}
    entries = [
        {"kode": row["code"], "nama": row["name"], "kode_bps": bps.get(row["code"].replace(".", ""))}
        for name in (DISTRICTS, VILLAGES)
        for row in rows(name)
    ]
    return Codelist.from_csv("wilayah-kemendagri", "2025", entries_to_csv(entries))


def checked(wilayah: Codelist, sent: list[tuple[str, str]], level: str = "kecamatan") -> Report:
    kode = kode_kecamatan()
    kode["satudata:kodeReferensi"]["tingkat"] = level
    standard = Standard.parse(document(kode, field("nama", required=True)))
    table = "\n".join(["kode,nama", *(f"{code},{name}" for code, name in sent)])
    return check(table.encode(), facts=FACTS, standard=standard, codelists={"wilayah-kemendagri": wilayah})


def hints(report: Report) -> list[str]:
    return [finding.hint.id for finding in report.findings if finding.rule.startswith("KR-")]


def test_cut_to_the_form_of_kemendagri_thirteen_of_twenty_one_are_found(published: Codelist) -> None:
    cut = [(f"{bps[:2]}.{bps[2:4]}.{bps[4:6]}", name) for _, bps, name in LUMAJANG]
    report = checked(published, cut)
    assert {rule: n for rule, n in report.counts.items() if rule.startswith("KR")} == {"KR-02": 13}
    right = [kode for (code, _), (kode, _, _) in zip(cut, LUMAJANG, strict=True) if code != kode]
    for hint, code in zip(hints(report), right, strict=True):
        assert f"adalah {code}." in hint and "kode BPS yang dipotong" in hint


def test_sent_whole_all_twenty_one_are_answered_with_the_right_code(published: Codelist) -> None:
    report = checked(published, [(bps, name) for _, bps, name in LUMAJANG])
    assert {rule: n for rule, n in report.counts.items() if rule.startswith("KR")} == {"KR-03": 21}
    assert hints(report) == [f"Pakai kode {kode}." for kode, _, _ in LUMAJANG]


def test_a_desa_that_the_bridging_does_not_know_is_found_in_its_kecamatan(published: Codelist) -> None:
    """Two desa of Lumajang are called Sukorejo; the first seven digits say which is meant."""
    sukorejo = [
        (row["district_code"], row["code"])
        for row in rows(VILLAGES)
        if row["code"].startswith("35.08.") and row["name"] == "Sukorejo"
    ]
    bps = {kode: bps for kode, bps, _ in LUMAJANG}
    report = checked(published, [(f"{bps[above]}099", "SUKOREJO") for above, _ in sukorejo], "desa-kelurahan")
    assert len(sukorejo) > 1
    assert hints(report) == [f"Pakai kode {code}." for _, code in sukorejo]


def test_a_desa_with_its_own_code_of_bps_is_answered_whatever_its_name() -> None:
    wilayah = Codelist.from_csv(
        "wilayah-kemendagri", "2025", b"kode,nama,kode_bps\n35.08.01.2001,Tegalrejo,3508010001\n"
    )
    report = checked(wilayah, [("3508010001", "Tegal Arum")], "desa-kelurahan")
    assert hints(report) == ["Pakai kode 35.08.01.2001."]


def test_without_its_dots_a_cut_code_is_answered_by_the_name_beside_it() -> None:
    wilayah = Codelist.from_csv(
        "wilayah-kemendagri", "2025", b"kode,nama\n35.08.06,Kunir\n35.08.08,Rowokangkung\n"
    )
    assert hints(checked(wilayah, [("350808", "Kunir")])) == ["Pakai kode 35.08.06."]
    assert hints(checked(wilayah, [("350808", "Entah")])) == ["Pakai kode 35.08.08."]


BPS = "kode,nama\n3508,Kabupaten Lumajang\n3509,Jember\n3509010,Kencong\n" + "".join(
    f"{bps},{nama}\n" for _, bps, nama in LUMAJANG
)


def by_bps(rows: str, **reference: object) -> Report:
    told = {"daftar": "wilayah-bps", "tingkat": "kecamatan", "kolomNama": "nama", **reference}
    standard = Standard.parse(document(field("kode") | {"satudata:kodeReferensi": told}, field("nama")))
    lists = {"wilayah-bps": Codelist.from_csv("wilayah-bps", "2023", BPS.encode())}
    return check(f"kode,nama\n{rows}".encode(), facts=FACTS, standard=standard, codelists=lists)


def test_where_the_list_itself_is_of_bps_its_codes_are_right_and_levels_and_regions_are_its_own() -> None:
    good = "".join(f"{bps},{nama}\n" for _, bps, nama in LUMAJANG)
    assert by_bps(good, lengkap=True).counts == {"MD-01": 1}
    assert by_bps(good.partition("\n")[2], lengkap=True).counts == {"MD-01": 1, "KR-05": 1}
    wrong = by_bps("3508999,Entah\n3509010,Kencong\n3508,Lumajang\n3508010,Kunir\n35.08.01,Tempursari\n")
    rules = [each.rule for each in wrong.findings if each.row]
    assert rules == ["KR-01", "KR-04", "KR-04", "KR-02", "KR-01"]
    assert wrong.findings[-1].hint.id == "Pakai kode 3508010."
