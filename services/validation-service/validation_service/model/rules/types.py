"""SD-01 and SD-06: whether a text is the number, date, year or truth value that the standard asks for."""

from __future__ import annotations

import re

import polars as pl

from muara_kernel.events.finding import Text
from validation_service.model.standard import Field

EXPECTED: dict[str, tuple[Text, Text]] = {
    "integer": (Text("bilangan bulat", "a whole number"), Text("1250", "1250")),
    "number": (Text("bilangan", "a number"), Text("12.5", "12.5")),
    "boolean": (Text("nilai benar atau salah", "a truth value"), Text("true", "true")),
    "date": (Text("tanggal yang ada", "a date that exists"), Text("2024-07-31", "2024-07-31")),
    "year": (Text("tahun empat angka", "a year of four digits"), Text("2024", "2024")),
    "string": (Text("teks", "a text"), Text("teks", "text")),
}
INTEGER = r"^[+-]?[0-9]+$"
NUMBER = r"^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$"
BY_THOUSANDS = r"^[+-]?[0-9]{1,3}(?:[., '\x{a0}][0-9]{3})+"


def typed(text: pl.Expr, field: Field) -> pl.Expr:
    """The value, null where the text is none of the field's type; ``text`` has no spaces around it."""
    if field.type == "integer":
        return _ungrouped(text, field).cast(pl.Int64, strict=False)
    if field.type == "number":
        value = _pointed(text, field).cast(pl.Float64, strict=False)
        return pl.when(value.is_finite()).then(value)
    if field.type == "date":
        # Left alone, polars takes 2024-1-5 as well, and spaces.
        return pl.when(text.str.contains(_shape(field.date_format))).then(
            text.str.to_date(field.date_format, strict=False)
        )
    if field.type == "year":
        return pl.when((text.str.len_bytes() == 4) & ~text.str.starts_with("+")).then(
            text.cast(pl.UInt16, strict=False).cast(pl.Int64)
        )
    if field.type == "boolean":
        return pl.when(text.is_in([*field.true_values, *field.false_values])).then(
            text.is_in(field.true_values)
        )
    return text


def _shape(date_format: str) -> str:
    digits = {"%Y": "[0-9]{4}", "%m": "[0-9]{2}", "%d": "[0-9]{2}"}
    return f"^{''.join(digits.get(part, re.escape(part)) for part in re.split('(%.)', date_format))}$"


def _ungrouped(text: pl.Expr, field: Field) -> pl.Expr:
    if not field.group:
        return text
    return pl.when(_well_grouped(text, field)).then(text.str.replace_all(field.group, "", literal=True))


def _pointed(text: pl.Expr, field: Field) -> pl.Expr:
    plain = _ungrouped(text, field)
    if field.decimal == ".":
        return plain
    # A point that is not declared must not slip through as a decimal point.
    return pl.when(~plain.str.contains(".", literal=True)).then(
        plain.str.replace(field.decimal, ".", literal=True)
    )


def _well_grouped(text: pl.Expr, field: Field) -> pl.Expr:
    """Either no group separator at all, or one before every three digits."""
    group, decimal = re.escape(field.group), re.escape(field.decimal)
    head = text.str.contains(rf"^[+-]?[0-9]{{1,3}}(?:{group}[0-9]{{3}})+(?:{decimal}[0-9]*)?$")
    return ~text.str.contains(field.group, literal=True) | head


def has_other_separators(text: pl.Expr, field: Field) -> pl.Expr:
    """A number, but in another dress: decimal comma for point, or thousands set apart."""
    if field.type == "integer":
        return text.str.contains(BY_THOUSANDS + r"(?:[.,]0+)?$")
    if field.type == "number":
        return text.str.contains(BY_THOUSANDS + r"(?:[.,][0-9]+)?$|^[+-]?[0-9]*[.,][0-9]+$|^[+-]?[0-9]+[.,]$")
    return pl.lit(False)


def separators(field: Field) -> tuple[Text, str]:
    """How the standard wants numbers, and an example."""
    words = {".": Text("titik", "a point"), ",": Text("koma", "a comma"), " ": Text("spasi", "a space")}
    words["'"] = Text("tanda petik", "an apostrophe")
    group = words.get(field.group)
    if field.type == "integer":
        id_, en, example = "", "", f"1{field.group}250"
    else:
        decimal = words[field.decimal]
        id_, en, example = (
            f"{decimal.id} desimal, ",
            f"{decimal.en} for decimals, ",
            f"1{field.group}250{field.decimal}5",
        )
    if group:
        return Text(f"{id_}{group.id} ribuan", f"{en}{group.en} for thousands"), example
    return Text(f"{id_}tanpa pemisah ribuan", f"{en}nothing between thousands"), example
