"""What marshmallow found wrong with a request, as a flat list of fields and sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from muara_kernel.events.finding import Text
from muara_kernel.web.language import language, say

_LOCATIONS = {"json", "form", "query", "querystring", "headers", "files", "json_or_form", "path", "cookies"}

_IN_INDONESIAN = [
    (r"Missing data for required field\.", "Wajib diisi."),
    (r"Field may not be null\.", "Tidak boleh kosong (null)."),
    (r"Unknown field\.", "Isian ini tidak dikenal."),
    (r"Invalid input type\.", "Bentuk isian tidak sesuai."),
    (r"Invalid value\.", "Nilai tidak sesuai."),
    (r"Not a valid string\.", "Harus berupa teks."),
    (r"Not a valid (?:integer|number)\.", "Harus berupa angka."),
    (r"Not a valid boolean\.", "Harus true atau false."),
    (r"Not a valid list\.", "Harus berupa daftar."),
    (r"Not a valid mapping type\.", "Harus berupa objek."),
    (r"Not a valid date\.", "Bukan tanggal yang benar (TTTT-BB-HH)."),
    (r"Not a valid (?:aware |naive )?datetime\.", "Bukan waktu yang benar (ISO 8601)."),
    (r"Not a valid email address\.", "Bukan alamat surel yang benar."),
    (r"Not a valid URL\.", "Bukan alamat web yang benar."),
    (r"Not a valid UUID\.", "Bukan UUID yang benar."),
    (r"String does not match expected pattern\.", "Bentuknya tidak sesuai."),
    (r"Must be one of: (.*)\.", r"Harus salah satu dari: \1."),
    (r"Shorter than minimum length (\d+)\.", r"Lebih pendek dari \1."),
    (r"Longer than maximum length (\d+)\.", r"Lebih panjang dari \1."),
    (r"Length must be between (\d+) and (\d+)\.", r"Panjangnya harus \1 sampai \2."),
    (r"Length must be (\d+)\.", r"Panjangnya harus \1."),
    (r"Must be greater than or equal to (.*?)\.", r"Paling kecil \1."),
    (r"Must be less than or equal to (.*?)\.", r"Paling besar \1."),
]


def invalid_fields(messages: Any) -> list[dict[str, str]]:
    """One entry per sentence, the field as a dotted path ("" for the request as a whole).

    A validator of ours may raise ``ValidationError([Text(...)])``; any other sentence is marshmallow's
    and is translated where we know it.
    """
    flat: list[dict[str, str]] = []
    by_location = messages if isinstance(messages, Mapping) else {"json": messages}
    for location, nested in by_location.items():
        path = () if location in _LOCATIONS else (location,)
        flat.extend(
            {"field": ".".join(where), "message": _said(what)} for where, what in _leaves(path, nested)
        )
    return flat


def _leaves(path: tuple[str, ...], nested: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(nested, Mapping):
        for key, value in nested.items():
            yield from _leaves(path if key == "_schema" else (*path, str(key)), value)
    elif isinstance(nested, (list, tuple)):
        for value in nested:
            yield from _leaves(path, value)
    else:
        yield path, nested


def _said(sentence: Any) -> str:
    if isinstance(sentence, Text):
        return say(sentence)
    if language() == "id":
        for english, indonesian in _IN_INDONESIAN:
            found = re.fullmatch(english, str(sentence))
            if found:
                return found.expand(indonesian)
    return str(sentence)
