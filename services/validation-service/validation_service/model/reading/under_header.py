"""What people put between the names of columns and the data: units, and numbers of the columns."""

from __future__ import annotations

import re
from collections.abc import Sequence

from validation_service.model.reading.grid import filled

Record = Sequence[str]
MOST_BETWEEN = 4
NUMBER_OR_DATE = re.compile(r"[-+]?\d[\d.,:/ -]*")
_COLUMN_NUMBER = re.compile(r"\(\d{1,3}\)(?:\s*=[\s\d()+*/:x×-]+)?|\(\d{1,3}\s*=[\s\d+*/:x×-]+\)")
_UNIT = re.compile(r"\([^()\d][^()]{0,29}\)")


def first_of_data(records: Sequence[Record], last: int) -> int:
    """The first record of data: below the header, the units under it, and the line "(1) (2) (3)" of BPS."""
    if (line := numbered_line(records, last)) is not None:
        return line + 1
    return last + 2 if last + 1 < len(records) and are_units(records[last + 1]) else last + 1


def numbered_line(records: Sequence[Record], last: int) -> int | None:
    """Where the columns are numbered; up to there stand names only, as again in English, and units."""
    for line in range(last + 1, min(last + 2 + MOST_BETWEEN, len(records))):
        if _is_numbered(records, line, len(records[last])):
            return line
        cells = filled(records[line])
        if not cells or any(map(NUMBER_OR_DATE.fullmatch, cells)):
            break
    return None


def _is_numbered(records: Sequence[Record], line: int, width: int) -> bool:
    row, next_ = ([cell.strip() for cell in each] for each in [*records[line : line + 2], []][:2])
    cells = filled(row)
    in_brackets = all(map(_COLUMN_NUMBER.fullmatch, cells))
    turned_negative = cells == [str(-n) for n in range(1, len(cells) + 1)]  # as spreadsheets read (1) (2)
    return len(cells) > 1 and (in_brackets or turned_negative or _plainly_numbered(row, next_, width))


def are_units(record: Record) -> bool:
    """(Ha) (Ton) (Kw/Ha) below the names of columns; the first, of what the rows are about, has none."""
    cells = filled(record)
    return bool(cells) and not record[0].strip() and all(map(_UNIT.fullmatch, cells))


def _plainly_numbered(row: Sequence[str], next_: Sequence[str], width: int) -> bool:
    """1, 2, 3, 4=2+3 … above a row in which not all are numbers: otherwise, or for two columns, that may be
    data."""
    numbers = [cell.partition("=")[0].strip() for cell in row]
    counted = width > 2 and numbers == [str(n) for n in range(1, width + 1)]
    return counted and any(cell and not NUMBER_OR_DATE.fullmatch(cell) for cell in next_)
