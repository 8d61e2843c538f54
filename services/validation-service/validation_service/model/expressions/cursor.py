"""Where the reading of an aturan validasi stands, and what is said where it cannot go on."""

from __future__ import annotations

from collections.abc import Callable

from muara_kernel.events.finding import Text
from validation_service.model.expressions.kinds import need
from validation_service.model.expressions.nodes import Node
from validation_service.model.expressions.words import BadExpression, Word, words

DEEPEST = 32
MOST_NODES = 300


class Cursor:
    """Goes from word to word; the last is the end, and stays."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._words = words(text)
        self._place = 0
        self._depth = 0
        self._nodes = 0

    @property
    def _now(self) -> Word:
        return self._words[self._place]

    def _take(self) -> Word:
        word = self._now
        self._place += word.kind != "end"
        return word

    def _took(self, kind: str, value: str) -> bool:
        there = self._now.kind == kind and self._now.value == value
        self._place += there
        return there

    def _next_is(self, keyword: str) -> bool:
        after = self._words[min(self._place + 1, len(self._words) - 1)]
        return self._now.kind == "keyword" and after.kind == "keyword" and after.value == keyword

    def _close(self) -> None:
        if not self._took("sign", ")"):
            raise self._unexpected('")"', '")"')

    def _truth(self, part: Callable[[], Node]) -> Node:
        position = self._now.position
        return need("truth", part(), position)

    def _number(self, part: Callable[[], Node]) -> Node:
        position = self._now.position
        return need("number", part(), position)

    def _deeper(self, part: Callable[[], Node]) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            self._too_much("terlalu banyak kurung bertingkat", "too deeply nested")
        node = part()
        self._depth -= 1
        return node

    def _count(self) -> None:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            self._too_much(f"lebih dari {MOST_NODES} nilai", f"more than {MOST_NODES} values")

    def _too_much(self, id_: str, en: str) -> None:
        position = self._now.position
        raise BadExpression(position, f"aturan terlalu rumit: {id_}.", f"the rule is too complex: {en}.")

    def _unexpected(self, wanted: str = "", wanted_en: str = "") -> BadExpression:
        word = self._now
        written = f'"{self._text[word.start : word.end]}"'
        shown, shown_en = (
            ("akhir aturan", "the end of the rule") if word.kind == "end" else (written, written)
        )
        hint = self._hint()
        return BadExpression(
            word.position,
            f"di sini tidak diharapkan {shown}" + (f", melainkan {wanted}." if wanted else ".") + hint.id,
            f"{shown_en} is not expected here" + (f", but {wanted_en}." if wanted else ".") + hint.en,
        )

    def _hint(self) -> Text:
        """What people mean by signs that mean something else, or nothing, here."""
        before = self._words[max(self._place - 1, 0)]
        after = self._words[min(self._place + 1, len(self._words) - 1)]
        sign = self._text[self._now.start : self._now.end]
        if sign == "," and before.kind == after.kind == "number" and self._now.end == after.start:
            decimal = f"{before.value}.{after.value}"
            return Text(f" Desimal ditulis dengan titik: {decimal}.", f" Write decimals so: {decimal}.")
        if sign == ";":
            return Text(
                ' Sambung dua syarat dengan "dan", atau tulis sebagai dua aturan.',
                ' Join two conditions with "and", or write two rules.',
            )
        if before.kind == self._now.kind == "number" and self._now.value.startswith("."):
            return Text(
                " Tulis bilangan tanpa titik ribuan.", " Write numbers without points between thousands."
            )
        return Text("", "")
