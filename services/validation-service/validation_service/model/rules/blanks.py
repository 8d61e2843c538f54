"""NL: 0, empty and not available are three things."""

from __future__ import annotations

from itertools import product

import polars as pl

from validation_service.model.standard import Field, Standard

MARKS = [
    *("n/a", "na", "n.a.", "n.a", "nan", "null", "none", "nil", "#n/a", "#na"),
    *("-", "--", "---", "–", "—", "…", "..."),
    *("#div/0!", "#ref!", "#value!", "#name?", "#num!", "#null!", "#getting_data", "#spill!", "#calc!"),
]
"""What people and programs write where a value is not available, in lower case."""
SPELLINGS = tuple(
    "".join(letters)
    for mark in MARKS
    if not mark.startswith("#")
    for letters in product(*({letter, letter.upper()} for letter in mark))
)


def must_be_filled(field: Field, standard: Standard) -> bool:
    return field.required or field.name in standard.primary_key


def is_missing(raw: pl.Expr, standard: Standard) -> pl.Expr:
    """Blank, or one of the standard's own marks for it."""
    text = raw.str.strip_chars()
    named = [value for value in standard.missing_values if value.strip()]
    blank = raw.is_null() | (text == "")
    return (blank | text.is_in(named)).fill_null(True) if named else blank.fill_null(True)


def is_mark(raw: pl.Expr, field: Field, standard: Standard) -> pl.Expr:
    """A mark that the standard does not know, unless it is one of the values to choose from."""
    marked = raw.str.strip_chars().str.to_lowercase().is_in(MARKS) & ~is_missing(raw, standard)
    truths = field.true_values + field.false_values if field.type == "boolean" else ()
    allowed = [choice for choice in (field.enum or ()) + truths if choice.lower() in MARKS]
    return (marked & ~raw.is_in(allowed) if allowed else marked).fill_null(False)


def may_be_blank_or_mark(raw: pl.Expr) -> pl.Expr:
    """Cheap, and true at least where one of the above is."""
    text = raw.str.strip_chars()
    return text.is_in(["", *SPELLINGS]) | text.str.starts_with("#")
