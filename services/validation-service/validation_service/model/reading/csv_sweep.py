"""A large CSV in one sweep, block by block: plain rows are passed over, only the others are taken apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

import polars as pl

from validation_service.model.reading.csv_blocks import Doubt, blocks_of, in_parallel
from validation_service.model.reading.csv_fast import fast_frame
from validation_service.model.reading.grid import ROW

LINE = "line"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked of a row: its line must match ``plain`` and not ``never_plain``, and its ``columns`` must
    not be ``suspicious``.

    Where it ``may_be_blank``, a line of delimiters matches too. Columns are places in the file. Of those
    ``kept`` all cells are wanted, of ``numbered`` the numbers. ``names`` are what ``suspicious`` calls them.
    """

    plain: str
    may_be_blank: bool = True
    never_plain: str | None = None
    suspicious: tuple[pl.Expr, ...] = ()
    names: dict[int, str]
    columns: tuple[int, ...] = ()
    kept: tuple[int, ...] = ()
    numbered: int | None = None


@dataclass(frozen=True, kw_only=True)
class Swept:
    """``rows`` that may be wrong, with all cells, and always the last; the ``kept`` columns of all rows; the
    ``numbers`` of all rows in their order."""

    first_row: int
    height: int
    rows: pl.DataFrame
    kept: pl.DataFrame
    numbers: pl.Series | None


@dataclass(frozen=True)
class _Block:
    height: int
    doubtful: pl.DataFrame
    kept: pl.DataFrame | None
    numbers: pl.Series | None


def sweep(file: BinaryIO, asked: Asked, delimiter: str, *, width: int, offset: int, first_row: int) -> Swept:
    """``offset`` is that of the first row below the header, of number ``first_row``. Raises Doubt."""
    file.seek(offset)
    look = _Look(asked, delimiter, width)
    blocks = list(in_parallel(look, blocks_of(file)))
    if not blocks:
        raise Doubt
    starts, height = [], 0
    for block in blocks:
        starts.append(first_row + height)
        height += block.height
    lines = pl.concat(
        block.doubtful.with_columns((pl.col(ROW) + start).cast(pl.UInt32))
        for block, start in zip(blocks, starts, strict=True)
    )
    rows = _taken_apart(lines, delimiter, width)
    return Swept(
        first_row=first_row,
        height=height,
        rows=rows,
        kept=_together(blocks, first_row),
        numbers=_numbers(blocks, rows, asked.numbered, first_row),
    )


class _Look:
    """Judges one block."""

    def __init__(self, asked: Asked, delimiter: str, width: int) -> None:
        self._asked, self._delimiter = asked, delimiter
        self._schema = {str(index): pl.String for index in range(width)}
        self._of_all = sorted({*asked.columns, *asked.kept})
        self._first = width > 1 and asked.numbered == 0
        if asked.numbered is not None and not self._first:
            self._of_all = sorted({*self._of_all, asked.numbered})
        plain = pl.col(LINE).str.contains(asked.plain)
        if asked.may_be_blank:
            plain &= pl.col(LINE).str.len_bytes() != width - 1
        if asked.never_plain is not None:
            plain &= ~pl.col(LINE).str.contains(asked.never_plain)
        self._plain = plain.fill_null(False)

    def __call__(self, block: bytes, last: bool) -> _Block:
        lines = _lines(block)
        first = [self._number_in_front()] if self._first else []
        looked = lines.select(self._plain.alias("plain"), *first)
        cells = self._cells(block, lines.height) if self._of_all else None
        doubtful = ~looked["plain"]
        if cells is not None and self._asked.suspicious:
            named = cells.rename(
                {str(place): name for place, name in self._asked.names.items()}, strict=False
            )
            doubtful |= named.select(pl.any_horizontal(self._asked.suspicious)).to_series().fill_null(True)
        if last:
            doubtful[-1] = True
        return _Block(
            lines.height,
            _owned(lines[LINE], doubtful.arg_true()),
            cells.select(str(place) for place in self._asked.kept) if cells is not None else None,
            self._numbers(looked, cells),
        )

    def _number_in_front(self) -> pl.Expr:
        line = pl.col(LINE)
        end = line.str.find(self._delimiter, literal=True)
        cell = line.str.slice(0, end)
        if '"' in self._asked.plain:
            cell = cell.str.strip_chars('"')
        return cell.cast(pl.Int64, strict=False).alias("number")

    def _cells(self, block: bytes, height: int) -> pl.DataFrame:
        cells = _read(block, self._schema, self._delimiter, self._of_all)
        if cells.height != height:
            raise Doubt
        return cells.with_columns(pl.when(pl.all() != "").then(pl.all()))

    def _numbers(self, looked: pl.DataFrame, cells: pl.DataFrame | None) -> pl.Series | None:
        if self._first:
            return looked["number"]
        if self._asked.numbered is None or cells is None:
            return None
        return cells[str(self._asked.numbered)].str.strip_chars().cast(pl.Int64, strict=False)


def _owned(lines: pl.Series, places: pl.Series) -> pl.DataFrame:
    """Copies: what is left of a block must not keep all of it."""
    return pl.DataFrame([places.alias(ROW), lines.gather(places) + ""])


def _lines(block: bytes) -> pl.DataFrame:
    """polars calls ``read_lines`` unstable yet; the tests of large files hold what is asked of it here."""
    try:
        return pl.read_lines(block, name=LINE)
    except pl.exceptions.PolarsError as error:
        raise Doubt from error


def _read(
    block: bytes, schema: dict[str, type[pl.String]], delimiter: str, columns: list[int]
) -> pl.DataFrame:
    try:
        return pl.read_csv(
            block,
            has_header=False,
            separator=delimiter,
            quote_char='"',
            schema=schema,
            infer_schema=False,
            columns=columns,
        )
    except pl.exceptions.PolarsError as error:
        raise Doubt from error


def _taken_apart(lines: pl.DataFrame, delimiter: str, width: int) -> pl.DataFrame:
    if (lines[LINE] == "").any():
        raise Doubt
    body = "\n".join(lines[LINE].to_list()).encode()
    frame = fast_frame(body, delimiter, width=width, skip_lines=0, first_row=0)
    if frame is None or frame.height != lines.height or b"\0" in body:
        raise Doubt
    return frame.with_columns(lines[ROW])


def _together(blocks: list[_Block], first_row: int) -> pl.DataFrame:
    kept = [block.kept for block in blocks if block.kept is not None]
    frame = pl.concat(kept) if kept else pl.DataFrame()
    return (
        frame.with_row_index(ROW, offset=first_row) if frame.width else pl.DataFrame(schema={ROW: pl.UInt32})
    )


def _numbers(
    blocks: list[_Block], rows: pl.DataFrame, numbered: int | None, first_row: int
) -> pl.Series | None:
    """Those of rows that were taken apart are read from their cells: quotes and spaces may be around them."""
    parts = [block.numbers for block in blocks if block.numbers is not None]
    if not parts or numbered is None:
        return None
    own = rows.select(pl.col(str(numbered)).str.strip_chars().cast(pl.Int64, strict=False)).to_series()
    return pl.concat(parts).scatter(rows[ROW] - first_row, own)
