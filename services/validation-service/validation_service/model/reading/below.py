"""What stands further down than one table does: its header once more, or another table."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

import polars as pl

from validation_service.model.reading.footnotes import opens_a_note
from validation_service.model.reading.grid import ROW, Grid, filled
from validation_service.model.reading.wanted import loose
from validation_service.model.rules.columns import SMALL
from validation_service.model.standard import Standard

MOST_LINES_ABOVE = 5
"""Lines between a blank row and the header of another table: its title, or notes on the table above."""
EVIDENCE = 2
"""Names that the table above has as well, and words in columns of numbers or codes: in all of those, or in
some beside such a name."""
_NO_NAME = re.compile(r"[-+]?[\d.,:/ %-]*")
_CONTINUED = r"(?i)^\s*(?:lanjutan|sambungan|tabel|table|continued)\b"
_YEAR = re.compile(r"(?:19|20)\d\d")
Cells = Sequence[str | None]


def set_repeated_headers_aside(grid: Grid) -> None:
    """IO-16, once for each place: printed tables repeat their head on every page."""
    if grid.header_row is None:
        return
    width = len(grid.header)
    anchors = _alike(grid.frame, _repeatable_in(grid))
    if not anchors:
        return
    alike = _alike(grid.frame, [_texts(record, width) for record in grid.head])
    rows = _with_neighbours(anchors, alike | _continued(grid.frame), _blank_rows(grid.frame))
    for row in sorted(rows):
        if row in anchors and row - 1 not in anchors:
            grid.found.tell("IO-16", row=row, header_row=grid.header_row)
    grid.frame = grid.frame.filter(~pl.col(ROW).is_in(sorted(rows)))
    grid.skipped["repeated header"] = len(rows)


def repeatable(head: Sequence[Cells], row: int, rows: int, width: int) -> list[list[str]]:
    """The rows of the header that nobody would take for data if they came again."""
    records = [_texts(record, width) for record in head[row - rows : row]]
    return [record for record in records if len(filled(record)) > 1]


def _repeatable_in(grid: Grid) -> list[list[str]]:
    return repeatable(grid.head, grid.header_row or 0, grid.header_rows, len(grid.header))


def set_lower_table_aside(grid: Grid, standard: Standard) -> None:
    """IO-17: below a blank row stand other names, and what is below those is not under our header."""
    if grid.header_row is None:
        return
    blank = _blank_rows(grid.frame)
    for top, place in _lower_tables(grid, standard, blank):
        rows = grid.frame[ROW].to_list()
        names = filled(grid.frame.row(place)[1:])
        last = max(row for row in rows if row not in blank)
        tell_lower_table(grid, rows[place], names, (rows[top], last))
        _cut(grid, top)
        grid.short = {row: cells for row, cells in grid.short.items() if row < rows[top]}
        return


def _cut(grid: Grid, top: int) -> None:
    """Columns that only the table below has go with it."""
    upper, lower = grid.frame.head(top), grid.frame.slice(top)
    width = len(grid.header)
    while width and not grid.header[width - 1].strip():
        column = str(width - 1)
        if upper[column].count() or not lower[column].count():
            break
        width -= 1
    grid.header = grid.header[:width]
    grid.frame = upper.select(ROW, *map(str, range(width)))


def tell_lower_table(grid: Grid, row: int, names: Sequence[str], rows: tuple[int, int]) -> None:
    """``rows``: the first and the last that are not read."""
    shown = ", ".join(" ".join(name.split()) for name in names)
    grid.found.tell("IO-17", row=row, value=shown, rows=f"{rows[0]}-{rows[1]}")
    before = grid.skipped.get("another table below", 0)
    grid.skipped["another table below"] = before + rows[1] - rows[0] + 1


def shares_names(cells: Cells, grid: Grid) -> bool:
    """Whether these may be names of columns, and some of them are those of the grid."""
    return _may_be_names(cells) and bool(_shared(cells, grid))


def _lower_tables(grid: Grid, standard: Standard, blank: Collection[int]) -> Iterator[tuple[int, int]]:
    """Where in the frame another table begins, and where its header stands."""
    if not blank:
        return
    numbers, headers = grid.frame[ROW].to_list(), _repeatable_in(grid)
    fields = {field.name: field for field in standard.for_header(grid.header).fields}
    typed = [
        index
        for index, name in enumerate(grid.header)
        if name in fields and (fields[name].type != "string" or fields[name].reference)
    ]
    for top, place in _first_below(grid.frame, [n for n, row in enumerate(numbers) if row in blank]):
        cells = grid.frame.row(place)[1:]
        words, shared = [index for index in typed if cells[index]], _shared(cells, grid)
        evidence = len(words) + len(shared) if shared or len(words) == len(typed) else 0
        has_rows = any(row not in blank for row in numbers[place + 1 :])
        again = _texts(cells, len(cells)) in headers
        if has_rows and not again and _may_be_names(cells) and evidence >= EVIDENCE:
            yield top, place


def _first_below(frame: pl.DataFrame, blanks: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The place below each blank row, and the first from there with more than one cell, where it is near."""
    for blank in blanks:
        for place in range(blank + 1, min(blank + 1 + MOST_LINES_ABOVE, frame.height)):
            if not _is_lone(frame.row(place)[1:]):
                yield blank + 1, place
                break


