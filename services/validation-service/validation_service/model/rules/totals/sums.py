"""What each totals row may be the sum of: the rows before or after it, all of them, those below its code.

Rows "before" and "after" reach to the next totals row; "wide" ones pass over sub-totals, to the next row that
is called just Jumlah. All of them only within a scope: where a totals row says 2023 or Perempuan, as rows of
data do, it is over the rows that say so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, compress
from typing import Literal, NamedTuple

from validation_service.model.rules.totals.scope import Scope
from validation_service.model.rules.totals.words import Kind

Side = Literal["before", "after"]
"""Of a totals row, on which the rows of its group stand."""
Reading = Literal["before", "after", "wide before", "wide after", "all", "code"]
SIDES: tuple[Side, Side] = ("before", "after")
Axis = Literal["near", "wide", "all", "code"]
"""By what rows are summed up; "near" and "wide" count the ends before them."""
Place = int | str | None
Key = tuple[Place, tuple[str | None, ...]]


@dataclass(frozen=True, slots=True)
class TotalsRow:
    """``near`` is how many totals rows before it end a group; ``numbers`` are its own, one per measure.
    ``by_name``: its word names the rows that it is over. ``place`` is that among all totals rows."""

    place: int
    row: int
    kind: Kind
    code: str | None
    near: int
    numbers: Sequence[float | None]
    scope: Scope
    by_name: bool


class Within(NamedTuple):
    """A scope: in which columns it says something, and what."""

    filled: tuple[bool, ...]
    said: tuple[str | None, ...]


class Sum(NamedTuple):
    """Over rows of data, of which the first and the last are told: for each measure the sum, None where a
    number is unknown, and how many of the numbers have digits after their decimal sign."""

    first: int
    last: int
    numbers: Sequence[float | None]
    fractions: Sequence[int]


class Block(NamedTuple):
    """Rows of data with the same totals rows before them, that say the same of whatever a totals row may
    speak of; ``codes`` are those of totals rows that they are below."""

    near: int
    scope: Scope
    codes: Sequence[str | None]
    sum: Sum


def wide(side: Side) -> Reading:
    return "wide before" if side == "before" else "wide after"


class Sums:
    """Over blocks of data, each found when it is first asked for. ``ends`` are the kinds of the totals rows
    that end a group, ``halves`` half of the last digit to which each measure is written, 0 if it is whole."""

    def __init__(self, blocks: Sequence[Block], ends: Iterable[Kind], halves: Sequence[float]) -> None:
        self.halves = halves
        self._blocks = blocks
        self._wide = list(accumulate((kind == "all" for kind in ends), initial=0))
        self._within: dict[Scope, Within] = {}
        self._found: dict[tuple[Axis, tuple[bool, ...]], dict[Key, Sum]] = {}

    def within(self, scope: Scope) -> Within:
        """Kept, since many totals rows say the same."""
        within = self._within.get(scope)
        if within is None:
            filled = tuple(said is not None for said in scope)
            within = self._within[scope] = Within(filled, tuple(compress(scope, filled)))
        return within

    def of(self, total: TotalsRow, within: Within, reading: Reading) -> Sum | None:
        """None where there are no such rows."""
        axis, place = self._place(total, reading)
        found = self._found.get((axis, within.filled))
        if found is None:
            found = self._found[axis, within.filled] = self._summed(axis, within.filled)
        return found.get((place, within.said))

    def _place(self, total: TotalsRow, reading: Reading) -> tuple[Axis, Place]:
        if reading == "code":
            return "code", total.code
        if reading == "all":
            return "all", None
        after = reading.endswith("after")
        if reading in SIDES:
            return "near", total.near + after
        return "wide", self._wide[total.near] + after

    def _summed(self, axis: Axis, filled: Sequence[bool]) -> dict[Key, Sum]:
        parts: dict[Key, list[Sum]] = defaultdict(list)
        for block in self._blocks:
            scope = tuple(compress(block.scope, filled))
            if None not in scope:
                for place in self._places(block, axis):
                    parts[place, scope].append(block.sum)
        return {key: _together(each) for key, each in parts.items()}

    def _places(self, block: Block, axis: Axis) -> Sequence[Place]:
        if axis == "code":
            return block.codes
        return (block.near if axis == "near" else self._wide[block.near] if axis == "wide" else None,)


def _together(parts: Sequence[Sum]) -> Sum:
    if len(parts) == 1:
        return parts[0]
    firsts, lasts, numbers, fractions = zip(*parts, strict=True)
    return Sum(
        first=min(firsts),
        last=max(lasts),
        numbers=[None if None in each else sum(each) for each in zip(*numbers, strict=True)],
        fractions=[sum(each) for each in zip(*fractions, strict=True)],
    )
