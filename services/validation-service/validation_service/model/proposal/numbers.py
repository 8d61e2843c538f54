"""Which numbers a column holds, and which characters stand for the decimal point and between thousands."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from validation_service.model.proposal.words import COUNTS, LATITUDE, LONGITUDE, says, unit_of
from validation_service.model.rules.types import typed
from validation_service.model.standard import Field, FieldType

DRESSES: tuple[tuple[FieldType, str, str], ...] = (
    ("integer", ".", ""),
    ("number", ".", ""),
    ("number", ",", ""),
    ("integer", ".", ","),
    ("integer", ",", "."),
    ("integer", ".", " "),
    ("integer", ".", "'"),
    ("number", ",", "."),
    ("number", ".", ","),
    ("number", ",", " "),
    ("number", ".", " "),
)
"""(type, decimalChar, groupChar); of those that fit equally well the first is taken."""
LIKE_THOUSANDS = r"^[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}$"
WITH_SIGNS = r"^\(?(?:Rp\.?\s*)?[+-]?[0-9][0-9.,\s]*\s*(?:%|,-)?\)?$"


@dataclass(frozen=True)
class Numbers:
    """How many of the cells are such numbers; ``doubt`` where the separator can be read in two ways."""

    type: FieldType
    decimal: str
    group: str
    cells: int
    doubt: bool = False

    def fits(self, counts: pl.DataFrame) -> pl.Series:
        return fits(counts, Field(name="", type=self.type, decimal=self.decimal, group=self.group))


def fits(counts: pl.DataFrame, field: Field) -> pl.Series:
    """For each text whether the engine will take it."""
    return counts.select(typed(pl.col("text"), field).is_not_null().alias("fits")).to_series()


def cells(counts: pl.DataFrame, which: pl.Series) -> int:
    return int(counts["n"].filter(which).sum())


def numbers_of(counts: pl.DataFrame, name: str, *, commas: bool = False) -> Numbers | None:
    """The dress in which most of the cells are numbers. ``commas``: the rest of the file writes decimals with
    a comma."""
    best: Numbers | None = None
    filled = int(counts["n"].sum())
    for kind, decimal, group in DRESSES:
        each = Numbers(kind, decimal, group, 0)
        each = Numbers(kind, decimal, group, cells(counts, each.fits(counts)))
        if each.cells and (best is None or each.cells > best.cells):
            best = each
        if each.cells == filled:
            break
    if best is None or best.type == "integer" or best.group:
        return best
    return _point_or_thousands(counts, name, best, commas)


def _point_or_thousands(counts: pl.DataFrame, name: str, best: Numbers, commas: bool) -> Numbers:
    """1.250 may be a thousand or a little more than one: all values are asked, then the name and the file."""
    separator = best.decimal
    text = pl.col("text")
    numbers = counts.filter(best.fits(counts))
    separated = numbers.filter(text.str.contains(separator, literal=True))
    plain = numbers.filter(~text.str.contains(r"[.,eE]"))
    if not separated.height or not separated.select(text.str.contains(LIKE_THOUSANDS).all()).item():
        return best
    if plain.select((text.str.replace(r"^[+-]", "").str.len_chars() > 3).any()).item():
        return best
    named_otherwise = says(name, LATITUDE | LONGITUDE) or unit_of(name) == "Persen"
    grouped = Numbers("integer", "," if separator == "." else ".", separator, best.cells, doubt=True)
    if named_otherwise or not (says(name, COUNTS) or (separator == "." and (plain.height or commas))):
        return Numbers(best.type, best.decimal, best.group, best.cells, doubt=True)
    return grouped


def with_signs(counts: pl.DataFrame) -> int:
    """Cells of numbers among which a currency, a percent sign or such stands."""
    return cells(counts, counts.select(pl.col("text").str.contains(WITH_SIGNS)).to_series())


def all_end_in_zero(counts: pl.DataFrame, numbers: Numbers) -> bool:
    """Whole numbers written as 2014.0."""
    ending = rf"^[+-]?[0-9]+\{numbers.decimal}0+$"
    return bool(counts.filter(numbers.fits(counts)).select(pl.col("text").str.contains(ending).all()).item())
