"""How large an expression becomes once it is translated; what guards a value names it twice."""

from __future__ import annotations

from collections.abc import Iterator

from validation_service.model.expressions.nodes import (
    Among,
    Both,
    Call,
    Column,
    Compare,
    Node,
    Not,
    Product,
    Sum,
)

LARGEST = 5_000


def children(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Sum):
        return tuple(term for _, term in node.terms)
    if isinstance(node, Product):
        return (node.first, *(factor for _, factor in node.others))
    if isinstance(node, Call):
        return node.arguments
    if isinstance(node, Compare):
        return (node.left, node.right)
    if isinstance(node, Among):
        return (node.value,)
    if isinstance(node, Not):
        return (node.of,)
    return node.parts if isinstance(node, Both) else ()


def size(node: Node) -> int:
    """What is named more than once counts as often, and once more for what could not be computed."""
    inner = 1 + sum(size(child) for child in children(node))
    if isinstance(node, Product) or (isinstance(node, Call) and node.function in ("min", "max")):
        return 2 * inner
    if isinstance(node, Compare):
        return 3 * inner
    if isinstance(node, Among):
        return inner * (1 + len(node.choices))
    return inner


def totalled(node: Node) -> Iterator[str]:
    """The columns under ``total(…)``."""
    for child in children(node):
        if isinstance(node, Call) and node.function == "total" and isinstance(child, Column):
            yield child.name
        yield from totalled(child)
