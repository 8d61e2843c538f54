"""The port's questions as SQL.

An index on an expression serves only queries that write the expression letter for letter, so every
statement takes it from here. SQLite gives true as 1 and a list as its text: the type is asked as well.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from typing import Any

from muara_kernel.documents.port import Absent, AtMost, Collection, MoreThan, OneOf, Order, Present, Where

_FIELD = re.compile(r"[\w:-]+(\.[\w:-]+)*")
_LARGEST = 2**63 - 1
_TYPES: dict[type, str] = {str: "('text')", bool: "('true','false')", int: "('integer','real')"}

Condition = tuple[str, list[Any]]


def table(collection: Collection) -> str:
    return _quoted(f"c_{collection.name}")


def indexes(collection: Collection) -> dict[str, str]:
    """The name of each index and the statement that makes it. A name says which fields it is for."""
    unique = {index_name("unique", collection, key): _unique(collection, key) for key in collection.unique}
    plain = {index_name("index", collection, key): _plain(collection, key) for key in collection.indexes}
    return unique | plain


def index_name(kind: str, collection: Collection, key: Sequence[str]) -> str:
    return f"{kind} {collection.name} {','.join(key)}"


def select(
    collection: Collection, where: Where | None, order: Order, limit: int | None, after: str | None
) -> tuple[str, list[Any]]:
    if limit is not None and limit < 0:
        raise ValueError(f"a limit is not negative, as {limit} is")
    condition, args = conditions(where)
    if after is not None:
        condition = f"{condition} AND id > ?" if condition else " WHERE id > ?"
        args.append(after)
    sql = f"SELECT id, version, body FROM {table(collection)}{condition}{ordering(order)}"
    return (f"{sql} LIMIT ?", [*args, limit]) if limit is not None else (sql, args)


def label(value: str) -> str:
    """The text itself; true, false and numbers as JSON writes them, a whole number without its point."""
    found = json.loads(value)
    if isinstance(found, float) and found.is_integer():
        return str(int(found))
    return found if isinstance(found, str) else value


def conditions(where: Where | None) -> Condition:
    """`` WHERE …`` with its arguments, or nothing."""
    parts = [_condition(field, asked) for field, asked in (where or {}).items()]
    text = " AND ".join(text for text, _ in parts)
    return (f" WHERE {text}" if text else "", [value for _, values in parts for value in values])


def ordering(order: Order) -> str:
    terms = [f"{extract(field)} {'DESC' if way < 0 else 'ASC'}" for field, way in order]
    return f" ORDER BY {', '.join([*terms, 'id'])}"


def extract(field: str) -> str:
    return "id" if field == "id" else f"json_extract(body, {path(field)})"


def path(field: str) -> str:
    """The field as a JSON path in quotes; nothing that could end the quotes is a field."""
    if not _FIELD.fullmatch(field):
        raise ValueError(f"{field!r} is not the name of a field")
    return "'$" + "".join(f'."{step}"' for step in field.split(".")) + "'"


def _type(field: str) -> str:
    return f"json_type(body, {path(field)})"


def _unique(collection: Collection, key: Sequence[str]) -> str:
    expressions = [extract(field) for field in key]
    expressions += [f"({_type(field)} IN {_TYPES[bool]})" for field in key]
    present = " AND ".join(f"{extract(field)} IS NOT NULL" for field in key)
    name = _quoted(index_name("unique", collection, key))
    return (
        f"CREATE UNIQUE INDEX IF NOT EXISTS {name} ON {table(collection)}"
        f" ({', '.join(expressions)}) WHERE {present}"
    )


def _plain(collection: Collection, key: Sequence[str]) -> str:
    name = _quoted(index_name("index", collection, key))
    expressions = [*(extract(field) for field in key), "id"]
    return f"CREATE INDEX IF NOT EXISTS {name} ON {table(collection)} ({', '.join(expressions)})"


def _condition(field: str, asked: Any) -> Condition:
    match asked:
        case Present():
            return f"{extract(field)} IS NOT NULL", []
        case Absent():
            return f"{extract(field)} IS NULL", []
        case OneOf(values=values):
            return _one_of(field, values)
        case AtMost(value=value):
            return _compared(field, "<=", value)
        case MoreThan(value=value):
            return _compared(field, ">", value)
    return _compared(field, "=", asked)


def _compared(field: str, operator: str, value: Any) -> Condition:
    kind = _kind(value)
    if field == "id":
        return (f"id {operator} ?", [value]) if kind is str else ("0", [])
    return f"({extract(field)} {operator} ? AND {_type(field)} IN {_TYPES[kind]})", [value]


def _one_of(field: str, values: Sequence[Any]) -> Condition:
    """One term for each type among the values, each passed as one argument, so that there may be many."""
    by_kind: dict[type, list[Any]] = {}
    for value in values:
        by_kind.setdefault(_kind(value), []).append(value)
    if field == "id":
        return "id IN (SELECT value FROM json_each(?))", [json.dumps(by_kind.get(str, []))]
    terms = [
        f"({extract(field)} IN (SELECT value FROM json_each(?)) AND {_type(field)} IN {_TYPES[kind]})"
        for kind in by_kind
    ]
    return f"({' OR '.join(terms) or '0'})", [json.dumps(of_kind) for of_kind in by_kind.values()]


def _kind(value: Any) -> type:
    if isinstance(value, bool):
        return bool
    if isinstance(value, str):
        return str
    if isinstance(value, int) and -_LARGEST - 1 <= value <= _LARGEST:
        return int
    if isinstance(value, float) and math.isfinite(value):
        return int
    raise ValueError(f"a field is compared with text, a number or a truth value, not with {value!r}")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
