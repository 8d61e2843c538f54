"""Every OPD its own lane: who goes on next, so that no OPD can stand in front of another.

Pure arithmetic over what the lanes look like now; ``jobs`` carries it out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass


@dataclass(frozen=True)
class Candidate:
    """A submission that waits."""

    submission: str
    dataset: str
    sequence: int


@dataclass(frozen=True)
class Release:
    """``submission`` may go on, in this slot of its OPD."""

    submission: str
    opd: str
    slot: int


def next_releases(
    waiting: Mapping[str, Sequence[Candidate]],
    taken: Mapping[str, Set[int]],
    sending: Set[str],
    *,
    width: int,
    total: int,
    after: str = "",
) -> list[Release]:
    """Go round the OPD, one of each at a time, as far as slots go.

    ``waiting`` in the order of each OPD's lane; ``taken`` the slots in use; ``sending`` the datasets of
    which one is being published just now, the next of which must wait; ``width`` the slots of an OPD and
    ``total`` those of all. The round goes on with the OPD that follows ``after``, the last one served,
    so that nobody is passed over where there is one slot at a time.
    """
    queues = {opd: list(lane) for opd, lane in waiting.items() if lane}
    free = {opd: _free_slots(taken.get(opd, set()), width) for opd in queues}
    left = total - sum(len(slots) for slots in taken.values())
    busy = set(sending)
    order = sorted(queues, key=lambda opd: (opd <= after, opd))
    releases: list[Release] = []
    moved = True
    while moved and left > 0:
        moved = False
        for opd in order:
            candidate = _first_free(queues[opd], busy) if free[opd] and left > 0 else None
            if candidate:
                queues[opd].remove(candidate)
                busy.add(candidate.dataset)
                releases.append(Release(candidate.submission, opd, free[opd].pop(0)))
                left -= 1
                moved = True
    return releases


def _free_slots(taken: Set[int], width: int) -> list[int]:
    """Where W was made smaller, slots beyond it are in use for a while and count like all others."""
    return [slot for slot in range(width) if slot not in taken][: max(0, width - len(taken))]


def _first_free(lane: Sequence[Candidate], busy: Set[str]) -> Candidate | None:
    """The first whose dataset is not being published; of one dataset always the lowest sequence."""
    candidate = next((each for each in lane if each.dataset not in busy), None)
    if candidate is None:
        return None
    return min((each for each in lane if each.dataset == candidate.dataset), key=lambda each: each.sequence)
