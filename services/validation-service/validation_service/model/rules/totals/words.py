"""The words of totals rows, and what they say of what is totalled."""

from __future__ import annotations

import re
from typing import Literal

import polars as pl

Kind = Literal["all", "group", "code", "average"]
"""What a totals row may be over: all rows, its group of rows, those below its code; no sum is an average."""
WORD, KIND, CODE = "word", "kind", "code"
IS_TOTAL = (
    r"(?i)^\s*(?:(?:sub\s*-?\s*|grand\s+)?(?:jumlah|jml\.?|total)"
    r"(?:\s*(?:/|dan|atau|keseluruhan|seluruhnya|semua|akhir|umum|total|jumlah|kabupaten|kota|kecamatan)\s*)*"
    r"(?:(?:tahun\s*)?(?:19|20)[0-9]{2}|\((?:kab|kota|kec|prov)[^)]*\))?|(?:rata\s*-?\s*rata|rerata))\s*:?\s*$"
)
NAMES_ITS_ROWS = r"(?i)^\s*(?:(?:sub\s*-?\s*|grand\s+)?(?:jumlah|jml\.?|total)|rata\s*-?\s*rata|rerata)\s+\S"
"""Followed by what it is of, as in "Jumlah Kecamatan Tempeh"; a measure or a place may be called so too."""
MAY_BE_TOTAL = r"(?i)^\s*(?:sub|grand|jumlah|jml|total|rata\s*-?\s*rata|rerata)"
OF_A_GROUP = r"(?i)^\s*sub"
OF_ALL = r"(?i)\b(?:kab|kabupaten|kota|prov|provinsi)\b"
AVERAGE = r"(?i)^\s*(?:rata|rerata)"
_OF_WHAT = re.compile(r"\s*(?:sub\s*-?\s*|grand\s+)?(?:jumlah|jml\.?|total)\s+(.+?)\s*:?\s*", re.I)
_PLACE_KIND = re.compile(
    r"(?:kecamatan|kec\.?|kabupaten|kab\.?|kota|kelurahan|kel\.?|desa|provinsi|prov\.?)\s+", re.I
)


def kind_of(word: pl.Expr) -> pl.Expr:
    """The Kind that the word of a totals row tells."""
    named = ~word.str.contains(IS_TOTAL) & ~word.str.contains(OF_ALL)
    of_group = word.str.contains(OF_A_GROUP) | named
    kind = pl.when(word.str.contains(AVERAGE)).then(pl.lit("average")).when(of_group).then(pl.lit("group"))
    return kind.otherwise(pl.lit("all"))


def of_what(word: str) -> tuple[str, ...]:
    """What is totalled, in lower case, as it is written and without the kind of a place: of "Jumlah Kecamatan
    Tempeh" ("kecamatan tempeh", "tempeh"); nothing of "Jumlah"."""
    named = _OF_WHAT.fullmatch(word)
    if named is None:
        return ()
    what = named[1].lower()
    kind = _PLACE_KIND.match(what)
    return what, what[kind.end() :] if kind else what
