"""What each totals row may be the sum of: the rows before or after it, all of them, those below its code.

Rows "before" and "after" reach to the next totals row; "wide" ones pass over sub-totals, to the next row that
is called just Jumlah. All of them only within a scope: where a totals row says 2023 or Perempuan, as rows of
data do, it is over the rows that say so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Literal

from validation_service.model.rules.totals.blocks import Block, Sum, TotalsRow
from validation_service.model.rules.totals.scope import Scope
from validation_service.model.rules.totals.words import Kind

Side = Literal["before", "after"]
"""Of a totals row, on which the rows of its group stand."""
Reading = Literal["before", "after", "wide before", "wide after", "all", "code"]
SIDES: tuple[Side, Side] = ("before", "after")
WIDE: dict[Side, Reading] = {"before": "wide before", "after": "wide after"}
Axis = Literal["near", "wide", "all", "code"]
"""By what rows are summed up; "near" and "wide" count the ends before them."""
Place = int | str | None
Filled = tuple[bool, ...]


class Sums:
    """Over blocks of data, each found when it is first asked for. ``ends`` are the kinds of the totals rows
    that end a group, ``halves`` half of the last digit to which each measure is written, 0 if it is whole."""

    def __init__(self, blocks: Sequence[Block], ends: Iterable[Kind], halves: Sequence[float]) -> None:
        self.halves = halves
        self._blocks = blocks
        self._wide = list(accumulate((kind == "all" for kind in ends), initial=0))
        self._found: dict[tuple[Axis, Filled], dict[tuple[Place, Scope], Sum]] = {}

    def of(self, total: TotalsRow, scope: Scope, reading: Reading) -> Sum | None:
        """None where there are no such rows."""
        axis, place = self._place(total, reading)
        filled = _filled(scope)
        found = self._found.get((axis, filled))
        if found is None:
            found = self._found[axis, filled] = self._summed(axis, filled)
        return found.get((place, scope))

    def _place(self, total: TotalsRow, reading: Reading) -> tuple[Axis, Place]:
        match reading:
            case "code":
                return "code", total.code
            case "all":
                return "all", None
            case "before" | "after":
                return "near", total.near + (reading == "after")
            case "wide before" | "wide after":
                return "wide", self._wide[total.near] + (reading == "wide after")

    def _summed(self, axis: Axis, filled: Filled) -> dict[tuple[Place, Scope], Sum]:
        """Under scopes that say something in the columns that are ``filled``, and there alone."""
        parts: dict[tuple[Place, Scope], list[Sum]] = defaultdict(list)
        for block in self._blocks:
            scope = tuple(said if asked else None for said, asked in zip(block.scope, filled, strict=True))
            if _filled(scope) == filled:
                for place in self._places(block, axis):
                    parts[place, scope].append(block.sum)
        return {key: _together(each) for key, each in parts.items()}

    def _places(self, block: Block, axis: Axis) -> Sequence[Place]:
        match axis:
            case "code":
                return block.codes
            case "near":
                return (block.near,)
            case "wide":
                return (self._wide[block.near],)
            case "all":
                return (None,)


def _filled(scope: Scope) -> Filled:
    return tuple(said is not None for said in scope)


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
