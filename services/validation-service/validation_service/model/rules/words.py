"""Texts that are none of certain words and begin with none of certain prefixes, as a regular expression.

The expression stays small, so that the engine can run it as an automaton: words and prefixes are a tree of
letters, out of which a text has to break before it is free.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

LETTERS = [*map(chr, range(0x21, 0x7F)), *map(chr, range(0xC0, 0x100))]
PRINTABLE = re.compile(r"[!-~\u00c0-\u00ff]+(?: [!-~\u00c0-\u00ff]+)*")
BARRED_IN_FRONT = "0123456789'`"
DIGITS_IN_FRONT, MOST_DIGITS = 6, 15
LEAST_COUNTED, LONGEST_COUNTED = 24, 100
"""Where a text has a greatest length, longer ones are looked at by themselves."""


@dataclass
class _Node:
    children: dict[str, _Node] = field(default_factory=dict)
    word: bool = False
    prefix: bool = False


@lru_cache(maxsize=1024)
def _letters_but(excluded: frozenset[str], letters: str) -> str:
    return one_of(letter for letter in LETTERS if letter not in excluded and letter not in letters)


@dataclass(frozen=True)
class _Shape:
    """``low`` and ``high``: what the length of the whole text must lie between."""

    excluded: frozenset[str]
    low: int
    high: int | None

    def but(self, letters: str) -> str:
        return _letters_but(self.excluded, letters)

    def tail(self, least: int, most: int) -> str | None:
        """What may follow so many letters and spaces; texts with spaces are counted for twice as long."""
        one, low = self.but(""), max(self.low - least, 0)
        if self.high is None:
            return f"(?: ?{one}){{{low},}}"
        room = min(self.high - most, LONGEST_COUNTED)
        if room < low:
            return None
        half = room // 2
        if half < low:
            return f"{one}{{{low},{room}}}"
        return f"(?:(?: ?{one}){{{low},{half}}}|{one}{{{half},{room}}})"


def text_without(
    words: Iterable[str], prefixes: Iterable[str], delimiter: str, *, low: int, high: int | None
) -> str | None:
    """Printable Latin text without spaces around it or doubled; upper and lower case are one.

    Where there is a ``high``, texts longer than half of it are taken in only without spaces in them; where it
    is low, None. Texts that might be a number of sixteen digits are left out.
    """
    if high is not None and high < LEAST_COUNTED:
        return None
    special = f'{delimiter}"<&'
    shape = _Shape(frozenset(special), low, high)
    words = list(words)
    root = _tree(
        (word for word in words if PRINTABLE.fullmatch(word) and not set(word) & set(special)), prefixes
    )
    parts = [*_short(root, "", shape), *_free(root, shape)]
    if not any(word[:1].isdigit() for word in words):
        parts += _with_digits(shape)
    return "|".join(parts) or None


def _tree(words: Iterable[str], prefixes: Iterable[str]) -> _Node:
    root = _Node()
    prefixes = tuple(prefixes)
    for prefix in prefixes:
        _put(root, prefix).prefix = True
    for word in words:
        if word[0] not in BARRED_IN_FRONT and not word.startswith(prefixes):
            _put(root, word).word = True
    return root


def _put(node: _Node, word: str) -> _Node:
    for letter in word:
        node = node.children.setdefault(letter, _Node())
    return node


def _short(node: _Node, so_far: str, shape: _Shape) -> Iterator[str]:
    """Texts that end before they are one of the words."""
    for letter, child in node.children.items():
        text = so_far + letter
        fits = shape.low <= len(text) <= (len(text) if shape.high is None else shape.high)
        if not child.prefix:
            if fits and not child.word and letter != " ":
                yield "".join(map(_either_case, text))
            yield from _short(child, text, shape)


def _free(root: _Node, shape: _Shape) -> Iterator[str]:
    if tail := shape.tail(1, _depth(root) + 2):
        yield _out(root, shape, front=True, after_space=True) + tail


def _out(node: _Node, shape: _Shape, *, front: bool = False, after_space: bool = False) -> str:
    """The ways out of the tree, each with a letter that is not a space at its end."""
    known = "".join(letter + letter.upper() for letter in node.children if letter != " ")
    parts = [shape.but(known + (BARRED_IN_FRONT if front else ""))]
    if not after_space and " " not in node.children:
        parts.append(f" {shape.but('')}")
    for letter, child in node.children.items():
        if not child.prefix and not (letter == " " and after_space):
            parts.append(_either_case(letter) + _out(child, shape, after_space=letter == " "))
    return f"(?:{'|'.join(parts)})"


def _depth(node: _Node) -> int:
    return 1 + max(map(_depth, node.children.values()), default=0)


def _with_digits(shape: _Shape) -> Iterator[str]:
    """Few digits alone, or fewer and then something else."""
    least, most = max(shape.low, 1), min(shape.high or MOST_DIGITS, MOST_DIGITS)
    if least <= most:
        yield f"[0-9]{{{least},{most}}}"
    if tail := shape.tail(2, DIGITS_IN_FRONT + 2):
        yield f"[0-9]{{1,{DIGITS_IN_FRONT}}} ?{shape.but('0123456789')}{tail}"


def _either_case(letter: str) -> str:
    return one_of(letter.lower() + letter.upper())


def one_of(letters: Iterable[str]) -> str:
    """A class of letters, written so that polars and Python read the same."""
    runs: list[list[int]] = []
    for code in sorted(set(map(ord, letters))):
        if runs and runs[-1][1] == code - 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return "[" + "".join(_coded(low) + (f"-{_coded(high)}" if high > low else "") for low, high in runs) + "]"


def _coded(code: int) -> str:
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"
