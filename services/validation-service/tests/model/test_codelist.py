from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from validation_service.model.codelists.codelist import Codelist
from validation_service.model.codelists.table import entries_to_csv, table_of_csv, to_csv
from validation_service.model.problem import BadCodelist


def test_a_list_finds_its_codes_and_only_those() -> None:
    codes = Codelist.from_csv("jenis", "1", b"kode,nama\nB,Jiwa\nA,Umum\n")
    assert codes.find(pl.Series(["A", "C", "B"]))["nama"].to_list() == ["Umum", None, "Jiwa"]
    assert len(codes) == 2


def test_a_code_keeps_its_leading_zeros() -> None:
    assert Codelist.from_csv("x", "1", b"kode,nama\n007,Bond\n").find(pl.Series(["7", "007"]))[
        "kode"
    ].to_list() == [
        None,
        "007",
    ]


def test_the_canonical_rows_do_not_depend_on_the_order_in_which_they_came() -> None:
    rows = [{"kode": "B", "nama": "b, c"}, {"kode": "A", "nama": "a", "induk": "B"}]
    assert entries_to_csv(rows) == entries_to_csv(rows[::-1]) == b'kode,nama,induk\nA,a,B\nB,"b, c",\n'


@pytest.mark.parametrize(
    "rows",
    [
        [{"kode": "A", "nama": "a"}, {"kode": "A", "nama": "b"}],
        [{"kode": "35 08", "nama": "Lumajang"}],
        [{"kode": "35.08\u200b", "nama": "Lumajang"}],
        [{"kode": "A", "nama": "a", "kode_bps": "35 08"}],
        [{"kode": "", "nama": "a"}],
        [{"nama": "a"}],
        [{"kode": " A", "nama": "a"}],
        [{"kode": 1, "nama": "a"}],
        [{"kode": "\ud800", "nama": "a"}],
        ["A"],
    ],
)
def test_repeated_empty_and_strange_codes_are_refused(rows: list[Any]) -> None:
    with pytest.raises(BadCodelist) as caught:
        entries_to_csv(rows)
    assert caught.value.problems[0].place.startswith("$.entries[")


@pytest.mark.parametrize("data", [b"", b"a,b\n1,2\n", b"\xff\xfe", b"kode\n1\n"])
def test_what_has_no_codes_and_names_is_no_list(data: bytes) -> None:
    with pytest.raises(BadCodelist):
        Codelist.from_csv("x", "1", data)


def test_an_empty_list_knows_no_code() -> None:
    assert Codelist.from_csv("x", "1", b"kode,nama\n").find(pl.Series(["A"]))["kode"].to_list() == [None]


# --- a file that is no list is refused by line -------------------------------------------------------


def places(data: bytes) -> list[str]:
    with pytest.raises(BadCodelist) as caught:
        table_of_csv(data)
    return [problem.place for problem in caught.value.problems]


def test_a_file_and_the_same_entries_as_json_are_the_same_list() -> None:
    entries = [{"kode": "35.08", "nama": "Lumajang"}, {"kode": "35", "nama": 'Jawa "Timur", utara'}]
    file = b'\xef\xbb\xbfkode,nama,induk\r\n35.08,Lumajang,\r\n35,"Jawa ""Timur"", utara",\r\n'
    assert to_csv(table_of_csv(file)) == entries_to_csv(entries)


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"kode,nama\nA,a\nB,b\nA,c\n", "baris 4, kolom kode"),
        (b"kode,nama\nA,a\n,b\n", "baris 3, kolom kode"),
        (b"kode,nama\n A,a\n", "baris 2, kolom kode"),
        (b"kode,nama,induk\nA,a,\nB,b,C\n", "baris 3, kolom induk"),
        (b"kode,nama,induk\nA,a,A\n", "baris 2, kolom induk"),
        (b"kode,nama\nA,a\nB,b,c\n", "baris 3"),
        (b"kode,nama\nA,a\nB,\xff\n", "baris 3"),
        (b"kode,nama,warna\nA,a,biru\n", "baris 1"),
        (b"code,name\nA,a\n", "baris 1"),
        (b"kode,nama\n", "$"),
    ],
)
def test_each_wrong_place_of_a_file_is_named(data: bytes, place: str) -> None:
    assert places(data) == [place]


def test_parents_that_go_round_are_named_and_those_below_them_are_not() -> None:
    assert places(b"kode,nama,induk\nA,a,C\nB,b,A\nC,c,B\nD,d,C\nE,e,\nF,f,E\n") == [
        "baris 2, kolom induk",
        "baris 3, kolom induk",
        "baris 4, kolom induk",
    ]


