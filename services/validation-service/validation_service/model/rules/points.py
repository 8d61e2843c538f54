"""SD-09: numbers in which a point may stand before thousands, though the standard reads it before decimals.

Only the first rows are looked at: who writes thousands with points writes all of them so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import polars as pl

from validation_service.model.reading.grid import ROW
from validation_service.model.rules.catalogue import found
from validation_service.model.rules.columns import column
from validation_service.model.rules.findings import Findings
from validation_service.model.rules.sums import is_open_percentage
from validation_service.model.standard import Field, Standard

LOOKED_AT = 1_000
LEAST_THOUSAND = 1_000
_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}\.[0-9]{3}")
_WHOLE = re.compile(r"[+-]?[0-9]+")


def may_have_points(field: Field) -> bool:
    """Decimals are allowed, and a thousand would be."""
    most = field.maximum
    small = is_open_percentage(field) or (isinstance(most, int | float) and most < LEAST_THOUSAND)
    return field.type == "number" and field.decimal == "." and not field.group and not small


def fields_with_points(standard: Standard) -> tuple[int, ...]:
    return tuple(index for index, field in enumerate(standard.fields) if may_have_points(field))


def check_points(first_rows: pl.DataFrame, standard: Standard, findings: Findings) -> None:
    """Once for each column, whatever rows come after the first LOOKED_AT."""
    for index in fields_with_points(standard):
        if column(index) not in first_rows.columns:
            continue
        cells = first_rows[column(index)].head(LOOKED_AT).to_list()
        if likely := list(_likely_thousands(cells)):
            value = cells[likely[0]].strip()
            words = {"count": len(likely), "right": value.replace(".", "")}
            row = int(first_rows[ROW][likely[0]])
            findings.add(found("SD-09", row=row, column=standard.names[index], value=value, **words))


def _likely_thousands(cells: Sequence[str | None]) -> Iterator[int]:
    """The places of numbers such as 1.250, where no other has decimals and they stand among whole numbers:
    most are whole, or the whole ones all are hundreds. Where decimals have three digits, all have."""
    pointed = [place for place, cell in enumerate(cells) if cell is not None and "." in cell]
    numbers = [place for place in pointed if any(map(str.isdigit, cells[place] or ""))]
    if not numbers or not all(_THOUSANDS.fullmatch((cells[place] or "").strip()) for place in numbers):
        return
    whole = [cell.strip().lstrip("+-0") for cell in cells if cell and _WHOLE.fullmatch(cell.strip())]
    whole = [digits for digits in whole if digits]
    if whole and (len(numbers) <= len(whole) or all(len(digits) == 3 for digits in whole)):
        yield from numbers
