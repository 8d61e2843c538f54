"""From words to a tree, by recursive descent. Nothing of the text is ever run."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from validation_service.model.expressions.kinds import FUNCTIONS, among, called, compared, need
from validation_service.model.expressions.nodes import (
    KINDS,
    Both,
    Column,
    Constant,
    Kind,
    Node,
    Not,
    Product,
    Sum,
)
from validation_service.model.expressions.words import BadExpression, Word, words

DEEPEST = 32
MOST_NODES = 300
COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")


class Parser:
    """One method for each strength of binding, the weakest first."""

    def __init__(self, text: str, types: Mapping[str, str]) -> None:
        self._words = words(text)
        self._place = 0
        self._depth = 0
        self._nodes = 0
        self._types = types
        self.columns: dict[str, None] = {}

    def whole(self) -> Node:
        position = self._now.position
        if len(self._words) == 1:
            raise BadExpression(position, "aturan kosong.", "the rule is empty.")
        node = need("truth", self._rule(), position)
        if self._now.kind != "end":
            self._unexpected()
        return node

    # --- conditions -------------------------------------------------------------------------------

    def _rule(self) -> Node:
        """``jika A maka B`` is ``bukan A atau B``."""
        if not self._took("keyword", "jika"):
            return self._either()
        when = self._truth(self._either)
        if not self._took("keyword", "maka"):
            self._unexpected('"maka"', '"then"')
        then = self._truth(lambda: self._deeper(self._rule))
        return Both(False, (Not(when), then))

    def _either(self) -> Node:
        return self._joined("atau", self._all)

    def _all(self) -> Node:
        return self._joined("dan", self._negated)

    def _joined(self, keyword: str, part: Callable[[], Node]) -> Node:
        position = self._now.position
        parts = [part()]
        while self._took("keyword", keyword):
            if len(parts) == 1:
                need("truth", parts[0], position)
            parts.append(self._truth(part))
        return parts[0] if len(parts) == 1 else Both(keyword == "dan", tuple(parts))

    def _negated(self) -> Node:
        if self._took("keyword", "bukan"):
            return Not(self._truth(lambda: self._deeper(self._negated)))
        return self._comparison()

    def _comparison(self) -> Node:
        left = self._sum()
        word = self._now
        negated = word.value == "bukan" and self._next_is("dalam")
        if negated:
            self._place += 1
        if self._took("keyword", "dalam"):
            one_of = among(left, self._listed())
            return Not(one_of) if negated else one_of
        if word.kind != "sign" or word.value not in COMPARISONS:
            return left
        self._place += 1
        node = compared(word.value, left, self._sum(), word.position)
        if self._now.kind == "sign" and self._now.value in COMPARISONS:
            raise BadExpression(
                self._now.position,
                'bandingkan dua nilai saja, lalu sambung dengan "dan".',
                'compare two values only, and join comparisons with "and".',
            )
        return node

    # --- numbers ----------------------------------------------------------------------------------

    def _sum(self) -> Node:
        position = self._now.position
        first = self._product()
        terms: list[tuple[int, Node]] = [(1, first)]
        while self._now.kind == "sign" and self._now.value in "+-":
            need("number", first, position)
            sign = 1 if self._take().value == "+" else -1
            terms.append((sign, self._number(self._product)))
        return first if len(terms) == 1 else Sum(tuple(terms))

    def _product(self) -> Node:
        position = self._now.position
        first = self._signed()
        others = []
        while self._now.kind == "sign" and self._now.value in "*/":
            need("number", first, position)
            sign = self._take().value
            others.append(("/" if sign == "/" else "*", self._number(self._signed)))
        return Product(first, tuple(others)) if others else first  # type: ignore[arg-type]

    def _signed(self) -> Node:
        if self._took("sign", "-"):
            of = self._number(lambda: self._deeper(self._signed))
            return (
                Constant(-of.value, "number")
                if isinstance(of, Constant) and isinstance(of.value, float)
                else Sum(((-1, of),))
            )
        if self._took("sign", "+"):
            return self._number(lambda: self._deeper(self._signed))
        return self._single()

    def _single(self) -> Node:
        self._count()
        word = self._take()
        if word.kind == "number":
            return self._constant(word)
        if word.kind == "text":
            return Constant(word.value, "text")
        if word.kind == "keyword" and word.value in ("benar", "salah"):
            return Constant(word.value == "benar", "truth")
        if word.kind == "column":
            return self._column(word)
        if word.kind == "name":
            is_call = self._now.kind == "sign" and self._now.value == "("
            return self._call(word) if is_call else self._column(word)
        if word.kind == "sign" and word.value == "(":
            node = self._deeper(self._rule)
            self._close()
            return node
        self._place -= word.kind != "end"
        return self._unexpected("nilai atau nama kolom", "a value or column name")

    def _constant(self, word: Word) -> Constant:
        value = float(word.value)
        if not math.isfinite(value):
            raise BadExpression(word.position, "bilangan terlalu besar.", "the number is too large.")
        return Constant(value, "number")

    def _column(self, word: Word) -> Column:
        name = word.value
        if name not in self._types:
            alike = [each for each in self._types if each.casefold() == name.casefold()]
            if len(alike) != 1:
                raise BadExpression(
                    word.position, f'tidak ada kolom "{name}".', f'there is no column "{name}".'
                )
            name = alike[0]
        self.columns[name] = None
        kind: Kind = KINDS[self._types[name]]  # type: ignore[assignment]
        return Column(name, kind)

    def _call(self, word: Word) -> Node:
        name = word.value.lower()
        if name not in FUNCTIONS:
            known = ", ".join(sorted(FUNCTIONS))
            raise BadExpression(
                word.position,
                f'tidak ada fungsi "{word.value}"; yang ada {known}.',
                f'there is no function "{word.value}"; there are {known}.',
            )
        return called(name, self._listed(), word.position)

    def _listed(self) -> list[tuple[Node, int]]:
        if not self._took("sign", "("):
            self._unexpected('"("', '"("')
        if self._took("sign", ")"):
            return []
        listed = []
        while True:
            position = self._now.position
            listed.append((self._deeper(self._rule), position))
            if not self._took("sign", ","):
                self._close()
                return listed

    # --- words ------------------------------------------------------------------------------------

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
            self._unexpected('")"', '")"')

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

    def _unexpected(self, wanted: str = "", wanted_en: str = "") -> Node:
        word = self._now
        shown = "akhir aturan" if word.kind == "end" else f'"{word.value}"'
        shown_en = "the end of the rule" if word.kind == "end" else f'"{word.value}"'
        raise BadExpression(
            word.position,
            f"di sini tidak diharapkan {shown}" + (f", melainkan {wanted}." if wanted else "."),
            f"{shown_en} is not expected here" + (f", but {wanted_en}." if wanted else "."),
        )
