"""A standard that contradicts itself is refused with the place and the reason."""

from __future__ import annotations

from typing import Any

import pytest
from engine import document, field
from test_standard_keys import body, parsed, refused, with_key

from validation_service.model.standard import BadStandard, Standard


def reason(document: Any) -> str:
    with pytest.raises(BadStandard) as caught:
        Standard.parse(document)
    return caught.value.problems[0].text.en


@pytest.mark.parametrize(
    ("described", "bad"),
    [
        (field("a", "integer", enum=["1", "x", "2.5"]), [1, 2]),
        (field("a", "integer", minimum=0, maximum=5, enum=[0, 5, 6]), [2]),
        (field("a", "number", minimum=1, enum=["0.5", "1.5"]), [0]),
        (field("a", pattern="[A-Z]", enum=["A", "b"]), [1]),
        (field("a", maxLength=2, enum=["ya", "tidak"]), [1]),
        (field("a", "date", enum=["2024-02-30"]), [0]),
        (field("a", "year", enum=["24"]), [0]),
        (field("a", "boolean", enum=["ya"]), [0]),
        (field("a", enum=["Desa", "Desa"]), [1]),
        (field("a", enum=["Desa", " Kelurahan", ""]), [1, 2]),
    ],
)
def test_a_choice_that_the_field_would_not_accept(described: dict[str, Any], bad: list[int]) -> None:
    assert refused(document(described)) == [f"$.fields[0].constraints.enum[{index}]" for index in bad]


def test_a_choice_is_refused_with_what_it_should_have_been() -> None:
    assert "is no integer" in reason(document(field("a", "integer", enum=["x"])))
    assert "at most 5" in reason(document(field("a", "integer", maximum=5, enum=["9"])))


def test_of_many_impossible_choices_the_first_are_told() -> None:
    assert len(refused(document(field("a", "integer", enum=["x"] * 5_000)))) == 10


def test_a_missing_value_that_is_a_choice() -> None:
    choices = field("status", enum=["ada", "-"])
    assert refused(document(choices, missingValues=["", "-"])) == ["$.missingValues[1]"]
    assert "status" in reason(document(choices, missingValues=["", "-"]))


@pytest.mark.parametrize(
    "described",
    [
        field("a", "integer", required=True),
        field("a", "number", required=True, minimum=-100),
        field("a", required=True, pattern="-?[0-9]+"),
    ],
)
def test_a_missing_value_that_is_a_right_value_of_the_key(described: dict[str, Any]) -> None:
    assert refused(document(described, missingValues=["-99"], primaryKey=["a"])) == ["$.missingValues[0]"]
    standard = Standard.parse(document(described, missingValues=["-99"]))
    told = [(each.place, each.severity) for each in standard.warnings if each.place != "$"]
    assert told == [("$.missingValues[0]", "peringatan")]


@pytest.mark.parametrize(
    "described",
    [
        field("a", "integer"),
        field("a", "integer", required=True, minimum=0),
        field("a", required=True),
        field("a", required=True, pattern="[a-z]+"),
    ],
)
def test_a_missing_value_that_no_column_to_be_filled_in_could_hold(described: dict[str, Any]) -> None:
    standard = Standard.parse(document(described, missingValues=["", "-99"]))
    assert [each.place for each in standard.warnings] == ["$"]


@pytest.mark.parametrize(
    ("missing", "place"),
    [
        (["", {"value": "", "label": "belum didata"}], "[1]"),
        (["-", "-"], "[1]"),
        ([{"value": " ", "label": "belum didata"}], "[0]"),
        ([{"label": "belum didata"}], "[0]"),
        ([None], "[0]"),
    ],
)
def test_missing_values_that_say_nothing(missing: list[Any], place: str) -> None:
    assert refused(document(field("a"), missingValues=missing)) == [f"$.missingValues{place}"]


def test_zero_is_data_in_every_column_of_numbers() -> None:
    numbers = document(field("a", "integer"), field("b", "number"), field("c"), missingValues=["", "0"])
    told = [each for each in Standard.parse(numbers).warnings if each.place != "$"]
    assert [(each.place, each.severity) for each in told] == [("$.missingValues[1]", "peringatan")] * 2
    assert all("0 adalah data" in each.text.id and "0 is data" in each.text.en for each in told)


def test_an_empty_pattern_is_refused() -> None:
    assert refused(document(field("a", pattern=""))) == ["$.fields[0].constraints.pattern"]
    assert "empty pattern" in reason(document(field("a", pattern="")))


