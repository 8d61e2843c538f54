"""A large CSV, of which only the rows that may be wrong are laid out; where in doubt, that is not done."""

from __future__ import annotations

import re
from typing import BinaryIO

import polars as pl

from validation_service.model.facts import OPEN, Facts
from validation_service.model.reading.below import repeatable, rows_like
from validation_service.model.reading.csv_blocks import Doubt
from validation_service.model.reading.csv_fast import after_lines
from validation_service.model.reading.csv_sweep import Asked, Swept, sweep
from validation_service.model.reading.csv_text import HEAD, CsvHead, read_head, tell_how_read
from validation_service.model.reading.encoding import BOM, utf16
from validation_service.model.reading.footnotes import may_end_in_notes
from validation_service.model.reading.grid import ROW, Grid, Unreadable
from validation_service.model.reading.header import Header
from validation_service.model.reading.header_notes import note_header
from validation_service.model.reading.kind import claims, kind_of
from validation_service.model.reading.markup import note_markup
from validation_service.model.reading.read import tell_what_was_understood
from validation_service.model.reading.wanted import Wanted
from validation_service.model.rules.columns import column
from validation_service.model.rules.privacy import MAY_BE
from validation_service.model.rules.sieve import Sieve, sieve
from validation_service.model.rules.totals.by_word import hangs_on_others
from validation_service.model.standard import Standard

LARGE_FROM = 4 << 20
"""Below so many bytes one look at all cells is as quick."""


def read_large(
    file: BinaryIO, size: int, standard: Standard, facts: Facts
) -> tuple[Grid, Swept, Sieve] | None:
    """The grid has the doubtful rows only; None where the file is small, no CSV, or in any way unusual."""
    if size < LARGE_FROM:
        return None
    try:
        return _read(file, standard, facts)
    except (Doubt, Unreadable):
        return None


def _read(file: BinaryIO, standard: Standard, facts: Facts) -> tuple[Grid, Swept, Sieve] | None:
    file.seek(0)
    start = file.read(HEAD + len(BOM) + 1)
    body = start.removeprefix(BOM)
    if kind_of(start) != "csv" or utf16(start) is not None:
        return None
    head = read_head(body, standard)
    names = head.header.names
    if head.header.row is not None and not (names[0].strip() and Wanted(standard).has(names[-1])):
        return None  # another table may stand beside this one, or an empty margin
    open_ = facts.access == OPEN
    expanded = standard.for_header(names)
    asked = sieve(expanded, tuple(names), head.delimiter, quoted=b'"' in body, open_=open_)
    lines = after_lines(body, head.lines)
    if asked is None or lines >= len(body):
        return None
    offset = len(start) - len(body) + lines
    places = {names.index(name): index for index, name in enumerate(expanded.names) if name in names}
    swept = sweep(
        file,
        _asked(asked, places, _never_plain(asked, head)),
        head.delimiter,
        width=len(names),
        offset=offset,
        first_row=head.header.data_from + 1,
    )
    if _is_unusual(swept.rows, head, open_) or hangs_on_others(_fields(swept.rows, places), expanded):
        return None
    return _grid(swept, head, "utf-8" if body is start else "utf-8-sig", standard, facts), swept, asked


def _fields(rows: pl.DataFrame, places: dict[int, int]) -> pl.DataFrame:
    return rows.select(ROW, *(pl.col(str(place)).alias(column(index)) for place, index in places.items()))


def _repeatable(header: Header) -> list[list[str]]:
    if header.row is None:
        return []
    return repeatable(header.head, header.row, header.row - header.first, len(header.names))


def _never_plain(asked: Sieve, head: CsvHead) -> str | None:
    """What finds the header where it comes again and looks like a row of data."""
    records = [record for record in _repeatable(head.header) if _may_be_plain(record, asked)]
    if not records:
        return None
    between = re.escape(head.delimiter)
    lines = pl.Series([head.delimiter.join(record) for record in records], dtype=pl.String)
    written = [between.join(rf'\s*"?\s*{re.escape(name)}\s*"?\s*' for name in record) for record in records]
    return f"^(?:{'|'.join(written)})$" if lines.str.contains(asked.plain_row).any() else None


def _may_be_plain(record: list[str], asked: Sieve) -> bool:
    """A name is seldom a number or a date."""
    return all(re.fullmatch(plain, record[place]) for place, plain in asked.figures.items())


def _asked(asked: Sieve, places: dict[int, int], never_plain: str | None) -> Asked:
    place = {index: place for place, index in places.items()}
    return Asked(
        plain=asked.plain_row,
        may_be_blank=asked.may_be_blank,
        never_plain=never_plain,
        suspicious=asked.suspicious,
        names={place: column(index) for place, index in places.items()},
        columns=tuple(sorted(place[index] for index in asked.looked_at)),
        kept=tuple(sorted(place[index] for index in asked.kept)),
        numbered=None if asked.numbered is None else place[asked.numbered],
    )


def _is_unusual(rows: pl.DataFrame, head: CsvHead, open_: bool) -> bool:
    """Blank rows, the header again, a note below the table, or numbers of persons: all that is better seen as
    a whole."""
    cells = rows.drop(ROW)
    blank = cells.select(pl.all_horizontal(pl.all().is_null())).to_series().any()
    like_nik = pl.any_horizontal(pl.all().str.contains(MAY_BE))
    return (
        blank
        or any(rows_like(rows, record) for record in _repeatable(head.header))
        or may_end_in_notes(cells.row(-1), head.delimiter)
        or (open_ and cells.select(like_nik).to_series().any())
    )


def _grid(swept: Swept, head: CsvHead, encoding: str, standard: Standard, facts: Facts) -> Grid:
    grid = Grid(header=head.header.names, frame=swept.rows, header_row=head.header.row)
    tell_how_read(grid, head, encoding)
    note_header(grid, head.header)
    note_markup(grid)
    claimed = claims(filename=facts.filename, media_type=facts.media_type)
    tell_what_was_understood(grid, standard, claimed)
    return grid
