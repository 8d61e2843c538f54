"""The port's questions in MongoDB's words.

Comparisons of MongoDB stay within a kind (true is not 1, text is not a number), as the port has it.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel

from muara_kernel.documents.mongo_body import BODY, ID, VERSION, plain_value
from muara_kernel.documents.port import (
    Absent,
    Add,
    AtMost,
    Body,
    Collection,
    MoreThan,
    OneOf,
    Order,
    Present,
    Where,
)

_FIELD = re.compile(r"[\w:-]+(\.[\w:-]+)*")
_LARGEST = 2**63 - 1

Filter = dict[str, Any]
Sort = list[tuple[str, int]]


def path(field: str) -> str:
    """Where the field lies in the stored document; nothing else than a field passes."""
    if not _FIELD.fullmatch(field):
        raise ValueError(f"{field!r} is not the name of a field")
    return ID if field == "id" else f"{BODY}.{field}"


def fields(paths: Sequence[str]) -> tuple[str, ...]:
    """The names the port knows them by."""
    return tuple("id" if path == ID else path.removeprefix(f"{BODY}.") for path in paths)


def indexes(collection: Collection) -> list[IndexModel]:
    """A document that lacks a field of a unique key is not in its index: absent fields do not collide."""
    unique = [
        IndexModel(
            [(path(field), ASCENDING) for field in key],
            name=f"unique {','.join(key)}",
            unique=True,
            partialFilterExpression={path(field): {"$exists": True} for field in key},
        )
        for key in collection.unique
    ]
    return unique + [
        IndexModel(sort([(field, ASCENDING) for field in key]), name=f"index {','.join(key)}")
        for key in collection.indexes
    ]


def filter(where: Where | None, *more: Filter) -> Filter:
    parts = [{path(field): _asked(asked)} for field, asked in (where or {}).items()]
    parts += more
    return {"$and": parts} if parts else {}


def sort(order: Order) -> Sort:
    """Ties by rising id. MongoDB, too, puts what is absent first."""
    asked = {path(field): DESCENDING if way < 0 else ASCENDING for field, way in order}
    return list((asked | {ID: asked.get(ID, ASCENDING)}).items())


def backwards(order: Order) -> Sort | None:
    """The sort that reads an index from its end, where ``order`` falls throughout; with ties upside down."""
    falls = order and all(way < 0 and field != "id" for field, way in order)
    return [*((path(field), DESCENDING) for field, _ in order), (ID, DESCENDING)] if falls else None


def changes(changed: Body) -> dict[str, Body]:
    """The changes of a claim as an update; the version grows with them."""
    update: dict[str, Body] = {"$inc": {VERSION: 1}}
    for field, value in changed.items():
        match value:
            case Add(number=number):
                update["$inc"][_in_body(field)] = number
            case None:
                update.setdefault("$unset", {})[_in_body(field)] = ""
            case _:
                update.setdefault("$set", {})[_in_body(field)] = plain_value(value)
    return update


def counted(field: str, where: Where | None) -> list[Filter]:
    """A pipeline that gives each value of the field with its count."""
    there = {path(field): {"$ne": None}}
    return [{"$match": filter(where, there)}, {"$group": {"_id": f"${path(field)}", "count": {"$sum": 1}}}]


def label(value: Any) -> str:
    """The text itself; all else as JSON writes it, a whole number without its point."""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _in_body(field: str) -> str:
    """A field of the body, also when it is called id."""
    path(field)
    return f"{BODY}.{field}"


def _asked(asked: Any) -> Filter:
    match asked:
        case Present():
            # No field holds null; unlike $exists this reads only the part of an index that has values.
            return {"$ne": None}
        case Absent():
            return {"$exists": False}
        case OneOf(values=values):
            return {"$in": [_comparable(value) for value in values]}
        case AtMost(value=value):
            return {"$lte": _comparable(value)}
        case MoreThan(value=value):
            return {"$gt": _comparable(value)}
    return {"$eq": _comparable(asked)}


def _comparable(value: Any) -> Any:
    if isinstance(value, str | bool):
        return value
    if isinstance(value, int) and -_LARGEST - 1 <= value <= _LARGEST:
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    raise ValueError(f"a field is compared with text, a number or a truth value, not with {value!r}")
