"""Rows of JSON that are lists: under names that were told before them, or under a first list of names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any


class Row(dict[str, Any]):
    """An object of JSON that remembers which of its keys came twice."""

    twice: tuple[str, ...] = ()


def names_of(fields: Any) -> tuple[str, ...]:
    """What CKAN says of its columns under "fields": objects with an id each. Empty for anything else."""
    if not isinstance(fields, list) or not all(isinstance(each, dict) for each in fields):
        return ()
    names = [each.get("id") for each in fields]
    return tuple(names) if _are_names(names) else ()


def laid_out(elements: Iterator[tuple[int, Any]], names: Sequence[str] = ()) -> Iterator[tuple[int, Any]]:
    """Lists become objects where there is a name for each member; all others are left as they are."""
    for number, element in elements:
        if isinstance(element, list):
            if number == 1 and not names and _are_names(element):
                names = element
                continue
            if names and len(element) == len(names):
                element = Row(zip(names, element, strict=True))
        yield number, element


def _are_names(cells: Sequence[Any]) -> bool:
    """No numeral, which is a kind of text here."""
    return bool(cells) and all(type(cell) is str for cell in cells) and len(set(cells)) == len(cells)
