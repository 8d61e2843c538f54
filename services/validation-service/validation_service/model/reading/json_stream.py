"""The objects of a JSON text one after another, so that no more than one of them is held at a time."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from muara_kernel.events.finding import Text
from validation_service.model.reading.cells import Numeral
from validation_service.model.reading.grid import unreadable
from validation_service.model.reading.json_lists import Row, laid_out, names_of

Form = Literal["json", "ndjson", "geojson"]
LISTS: dict[str, Form] = {
    **dict.fromkeys(("rows", "data", "records", "result", "results"), "json"),
    "features": "geojson",
}
"""The members of an object under which its rows are looked for, or an object that has them, and what the file
then is."""
DEEPEST = 3
"""So many objects within another are looked into for rows."""
SHAPE = Text(
    'Kirim daftar objek, satu objek per baris: [{"kode": "…", "jumlah": 1}].',
    'Send a list of objects, one per row: [{"kode": "…", "jumlah": 1}].',
)
_SPACE = re.compile(r"[ \t\r\n]*")
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
    place = _skip(text, 0)
    if text[place : place + 1] == "{":
        if lines_claimed or _is_lines(text, place):
            return Source("ndjson", _lines(text))
        found = _in_object(text, place, lambda end: _nothing_more(text, end))
        if isinstance(found, Source):
            return found
        raise _no_list()
    return Source("json", laid_out(_last_list(text, place)))


def _pairs(pairs: list[tuple[str, Any]]) -> Row:
    row = Row(pairs)
    if len(row) != len(pairs):
        times = Counter(name for name, _ in pairs)
        row.twice = tuple(name for name in row if times[name] > 1)
    return row


_DECODER = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_int=Numeral, parse_float=Numeral, parse_constant=Numeral
)


def _skip(text: str, place: int) -> int:
    match = _SPACE.match(text, place)
    return match.end() if match else place


def _is_lines(text: str, place: int) -> bool:
    """The first line is an object, and another line begins like one."""
    end = text.find("\n", place)
    if end < 0 or text[_skip(text, end) :][:1] != "{":
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
        return _DECODER.decode(line)
    except (json.JSONDecodeError, RecursionError) as error:
        return Broken(getattr(error, "colno", 1))


def _in_object(text: str, place: int, then: Callable[[int], None], depth: int = 1) -> Source | int:
    """The first list under one of the names that we know, in this object or in one under such a name; the end
    of the object where there is none."""
    names: tuple[str, ...] = ()
    place = _skip(text, place + 1)
    while text[place : place + 1] == '"':
        name, place = _value(text, place)
        place = _expect(text, place, ":")
        if name in LISTS and text[place : place + 1] == "[":
            rows = _rows_at(text, place, lambda end: _rest_of_object(text, end, then))
            return Source(LISTS[name], laid_out(rows, names))
        if name in LISTS and text[place : place + 1] == "{" and depth < DEEPEST:
            within = _in_object(text, place, lambda end: _rest_of_object(text, end, then), depth + 1)
            if isinstance(within, Source):
                return within
            place = within
        else:
            value, place = _value(text, place)
            names = names_of(value) if name == "fields" else names
        place = _skip(text, place)
        if text[place : place + 1] != ",":
            break
        place = _skip(text, place + 1)
    return _expect(text, place, "}")


def _rest_of_object(text: str, place: int, then: Callable[[int], None]) -> None:
    place = _skip(text, place)
    while text[place : place + 1] == ",":
        _, place = _value(text, _skip(text, place + 1))
        _, place = _value(text, _expect(text, place, ":"))
        place = _skip(text, place)
    then(_expect(text, place, "}"))


def _rows_at(text: str, place: int, then: Callable[[int], None]) -> Iterator[tuple[int, Any]]:
    """The list at ``place``, or the one in it that the API of BPS puts behind an object on the pages."""
    first = _skip(text, place + 1)
    if text[first : first + 1] == "{":
        _, end = _value(text, first)
        second = _skip(text, _skip(text, end) + 1)
        if _LIST_OF_OBJECTS.match(text, second):
            return _list(text, second, lambda end: then(_expect(text, end, "]")))
    return _list(text, place, then)


def _last_list(text: str, place: int) -> Iterator[tuple[int, Any]]:
    return _list(text, place, lambda end: _nothing_more(text, end))


def _list(text: str, place: int, then: Callable[[int], None]) -> Iterator[tuple[int, Any]]:
    """The members of the list at ``place``; ``then`` looks at what follows its end."""
    place, number = _expect(text, place, "["), 0
    if text[place : place + 1] != "]":
        while True:
            value, place = _value(text, place)
            number += 1
            yield number, value
            place = _skip(text, place)
            if text[place : place + 1] != ",":
                break
            place = _skip(text, place + 1)
    then(_expect(text, place, "]"))


def _nothing_more(text: str, place: int) -> None:
    if _skip(text, place) != len(text):
        raise _wrong(text, place)


def _expect(text: str, place: int, sign: str) -> int:
    place = _skip(text, place)
    if text[place : place + 1] != sign:
        raise _wrong(text, place)
    return _skip(text, place + 1)


def _value(text: str, place: int) -> tuple[Any, int]:
    try:
        return _DECODER.raw_decode(text, place)
    except RecursionError as error:
        raise unreadable(
            Text("JSON ini bersarang terlalu dalam.", "This JSON is nested too deeply."), SHAPE
        ) from error
    except json.JSONDecodeError as error:
        raise _wrong(text, error.pos) from error


def _wrong(text: str, place: int) -> Exception:
    line = text.count("\n", 0, place) + 1
    letter = place - text.rfind("\n", 0, place)
    return unreadable(
        Text(
            f"Berkas ini bukan JSON yang benar: salah di baris {line}, huruf ke-{letter}.",
            f"This file is not correct JSON: an error in line {line}, character {letter}.",
        ),
        SHAPE,
    )


def _no_list() -> Exception:
    return unreadable(Text("JSON ini bukan daftar baris.", "This JSON is not a list of rows."), SHAPE)