def test_what_a_rule_may_mean_otherwise_is_a_warning_at_its_place() -> None:
    standard = parsed(aturan=["jumlah > 1.000", "1 = 1", "jumlah > 1000"])
    told = [(each.place, each.severity) for each in standard.warnings if "aturan" in each.place]
    assert told == [("$['satudata:aturan'][0]", "peringatan"), ("$['satudata:aturan'][1]", "peringatan")]


def test_not_available_is_an_answer_only_where_the_standard_has_words_for_it() -> None:
    wrong = with_key("bolehTidakTersedia", True)
    assert refused(wrong) == ["$.fields[0]['satudata:bolehTidakTersedia']"]
    words = [{"value": "-", "label": "tidak tersedia"}]
    assert Standard.parse(wrong | {"missingValues": words}).fields[0].may_be_unavailable
    in_key = wrong | {"missingValues": words, "primaryKey": ["a"]}
    assert refused(in_key) == ["$.fields[0]['satudata:bolehTidakTersedia']"]


@pytest.mark.parametrize(
    ("sums", "places"),
    [
        ([("jumlah", "jumlah", "perempuan")], ["[0].bagian"]),
        ([("jumlah", "laki_laki", "status")], ["[0].bagian[1]"]),
        ([("tahun", "laki_laki")], ["[0].total"]),
        ([("jumlah", "laki_laki", "laki_laki")], ["[0].bagian"]),
        ([("jumlah", "laki_laki"), ("laki_laki", "jumlah")], ["[0]", "[1]"]),
        ([("jumlah", "laki_laki"), ("laki_laki", "persen"), ("persen", "jumlah")], ["[0]", "[1]", "[2]"]),
    ],
)
def test_a_sum_that_cannot_be(sums: list[tuple[str, ...]], places: list[str]) -> None:
    given = [{"total": total, "bagian": parts} for total, *parts in sums]
    assert refused(body(jumlah=given)) == [f"$['satudata:jumlah']{place}" for place in places]


def test_a_total_may_be_part_of_another() -> None:
    sums = [
        {"total": "jumlah", "bagian": ["laki_laki", "perempuan"]},
        {"total": "persen", "bagian": ["jumlah", "laki_laki"]},
    ]
    assert len(parsed(jumlah=sums).sums) == 2


@pytest.mark.parametrize(
    ("group_sum", "place"),
    [
        ({"kolom": "x", "per": ["tahun"], "samaDengan": 100}, ".kolom"),
        ({"kolom": "persen", "per": ["bulan"], "samaDengan": 100}, ".per[0]"),
        ({"kolom": "status", "per": ["tahun"], "samaDengan": 100}, ".kolom"),
        ({"kolom": "persen", "per": ["persen"], "samaDengan": 100}, ".per"),
        ({"kolom": "persen", "per": ["tahun"], "samaDengan": "seratus"}, ".samaDengan"),
    ],
)
def test_a_group_sum_that_cannot_be(group_sum: dict[str, Any], place: str) -> None:
    assert refused(body(jumlahKelompok=[group_sum])) == [f"$['satudata:jumlahKelompok'][0]{place}"]


@pytest.mark.parametrize(
    "rule",
    [
        "jumlah >=",
        "jumlh >= 0",
        "status > 5",
        "jumlah = 'banyak'",
        "jumlah + laki_laki",
        "__import__('os')",
        "(" * 500,
        "jumlah = 1 dan " * 500,
    ],
)
def test_an_aturan_that_cannot_be_read(rule: str) -> None:
    assert refused(body(aturan=["jumlah >= 0", rule])) == ["$['satudata:aturan'][1]"]


@pytest.mark.parametrize(
    ("key", "value", "type_"),
    [
        ("perubahan", {"naikMaks": 50}, "string"),
        ("perubahan", {"naikMaks": 50}, "year"),
        ("berurutan", True, "string"),
        ("berurutan", True, "number"),
    ],
)
def test_what_can_only_be_asked_of_numbers(key: str, value: Any, type_: str) -> None:
    assert refused(with_key(key, value, type_)) == [f"$.fields[0]['satudata:{key}']"]


def test_the_names_of_codes_stand_in_another_column() -> None:
    own = with_key("kodeReferensi", {"daftar": "satuan", "kolomNama": "a"}, "string")
    assert refused(own) == ["$.fields[0]['satudata:kodeReferensi'].kolomNama"]


