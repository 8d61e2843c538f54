"""Whether the totals rows of a table stand below their groups or above them."""

from __future__ import annotations

from collections.abc import Sequence

from validation_service.model.rules.totals.claim import Claim
from validation_service.model.rules.totals.sums import SIDES, WIDE, Side

ENOUGH = 0.5
"""Of the sums that are known, so many agree on the side where the groups are."""


def side_of(claims: Sequence[Claim]) -> Side | None:
    """The side on which more of the sums agree, if it is half of them or no other is possible; where none
    does, the only side on which every totals row has a group. None where that does not tell."""
    voters = [each for each in claims if _has_a_vote(each)]
    placed = _by_place(voters)
    agreed, known = (
        {side: sum(count(each, side) for each in voters) for side in SIDES} for count in (_agree, _known)
    )
    if agreed["before"] == agreed["after"]:
        # Above its group is where a total rarely stands: some sum has to show it.
        return placed if placed == "before" or agreed["after"] else None
    best = max(SIDES, key=lambda side: agreed[side])
    enough = ENOUGH * known[best]
    sure = agreed[best] > enough or (agreed[best] == enough and placed is None)
    return best if sure or placed == best else None


def _has_a_vote(claim: Claim) -> bool:
    """Those that are over all rows, or over rows that they name, say nothing of sides."""
    return claim.total.kind != "code" and not claim.total.by_name and not _is_grand_total(claim)


def _is_grand_total(claim: Claim) -> bool:
    if claim.total.kind != "all":
        return False
    off = claim.off("all")
    return off.count(False) >= max(1, off.count(True))


def _by_place(voters: Sequence[Claim]) -> Side | None:
    placed = [each for each in voters if each.total.kind == "group"] or voters
    fine = [side for side in SIDES if placed and all(each.sum(side) is not None for each in placed)]
    return fine[0] if len(fine) == 1 else None


def _agree(voter: Claim, side: Side) -> int:
    """How many of its numbers."""
    off = voter.off(side)
    if voter.total.kind == "group":
        return off.count(False)
    passing_over = voter.off(WIDE[side])
    return sum(False in either for either in zip(off, passing_over, strict=True))


def _known(voter: Claim, side: Side) -> int:
    found = voter.sum(side)
    return 0 if found is None else sum(each is not None for each in found.numbers)
