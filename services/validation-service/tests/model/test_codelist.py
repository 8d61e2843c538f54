from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from validation_service.model.codelist import BadCodelist, Codelist, entries_to_csv


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
