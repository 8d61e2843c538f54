"""Which sheet of a workbook is meant: the one that is named, else the one that fits the standard best."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import python_calamine as calamine

from muara_kernel.events.finding import Text
from validation_service.model.reading.book import MACROS, MOST_SHEET_CELLS, TOO_FAR, Book, SheetFacts
from validation_service.model.reading.cells import as_text
from validation_service.model.reading.grid import ROW, Aside, Grid, Rows, unreadable
from validation_service.model.reading.header import Header, find_header
from validation_service.model.reading.header_rows import MOST_ROWS, Merged
from validation_service.model.reading.likely_header import HEADER_WITHIN
from validation_service.model.reading.side_tables import letters
from validation_service.model.reading.wanted import Wanted
from validation_service.model.rules.catalogue import found
from validation_service.model.standard import Standard

HEAD = HEADER_WITHIN + MOST_ROWS
LOOKED_AT = 2_000
"""Rows of a sheet that is not read, for what may be nowhere in the file."""
ELSEWHERE = Text("Lembar kerja lain di dalam berkas ini", "Another sheet of this file")
HIDDEN = Text("Lembar kerja tersembunyi di dalam berkas ini", "A hidden sheet of this file")


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The sheet that is read; ``others`` are visible and not empty."""

    name: str
    header: Header
    facts: SheetFacts
    merged: tuple[Merged, ...]
    cells: calamine.CalamineSheet
    others: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    is_hidden: bool = False
    absent: str | None = None
    """The sheet that the standard names, where there is none of that name."""

    def records(self) -> Iterator[list[Any]]:
        return records_of(self.cells, self.facts)


@dataclass
class _Names:
    visible: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)


def choose_sheet(opened: calamine.CalamineWorkbook, book: Book, standard: Standard) -> Sheet:
    """Raises Unreadable when no sheet holds data that can be read."""
    names = _names(opened, book.sizes())
    if standard.sheet in (*names.visible, *names.hidden):
        candidates = [str(standard.sheet)]
    else:
        candidates = _within_reach(names.visible, book.sizes())
    best: Sheet | None = None
    wanted = Wanted(standard)
    for name in candidates:
        sheet = _looked_at(opened, book, name, standard)
        if best is None or sheet.header.score > best.header.score:
            best = sheet
        if wanted.all_in(best.header.names):
            break
    assert best is not None
    if not best.header.score and (large := _first_large(candidates, book.sizes())) != best.name:
        best = _looked_at(opened, book, large, standard)
    return Sheet(
        **{key: getattr(best, key) for key in ("name", "header", "merged", "cells")},
        facts=book.facts(best.name),
        others=tuple(name for name in names.visible if name != best.name),
        hidden=tuple(name for name in names.hidden if name != best.name),
        is_hidden=best.name in names.hidden,
        absent=standard.sheet if standard.sheet != best.name else None,
    )


def _first_large(names: Sequence[str], sizes: dict[str, int]) -> str:
    """The first with at least half as many cells as any: a cover or a sheet of metadata has few."""
    enough = max(sizes[name] for name in names) / 2
    return next(name for name in names if sizes[name] >= enough)


def records_of(cells: calamine.CalamineSheet, facts: SheetFacts) -> Iterator[list[Any]]:
    """Row after row from the first of the sheet, an error shown as its text."""
    left = [""] * (cells.start[1] if cells.start else 0)
    by_row: dict[int, list[tuple[int, str]]] = {}
    for (row, column), text in facts.errors.items():
        by_row.setdefault(row, []).append((column, text))
    for number, record in enumerate(cells.iter_rows()):
        record = left + record if left else record
        for column, text in by_row.get(number, ()):
            if column < len(record):
                record[column] = text
        yield record


def as_texts(record: Sequence[Any]) -> list[str]:
    return [as_text(cell) or "" for cell in record]


def note_what_was_left(grid: Grid, sheet: Sheet) -> None:
    """IO-12 for what was not read, IO-01 for a sheet that the standard names and the file lacks."""
    if sheet.absent is not None:
        reason = Text(
            f'Lembar kerja "{sheet.absent}" tidak ada; yang dibaca "{sheet.name}".',
            f'There is no sheet "{sheet.absent}"; "{sheet.name}" was read.',
        )
        repair = Text(
            f'Beri nama "{sheet.absent}" pada lembar kerja yang berisi datanya.',
            f'Call the sheet that holds the data "{sheet.absent}".',
        )
        grid.found.add(found("IO-01", reason=reason, repair=repair))
    for what, names in ((ELSEWHERE, sheet.others), (HIDDEN, sheet.hidden)):
        if names:
            grid.found.add(found("IO-12", what=what, place=", ".join(names)))
    if sheet.others:
        grid.understood["other_sheets"] = list(sheet.others)
    if sheet.hidden:
        grid.understood["hidden_sheets"] = list(sheet.hidden)


def unread(opened: calamine.CalamineWorkbook, book: Book, sheet: Sheet) -> Iterator[Aside]:
    """The first rows of each sheet that is not read and can be opened; columns are named as ``Sheet2!C``."""
    for name in (*sheet.others, *sheet.hidden):
        if book.sizes()[name] <= MOST_SHEET_CELLS:
            with suppress(calamine.CalamineError):
                yield _first_rows(name, opened.get_sheet_by_name(name))


def _first_rows(name: str, cells: calamine.CalamineSheet) -> Aside:
    rows = Rows(0)
    for number, record in enumerate(islice(records_of(cells, SheetFacts()), LOOKED_AT), start=1):
        rows.add(number, [as_text(cell) for cell in record])
    frame = rows.frame()
    names = {column: f"{name}!{letters(int(column))}" for column in frame.columns if column != ROW}
    return Aside(names=names, frame=frame, numbered=False)


def _names(opened: calamine.CalamineWorkbook, sizes: dict[str, int]) -> _Names:
    names = _Names()
    for each in opened.sheets_metadata:
        if each.typ == calamine.SheetTypeEnum.MacroSheet or each.typ == calamine.SheetTypeEnum.Vba:
            raise unreadable(*MACROS)
        if each.typ == calamine.SheetTypeEnum.WorkSheet and sizes.get(each.name):
            visible = each.visible == calamine.SheetVisibleEnum.Visible
            (names.visible if visible else names.hidden).append(each.name)
    return names


def _within_reach(visible: list[str], sizes: dict[str, int]) -> list[str]:
    if not visible:
        raise unreadable(
            Text("Buku kerja ini tidak berisi data.", "This workbook holds no data."),
            Text("Isi lembar kerja pertama yang tampak.", "Fill in the first visible sheet."),
        )
    near = [name for name in visible if sizes[name] <= MOST_SHEET_CELLS]
    if not near:
        raise unreadable(*TOO_FAR)
    return near


def _looked_at(opened: calamine.CalamineWorkbook, book: Book, name: str, standard: Standard) -> Sheet:
    if book.sizes()[name] > MOST_SHEET_CELLS:
        raise unreadable(*TOO_FAR)
    cells = opened.get_sheet_by_name(name)
    merged = [Merged(*top_left, *bottom_right) for top_left, bottom_right in cells.merged_cell_ranges or ()]
    head = [as_texts(record) for record in islice(records_of(cells, SheetFacts()), HEAD)]
    header = find_header(_without_empty_right(head), standard, merged)
    return Sheet(name=name, header=header, facts=SheetFacts(), merged=tuple(merged), cells=cells)


def _without_empty_right(head: list[list[str]]) -> list[list[str]]:
    width = max((n + 1 for record in head for n, cell in enumerate(record) if cell.strip()), default=0)
    return [record[:width] for record in head]
