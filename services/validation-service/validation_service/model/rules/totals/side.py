"""Whether the totals rows of a table stand below their groups or above them."""

from __future__ import annotations

from collections.abc import Sequence

from validation_service.model.rules.totals.claim import Claim
from validation_service.model.rules.totals.sums import SIDES, Side, wide

MOST = 0.5


def side_of(claims: Sequence[Claim]) -> Side | None:
    """The side on which more of the sums agree, if it is half of them or no other is possible; where none
    does, the only side on which every totals row has a group. None where that does not tell."""
    voters = [
        each
        for each in claims
        if each.total.kind != "code" and not each.total.by_name and not _is_grand_total(each)
    ]
    placed = _by_place(voters)
    agreed, known = (
        {side: sum(test(each, side) for each in voters) for side in SIDES} for test in (_agree, _known)
    )
    if agreed["before"] == agreed["after"]:
        # Above its group is where a total rarely stands: some sum has to show it.
        return placed if placed == "before" or agreed["after"] else None
    best = max(SIDES, key=lambda side: agreed[side])
    enough = MOST * known[best]
    sure = agreed[best] > enough or (agreed[best] == enough and placed is None)
    return best if sure or placed == best else None


def _by_place(voters: Sequence[Claim]) -> Side | None:
    placed = [each for each in voters if each.total.kind == "group"] or voters
    fine = [side for side in SIDES if placed and all(each.has_rows(side) for each in placed)]
    return fine[0] if len(fine) == 1 else None


def _agree(voter: Claim, side: Side) -> int:
    """How many of its numbers."""
    off = voter.off(side)
    if voter.total.kind == "group":
        return sum(each is False for each in off)
    passing_over = voter.off(wide(side))
    return sum(False in either for either in zip(off, passing_over, strict=True))


def _known(voter: Claim, side: Side) -> int:
    return sum(each is not None for each in voter.sums(side))


def _is_grand_total(claim: Claim) -> bool:
    if claim.total.kind != "all":
        return False
    off = claim.off("all")
    return sum(each is False for each in off) >= max(1, sum(each is True for each in off))
