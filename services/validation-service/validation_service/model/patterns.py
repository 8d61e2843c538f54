"""Patterns of Table Schema as the engine runs them: in linear time, without back-references."""

from __future__ import annotations

import polars as pl


def compiles(pattern: str) -> bool:
    """Both alone and whole, so that ``a)|(b`` cannot break out of the brackets put around it."""
    try:
        for each in (pattern, whole(pattern)):
            pl.Series([""]).str.contains(each)
    except (pl.exceptions.PolarsError, UnicodeEncodeError):
        return False
    return True


def whole(pattern: str) -> str:
    """A pattern of Table Schema speaks of the whole value."""
    return f"^(?:{pattern})$"
