"""The names of the standard, and how they are looked for in a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from validation_service.model.standard import Standard


class Wanted:
    """``exact`` as they are written, ``loose`` but for case and signs, ``single`` those of one column each;
    ``wide`` is the pattern of columns that are values."""

    def __init__(self, standard: Standard) -> None:
        self.exact = set(standard.names)
        self.loose = {loose(name) for name in standard.names}
        self.wide = re.compile(standard.wide.pattern) if standard.wide else None
        spread = {standard.wide.name_field, standard.wide.value_field} if standard.wide else set()
        self.single = {loose(name) for name in standard.names if name not in spread}

    def has(self, name: str) -> bool:
        return loose(name) in self.loose or bool(self.wide and self.wide.fullmatch(name))

    def all_in(self, names: Iterable[str]) -> bool:
        given = set(names)
        found = {loose(name) for name in given}
        is_wide = self.wide is None or any(map(self.wide.fullmatch, given))
        return is_wide and all(name in found for name in self.single)

    def score(self, names: Iterable[str]) -> int:
        return len({loose(name) for name in names if name and self.has(name)})


def loose(name: str) -> str:
    """Names that differ in case, spaces and punctuation only are probably meant as one."""
    return "".join(filter(str.isalnum, name)).casefold() or name.strip()


def in_one_line(record: Sequence[str], wanted: Wanted) -> Sequence[str]:
    """Spreadsheets break long names into lines, of which one may be in English; so may the standard."""
    if not any("\n" in cell for cell in record):
        return record
    return [_said(cell, wanted) if "\n" in cell else cell for cell in record]


def _said(name: str, wanted: Wanted) -> str:
    whole = " ".join(name.split())
    if name in wanted.exact or wanted.has(whole):
        return name if name in wanted.exact else whole
    return next((line.strip() for line in name.splitlines() if wanted.has(line)), whole)
