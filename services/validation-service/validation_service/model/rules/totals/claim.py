"""What a totals row ought to be the sum of, and for which measures it is."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from validation_service.model.rules.sums import is_off
from validation_service.model.rules.totals.blocks import Sum, TotalsRow
from validation_service.model.rules.totals.scope import Scope
from validation_service.model.rules.totals.sums import SIDES, WIDE, Reading, Side, Sums

SIGMAS = 6
OF_SUM = 1e-3


class Claim:
    """That ``total`` is over rows within ``scope``. Measures are told by their place among all."""

    __slots__ = ("_scope", "_sums", "total")

    def __init__(self, total: TotalsRow, scope: Scope, sums: Sums) -> None:
        self.total = total
        self._scope, self._sums = scope, sums

    def within(self, scope: Scope) -> Claim:
        """Of the same row in another scope."""
        return Claim(self.total, scope, self._sums)

    @property
    def over_all(self) -> bool:
        """Its word names them, or all rows are on one side of it."""
        return self.total.by_name or (self.total.kind == "all" and self._is_at_edge())

    @property
    def is_open(self) -> bool:
        """The side on which its group stands tells over which rows it is."""
        return self.total.kind != "code" and not self.over_all

    def wrong(self, side: Side | None) -> set[int]:
        """The measures that differ from what they ought to be, and fit nothing else."""
        due, _ = self.readings(side)
        differing = {n for each in due for n, off in enumerate(self.off(each)) if off}
        return differing - self.fitting(side) if differing else differing

    def fitting(self, side: Side | None) -> set[int]:
        due, also = self.readings(side)
        return {n for each in (*due, *also) for n, off in enumerate(self.off(each)) if off is False}

    def readings(self, side: Side | None) -> tuple[Sequence[Reading], Sequence[Reading]]:
        """What its sum ought to be (on either side where that is open), and what will do."""
        sides = SIDES if side is None else (side,)
        beyond = [WIDE[each] for each in sides]
        if self.total.kind == "code":
            return ["code"], []
        if self.total.by_name:
            return ["all"], [*SIDES, *WIDE.values()]
        if self.total.kind == "group":
            return sides, []
        if self.over_all:
            return ["all"], [*sides, *beyond]
        return sides if side is None else beyond, [*sides, *beyond, "all"]

    def sum(self, reading: Reading) -> Sum | None:
        """None where there are no such rows."""
        return self._sums.of(self.total, self._scope, reading)

    def off(self, reading: Reading) -> Sequence[bool | None]:
        """Of each measure whether its number is another than that sum; None where either is unknown."""
        found = self.sum(reading)
        if found is None:
            return [None] * len(self.total.numbers)
        each = zip(self.total.numbers, found.numbers, found.fractions, self._sums.halves, strict=True)
        return [_is_off(*of_measure) for of_measure in each]

    def _is_at_edge(self) -> bool:
        within = self.sum("all")
        return within is not None and not within.first < self.total.row < within.last


def _is_off(number: float | None, sum_: float | None, fractions: int, half: float) -> bool | None:
    if number is None or sum_ is None:
        return None
    if number == sum_:
        return False
    return is_off(number, sum_, _rounding(fractions * half, half, sum_) if half else 0.0)


def _rounding(worst: float, one: float, sum_: float) -> float:
    """How far from their sum a total may be, because every number was rounded for itself.

    ``one`` is half of the last digit, ``worst`` as much for each number. Of many numbers most errors cancel
    each other out: six standard deviations of their sum are allowed, which beyond twelve numbers is less than
    the worst. Those of numbers that are alike do not, so a thousandth of the sum is allowed too.
    """
    likely = SIGMAS * sqrt(worst * one / 3)
    return min(worst, max(likely, abs(sum_) * OF_SUM))
