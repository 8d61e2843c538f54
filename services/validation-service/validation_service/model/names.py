"""How two names of a place are compared: without spelling, and without the word for its kind."""

from __future__ import annotations

import polars as pl

KINDS = {
    "provinsi": "provinsi|prov",
    "kabupaten": "kabupaten|kab",
    "kota": "kota",
    "kecamatan": "kecamatan|kec",
    "desa": "desa|ds",
    "kelurahan": "kelurahan|kel",
}
_KIND_OF = {form: kind for kind, forms in KINDS.items() for form in forms.split("|")}
PREFIX = rf"^(?:{'|'.join(KINDS.values())})(?:\.\s*|\s+)(?P<rest>\S.*)$"


def bare_name(name: pl.Expr) -> pl.Expr:
    """``Kec. Sumber Suko`` and ``SUMBERSUKO`` are one; a kecamatan that is just called Kota stays kota."""
    return _plain(name).str.replace(PREFIX, "${rest}").str.replace_all(r"[^\p{L}\p{N}]+", "")


def kind_of_name(name: pl.Expr) -> pl.Expr:
    """kabupaten, kota, … where the name begins with it, else null: Kabupaten Kediri is not Kota Kediri."""
    word = _plain(name).str.extract(rf"^({'|'.join(KINDS.values())})(?:\.\s*|\s+)\S", 1)
    return word.replace_strict(_KIND_OF, default=None, return_dtype=pl.String)


def _plain(name: pl.Expr) -> pl.Expr:
    return name.str.strip_chars().str.to_lowercase()
