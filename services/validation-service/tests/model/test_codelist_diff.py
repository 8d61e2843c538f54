"""What changed between two revisions of a list."""

from __future__ import annotations

from validation_service.model.codelists.diff import differences

BEFORE = b"""\
kode,nama,induk
35.08,Kabupaten Lumajang,
35.08.01,Tempursari,35.08
35.08.10,Lumajang,35.08
35.08.10.1001,Tompokersan,35.08.10
35.08.10.2003,Labruk Lor,35.08.10
35.08.10.2007,Boreng,35.08.10
35.08.21,Sumbersuko,35.08
"""
AFTER = b"""\
kode,nama,induk
35.08,Kabupaten Lumajang,
35.08.01,Tempur Sari,35.08
35.08.10,Lumajang,35.08
35.08.10.1001,Tompokersan,35.08.10
35.08.10.2007,Boreng,35.08.21
35.08.21,Sumbersuko,35.08
35.08.21.2009,Labruk Lor,35.08.21
35.08.22,Labruk,35.08
"""


def test_what_came_and_went_is_told_with_all_that_is_known_of_it() -> None:
    difference = differences(BEFORE, AFTER)
    assert difference.added == [
        {"kode": "35.08.21.2009", "nama": "Labruk Lor", "induk": "35.08.21"},
        {"kode": "35.08.22", "nama": "Labruk", "induk": "35.08"},
    ]
    assert difference.removed == [{"kode": "35.08.10.2003", "nama": "Labruk Lor", "induk": "35.08.10"}]


def test_a_code_that_stayed_may_have_another_name_or_another_induk() -> None:
    difference = differences(BEFORE, AFTER)
    assert difference.renamed == [{"kode": "35.08.01", "from": "Tempursari", "to": "Tempur Sari"}]
    assert difference.moved == [
        {"kode": "35.08.10.2007", "nama": "Boreng", "from": "35.08.10", "to": "35.08.21"}
    ]


def test_a_code_that_stayed_may_have_another_code_of_bps() -> None:
    before, after = (b"kode,nama,kode_bps\n35.08.01,Tempursari," + bps for bps in (b"\n", b"3508010\n"))
    changed = {"kode": "35.08.01", "nama": "Tempursari", "from": None, "to": "3508010"}
    assert differences(before, after).rebridged == [changed]
    assert differences(after, after).rebridged == []


def test_a_place_with_a_new_code_is_guessed_by_its_name() -> None:
    assert differences(BEFORE, AFTER).recoded == [
        {"nama": "Labruk Lor", "from": "35.08.10.2003", "to": "35.08.21.2009"}
    ]


def test_between_two_of_one_name_nothing_is_guessed() -> None:
    twins = AFTER + b"35.08.22.2001,Labruk Lor,35.08.22\n"
    assert differences(BEFORE, twins).recoded == []


def test_a_list_differs_in_nothing_from_itself() -> None:
    same = differences(BEFORE, BEFORE)
    assert (same.added, same.removed, same.renamed, same.moved, same.recoded) == ([], [], [], [], [])


def test_lists_without_induk_can_be_compared() -> None:
    assert differences(b"kode,nama\nA,a\n", b"kode,nama,induk\nA,a,\nB,b,A\n").moved == []
