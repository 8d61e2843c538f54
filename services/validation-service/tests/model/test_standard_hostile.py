"""Whatever is sent as a standard, the answer is a standard or what is wrong with it."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_metadata import MS_IND_PENDUDUK, MS_KEG_REGISTRASI, MS_VAR_PENDUDUK

from validation_service.model.metadata.documents import standard_problems
from validation_service.model.standard import BadStandard, Standard
from validation_service.model.table_schema import from_table_schema

FULL: dict[str, Any] = {
    "satudata:konsep": "Penduduk",
    "satudata:definisi": "Orang yang tercatat.",
    "satudata:klasifikasi": "1. Wilayah",
    "satudata:ukuran": "Jumlah",
    "satudata:satuan": "Orang",
    "satudata:kodeSDSN": "SP00055.00.00",
    "satudata:level": "kecamatan",
    "satudata:periode": "tahunan",
    "satudata:kolomPeriode": "tahun",
    "satudata:jumlah": [{"total": "jumlah", "bagian": ["laki_laki"], "toleransi": 1}],
    "satudata:jumlahKelompok": [{"kolom": "jumlah", "per": ["tahun"], "samaDengan": 100, "toleransi": 1}],
    "satudata:barisJumlah": "periksa",
    "satudata:aturan": ["jumlah >= 0", {"aturan": "laki_laki <= jumlah", "pesan": "x", "keparahan": "galat"}],
    "satudata:tabelLebar": {"kolom": "data_([0-9]{4})", "menjadi": "tahun", "nilai": "jumlah"},
    "satudata:jadwal": {"hariSetelahPeriode": 31},
    "satudata:lembar": "Tabel 1",
    "satudata:pengodean": "utf-8",
    "satudata:msInd": MS_IND_PENDUDUK,
    "satudata:msKeg": MS_KEG_REGISTRASI,
    "fields": [
        {
            "name": "kode",
            "type": "string",
            "constraints": {"required": True, "pattern": "[0-9.]+", "minLength": 1, "maxLength": 20},
            "satudata:kodeReferensi": {
                "daftar": "wilayah-kemendagri",
                "tingkat": "kecamatan",
                "kolomNama": "nama",
                "lengkap": True,
            },
        },
        {"name": "nama", "type": "string", "constraints": {"enum": ["Senduro", "Pasirian"]}},
        {"name": "tahun", "type": "year", "constraints": {"minimum": 2000, "maximum": 2030}},
        {
            "name": "jumlah",
            "type": "integer",
            "groupChar": ".",
            "constraints": {"minimum": 0},
            "satudata:perubahan": {"naikMaks": 50, "turunMaks": 30, "bolehSama": False},
            "satudata:bolehTidakTersedia": True,
            "satudata:msVar": MS_VAR_PENDUDUK | {"aturan_validasi": "jumlah >= 0"},
        },
        {"name": "laki_laki", "type": "number", "decimalChar": ",", "satudata:satuan": "Orang"},
        {"name": "tanggal", "type": "date", "format": "%d/%m/%Y", "constraints": {"minimum": "01/01/2000"}},
        {"name": "aktif", "type": "boolean", "trueValues": ["ya"], "falseValues": ["tidak"]},
    ],
    "primaryKey": ["kode", "tahun"],
    "uniqueKeys": [["nama", "tahun"]],
    "missingValues": ["", {"value": "-", "label": "tidak tersedia"}],
}


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(each for key, part in inner for each in paths(part, (*path, key)))]


def changed(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    whole = copy.deepcopy(document)
    place = whole
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return whole


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(
        ["tahun", "jumlah", "kode", "integer", "(", "a" * 600, "\ud800", "[", "jumlah >", "%d"]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


def judged(document: Any) -> Standard | None:
    try:
        standard = Standard.parse(document)
    except BadStandard as error:
        assert error.problems
        assert all(problem.place.startswith("$") and problem.text.id for problem in error.problems)
        return None
    return standard


def test_the_full_standard_is_one() -> None:
    standard = Standard.parse(json.loads(json.dumps(FULL)))
    assert [each for each in standard.warnings if each.severity == "peringatan"] == []


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(paths(FULL)), ANYTHING)
def test_a_standard_with_anything_anywhere_is_judged(path: tuple[Any, ...], value: Any) -> None:
    standard = judged(changed(FULL, path, value))
    if standard is not None:
        hash(standard)
        standard_problems(standard)
        wide = standard.for_header(["kode", "nama", "laki_laki", "data_2022", "data_x", "data_2023"])
        assert {name for key in (wide.primary_key, *wide.unique_keys) for name in key} <= set(wide.names)
        assert {each.name for each in wide.wide_columns} <= set(wide.names)


@settings(max_examples=100, deadline=None)
@given(ANYTHING)
def test_anything_at_all_is_judged(value: Any) -> None:
    judged(value)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(paths(FULL)), ANYTHING)
def test_anything_can_be_tried_as_a_table_schema(path: tuple[Any, ...], value: Any) -> None:
    document, _ = from_table_schema(changed(FULL, path, value), {"konsep": "Penduduk"})
    judged(document)


@pytest.mark.parametrize(
    "hostile",
    [
        {"fields": [{"name": "a"}] * 1_001},
        {"fields": [{"name": f"a{n}", "constraints": {"enum": ["x"] * 10_001}} for n in range(3)]},
        {"satudata:aturan": ["jumlah >= 0"] * 201},
        {"uniqueKeys": [["nama"]] * 101},
        {"satudata:aturan": ["(" * 2_000]},
        {"satudata:jumlah": [{"total": "jumlah", "bagian": ["laki_laki"] * 50_000}]},
        {"satudata:definisi": "x" * 1_000_000, "satudata:lembar": "x" * 1_000_000},
        {"missingValues": [str(n) for n in range(5_000)]},
    ],
)
def test_a_standard_that_is_too_much_is_refused(hostile: dict[str, Any]) -> None:
    assert judged(FULL | hostile) is None
