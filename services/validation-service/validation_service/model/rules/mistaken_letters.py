"""Numbers and dates written with letters that only look like digits, points and dashes."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from muara_kernel.events.finding import Text
from validation_service.model.rules.mistake import Mistake
from validation_service.model.rules.spelling import NAMED, as_usual
from validation_service.model.rules.types import EXPECTED
from validation_service.model.standard import Field

DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")
LETTERS = re.compile("[Oo]|[Il](?=[0-9])")
MOST_NAMED = 3


def mistaken_letters(text: str, one: Field) -> Mistake | None:
    """Of a cell that would be right, had it been typed with plain digits."""
    right = unicodedata.normalize("NFKC", as_usual(text).translate(DASHES)).replace(" ", "")
    odd = [letter for letter in dict.fromkeys(text.strip()) if not letter.isascii()]
    if not odd and any(map(str.isdigit, text)):
        odd, right = list(dict.fromkeys(LETTERS.findall(text))), LETTERS.sub(_digit, text.strip())
    if not odd or not _is_right(right, one):
        return None
    names = ", ".join(map(_named, odd[:MOST_NAMED]))
    expected, _ = EXPECTED[one.type]
    said = Text(
        f"{expected.id}; di dalamnya ada yang bukan angka biasa: {names}",
        f"{expected.en}; in it stands what is no plain digit: {names}",
    )
    hint = Text(f"Ketik ulang: {right}.", f"Type it anew: {right}.")
    return Mistake(hint, (("expected", said),))


def _digit(letter: re.Match[str]) -> str:
    return "0" if letter[0] in "Oo" else "1"


def _named(letter: str) -> str:
    if letter.isascii():
        return f'huruf "{letter}"'
    return NAMED.get(letter) or f"U+{ord(letter):04X} {unicodedata.name(letter, '')}".strip()


def _is_right(text: str, one: Field) -> bool:
    if one.type == "date":
        try:
            day = datetime.strptime(text, one.date_format)  # noqa: DTZ007 - a date has no zone
        except ValueError:
            return False
        return day.strftime(one.date_format) == text
    digits = "4" if one.type == "year" else "1,15"
    decimals = rf"(?:{re.escape(one.decimal)}[0-9]+)?" if one.type == "number" else ""
    return re.fullmatch(rf"[+-]?[0-9]{{{digits}}}{decimals}", text) is not None
