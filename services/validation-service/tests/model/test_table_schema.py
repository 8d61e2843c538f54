"""A plain Table Schema becomes the document of a standard, and says what was left out."""

from __future__ import annotations

from typing import Any

import pytest

from validation_service.model.standard import Standard
from validation_service.model.table_schema import from_table_schema

PARTS = {
    "konsep": "Penduduk",
    "definisi": "Orang yang tercatat.",
    "klasifikasi": "1. Wilayah",
    "ukuran": "Jumlah",
    "satuan": "Orang",
}


def imported(schema: Any) -> tuple[Standard, list[str]]:
    document, notes = from_table_schema(schema, PARTS)
    assert all(note.text.id and note.text.en and note.severity == "catatan" for note in notes)
    return Standard.parse(document), [note.place for note in notes]


def one(**described: Any) -> dict[str, Any]:
    return {"fields": [{"name": "a"} | described]}


def test_a_schema_of_version_1_is_taken_over() -> None:
    schema = {
        "fields": [
            {"name": "kode", "type": "string", "title": "Kode", "constraints": {"required": True}},
            {"name": "tahun", "type": "year"},
            {"name": "persen", "type": "number", "decimalChar": ",", "groupChar": "."},
            {"name": "tanggal", "type": "date", "format": "%d/%m/%Y"},
            {"name": "aktif", "type": "boolean", "trueValues": ["ya"], "falseValues": ["tidak"]},
            {"name": "kelas", "constraints": {"enum": ["A", "B"], "maxLength": 1}},
        ],
        "primaryKey": "kode",
        "missingValues": ["", "-"],
    }
    standard, notes = imported(schema)
    assert notes == []
    assert [field.type for field in standard.fields] == [
        "string",
        "year",
        "number",
        "date",
        "boolean",
        "string",
    ]
    assert standard.fields[0].required and standard.fields[0].title == "Kode"
    assert (standard.fields[2].decimal, standard.fields[2].group) == (",", ".")
    assert standard.fields[3].date_format == "%d/%m/%Y"
    assert standard.fields[5].enum == ("A", "B")
    assert (standard.primary_key, standard.missing_values) == (("kode",), ("", "-"))
    assert standard.konsep == "Penduduk"


def test_a_schema_of_version_2_is_taken_over() -> None:
    schema = {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "fieldsMatch": ["subset"],
        "fields": [
            {"name": "id", "type": "integer", "constraints": {"minimum": 1}},
            {"name": "jk", "type": "string", "categories": [{"value": "L", "label": "Laki-laki"}, "P"]},
        ],
        "primaryKey": ["id"],
        "uniqueKeys": [["id", "jk"]],
        "foreignKeys": [{"fields": ["id"], "reference": {"resource": "lain", "fields": ["id"]}}],
        "missingValues": [{"value": "", "label": "OMITTED"}, {"value": "-99", "label": "REFUSED"}],
    }
    standard, notes = imported(schema)
    assert notes == ["$.foreignKeys", "$.fieldsMatch", "$.missingValues[0]"]
    assert standard.unique_keys == (("id", "jk"),)
    assert standard.fields[1].enum == ("L", "P")
    assert standard.missing_values == ("", "-99")
    assert standard.missing_labels == (("-99", "REFUSED"),)


@pytest.mark.parametrize(
    "wrapped",
    [
        lambda schema: {"resources": [{"name": "desa", "schema": schema}]},
        lambda schema: {"name": "desa", "schema": schema},
    ],
)
def test_a_package_or_resource_with_one_schema_is_read_as_that_schema(wrapped: Any) -> None:
    assert imported(wrapped(one()))[0].names == ("a",)


@pytest.mark.parametrize(
    "kind", ["datetime", "time", "duration", "geopoint", "geojson", "object", "array", "any"]
)
def test_a_type_that_is_not_checked_is_read_as_text(kind: str) -> None:
    standard, notes = imported(one(type=kind, constraints={"required": True, "minimum": "x"}))
    assert (standard.fields[0].type, standard.fields[0].required) == ("string", True)
    assert notes == ["$.fields[0].type", "$.fields[0].constraints.minimum"]


def test_a_year_and_month_is_a_text_of_that_shape() -> None:
    standard, notes = imported(one(type="yearmonth"))
    assert standard.fields[0].pattern == "[0-9]{4}-(?:0[1-9]|1[0-2])"
    assert notes == ["$.fields[0].type"]


@pytest.mark.parametrize(
    ("described", "place"),
    [
        ({"type": "string", "format": "email"}, "format"),
        ({"type": "date", "format": "any"}, "format"),
        ({"type": "date", "format": "%y-%m-%d"}, "format"),
        ({"type": "number", "bareNumber": False}, "bareNumber"),
        ({"type": "number", "decimalChar": ";"}, "decimalChar"),
        ({"type": "integer", "groupChar": "_"}, "groupChar"),
        ({"type": "number", "constraints": {"exclusiveMinimum": 0}}, "constraints.exclusiveMinimum"),
        ({"type": "string", "constraints": {"pattern": "(?=a)b"}}, "constraints.pattern"),
        ({"type": "integer", "constraints": {"minLength": 3}}, "constraints.minLength"),
        ({"type": "object", "constraints": {"jsonSchema": {}}}, "type"),
    ],
)
def test_what_is_not_checked_is_noted_where_it_stands(described: dict[str, Any], place: str) -> None:
    assert imported(one(**described))[1][0] == f"$.fields[0].{place}"


def test_an_exclusive_bound_of_whole_numbers_is_the_next_number() -> None:
    bounds = {"exclusiveMinimum": 0, "exclusiveMaximum": 10}
    standard, notes = imported(one(type="integer", constraints=bounds))
    assert (standard.fields[0].minimum, standard.fields[0].maximum) == (1, 9)
    assert len(notes) == 2


def test_an_old_way_to_write_a_date_format_is_understood() -> None:
    assert imported(one(type="date", format="fmt:%d.%m.%Y"))[0].fields[0].date_format == "%d.%m.%Y"


def test_bounds_of_dates_may_be_written_as_iso_dates() -> None:
    bounded = one(type="date", format="%d/%m/%Y", constraints={"minimum": "2020-01-31"})
    assert str(imported(bounded)[0].fields[0].minimum) == "2020-01-31"


def test_missing_values_of_a_field_hold_for_all_and_are_noted() -> None:
    standard, notes = imported(one(type="integer", missingValues=["", "n/a"]))
    assert standard.missing_values == ("", "n/a")
    assert notes == ["$.fields[0].missingValues"]


def test_what_the_schema_says_itself_of_satu_data_stands() -> None:
    assert imported(one() | {"satudata:satuan": "Kepala Keluarga"})[0].satuan == "Kepala Keluarga"


@pytest.mark.parametrize("schema", [{}, [], "x", None, {"resources": [{}, {}]}, {"schema": 5}])
def test_what_is_no_table_schema_is_said_to_be_none(schema: Any) -> None:
    document, notes = from_table_schema(schema, PARTS)
    assert [(note.place, note.severity) for note in notes] == [("$", "galat")]
    assert "fields" not in document


@pytest.mark.parametrize(
    "fields", [5, [5], [{}], [{"name": 5, "type": []}], [{"name": "a", "constraints": []}]]
)
def test_what_is_malformed_is_left_for_the_standard_to_refuse(fields: Any) -> None:
    document, _ = from_table_schema({"fields": fields}, {})
    assert "fields" in document
