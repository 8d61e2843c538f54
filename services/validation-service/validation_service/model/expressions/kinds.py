"""Which kinds of values may meet: the constructors of nodes that refuse what makes no sense."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal, cast

from validation_service.model.expressions.nodes import Among, Call, Column, Compare, Constant, Kind, Node
from validation_service.model.expressions.words import BadExpression

NAMES: dict[Kind, tuple[str, str]] = {
    "number": ("bilangan", "a number"),
    "text": ("teks", "a text"),
    "date": ("tanggal", "a date"),
    "truth": ("syarat", "a condition"),
}
FUNCTIONS = {
    "jumlah": "jumlah",
    "sum": "jumlah",
    "total": "total",
    "abs": "abs",
    "min": "min",
    "max": "max",
    "bulat": "bulat",
    "round": "bulat",
    "panjang": "panjang",
    "len": "panjang",
    "kosong": "kosong",
    "isnull": "kosong",
}
MOST_DECIMALS = 10
Sign = Literal["=", "!=", "<", "<=", ">", ">="]


def need(kind: Kind, node: Node, position: int) -> Node:
    if node.kind == kind:
        return node
    wanted, given = NAMES[kind], NAMES[node.kind]
    raise BadExpression(
        position,
        f"di sini diperlukan {wanted[0]}, bukan {given[0]}.",
        f"{wanted[1]} is needed here, not {given[1]}.",
    )


def compared(sign: str, left: Node, right: Node, position: int) -> Compare:
    left, right = _as_date(left, right, position), _as_date(right, left, position)
    if left.kind != right.kind:
        one, other = NAMES[left.kind], NAMES[right.kind]
        raise BadExpression(
            position,
            f"{one[0]} tidak dapat dibandingkan dengan {other[0]}.",
            f"{one[1]} cannot be compared with {other[1]}.",
        )
    if sign not in ("=", "!=") and left.kind in ("text", "truth"):
        raise BadExpression(
            position,
            f"{NAMES[left.kind][0]} hanya dapat dibandingkan dengan = atau !=.",
            f"{NAMES[left.kind][1]} can only be compared with = or !=.",
        )
    return Compare(cast(Sign, sign), left, right)


def among(value: Node, choices: Sequence[tuple[Node, int]]) -> Among:
    allowed = []
    for choice, position in choices:
        choice = _as_date(choice, value, position)
        if not isinstance(choice, Constant):
            raise BadExpression(
                position, "pilihan harus bilangan atau teks.", "a choice must be a number or a text."
            )
        need(value.kind, choice, position)
        allowed.append(choice)
    return Among(value, tuple(allowed))


def called(name: str, arguments: Sequence[tuple[Node, int]], position: int) -> Call:
    function = FUNCTIONS[name]
    nodes = tuple(node for node, _ in arguments)
    _count(name, function, len(nodes), position)
    if function == "kosong":
        _need_column(*arguments[0])
        return Call(function, nodes, "truth")
    if function == "panjang":
        need("text", *arguments[0])
        return Call(function, nodes, "number")
    for argument in arguments:
        need("number", *argument)
    if function == "total":
        _need_column(*arguments[0])
    if function == "bulat" and len(nodes) > 1:
        _need_decimals(*arguments[1])
    return Call(function, nodes, "number")


def _count(name: str, function: str, count: int, position: int) -> None:
    most = {"jumlah": None, "min": None, "max": None, "bulat": 2}.get(function, 1)
    if count < 1 or (most is not None and count > most):
        raise BadExpression(
            position,
            f'fungsi "{name}" tidak menerima {count} nilai.',
            f'the function "{name}" does not take {count} values.',
        )


def _need_column(node: Node, position: int) -> None:
    if not isinstance(node, Column):
        raise BadExpression(position, "di sini diperlukan nama kolom.", "a column name is needed here.")


def _need_decimals(node: Node, position: int) -> None:
    good = isinstance(node, Constant) and node.value in range(MOST_DECIMALS + 1)
    if not good:
        raise BadExpression(
            position,
            f"banyaknya desimal adalah bilangan 0 sampai {MOST_DECIMALS}.",
            f"the number of decimals is a whole number from 0 to {MOST_DECIMALS}.",
        )


def _as_date(node: Node, beside: Node, position: int) -> Node:
    """A text beside a date is read as one."""
    if beside.kind != "date" or not isinstance(node, Constant) or not isinstance(node.value, str):
        return node
    try:
        return Constant(date.fromisoformat(node.value), "date")
    except ValueError:
        raise BadExpression(
            position,
            f"'{node.value}' bukan tanggal seperti '2024-07-31'.",
            f"'{node.value}' is no date such as '2024-07-31'.",
        ) from None
