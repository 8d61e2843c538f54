from __future__ import annotations

import pytest
from engine import LUMAJANG, checked, places


def table(rows: list[tuple[str, str]]) -> str:
    return "\n".join(["kode,nama,desa", *(f"{code},{name},7" for code, name in rows)])


def test_the_right_codes_with_their_names_pass() -> None:
    report = checked(table([(kode, nama) for kode, _, nama in LUMAJANG]))
    assert (report.verdict, report.rows, report.findings) == ("lulus", 21, ())


def test_a_cut_bps_code_is_another_kecamatan_thirteen_times_out_of_twenty_one() -> None:
    cut = [(f"{bps[:2]}.{bps[2:4]}.{bps[4:6]}", nama) for _, bps, nama in LUMAJANG]
    report = checked(table(cut))
    assert report.counts == {"KR-02": 13, "DP-01": 1}
    wrong = {
        row
        for row, ((kode, _), (right, _, _)) in enumerate(zip(cut, LUMAJANG, strict=True), 2)
        if kode != right
    }
    assert {finding.row for finding in report.findings if finding.rule == "KR-02"} == wrong
    rowokangkung = next(finding for finding in report.findings if "Rowokangkung" in finding.message.id)
    assert "35.08.08" in rowokangkung.hint.id and "dipotong" in rowokangkung.hint.id


def test_a_bps_code_sent_as_it_is_is_answered_with_the_right_one() -> None:
    report = checked(table([(bps, nama) for _, bps, nama in LUMAJANG]))
    assert report.counts == {"KR-03": 21}
    assert report.findings[9].hint.id == "Pakai kode 35.08.10."


@pytest.mark.parametrize("name", ["KEC. TEMPURSARI", "Kecamatan Tempursari", "tempur sari", "Kec.Tempursari"])
def test_spelling_and_the_word_kecamatan_do_not_make_another_name(name: str) -> None:
    assert checked(table([("35.08.01", name)])).verdict == "lulus"


def test_a_name_of_another_kind_is_another_name() -> None:
    assert places(checked(table([("35.08.10", "Kecamatan Lumajang"), ("35.08.01", "Kab. Pasuruan")]))) == [
        ("KR-02", 3, "kode")
    ]


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("35.08.99", "KR-01"),
        ("350801", "KR-01"),
        ("35.08.01 ", "KR-01"),
        ("Tempursari", "KR-01"),
        ("35.06.01", "KR-04"),
        ("35.08", "KR-04"),
        ("35.08.01.2001", "KR-04"),
        ("3508010", "KR-03"),
        ("3508010001", "KR-03"),
    ],
)
def test_each_wrong_code_has_one_reason(code: str, rule: str) -> None:
    report = checked(table([(code, "Tempursari")]))
    assert places(report) == [(rule, 2, "kode")]
    assert code.strip() in report.findings[0].message.id


def test_a_code_without_its_dots_is_answered_with_them() -> None:
    assert checked(table([("350801", "Tempursari")])).findings[0].hint.en == "Use the code 35.08.01."


def test_codes_are_judged_the_same_in_a_large_table() -> None:
    rows = [(f"35.08.{n % 21 + 1:02d}", LUMAJANG[n % 21][2]) for n in range(5_000)]
    rows[4_000] = ("35.08.01", "Kunir")
    report = checked(table(rows))
    assert report.counts == {"DP-01": 5_000 - 21, "KR-02": 1}
    assert ("KR-02", 4_002, "kode") in places(report)
    assert sum(finding.rule == "DP-01" for finding in report.findings) == 1_000


def test_where_no_region_is_told_codes_of_every_region_are_its_own() -> None:
    report = checked("kode,nama,desa\n35.08.01,Tempursari,7\n99.99.99,Entah,1\n", region="")
    assert places(report) == [("KR-01", 3, "kode")]


def test_without_a_region_the_hint_names_none() -> None:
    told = checked("kode,nama,desa\n35.08,Lumajang,7\n", region="").findings[0]
    assert told.rule == "KR-04" and told.hint.id == "Pakai kode kecamatan."
    told = checked("kode,nama,desa\n35.08,Lumajang,7\n").findings[0]
    assert told.hint.en == "Use the code of a kecamatan in the region 35.08."
