"""Aturan validasi: a small language of conditions over the columns of one row, described for people in
docs/guides/aturan-validasi.md.

An expression is bounded in length, depth and the size of what it becomes, and has no loops: it always ends.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import pairwise

from muara_kernel.events.finding import Text
from validation_service.model.expressions.nodes import Node
from validation_service.model.expressions.parser import Parser
from validation_service.model.expressions.size import LARGEST, size, totalled
from validation_service.model.expressions.unknown import meant
from validation_service.model.expressions.words import BadExpression, words
from validation_service.model.standard import FieldType

__all__ = ["BadExpression", "Expression", "parse", "rewritten"]


@dataclass(frozen=True)
class Expression:
    """A condition. ``columns`` are those it speaks of, in order; ``totalled`` those it sums as a whole;
    ``doubts`` say what may be meant otherwise, each with its place."""

    text: str
    root: Node
    columns: tuple[str, ...]
    totalled: tuple[str, ...]
    doubts: tuple[Text, ...] = ()


def parse(text: str, fields: Mapping[str, FieldType]) -> Expression:
    """Raises BadExpression, which says the place."""
    parser = Parser(text, fields)
    root = parser.whole()
    if size(root) > LARGEST:
        raise BadExpression(1, "aturan terlalu rumit.", "the rule is too complex.")
    doubts = [doubt.text for doubt in parser.doubts]
    if not parser.columns:
        doubts.append(
            Text(
                "Aturan ini tidak menyebut kolom apa pun, sehingga sama untuk setiap baris.",
                "This rule names no column, so it says the same of every row.",
            )
        )
    return Expression(text, root, tuple(parser.columns), tuple(dict.fromkeys(totalled(root))), tuple(doubts))


def rewritten(text: str, replacements: Mapping[str, str], names: Collection[str] = ()) -> str:
    """``text`` with each column of that name replaced, such as ``jumlah`` by ``[data_2024]`` or ``2024``;
    ``names`` are all columns, among which it is found as a rule finds it.

    Raises BadExpression where the text has no words.
    """
    pieces, place = [], 0
    read = words(text)
    for word, after in pairwise(read):
        called = word.kind == "name" and after.kind == "sign" and after.value == "("
        name = meant(word.value, names or replacements) if word.kind in ("name", "column") else None
        if name is not None and name in replacements and not called:
            pieces += [text[place : word.start], replacements[name]]
            place = word.end
    return "".join(pieces) + text[place:]
