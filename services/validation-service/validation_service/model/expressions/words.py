"""The words of an aturan validasi: numbers, texts, column names, keywords in both languages, signs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from muara_kernel.events.finding import Text

LONGEST = 2_000
WordKind = Literal["number", "text", "column", "name", "keyword", "sign", "end"]

KEYWORDS = {
    "dan": "dan",
    "and": "dan",
    "atau": "atau",
    "or": "atau",
    "bukan": "bukan",
    "tidak": "bukan",
    "not": "bukan",
    "dalam": "dalam",
    "in": "dalam",
    "jika": "jika",
    "if": "jika",
    "maka": "maka",
    "then": "maka",
    "benar": "benar",
    "true": "benar",
    "salah": "salah",
    "false": "salah",
}
SIGNS = {"==": "=", "<>": "!=", "≠": "!=", "≤": "<=", "≥": ">=", "×": "*", "÷": "/", "−": "-", ";": ","}
_WORD = re.compile(
    r"""\s*(?:
        (?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
      | (?P<text>'(?:[^']|'')*'|"(?:[^"]|"")*")
      | (?P<column>\[(?!\s*\])(?:[^\]]|\]\])+\])
      | (?P<name>[^\W\d]\w*)
      | (?P<sign><=|>=|<>|!=|==|[=<>+\-*/(),;≠≤≥×÷−])
    )""",
    re.X,
)


class BadExpression(ValueError):
    """The text is no expression; ``text`` says what is wrong and where, ``position`` counts from 1."""

    def __init__(self, position: int, id_: str, en: str) -> None:
        self.position = position
        self.text = Text(f"Huruf ke-{position}: {id_}", f"Character {position}: {en}")
        super().__init__(self.text.en)


@dataclass(frozen=True)
class Word:
    """``value`` is the bare content: a column without brackets, a keyword or sign in its one form."""

    kind: WordKind
    value: str
    start: int
    end: int

    @property
    def position(self) -> int:
        return self.start + 1


def words(text: str) -> list[Word]:
    """Raises BadExpression; the last word is the end."""
    if len(text) > LONGEST:
        raise BadExpression(
            LONGEST + 1,
            f"aturan lebih panjang daripada {LONGEST} huruf.",
            f"the rule is longer than {LONGEST} characters.",
        )
    found, place, length = [], 0, len(text.rstrip())
    while place < length:
        match = _WORD.match(text, place)
        if match is None:
            _refuse(text, place)
        else:
            found.append(_word(match))
            place = match.end()
    return [*found, Word("end", "", length, length)]


def _refuse(text: str, place: int) -> None:
    place += len(text[place:]) - len(text[place:].lstrip())
    sign = text[place]
    if re.match(r"\[\s*\]", text[place:]):
        raise BadExpression(
            place + 1, "di antara [ dan ] belum ada nama kolom.", "there is no column name between [ and ]."
        )
    if sign in "'\"[":
        raise BadExpression(place + 1, f"{sign} tidak ditutup.", f"{sign} is not closed.")
    raise BadExpression(place + 1, f'tanda "{sign}" tidak dikenal.', f'the sign "{sign}" is unknown.')


def _word(match: re.Match[str]) -> Word:
    kind = match.lastgroup or ""
    raw = match[kind]
    start, end = match.span(kind)
    if kind == "number":
        return Word("number", raw, start, end)
    if kind == "text":
        return Word("text", raw[1:-1].replace(raw[0] * 2, raw[0]), start, end)
    if kind == "column":
        return Word("column", raw[1:-1].replace("]]", "]"), start, end)
    if kind == "name":
        keyword = KEYWORDS.get(raw.lower())
        return Word("keyword", keyword, start, end) if keyword else Word("name", raw, start, end)
    return Word("sign", SIGNS.get(raw, raw), start, end)
