"""The table as the rules see it: for those about single rows, for those about keys, for those about all."""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import BinaryIO, TypeVar

import polars as pl

from validation_service.model.facts import Facts
from validation_service.model.reading.csv_sweep import Swept
from validation_service.model.reading.csv_text import read_csv
from validation_service.model.reading.grid import ROW, Grid
from validation_service.model.reading.large import read_large
from validation_service.model.reading.read import read
from validation_service.model.rules.columns import column, laid_out
from validation_service.model.rules.findings import Findings
from validation_service.model.rules.plain_cells import doubtful_rows
from validation_service.model.rules.points import LOOKED_AT, check_points, fields_with_points
from validation_service.model.rules.sieve import Sieve
from validation_service.model.rules.totals.aside import set_totals_aside
from validation_service.model.standard import Standard

MOST_LATE = 0.1
"""Beyond this share of numbers that do not rise it is quicker to put all of them in order."""
T = TypeVar("T")
Source = bytes | BinaryIO
"""A file that is not in memory can be sought in."""


@dataclass(frozen=True)
class Table:
    """``rows`` has every row in which a rule about single rows may be broken, ``whole`` all rows with the
    columns that are needed of all, ``keyed`` gives all rows that may repeat a key. None has totals rows."""

    rows: pl.DataFrame
    whole: pl.DataFrame
    keyed: Callable[[], pl.DataFrame]
    height: int


@dataclass(frozen=True)
class Opened:
    """A grid, and what a sweep kept of the rows that are not in it; ``start`` then has the first rows."""

    grid: Grid
    swept: Swept | None = None
    asked: Sieve | None = None
    start: Grid | None = None

    def table(self, standard: Standard, places: dict[int, int], findings: Findings) -> Table:
        laid = laid_out(self.grid, places)
        if self.swept is None:
            check_points(laid, standard, findings)
        elif self.start is not None:
            check_points(laid_out(self.start, places), standard, findings)
        if self.swept is None or self.asked is None:
            return _of_all(laid, standard, findings)
        rows = set_totals_aside(laid, standard, findings)
        totals = _gone(laid, rows)
        kept = self.swept.kept.rename(_names(self.swept.kept, places))
        whole = kept.filter(~pl.col(ROW).is_in(totals.implode())) if len(totals) else kept
        height = self.swept.height - len(totals)
        if self.asked.numbered is None:
            return Table(rows, whole, lambda: whole, height)
        return Table(
            rows, whole, _meanwhile(partial(self._repeated, laid, totals, self.asked.numbered)), height
        )

    def _repeated(self, laid: pl.DataFrame, totals: pl.Series, index: int) -> pl.DataFrame:
        """The rows of which the number occurs again, and those without one, which stand in ``laid``. In plain
        rows a number has but one spelling."""
        assert self.swept is not None and self.swept.numbers is not None
        number = pl.col("number")
        numbers = self.swept.numbers.alias("number").to_frame()
        again = _that_occur_again(self.swept.numbers)
        first_row = self.swept.first_row
        repeated = (
            numbers.with_row_index(ROW, offset=first_row)
            .filter((number.is_in(again.implode()) | number.is_null()) & ~pl.col(ROW).is_in(totals.implode()))
            .join(
                laid.select(ROW, raw=pl.col(column(index)), told=pl.lit(True)),
                on=ROW,
                how="left",
                maintain_order="left",
            )
        )
        raw = pl.when(pl.col("told")).then(pl.col("raw")).otherwise(number.cast(pl.String))
        return repeated.select(ROW, raw.alias(column(index)))


class SourceLost(Exception):
    """The file could not be read to its end: nobody can say yet what is in it."""


def opened(data: Source, standard: Standard, facts: Facts) -> Opened:
    """Raises Unreadable and SourceLost."""
    if isinstance(data, bytes):
        swept = _swept(io.BytesIO(data), len(data), standard, facts)
        body = data
    else:
        try:
            swept = _swept(data, data.seek(0, io.SEEK_END), standard, facts)
            data.seek(0)
            body = b"" if swept else data.read()
        except OSError as error:
            raise SourceLost(str(error)) from error
    return swept or Opened(read(body, standard, filename=facts.filename, media_type=facts.media_type))


def _swept(file: BinaryIO, size: int, standard: Standard, facts: Facts) -> Opened | None:
    large = read_large(file, size, standard, facts)
    if large is None:
        return None
    if not fields_with_points(standard):
        return Opened(*large)
    file.seek(0)
    above = (large[0].header_row or 0) + 1
    start = read_csv(b"".join(islice(file, above + LOOKED_AT)), standard)
    return Opened(*large, start=start if start.header == large[0].header else None)


def _of_all(laid: pl.DataFrame, standard: Standard, findings: Findings) -> Table:
    doubtful = doubtful_rows(laid, standard)
    rows = set_totals_aside(doubtful, standard, findings)
    if doubtful is laid:
        return Table(rows, rows, lambda: rows, rows.height)
    totals = _gone(doubtful, rows)
    whole = laid.filter(~pl.col(ROW).is_in(totals.implode())) if len(totals) else laid
    return Table(rows, whole, lambda: whole, whole.height)


def _gone(before: pl.DataFrame, after: pl.DataFrame) -> pl.Series:
    if before.height == after.height:
        return before[ROW].clear()
    return before[ROW].filter(~before[ROW].is_in(after[ROW].implode()))


def _meanwhile(find: Callable[[], T]) -> Callable[[], T]:
    """It begins at once, beside whatever comes next, and is waited for when it is asked for."""
    pool = ThreadPoolExecutor(1)
    found = pool.submit(find)
    pool.shutdown(wait=False)
    return found.result


def _that_occur_again(numbers: pl.Series) -> pl.Series:
    """Numbers mostly rise from row to row, and of those above all before them no two are the same."""
    known = numbers.drop_nulls()
    rises = (known > known.cum_max().shift(1)).fill_null(True)
    late, risen = known.filter(~rises), known.filter(rises)
    if late.is_empty():
        return late
    if late.len() > MOST_LATE * known.len():
        in_order = known.sort()
        return in_order.filter(in_order == in_order.shift(1)).unique()
    beside = risen.gather(risen.search_sorted(late).clip(0, risen.len() - 1))
    return late.filter((beside == late) | late.is_duplicated()).unique()


def _names(kept: pl.DataFrame, places: dict[int, int]) -> dict[str, str]:
    return {str(place): column(index) for index, place in places.items() if str(place) in kept.columns}
