"""An aturan validasi as a tree. Every node has a kind: number, text, date or truth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Kind = Literal["number", "text", "date", "truth"]
KINDS = {
    "integer": "number",
    "number": "number",
    "year": "number",
    "string": "text",
    "date": "date",
    "boolean": "truth",
}
"""By the type of a field."""


@dataclass(frozen=True)
class Constant:
    value: float | str | bool | date
    kind: Kind


@dataclass(frozen=True)
class Column:
    name: str
    kind: Kind


@dataclass(frozen=True)
class Sum:
    """``terms`` with their signs, 1 or -1."""

    terms: tuple[tuple[int, Node], ...]
    kind: Kind = "number"


@dataclass(frozen=True)
class Product:
    """The first factor is multiplied with, or divided by, each of the others in turn."""

    first: Node
    others: tuple[tuple[Literal["*", "/"], Node], ...]
    kind: Kind = "number"


@dataclass(frozen=True)
class Call:
    """``function`` in its Indonesian name."""

    function: str
    arguments: tuple[Node, ...]
    kind: Kind


@dataclass(frozen=True)
class Compare:
    sign: Literal["=", "!=", "<", "<=", ">", ">="]
    left: Node
    right: Node
    kind: Kind = "truth"


@dataclass(frozen=True)
class Among:
    """The value is one of the choices, all of its kind."""

    value: Node
    choices: tuple[Constant, ...]
    kind: Kind = "truth"


@dataclass(frozen=True)
class Not:
    of: Node
    kind: Kind = "truth"


@dataclass(frozen=True)
class Both:
    """``all`` of the parts hold, or any of them."""

    all: bool
    parts: tuple[Node, ...]
    kind: Kind = "truth"


Node = Constant | Column | Sum | Product | Call | Compare | Among | Not | Both
