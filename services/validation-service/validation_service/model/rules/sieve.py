"""What is asked of every row of a large table, so that only rows that may be wrong are looked at closely."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from validation_service.model.rules.blanks import must_be_filled
from validation_service.model.rules.cell_plans import plans
from validation_service.model.rules.columns import column
from validation_service.model.rules.grammar import IN_GRAMMAR, anything, plain_cell
from validation_service.model.rules.keys import keys
from validation_service.model.rules.privacy import DIGITS
from validation_service.model.rules.probe import RowProbe
from validation_service.model.rules.rows import row_probes
from validation_service.model.rules.totals.words import MAY_BE_TOTAL
from validation_service.model.rules.whole_table import columns_needed
from validation_service.model.standard import Standard

MOST_LOOKED_AT = 0.6
"""Where more of the columns than these are needed anyway, the table is rather read as a whole."""


@dataclass(frozen=True, kw_only=True)
class Sieve:
    """``plain_row`` matches a line of which no rule about single rows has anything to say, provided that none
    of ``suspicious`` is true, which are asked of the fields ``looked_at``. The fields ``kept`` are needed of
    all rows. ``numbered`` is the field of a key of one whole number, of which the values are enough.

    Where it ``may_be_blank``, a row of empty cells matches. ``figures`` are the parts of it, by place in the
    header, for columns of numbers and dates."""

    plain_row: str
    may_be_blank: bool
    figures: Mapping[int, str]
    suspicious: tuple[pl.Expr, ...]
    looked_at: frozenset[int]
    kept: frozenset[int]
    numbered: int | None


@lru_cache(maxsize=64)
def sieve(
    standard: Standard, header: tuple[str, ...], delimiter: str, *, quoted: bool, open_: bool
) -> Sieve | None:
    """None where nothing would be won by it. ``open_``: numbers like a NIK are suspicious too."""
    if standard.totals_rows == "periksa" or len(set(header)) < len(header) or not header:
        return None
    fields = {name: index for index, name in enumerate(standard.names) if name in header}
    if not fields or (open_ and len(fields) < len(header)):
        return None
    cells = {
        index: plain_cell(standard.fields[index], standard, delimiter, open_=open_)
        for index in fields.values()
    }
    present, unsaid = frozenset(cells), {index for index, cell in cells.items() if cell is None}
    asked = [probe for probe in row_probes(standard) if _is_asked(probe, present, unsaid)]
    if any(not probe.needs for probe in row_probes(standard)):
        return None  # a rule without columns speaks of every row
    looked_at = frozenset(unsaid).union(*(probe.needs for probe in asked))
    kept = _needed_of_all(standard) & present
    if len(looked_at | kept) > max(1, MOST_LOOKED_AT * len(header)):
        return None
    numbered = _numbered(standard, fields, unsaid)
    written = [_written(cells, fields.get(name), standard, delimiter, quoted) for name in header]
    return Sieve(
        plain_row=_plain_row(written, delimiter),
        may_be_blank=all(cell.endswith(")?") for cell in written),
        figures={
            place: written[place]
            for place, name in enumerate(header)
            if name in fields and standard.fields[fields[name]].type != "string"
        },
        suspicious=tuple(_suspicious(unsaid, asked, standard, open_)),
        looked_at=looked_at,
        kept=kept - {numbered},
        numbered=numbered,
    )


def _is_asked(probe: RowProbe, present: frozenset[int], unsaid: Collection[int]) -> bool:
    covered = probe.rule in IN_GRAMMAR and not probe.needs & set(unsaid)
    return not probe.whole and not covered and probe.needs <= present


def _needed_of_all(standard: Standard) -> frozenset[int]:
    names = {name for key in keys(standard) for name in key}
    for field in standard.fields:
        if field.reference is not None:
            names |= {field.name, field.reference.name_column or field.name}
    whole = (probe.needs for probe in row_probes(standard) if probe.whole)
    return columns_needed(standard).union(*whole, (standard.position(name) for name in names))


def _numbered(standard: Standard, fields: Mapping[str, int], unsaid: Collection[int]) -> int | None:
    """Where it alone is a key of one column, and nothing else needs that column as a whole."""
    (key, *others) = list(dict.fromkeys(keys(standard))) or [()]
    if others or len(key) != 1 or key[0] not in fields:
        return None
    index = fields[key[0]]
    field = standard.fields[index]
    whole = columns_needed(standard).union(*(p.needs for p in row_probes(standard) if p.whole))
    named = {each.reference.name_column for each in standard.fields if each.reference}
    alone = index not in whole and index not in unsaid and field.name not in named and not field.reference
    return index if alone and field.type == "integer" else None


def _suspicious(
    unsaid: Collection[int], asked: Sequence[RowProbe], standard: Standard, open_: bool
) -> Iterator[pl.Expr]:
    for index in sorted(unsaid):
        yield plans(standard)[index].suspicious
        if standard.fields[index].type == "string":
            yield pl.col(column(index)).str.contains(MAY_BE_TOTAL).fill_null(False)
        if open_:
            yield (pl.col(column(index)).str.len_bytes() >= DIGITS).fill_null(False)
    for probe in asked:
        yield probe.broken


def _written(
    cells: Mapping[int, str | None], index: int | None, standard: Standard, delimiter: str, quoted: bool
) -> str:
    """A cell in its place: perhaps in quotes, but never just a pair of quotes, and perhaps left out."""
    cell = None if index is None else cells[index]
    filled = cell or anything(delimiter)
    either = f'(?:{filled}|"{filled}")' if quoted else f"(?:{filled})"
    needed = index is not None and cell is not None and must_be_filled(standard.fields[index], standard)
    return either if needed else f"{either}?"


def _plain_row(cells: Sequence[str], delimiter: str) -> str:
    between = rf"\x{ord(delimiter):02x}"
    return f"^{between.join(cells)}$"
