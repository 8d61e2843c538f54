"""Which column a name means, and what is said of names that no column or function has."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from difflib import get_close_matches

from validation_service.model.expressions.kinds import FUNCTIONS
from validation_service.model.expressions.words import BadExpression, Word

BARE = re.compile(r"[^\W\d]\w*")
CLOSE = 0.75


def meant(name: str, names: Collection[str]) -> str | None:
    """The one of ``names``; upper and lower case are the same where only one fits then."""
    if name in names:
        return name
    alike = [each for each in names if each.casefold() == name.casefold()]
    return alike[0] if len(alike) == 1 else None


def no_column(word: Word, text: str, names: Iterable[str]) -> BadExpression:
    names = list(names)
    name, meant = word.value, _around(word, text, names)
    if meant is not None:
        bracketed = f"[{meant.replace(']', ']]')}]"
        return BadExpression(
            word.position,
            f'tidak ada kolom "{name}"; nama yang memuat spasi atau tanda ditulis {bracketed}.',
            f'there is no column "{name}"; a name with spaces or signs in it is written {bracketed}.',
        )
    id_, en = f'tidak ada kolom "{name}"', f'there is no column "{name}"'
    for close in get_close_matches(name.casefold(), [each.casefold() for each in names], 1, CLOSE):
        near = next(each for each in names if each.casefold() == close)
        return BadExpression(word.position, f'{id_}; barangkali "{near}"?', f'{en}; is "{near}" meant?')
    return BadExpression(word.position, f"{id_}.", f"{en}.")


def no_function(word: Word) -> BadExpression:
    known = ", ".join(sorted(FUNCTIONS))
    return BadExpression(
        word.position,
        f'tidak ada fungsi "{word.value}"; yang ada {known}.',
        f'there is no function "{word.value}"; there are {known}.',
    )


def _around(word: Word, text: str, names: Iterable[str]) -> str | None:
    """The longest name that stands in the text around this word, though it would need brackets."""
    lower, found = text.casefold(), []
    for name in names:
        if BARE.fullmatch(name) is None and len(lower) == len(text):
            start = lower.find(name.casefold(), max(0, word.end - len(name)), word.start + len(name))
            if 0 <= start <= word.start:
                found.append(name)
    return max(found, key=len, default=None)
