"""Texts that look the same to people: spaces, invisible characters, upper and lower case set aside."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence

import polars as pl

INVISIBLE = (
    *("\u00a0", "\u00ad", "\u200b", "\u200c", "\u200d", "\u200e"),
    *("\u200f", "\u2007", "\u202f", "\u2060", "\ufeff"),
)
"""What looks like a space, or like nothing at all."""
NAMED = {each: f"U+{ord(each):04X} {unicodedata.name(each)}" for each in INVISIBLE}
_SEEN = {ord(each): " " if unicodedata.category(each) == "Zs" else "" for each in INVISIBLE}


NOTHING = rf"^[\s{''.join(INVISIBLE)}]+$"


def shows_nothing(text: pl.Expr) -> pl.Expr:
    """Filled, but to the eye it is blank."""
    return text.str.contains(NOTHING)


def has_invisible(text: pl.Expr) -> pl.Expr:
    return text.str.contains_any(list(INVISIBLE))


def invisible_in(text: pl.Expr) -> pl.Expr:
    """The names of the invisible characters, each once."""
    found = text.str.extract_all(f"[{''.join(INVISIBLE)}]").list.unique(maintain_order=True)
    return found.list.eval(pl.element().replace_strict(NAMED, return_dtype=pl.String)).list.join(", ")


def as_usual(text: str) -> str:
    """With single plain spaces within and none around."""
    return " ".join(text.translate(_SEEN).split())


def in_one_case(text: str) -> str:
    return as_usual(text).casefold()


def alike(choices: Sequence[str], key: Callable[[str], str]) -> dict[str, str]:
    """The choices by what ``key`` makes of them, but for those that it makes the same."""
    keys = [key(choice) for choice in choices]
    times = Counter(keys)
    return {each: choice for each, choice in zip(keys, choices, strict=True) if times[each] == 1}
