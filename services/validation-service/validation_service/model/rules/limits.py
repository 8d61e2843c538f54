"""SD-02 to SD-05: range, pattern, choice and length of values whose type is right."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from muara_kernel.events.finding import Text
from validation_service.model.patterns import whole
from validation_service.model.reading.cells import as_text
from validation_service.model.rules.types import typed
from validation_service.model.standard import Bound, Field

SHOWN_CHOICES = 10


def out_of_range(value: pl.Expr, field: Field) -> pl.Expr:
    low = value < field.minimum if field.minimum is not None else pl.lit(False)
    high = value > field.maximum if field.maximum is not None else pl.lit(False)
    return low | high


def off_limits(text: pl.Expr, value: pl.Expr, field: Field) -> Iterator[tuple[str, pl.Expr, Text]]:
    """Each rule that the field has: where it is broken, and what was expected."""
    if field.minimum is not None or field.maximum is not None:
        yield "SD-02", out_of_range(value, field), _range(field)
    if field.pattern is not None:
        yield "SD-03", ~text.str.contains(whole(field.pattern)), Text(field.pattern, field.pattern)
    if field.enum is not None:
        yield "SD-04", ~value.is_in(_choices(field)), _shown_choices(field.enum)
    if field.min_length is not None or field.max_length is not None:
        yield "SD-05", _wrong_length(text, field), _length(field)


def _choices(field: Field) -> list[object]:
    choices = pl.DataFrame({"c": list(field.enum or ())}).select(typed(pl.col("c"), field))
    return choices.to_series().drop_nulls().to_list()


def _wrong_length(text: pl.Expr, field: Field) -> pl.Expr:
    size = text.str.len_chars()
    return ~size.is_between(
        field.min_length or 0, field.max_length if field.max_length is not None else 2**31
    )


def _range(field: Field) -> Text:
    low, high = _plain(field.minimum, field), _plain(field.maximum, field)
    if low and high:
        return Text(f"{low} sampai {high}", f"{low} to {high}")
    if low:
        return Text(f"paling kecil {low}", f"at least {low}")
    return Text(f"paling besar {high}", f"at most {high}")


def _plain(bound: Bound | None, field: Field) -> str | None:
    """As the sender would write it."""
    return None if bound is None else as_text(bound, field)


def _length(field: Field) -> Text:
    low, high = field.min_length, field.max_length
    if low is not None and high is not None:
        return Text(f"{low} sampai {high} huruf", f"{low} to {high} characters")
    if low is not None:
        return Text(f"paling sedikit {low} huruf", f"at least {low} characters")
    return Text(f"paling banyak {high} huruf", f"at most {high} characters")


def _shown_choices(choices: tuple[str, ...]) -> Text:
    shown = ", ".join(choices[:SHOWN_CHOICES])
    rest = len(choices) - SHOWN_CHOICES
    return Text(f"{shown} dan {rest} lagi", f"{shown} and {rest} more") if rest > 0 else Text(shown, shown)