def _is_lone(cells: Cells) -> bool:
    return len(filled(cells)) < 2


def _may_be_names(cells: Cells) -> bool:
    names = filled(cells)
    differ = len({loose(name) for name in names}) == len(names) > 1 and not opens_a_note(names[0])
    return differ and all(_YEAR.fullmatch(name) or not _NO_NAME.fullmatch(name) for name in names)


def _shared(cells: Cells, grid: Grid) -> set[str]:
    return {loose(cell) for cell in filled(cells)} & {loose(name) for name in grid.header if name.strip()}


def _texts(record: Cells, width: int) -> list[str]:
    return [(cell or "").strip() for cell in [*record, *[""] * (width - len(record))][:width]]


def _alike(frame: pl.DataFrame, records: Iterable[Sequence[str]]) -> set[int]:
    return set().union(*(rows_like(frame, record) for record in records))


def rows_like(frame: pl.DataFrame, record: Sequence[str]) -> set[int]:
    """The numbers of the rows that say the same as ``record``, spaces around cells aside."""
    place = next((index for index, cell in enumerate(record) if cell), None)
    if place is None:
        return set()
    cell = frame[str(place)]
    if frame.height <= SMALL:
        near = frame[[n for n, text in enumerate(cell.to_list()) if text and text.strip() == record[place]]]
    else:
        near = frame.filter(cell.str.strip_chars() == record[place])
    return {row for row, *cells in near.rows() if _texts(cells, len(record)) == list(record)}


def _continued(frame: pl.DataFrame) -> set[int]:
    """Rows in which only "Lanjutan Tabel 3" stands, or the like."""
    first = pl.concat_str(pl.exclude(ROW), separator="", ignore_nulls=True)
    near = frame.filter(first.str.contains(_CONTINUED))
    return {row for row, *cells in near.rows() if _is_lone(cells)}


def _blank_rows(frame: pl.DataFrame) -> set[int]:
    cells = [name for name in frame.columns if name != ROW]
    if any(not frame[name].null_count() for name in cells):
        return set()
    return set(frame.filter(pl.all_horizontal(pl.col(cells).is_null()))[ROW].to_list())


def _with_neighbours(anchors: Collection[int], alike: Collection[int], blank: Collection[int]) -> set[int]:
    """Lines of the head that stand right above or below, perhaps with blank ones between."""
    found = set(anchors)
    for anchor in anchors:
        for step in (-1, 1):
            row = anchor + step
            while row in alike or row in blank:
                if row in alike:
                    found.add(row)
                row += step
    return found
