"""IO-12: another table beside the one that is meant; its columns are left out, and said to be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby

import polars as pl

from muara_kernel.events.finding import Text
from validation_service.model.reading.grid import ROW, Aside, Grid
from validation_service.model.reading.wanted import Wanted
from validation_service.model.rules.catalogue import found
from validation_service.model.standard import Standard

WIDEST_GAP = 3
"""More empty columns than these are rather columns of the same table that were lost."""
BEHIND_A_GAP = Text(
    "Kolom di kanan, yang dipisahkan kolom kosong sehingga dianggap tabel lain,",
    "What stands at the right behind an empty column, and so was taken for another table,",
)
SHORTER = Text(
    "Kolom di kanan, yang tidak dikenal standar data dan lebih pendek sehingga dianggap tabel lain,",
    "What stands at the right, unknown to the standard and shorter, and so was taken for another table,",
)


def set_side_tables_aside(grid: Grid, standard: Standard) -> None:
    """Only columns right of the last one that the standard knows, and that does not stand before it already,
    can be of another table; all other unknown columns are left to IO-05."""
    wanted, first = Wanted(standard), {name: index for index, name in reversed([*enumerate(grid.header)])}
    known = [index for name, index in reversed(first.items()) if wanted.has(name)]
    if grid.header_row is None or not known or known[-1] + 1 == len(grid.header):
        return
    groups = list(_side_tables(grid, known))
    cut = _cut(grid, groups)
    groups = [group for group in groups if group[0] >= cut]
    for group in groups:
        names = ", ".join(filter(None, (grid.header[index].strip() for index in group)))
        place = letters(group[0]) + (f"-{letters(group[-1])}" if len(group) > 1 else "")
        what = BEHIND_A_GAP if grid.is_empty(group[0] - 1) else SHORTER
        grid.found.add(
            found("IO-12", row=grid.header_row, what=what, place=f"{place} ({names})" if names else place)
        )
    if groups:
        grid.understood["side_tables"] = [[grid.header[index] for index in group] for group in groups]
        left = {str(index): grid.header[index] for group in groups for index in group}
        grid.beside.append(Aside(names=left, frame=grid.frame.select(ROW, *left), numbered=True))
        grid.header = grid.header[:cut]
        grid.frame = grid.frame.select(ROW, *map(str, range(cut)))


def letters(column: int) -> str:
    """The name a spreadsheet gives to a column."""
    before, letter = divmod(column, 26)
    return (letters(before - 1) if before else "") + chr(65 + letter)


def _side_tables(grid: Grid, known: Sequence[int]) -> Iterator[list[int]]:
    filled = _Filled(grid.frame)
    main = max((filled.last(index) for index in known), default=0)
    gap = 0
    for group in _runs(range(known[-1] + 1, len(grid.header)), grid.is_empty):
        if grid.is_empty(group[0]):
            gap = len(group)
        elif 0 < gap <= WIDEST_GAP:
            yield group
        else:
            for run in _runs(group, filled.last):
                if len(run) > 1 and filled.last(run[0]) != main and all(map(filled.without_gap, run)):
                    yield run


def _runs(indexes: Iterable[int], key: Callable[[int], object]) -> Iterator[list[int]]:
    for _, run in groupby(indexes, key):
        yield list(run)


def _cut(grid: Grid, groups: Sequence[Sequence[int]]) -> int:
    """Where the columns begin that are all of other tables, or empty."""
    aside = {index for group in groups for index in group}
    cut = len(grid.header)
    while cut and (cut - 1 in aside or grid.is_empty(cut - 1)):
        cut -= 1
    return cut if aside else len(grid.header)


class _Filled:
    """How far down a column is filled."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame
        self._last: dict[int, int] = {}

    def last(self, index: int) -> int:
        """The place of the last filled cell, counted from 1; 0 where there is none."""
        if index not in self._last:
            filled = self._frame[str(index)].is_not_null()
            self._last[index] = int(filled.arg_true()[-1]) + 1 if filled.any() else 0
        return self._last[index]

    def without_gap(self, index: int) -> bool:
        cells = self._frame[str(index)].head(self.last(index))
        return bool(len(cells)) and not cells.null_count()
