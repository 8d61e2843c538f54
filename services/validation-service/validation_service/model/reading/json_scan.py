"""Steps through a JSON text from place to place, so that its values are not held all at once; they raise
Unreadable."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

from muara_kernel.events.finding import Text
from validation_service.model.reading.cells import Numeral
from validation_service.model.reading.grid import unreadable
from validation_service.model.reading.json_lists import Row

SHAPE = Text(
    'Kirim daftar objek, satu objek per baris: [{"kode": "…", "jumlah": 1}].',
    'Send a list of objects, one per row: [{"kode": "…", "jumlah": 1}].',
)
_SPACE = re.compile(r"[ \t\r\n]*")


def _pairs(pairs: list[tuple[str, Any]]) -> Row:
    row = Row(pairs)
    if len(row) != len(pairs):
        times = Counter(name for name, _ in pairs)
        row.twice = tuple(name for name in row if times[name] > 1)
    return row


DECODER = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_int=Numeral, parse_float=Numeral, parse_constant=Numeral
)


def skip(text: str, place: int) -> int:
    """Behind blanks."""
    match = _SPACE.match(text, place)
    return match.end() if match else place


def expect(text: str, place: int, sign: str) -> int:
    """Behind the sign, and behind blanks before and after it."""
    place = skip(text, place)
    if not text.startswith(sign, place):
        raise _wrong(text, place)
    return skip(text, place + 1)


def value_at(text: str, place: int) -> tuple[Any, int]:
    """The value that begins there, and where it ends."""
    try:
        return DECODER.raw_decode(text, place)
    except RecursionError as error:
        raise unreadable(
            Text("JSON ini bersarang terlalu dalam.", "This JSON is nested too deeply."), SHAPE
        ) from error
    except json.JSONDecodeError as error:
        raise _wrong(text, error.pos) from error


def nothing_more(text: str, place: int) -> None:
    if skip(text, place) != len(text):
        raise _wrong(text, place)


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
