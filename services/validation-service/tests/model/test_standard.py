from __future__ import annotations

from typing import Any

import pytest
from engine import document, field, kode_kecamatan

from validation_service.model.standard import BadStandard, Standard


def refused(body: Any) -> list[str]:
    with pytest.raises(BadStandard) as caught:
        Standard.parse(body)
    assert all(problem.text.id and problem.text.en for problem in caught.value.problems)
    return [problem.place for problem in caught.value.problems]


def test_a_standard_says_which_code_lists_it_needs() -> None:
    assert Standard.parse(document(kode_kecamatan(), field("nama"))).codelists == ("wilayah-kemendagri",)


@pytest.mark.parametrize("part", ["konsep", "definisi", "klasifikasi", "ukuran", "satuan"])
def test_each_of_the_five_parts_must_be_filled_in(part: str) -> None:
    assert refused(document(field("a")) | {f"satudata:{part}": "  "}) == [f"$['satudata:{part}']"]


@pytest.mark.parametrize("konsep", ["Jumlah Penduduk", "Rata-rata Konsumsi", "Penduduk.", "penduduk"])
def test_a_konsep_is_named_as_bps_asks(konsep: str) -> None:
    assert refused(document(field("a")) | {"satudata:konsep": konsep}) == ["$['satudata:konsep']"]


def test_a_satuan_that_repeats_the_ukuran_is_refused() -> None:
    body = document(field("a")) | {"satudata:ukuran": "Indeks", "satudata:satuan": "indeks"}
    assert refused(body) == ["$['satudata:satuan']"]
    of_field = field("a") | {"satudata:ukuran": "Persen", "satudata:satuan": "Persen"}
    assert refused(document(of_field)) == ["$.fields[0]['satudata:satuan']"]


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (document(), "$.fields"),
        (document(field("a"), field("a")), "$.fields[1].name"),
        (document(field("")), "$.fields[0].name"),
        (document(field("a", "geopoint")), "$.fields[0].type"),
        (document(field("a"), primaryKey=["b"]), "$.primaryKey[0]"),
        (document(field("a"), uniqueKeys=[["b"]]), "$.uniqueKeys[0][0]"),
        (document(field("a", "integer", minimum=5, maximum=4)), "$.fields[0].constraints"),
        (document(field("a", "integer", minimum="x")), "$.fields[0].constraints.minimum"),
        (document(field("a", minLength=-1)), "$.fields[0].constraints.minLength"),
        (document(field("a", pattern="(")), "$.fields[0].constraints.pattern"),
        (document(field("a", pattern="(?=a)b")), "$.fields[0].constraints.pattern"),
        (document(field("a", pattern="a)|(b")), "$.fields[0].constraints.pattern"),
        (document(field("a", pattern="(a{1,1000}){1,1000}")), "$.fields[0].constraints.pattern"),
        (document(field("a", pattern="a" * 501)), "$.fields[0].constraints.pattern"),
        (document(field("a", enum=[])), "$.fields[0].constraints.enum"),
        (document(field("a", required="yes")), "$.fields[0].constraints.required"),
        (document(field("a", exclusiveMinimum=1)), "$.fields[0].constraints.exclusiveMinimum"),
        (
            document({"name": "a", "satudata:kodeReferensi": {}}),
            "$.fields[0]['satudata:kodeReferensi'].daftar",
        ),
        (document(kode_kecamatan()), "$.fields[0]['satudata:kodeReferensi'].kolomNama"),
        (document({"name": "a", "type": "number", "decimalChar": "x"}), "$.fields[0].decimalChar"),
        (document({"name": "a", "type": "number", "groupChar": "."}), "$.fields[0].groupChar"),
        (document({"name": "a", "type": "date", "format": "%Q"}), "$.fields[0].format"),
        (document(field("a"), missingValues="x"), "$.missingValues"),
        (document("a"), "$.fields[0]"),  # type: ignore[arg-type]
        ([], "$"),
    ],
)
def test_a_standard_that_is_wrong_is_refused_with_the_place(body: Any, place: str) -> None:
    assert refused(body) == [place]


def test_all_problems_are_told_at_once() -> None:
    body = document(field("a", "geopoint"), field("b", pattern="("), primaryKey=["c"])
    assert refused(body) == ["$.fields[0].type", "$.fields[1].constraints.pattern", "$.primaryKey[0]"]