def test_a_list_of_wilayah_is_complete_on_one_level_only() -> None:
    every = with_key("kodeReferensi", {"daftar": "wilayah-kemendagri", "lengkap": True}, "string")
    assert refused(every) == ["$.fields[0]['satudata:kodeReferensi'].tingkat"]
    plain = with_key("kodeReferensi", {"daftar": "jenis-rumah-sakit", "lengkap": True}, "string")
    reference = Standard.parse(plain).fields[0].reference
    assert reference is not None and reference.complete


def test_a_value_cannot_mean_both_true_and_false() -> None:
    both = {"name": "a", "type": "boolean", "trueValues": ["ya", "1"], "falseValues": ["tidak", "1"]}
    assert refused(document(both)) == ["$.fields[0].falseValues"]


@pytest.mark.parametrize(
    ("wide", "place"),
    [
        ({"kolom": r"data_\d{4}"}, ".kolom"),
        ({"kolom": r"(data)_(\d{4})"}, ".kolom"),
        ({"kolom": r"data_(\d{4}"}, ".kolom"),
        ({"nilai": "nilai"}, ".nilai"),
        ({"menjadi": "bulan"}, ".menjadi"),
        ({"nilai": "tahun"}, ".nilai"),
    ],
)
def test_a_wide_table_that_cannot_be(wide: dict[str, str], place: str) -> None:
    good = {"kolom": r"data_(\d{4})", "menjadi": "tahun", "nilai": "jumlah"}
    assert refused(body(tabelLebar=good | wide)) == [f"$['satudata:tabelLebar']{place}"]


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"satudata:kolomPeriode": "jumlah"}, "$['satudata:kolomPeriode']"),
        ({"primaryKey": ["kode", "jumlah"]}, "$.primaryKey"),
        ({"uniqueKeys": [["kode"], ["jumlah"]]}, "$.uniqueKeys[1]"),
        ({"satudata:aturan": ["kosong(tahun)"]}, "$['satudata:aturan'][0]"),
        ({"satudata:aturan": ["persen < total(jumlah)"]}, "$['satudata:aturan'][0]"),
        (
            {"satudata:jumlahKelompok": [{"kolom": "jumlah", "per": ["kode"], "samaDengan": 100}]},
            "$['satudata:jumlahKelompok']",
        ),
    ],
)
def test_what_would_speak_of_several_wide_columns_at_once(more: dict[str, Any], place: str) -> None:
    wide = {"kolom": r"data_(\d{4})", "menjadi": "tahun", "nilai": "jumlah"}
    assert refused(body(tabelLebar=wide) | more) == [place]


def test_contradictions_of_every_kind_are_told_at_once() -> None:
    wrong = document(
        field("a", "integer", minimum=5, maximum=4, enum=["x"]),
        field("b", required=True, pattern="[0-9]"),
        missingValues=["7"],
        primaryKey=["b"],
        **{"satudata:aturan": ["a >"], "satudata:kolomPeriode": "c"},
    )
    assert refused(wrong) == [
        "$.fields[0].constraints",
        "$['satudata:kolomPeriode']",
        "$['satudata:aturan'][0]",
        "$.fields[0].constraints.enum[0]",
        "$.missingValues[0]",
    ]


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"primarykey": ["kode"]}, "$.primarykey"),
        ({"primaryKeys": ["kode"]}, "$.primaryKeys"),
        ({"missingvalues": ["-"]}, "$.missingvalues"),
    ],
)
def test_a_misspelt_key_is_refused_and_not_passed_over(more: dict[str, Any], place: str) -> None:
    with pytest.raises(BadStandard) as refused:
        Standard.parse(document(field("kode"), **more))
    assert [problem.place for problem in refused.value.problems] == [place]


def test_a_constraint_beside_the_constraints_is_refused() -> None:
    with pytest.raises(BadStandard) as refused:
        Standard.parse(document(field("kode") | {"required": True, "constraint": {"unique": True}}))
    assert {problem.place for problem in refused.value.problems} == {
        "$.fields[0].required",
        "$.fields[0].constraint",
    }


def test_codes_of_a_finer_level_than_that_of_the_data_are_a_warning() -> None:
    reference = {"daftar": "wilayah-kemendagri", "tingkat": "kecamatan"}
    coded = document(field("kode") | {"satudata:kodeReferensi": reference})
    for level, told in (("kabupaten", 1), ("kecamatan", 0), ("desa-kelurahan", 0), ("lokasi", 0)):
        warned = [each.place for each in Standard.parse(coded | {"satudata:level": level}).warnings]
        assert warned.count("$['satudata:level']") == told
