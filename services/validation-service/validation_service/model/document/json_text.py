"""The text of a standard as JSON, before what it says is looked at."""

from __future__ import annotations

import json
from collections import Counter, deque
from collections.abc import Iterator
from typing import Any

from muara_kernel.events.finding import Text
from validation_service.model.problem import BadStandard, Problem

DEEPEST = 50
"""Objects and lists in each other; a standard with everything has six."""
MOST_TOLD = 10


class _Twice(dict[str, Any]):
    """An object that names some of its keys more than once; the last of them holds."""

    keys_twice: tuple[str, ...] = ()


def read_json(text: str | bytes) -> Any:
    """Raises ValueError for what is no JSON, and BadStandard where an object names a key twice, since one of
    the two would have no effect, or where it is nested too deeply."""
    try:
        document = json.loads(text, object_pairs_hook=_pairs)
    except RecursionError:
        raise BadStandard([_too_deep("$")]) from None
    refuse_too_deep(document)
    if twice := [_twice(place, key) for place, key in _named_twice(document)]:
        raise BadStandard(twice[:MOST_TOLD])
    return document


def refuse_too_deep(document: object) -> None:
    """Raises BadStandard with the first place below DEEPEST others."""
    for place, _, depth in _values(document):
        if depth > DEEPEST:
            raise BadStandard([_too_deep(place)])


def _values(document: object) -> Iterator[tuple[str, object, int]]:
    """Every object and list with its place and depth, without recursion; nothing below what is too deep."""
    waiting = deque([("$", document, 1)])
    while waiting:
        place, value, depth = waiting.popleft()
        yield place, value, depth
        if depth <= DEEPEST:
            inner = value.items() if isinstance(value, dict) else enumerate(_members(value))
            nested = ((key, part) for key, part in inner if isinstance(part, dict | list))
            waiting.extend((_at(place, key), part, depth + 1) for key, part in nested)


def _members(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _at(place: str, key: object) -> str:
    if isinstance(key, int):
        return f"{place}[{key}]"
    return f"{place}['{key}']" if ":" in str(key) else f"{place}.{key}"


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    whole = dict(pairs)
    if len(whole) == len(pairs):
        return whole
    marked = _Twice(whole)
    marked.keys_twice = tuple(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
    return marked


def _named_twice(document: object) -> Iterator[tuple[str, str]]:
    for place, value, _ in _values(document):
        if isinstance(value, _Twice):
            yield from ((_at(place, key), key) for key in value.keys_twice)


def _twice(place: str, key: str) -> Problem:
    return Problem(
        place,
        Text(
            f'Kunci "{key}" ditulis lebih dari satu kali; hapus yang tidak berlaku.',
            f'The key "{key}" is written more than once; remove what is not to hold.',
        ),
    )


def _too_deep(place: str) -> Problem:
    return Problem(
        place,
        Text(
            f"Standar bertingkat lebih dari {DEEPEST} objek dan daftar; di sini terlalu dalam.",
            f"The standard nests more than {DEEPEST} objects and lists; here it is too deep.",
        ),
    )
