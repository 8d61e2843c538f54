"""Whether a field would accept a text, judged as the engine judges cells."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from muara_kernel.events.finding import Text
from validation_service.model.rules.limits import off_limits
from validation_service.model.rules.types import typed
from validation_service.model.standard import Field


def objections(texts: Sequence[str], field: Field) -> list[Text | None]:
    """For each text the first reason why it is no value of the field, None where it is one."""
    text, value = pl.col("text"), pl.col("value")
    frame = pl.DataFrame({"text": list(texts)}, schema={"text": pl.String})
    frame = frame.with_columns(typed(text, field).alias("value"))
    reasons = [(value.is_null(), Text(f"bukan {field.type}", f"is no {field.type}"))]
    for _, wrong, expected in off_limits(text, value, field):
        reasons.append((wrong, Text(f"tidak memenuhi: {expected.id}", f"does not keep to: {expected.en}")))
    marks = frame.select(wrong.fill_null(False).alias(str(n)) for n, (wrong, _) in enumerate(reasons))
    return [next((reasons[n][1] for n, mark in enumerate(row) if mark), None) for row in marks.iter_rows()]


def is_free(field: Field) -> bool:
    """Any text at all is a value of the field."""
    return field.type == "string" and field.pattern is None and field.enum is None
