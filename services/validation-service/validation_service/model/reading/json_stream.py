"""The objects of a JSON text one after another, so that no more than one of them is held at a time."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from muara_kernel.events.finding import Text
from validation_service.model.reading.grid import unreadable
from validation_service.model.reading.json_lists import laid_out, names_of
from validation_service.model.reading.json_scan import DECODER, SHAPE, expect, nothing_more, skip, value_at

Form = Literal["json", "ndjson", "geojson"]
LISTS: dict[str, Form] = {
    **dict.fromkeys(("rows", "data", "records", "result", "results"), "json"),
    "features": "geojson",
}
"""The members of an object under which its rows are looked for, or an object that has them, and what the file
then is."""
DEEPEST = 3
"""So many objects within another are looked into for rows."""
_LIST_OF_OBJECTS = re.compile(r"\[\s*\{")


@dataclass(frozen=True)
class Broken:
    """A line that is no JSON; ``place`` is the character where that shows."""

    place: int


@dataclass(frozen=True)
class Source:
    """``elements`` are numbered as people count them, from 1; they raise Unreadable while they are read."""

    form: Form
    elements: Iterator[tuple[int, Any]]


def objects_of(text: str, *, lines_claimed: bool) -> Source:
    """Raises Unreadable. ``lines_claimed``: the sender says that there is an object in each line."""
    place, at_end = skip(text, 0), partial(nothing_more, text)
    if not text.startswith("{", place):
        return Source("json", laid_out(_list(text, place, at_end)))
    if lines_claimed or _is_lines(text, place):
        return Source("ndjson", _lines(text))
    found = _in_object(text, place, at_end)
    if isinstance(found, Source):
        return found
    raise unreadable(Text("JSON ini bukan daftar baris.", "This JSON is not a list of rows."), SHAPE)


def _is_lines(text: str, place: int) -> bool:
    """The first line is an object, and another line begins like one."""
    end = text.find("\n", place)
    if end < 0 or not text.startswith("{", skip(text, end)):
        return False
    try:
        return isinstance(json.loads(text[place:end]), dict)
    except (ValueError, RecursionError):
        return False


def _lines(text: str) -> Iterator[tuple[int, Any]]:
    place, number = 0, 0
    while place < len(text):
        end = text.find("\n", place)
        end = len(text) if end < 0 else end
        number += 1
        if line := text[place:end].strip():
            yield number, _line(line)
        place = end + 1


def _line(line: str) -> Any:
    try:
        return DECODER.decode(line)
    except (json.JSONDecodeError, RecursionError) as error:
        return Broken(getattr(error, "colno", 1))


def _in_object(text: str, place: int, then: Callable[[int], None], depth: int = 1) -> Source | int:
    """The first list under one of the names that we know, in this object or in one under such a name; the end
    of the object where there is none."""
    names: tuple[str, ...] = ()
    place = skip(text, place + 1)
    while text.startswith('"', place):
        name, place = value_at(text, place)
        place = expect(text, place, ":")
        if name in LISTS and text.startswith("[", place):
            rows = _rows_at(text, place, lambda end: _rest_of_object(text, end, then))
            return Source(LISTS[name], laid_out(rows, names))
        if name in LISTS and text.startswith("{", place) and depth < DEEPEST:
            within = _in_object(text, place, lambda end: _rest_of_object(text, end, then), depth + 1)
            if isinstance(within, Source):
                return within
            place = within
        else:
            value, place = value_at(text, place)
            names = names_of(value) if name == "fields" else names
        place = skip(text, place)
        if not text.startswith(",", place):
            break
        place = skip(text, place + 1)
    return expect(text, place, "}")


def _rest_of_object(text: str, place: int, then: Callable[[int], None]) -> None:
    place = skip(text, place)
    while text.startswith(",", place):
        _, place = value_at(text, skip(text, place + 1))
        _, place = value_at(text, expect(text, place, ":"))
        place = skip(text, place)
    then(expect(text, place, "}"))


def _rows_at(text: str, place: int, then: Callable[[int], None]) -> Iterator[tuple[int, Any]]:
    """The list at ``place``, or the one in it that the API of BPS puts behind an object on the pages."""
    first = skip(text, place + 1)
    if text.startswith("{", first):
        _, end = value_at(text, first)
        second = skip(text, skip(text, end) + 1)
        if _LIST_OF_OBJECTS.match(text, second):
            return _list(text, second, lambda end: then(expect(text, end, "]")))
    return _list(text, place, then)


def _list(text: str, place: int, then: Callable[[int], None]) -> Iterator[tuple[int, Any]]:
    """The members of the list at ``place``; ``then`` looks at what follows its end."""
    place, number = expect(text, place, "["), 0
    if not text.startswith("]", place):
        while True:
            value, place = value_at(text, place)
            number += 1
            yield number, value
            place = skip(text, place)
            if not text.startswith(",", place):
                break
            place = skip(text, place + 1)
    then(expect(text, place, "]"))
