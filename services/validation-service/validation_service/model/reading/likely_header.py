"""Which of the first records is the header, by its look and by how many names of the standard are in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

HEADER_WITHIN = 20
LEAST_ALIKE = 2
"""So many records of one width are a table."""


def header_at(records: Sequence[Sequence[str]], names: Iterable[str]) -> tuple[int, int]:
    """Which of the records is the header, and how many of the names stand in it.

    The one with most names of the standard, upper and lower case and spaces aside; without any, the first
    that is as wide as a table.
    """
    wanted = {_loose(name) for name in names}
    scores = [len(wanted & {_loose(cell) for cell in record}) for record in records[:HEADER_WITHIN]]
    best = max(scores, default=0)
    if best:
        return scores.index(best), best
    return first_full(records), 0


def first_full(records: Sequence[Sequence[str]]) -> int:
    """The first record with at least half as many filled cells as any: a title fills one, or, with commas in
    it, more than the table."""
    filled = [sum(bool(cell.strip()) for cell in record) for record in records[:HEADER_WITHIN]]
    enough = max(max(filled, default=0) / 2, 1)
    first = next((index for index, count in enumerate(filled) if count >= enough), 0)
    return _below_a_cut_title(records[:HEADER_WITHIN], first)


def _below_a_cut_title(records: Sequence[Sequence[str]], first: int) -> int:
    """The first record that is as wide as all below it, where it alone is without figures."""
    widths = [len(record) for record in records[first:]]
    if len(set(widths)) < 2 or len(set(widths[-LEAST_ALIKE:])) > 1 or len(widths) <= LEAST_ALIKE:
        return first
    index = first + widths.index(widths[-1])
    is_even = len(set(widths[index - first :])) == 1
    figures = [any(map(_is_figure, record)) for record in records[index:]]
    return index if is_even and not figures[0] and all(figures[1:]) else first


def _is_figure(cell: str) -> bool:
    return cell.strip()[:1].isdigit()


def _loose(name: str) -> str:
    return name.strip().casefold()
