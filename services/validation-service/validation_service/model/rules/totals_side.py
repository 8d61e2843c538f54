"""Whether the totals rows of a table stand below their groups or above them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from validation_service.model.rules.totals_scope import BY_NAME
from validation_service.model.rules.totals_sums import ROWS, SIDES, Side, agrees, differs, has, wide
from validation_service.model.rules.totals_words import KIND

MOST = 0.5


def side_of(summed: pl.DataFrame, names: Sequence[str]) -> Side | None:
    """The side on which more of the sums agree, if it is half of them or no other is possible; where none
    does, the only side on which every totals row has a group. None where that does not tell."""
    voters = summed.filter(pl.col(KIND).is_in(["all", "group"]), ~_is_grand_total(names), ~pl.col(BY_NAME))
    placed = _by_place(voters)
    agreed, known = ({side: _count(voters, names, side, test) for side in SIDES} for test in (_agrees, _has))
    if agreed["before"] == agreed["after"]:
        # Above its group is where a total rarely stands: some sum has to show it.
        return placed if placed == "before" or agreed["after"] else None
    best = max(SIDES, key=lambda side: agreed[side])
    enough = MOST * known[best]
    sure = agreed[best] > enough or (agreed[best] == enough and placed is None)
    return best if sure or placed == best else None


def _by_place(voters: pl.DataFrame) -> Side | None:
    groups = voters.filter(pl.col(KIND) == "group")
    rows = groups if groups.height else voters
    fine = [side for side in SIDES if rows.height and not rows[f"{ROWS} {side}"].null_count()]
    return fine[0] if len(fine) == 1 else None


def _count(
    voters: pl.DataFrame, names: Sequence[str], side: Side, test: Callable[[str, Side], pl.Expr]
) -> int:
    return int(voters.select(pl.sum_horizontal(test(name, side) for name in names).sum()).item())


def _agrees(name: str, side: Side) -> pl.Expr:
    passing_over = (pl.col(KIND) == "all") & agrees(name, wide(side))
    return (agrees(name, side) | passing_over).cast(pl.Int64)


def _has(name: str, side: Side) -> pl.Expr:
    return has(name, side).cast(pl.Int64)


def _is_grand_total(names: Sequence[str]) -> pl.Expr:
    fits, fails = (
        pl.sum_horizontal(test(name, "all").cast(pl.Int64) for name in names) for test in (agrees, differs)
    )
    return (pl.col(KIND) == "all") & (fits > 0) & (fits >= fails)