def test_a_deep_list_is_no_circle() -> None:
    rows = "\n".join(f"{n},n,{n - 1 if n else ''}" for n in range(1_000))
    assert table_of_csv(f"kode,nama,induk\n{rows}\n".encode()).height == 1_000


def test_at_most_a_hundred_places_are_named() -> None:
    assert len(places(b"kode,nama\n" + b"A,a\n" * 5_000)) == 100


# --- the engine's own ways into a list ---------------------------------------------------------------

LUMAJANG = b"""\
kode,nama,induk,kode_bps
35.08,Kabupaten Lumajang,,3508
35.08.01,Tempursari,35.08,3508010
35.08.01.2001,Tegalrejo,35.08.01,3508010001
35.08.01.2002,Tempursari,35.08.01,
35.08.10,Lumajang,35.08,3508060
35.08.10.1006,Tegalrejo,35.08.10,
35.081,Bukan Lumajang,,
"""


def lumajang() -> Codelist:
    return Codelist.from_csv("wilayah", "2025", LUMAJANG)


def test_a_code_of_bps_leads_to_the_code_of_kemendagri_on_every_level() -> None:
    wilayah = lumajang()
    asked = ("3508", "3508060", "3508010001", "3508999", "3508010002")
    assert [wilayah.by_bps(code) for code in asked] == ["35.08", "35.08.10", "35.08.01.2001", None, None]


def test_a_desa_without_a_code_of_bps_is_found_by_its_name_in_its_kecamatan() -> None:
    assert lumajang().by_bps("3508060001", "Kel. Tegal Rejo") == "35.08.10.1006"
    assert lumajang().by_bps("3508010002", "Tempursari") == "35.08.01.2002"


def test_a_name_that_two_bear_leads_to_none() -> None:
    wilayah = lumajang()
    assert wilayah.by_name("Tegalrejo", region="35.08", level_length=13) is None
    assert wilayah.by_name("Tegalrejo", region="35.08.01", level_length=13) == "35.08.01.2001"
    assert wilayah.by_name("Kabupaten Lumajang", region="35.08", level_length=5) == "35.08"


def test_a_place_is_what_is_below_it_and_not_what_begins_like_it() -> None:
    wilayah = lumajang()
    assert wilayah.names_within("35.08", 8) == {"35.08.01": "Tempursari", "35.08.10": "Lumajang"}
    assert "35.081" not in wilayah.within("35.08", None)["kode"].to_list()
    assert wilayah.within("35.08", None)["kode"][0] == "35.08"
    assert wilayah.within("", 6)["kode"].to_list() == ["35.081"]


def test_an_entry_without_a_name_has_nothing_to_compare_a_name_with() -> None:
    found = Codelist.from_csv("kecamatan", "1", b"kode,nama\n327301,\n").find(pl.Series(["327301"]))
    assert found.select("kode", "bare").rows() == [("327301", None)]


# --- as many as there are desa -----------------------------------------------------------------------


def every_desa() -> bytes:
    """83,000 desa with their kecamatan, kabupaten and provinsi, each with a code of BPS."""
    rows = ["kode,nama,induk,kode_bps"]
    for kecamatan in range(8_300):
        kabupaten, number = divmod(kecamatan, 16)
        above = f"{11 + kabupaten // 20}.{kabupaten % 20 + 1:02d}"
        if not number:
            rows.append(f"{above},Kabupaten {kabupaten},,{above.replace('.', '')}")
        code = f"{above}.{number + 1:02d}"
        bps = code.replace(".", "") + "0"
        rows.append(f"{code},Kecamatan {kecamatan},{above},{bps}")
        rows += [
            f"{code}.{2001 + n},Sumber Makmur {kecamatan} {n},{code},{bps}{n + 1:03d}" for n in range(10)
        ]
    return ("\n".join(rows) + "\n").encode()


def test_all_desa_are_held_once_and_found_at_once() -> None:
    rows = every_desa()
    read = [Codelist.from_csv("wilayah", str(n), rows) for n in range(2)]  # whatever only the first one costs
    before = resident()
    read += [Codelist.from_csv("wilayah", str(n), rows) for n in range(8)]
    each = (resident() - before) / 8
    assert len(read[-1]) > 91_000
    assert each < 2.5 * len(rows), f"{each / 2**20:.1f} MiB for {len(rows) / 2**20:.1f} MiB of rows"
    assert read[-1].by_bps("1101010007") == "11.01.01.2007"
    assert to_csv(table_of_csv(rows)).count(b"\n") == len(read[-1]) + 1


def resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
