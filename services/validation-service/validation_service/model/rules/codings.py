"""How codes of wilayah are built: those of Kemendagri with dots, those of BPS without."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from validation_service.model.codelists.codelist import Codelist

LENGTHS = {"provinsi": 2, "kabupaten": 5, "kecamatan": 8, "desa-kelurahan": 13}
WELL_FORMED = r"^[0-9]{2}(?:\.[0-9]{2}(?:\.[0-9]{2}(?:\.[0-9]{4})?)?)?$"
OF_BPS = r"^(?:[0-9]{7}|[0-9]{10})$"


@dataclass(frozen=True)
class Coding:
    """The length of a code of each level, what every code looks like, and what stands between its parts."""

    lengths: Mapping[str, int]
    well_formed: str
    between: str

    def level(self, code: str) -> str:
        """Of a well-formed code."""
        return next(level for level, length in self.lengths.items() if length == len(code))

    def place(self, region: str, level: str) -> str:
        """The kode pemda as these codes begin; a code of a province stands above it."""
        return (region[:2] if level == "provinsi" else region).replace(".", self.between)

    def belongs(self, code: pl.Expr, region: str, level: str) -> pl.Expr:
        place = self.place(region, level)
        inside = (code == place) | code.str.starts_with(f"{place}{self.between}") if place else pl.lit(True)
        return inside & (code.str.len_bytes() == self.lengths[level])


KEMENDAGRI = Coding(LENGTHS, WELL_FORMED, ".")
BPS = Coding(
    {"provinsi": 2, "kabupaten": 4, "kecamatan": 7, "desa-kelurahan": 10},
    r"^[0-9]{2}(?:[0-9]{2}(?:[0-9]{3}(?:[0-9]{3})?)?)?$",
    "",
)


def coding_of(codelist: Codelist) -> Coding:
    return BPS if codelist.is_of_bps else KEMENDAGRI
