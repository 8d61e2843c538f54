"""The rows of a header over one another, so that each column has all parts of its name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST_ROWS, MOST_NUMBERED_ROWS = 3, 5
"""Of a header; more where the line "(1) (2) (3)" says that it ends there."""
BETWEEN = " / "
"""The parts of a name."""


@dataclass(frozen=True)
class Merged:
    """A merged area of a sheet, its last row and column included; places count from 0."""

    top: int
    left: int
    bottom: int
    right: int


def parts_of(
    records: Sequence[Sequence[str]], first: int, last: int, merged: Iterable[Merged] = ()
) -> list[list[str]]:
    """What each column is called in the records from ``first`` to ``last``, each text once. Where the file
    tells of no merged cells, they are guessed."""
    return [_texts(column) for column in zip(*_spread(records[first : last + 1], first, merged), strict=True)]


def _texts(cells: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(" ".join(cell.split()) for cell in cells if cell.strip()))


def _spread(records: Sequence[Sequence[str]], first: int, merged: Iterable[Merged]) -> list[list[str]]:
    """The rows at one width, with the text of a merged cell in all of its columns."""
    width = max(map(len, records))
    rows = [[*record, *[""] * (width - len(record))] for record in records]
    told = [area for area in merged if 0 <= area.top - first < len(rows) and area.right > area.left]
    for area in told:
        row = rows[area.top - first]
        for column in range(area.left, min(area.right + 1, width)):
            row[column] = row[area.left]
    if not told:
        _spread_right(rows)
    return rows


def _spread_right(rows: Sequence[list[str]]) -> None:
    """A blank beside a filled cell belongs to it if something stands below and nothing above."""
    filled = [[bool(cell.strip()) for cell in row] for row in rows]
    for depth, row in enumerate(rows[:-1]):
        above, below = filled[:depth], filled[depth + 1 :]
        for column in range(1, len(row)):
            if filled[depth][column] or any(each[column] for each in above):
                continue
            if any(each[column] for each in below):
                row[column] = row[column - 1]
