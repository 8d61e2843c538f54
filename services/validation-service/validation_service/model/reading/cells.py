"""Numbers, dates and truth values of Excel and JSON, written as the standard's texts are."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from typing import Any

from validation_service.model.standard import Field

PLAIN = Field(name="")
LARGEST_EXACT = 2**53


class Numeral(str):
    """A number of JSON as it was written, so that neither digits nor size are lost."""


def as_text(value: Any, field: Field = PLAIN) -> str | None:
    """None for what is blank."""
    if value is None or value == "":
        return None
    if isinstance(value, Numeral):
        return _numeral(value, field)
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return (field.true_values if value else field.false_values)[0]
    if isinstance(value, int | float):
        return _decimal(_number(value), field)
    return _moment(value, field)


def _numeral(value: Numeral, field: Field) -> str:
    if field.type == "string" and not value.lstrip("-").isdigit():
        return _number(float(value))  # what any reader of JSON would see: 35.10 is 35.1
    if field.type in ("integer", "year") and value.rstrip("0").endswith("."):
        return value.partition(".")[0]
    return _decimal(str(value), field)


def _number(value: int | float) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < LARGEST_EXACT:
        return str(int(value))
    return repr(value)


def _decimal(text: str, field: Field) -> str:
    return text.replace(".", field.decimal) if field.type == "number" and field.decimal != "." else text


def _moment(value: Any, field: Field) -> str:
    if isinstance(value, datetime) and value.time() == time(0):
        value = value.date()
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.strftime(field.date_format) if field.type == "date" else value.isoformat()
    if isinstance(value, time | timedelta):
        return str(value)
    return json.dumps(value, ensure_ascii=False, default=str)
