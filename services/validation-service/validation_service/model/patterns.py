"""Patterns of Table Schema as the engine runs them: in linear time, without back-references."""

from __future__ import annotations

from collections.abc import Sequence

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


def groups(pattern: str) -> int:
    """How many groups a pattern that compiles catches."""
    kind = pl.Series([""]).str.extract_groups(whole(pattern)).dtype
    return len(kind.fields) if isinstance(kind, pl.Struct) else 0


def first_group(pattern: str, texts: Sequence[str]) -> list[str | None]:
    """What the first group catches where the pattern is the whole text, else None."""
    storable = [text.encode("utf-8", "replace").decode() for text in texts]
    return pl.Series(storable, dtype=pl.String).str.extract(whole(pattern), 1).to_list()
