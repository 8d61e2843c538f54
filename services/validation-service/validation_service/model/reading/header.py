"""Where the header is: under titles, over several rows, or nowhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from validation_service.model.reading.header_rows import (
    BETWEEN,
    MOST_NUMBERED_ROWS,
    MOST_ROWS,
    Merged,
    parts_of,
)
from validation_service.model.reading.likely_header import HEADER_WITHIN, first_full
from validation_service.model.reading.under_header import NUMBER_OR_DATE, Record, first_of_data, numbered_line
from validation_service.model.reading.wanted import Wanted, in_one_line, loose
from validation_service.model.standard import Standard


@dataclass(frozen=True, kw_only=True)
class Header:
    """Records count from 0; ``last`` is None where the columns were taken by position."""

    names: list[str]
    first: int
    last: int | None
    data_from: int
    score: int = 0
    head: tuple[Record, ...] = ()
    """All records above the data."""
    joined: tuple[tuple[int, str], ...] = ()
    """(column, all its names joined) where more than one row gave a part."""
    mended: tuple[str, ...] = ()
    """Names that were broken into lines in their cells."""

    @property
    def row(self) -> int | None:
        return None if self.last is None else self.last + 1


def find_header(records: Sequence[Record], standard: Standard, merged: Iterable[Merged] = ()) -> Header:
    """The rows under which most names of the standard are found; several only where one is not enough."""
    given = records[: HEADER_WITHIN + MOST_ROWS]
    wanted = Wanted(standard)
    records = [in_one_line(record, wanted) for record in given]
    best = _one_row(records, wanted)
    if not wanted.all_in(best.names):
        for last in range(1, min(len(records), HEADER_WITHIN)):
            most = MOST_ROWS if numbered_line(records, last) != last + 1 else MOST_NUMBERED_ROWS
            for rows in range(2, min(most, last + 1) + 1):
                other = _several_rows(records, last - rows + 1, last, tuple(merged), wanted)
                best = other if other.score > best.score else best
    found = best if best.score else _by_position(records, best, standard)
    cells = given[found.first] if given and found.first == found.last else ()
    mended = tuple(name for name, cell in zip(found.names, cells, strict=False) if name != cell)
    return replace(found, mended=mended, head=tuple(given[: found.data_from]))


def _one_row(records: Sequence[Record], wanted: Wanted) -> Header:
    scores = [wanted.score(record) for record in records[:HEADER_WITHIN]]
    best = max(scores, default=0)
    index = scores.index(best) if best else first_full(records)
    names = list(records[index]) if records else []
    return Header(names=names, first=index, last=index, data_from=first_of_data(records, index), score=best)


def _several_rows(
    records: Sequence[Record], first: int, last: int, merged: tuple[Merged, ...], wanted: Wanted
) -> Header:
    parts = parts_of(records, first, last, merged)
    shorter = [{loose(name): name for name in _shorter(each) if wanted.has(name)} for each in parts]
    times = Counter(key for each in shorter for key in each)
    names = []
    for each, known in zip(parts, shorter, strict=True):
        name = BETWEEN.join(each)
        alone = (part for key, part in known.items() if times[key] == 1)
        names.append(name if wanted.has(name) else next(alone, name))
    joined = tuple((index, BETWEEN.join(each)) for index, each in enumerate(parts) if len(each) > 1)
    return Header(
        names=[_as_the_standard(name, wanted) for name in names],
        first=first,
        last=last,
        data_from=first_of_data(records, last),
        score=wanted.score(names) if joined else 0,
        joined=joined,
    )


def _shorter(parts: Sequence[str]) -> list[str]:
    """What a column may be called as well: without what spans it, or by one of its names alone."""
    return [*(BETWEEN.join(parts[n:]) for n in range(1, len(parts))), *reversed(parts[:-1])]


def _as_the_standard(name: str, wanted: Wanted) -> str:
    """A joined name is ours, so its spaces and slashes cannot be the sender's mistake."""
    if name in wanted.exact or BETWEEN not in name:
        return name
    return next((each for each in wanted.exact if loose(each) == loose(name)), name)


def _by_position(records: Sequence[Record], header: Header, standard: Standard) -> Header:
    """No name was found: when the first row is data and as wide as the standard, there is no header."""
    first = records[header.first] if records else ()
    looks_like_data = any(NUMBER_OR_DATE.fullmatch(cell.strip()) for cell in first)
    if standard.wide or len(first) != len(standard.names) or not looks_like_data:
        return header
    return Header(names=list(standard.names), first=header.first, last=None, data_from=header.first)
