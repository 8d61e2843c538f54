"""From words to a tree, by recursive descent. Nothing of the text is ever run."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping

from validation_service.model.expressions.cursor import Cursor
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
from validation_service.model.expressions.unknown import meant, no_column, no_function
from validation_service.model.expressions.words import BadExpression, Word

THOUSANDS = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")


class Parser(Cursor):
    """One method for each strength of binding, the weakest first. ``doubts`` are places of what can be read
    but may be meant otherwise."""

    def __init__(self, text: str, types: Mapping[str, str]) -> None:
        super().__init__(text)
        self._types = types
        self.columns: dict[str, None] = {}
        self.doubts: list[BadExpression] = []

    def whole(self) -> Node:
        position = self._now.position
        if len(self._words) == 1:
            raise BadExpression(position, "aturan kosong.", "the rule is empty.")
        node = need("truth", self._rule(), position)
        if self._now.kind != "end":
            raise self._unexpected()
        return node

    # --- conditions -------------------------------------------------------------------------------

    def _rule(self) -> Node:
        """``jika A maka B`` is ``bukan A atau B``."""
        if not self._took("keyword", "jika"):
            return self._either()
        when = self._truth(self._either)
        if not self._took("keyword", "maka"):
            raise self._unexpected('"maka"', '"then"')
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
            one_of = among(left, self._listed("pilihan", "choices"))
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
        raise self._unexpected("nilai atau nama kolom", "a value or column name")

    def _constant(self, word: Word) -> Constant:
        value = float(word.value)
        if not math.isfinite(value):
            raise BadExpression(word.position, "bilangan terlalu besar.", "the number is too large.")
        if THOUSANDS.fullmatch(word.value):
            whole = word.value.replace(".", "")
            self.doubts.append(
                BadExpression(
                    word.position,
                    f"{word.value} dibaca sebagai {value:g}, sebab titik adalah tanda desimal; tulis {whole} "
                    f"bila itu yang dimaksud.",
                    f"{word.value} is read as {value:g}, since a point stands before decimals; write {whole} "
                    f"if that is meant.",
                )
            )
        return Constant(value, "number")

    def _column(self, word: Word) -> Column:
        name = meant(word.value, self._types)
        if name is None:
            raise no_column(word, self._text, self._types)
        self.columns[name] = None
        kind: Kind = KINDS[self._types[name]]  # type: ignore[assignment]
        return Column(name, kind)

    def _call(self, word: Word) -> Node:
        name = word.value.lower()
        if name not in FUNCTIONS:
            raise no_function(word)
        return called(name, self._listed(), word.position)

    def _listed(self, of: str = "", of_en: str = "") -> list[tuple[Node, int]]:
        """Where ``of`` names the members, there must be some."""
        if not self._took("sign", "("):
            raise self._unexpected('"("', '"("')
        if of and self._now.value == ")" and self._now.kind == "sign":
            raise BadExpression(
                self._now.position, f"daftar {of} ini kosong.", f"this list of {of_en} is empty."
            )
        if self._took("sign", ")"):
            return []
        listed = []
        while True:
            position = self._now.position
            listed.append((self._deeper(self._rule), position))
            if not self._took("sign", ","):
                self._close()
                return listed
