"""An expression as polars runs it. Unknown is null, and null is never broken (Kleene's three values).

Numbers are floats of 64 bits. Two that were computed are equal when they differ by less than rounding may.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from operator import add, and_, or_

import polars as pl

from validation_service.model.expressions.nodes import (
    Among,
    Call,
    Column,
    Compare,
    Constant,
    Node,
    Not,
    Product,
    Sum,
)

NEAR, NEAR_OF_VALUE = 1e-9, 5e-16

ByName = Callable[[str], pl.Expr]


@dataclass(frozen=True)
class Translated:
    """``holds`` is null where it is unknown; ``failed`` is true where something could not be computed."""

    holds: pl.Expr
    failed: pl.Expr


def translated(root: Node, value: ByName, blank: ByName) -> Translated:
    """``value`` gives the typed values of a column, null where unknown; ``blank`` whether its cell is."""
    translator = _Translator(value, blank)
    holds = translator.of(root)
    failed = [~each.is_finite() for each in translator.guarded]
    return Translated(holds, _any(failed).fill_null(False))


class _Translator:
    def __init__(self, value: ByName, blank: ByName) -> None:
        self.value, self.blank = value, blank
        self.guarded: list[pl.Expr] = []

    def of(self, node: Node) -> pl.Expr:
        if isinstance(node, Constant):
            return pl.lit(node.value)
        if isinstance(node, Column):
            value = self.value(node.name)
            return value.cast(pl.Float64) if node.kind == "number" else value
        if isinstance(node, Sum):
            return reduce(add, (-self.of(term) if sign < 0 else self.of(term) for sign, term in node.terms))
        if isinstance(node, Product):
            return self.product(node)
        if isinstance(node, Call):
            return self.call(node)
        if isinstance(node, Compare):
            return self.compare(node)
        if isinstance(node, Among):
            return self.among(node)
        if isinstance(node, Not):
            return ~self.of(node.of)
        return reduce(and_ if node.all else or_, (self.of(part) for part in node.parts))

    def guard(self, value: pl.Expr) -> pl.Expr:
        """Null where the value is none, as after a division by zero."""
        self.guarded.append(value)
        return pl.when(value.is_finite()).then(value)

    def product(self, node: Product) -> pl.Expr:
        value = self.of(node.first)
        for sign, factor in node.others:
            value = value / self.of(factor) if sign == "/" else value * self.of(factor)
        return self.guard(value)

    def call(self, node: Call) -> pl.Expr:
        if node.function == "kosong":
            return self.blank(_name(node.arguments[0]))
        arguments = [self.of(argument) for argument in node.arguments]
        first = arguments[0]
        if node.function == "jumlah":
            return reduce(add, arguments)
        if node.function == "total":
            return pl.when(first.is_not_null().all()).then(first.sum())
        if node.function == "abs":
            return first.abs()
        if node.function == "panjang":
            return first.str.len_chars().cast(pl.Float64)
        if node.function == "bulat":
            decimals = node.arguments[1].value if len(node.arguments) > 1 else 0  # type: ignore[union-attr]
            return first.round(int(decimals), mode="half_away_from_zero")  # type: ignore[arg-type]
        extreme = pl.min_horizontal(arguments) if node.function == "min" else pl.max_horizontal(arguments)
        return pl.when(pl.all_horizontal(each.is_not_null() for each in arguments)).then(extreme)

    def compare(self, node: Compare) -> pl.Expr:
        left, right = self.of(node.left), self.of(node.right)
        if node.left.kind != "number" or (_is_plain(node.left) and _is_plain(node.right)):
            return _exactly(node.sign, left, right)
        return self.nearly(node.sign, left, right)

    def nearly(self, sign: str, left: pl.Expr, right: pl.Expr) -> pl.Expr:
        difference = left - right
        self.guarded.append(difference)
        room = NEAR + NEAR_OF_VALUE * (left.abs() + right.abs())
        holds = {
            "=": difference.abs() <= room,
            "!=": difference.abs() > room,
            "<": difference < -room,
            "<=": difference <= room,
            ">": difference > room,
            ">=": difference >= -room,
        }[sign]
        return pl.when(difference.is_finite()).then(holds)

    def among(self, node: Among) -> pl.Expr:
        value = self.of(node.value)
        if node.value.kind != "number" or _is_plain(node.value):
            return value.is_in([choice.value for choice in node.choices])
        return _any(self.nearly("=", value, pl.lit(choice.value)) for choice in node.choices)


def _any(parts: Iterable[pl.Expr]) -> pl.Expr:
    return reduce(or_, parts, pl.lit(False))


def _exactly(sign: str, left: pl.Expr, right: pl.Expr) -> pl.Expr:
    return {
        "=": left == right,
        "!=": left != right,
        "<": left < right,
        "<=": left <= right,
        ">": left > right,
        ">=": left >= right,
    }[sign]


def _is_plain(node: Node) -> bool:
    """Nothing was computed, so nothing was rounded."""
    return isinstance(node, Column | Constant) or (isinstance(node, Call) and node.function == "panjang")


def _name(node: Node) -> str:
    assert isinstance(node, Column)
    return node.name
