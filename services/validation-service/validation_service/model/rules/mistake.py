"""What is said of a cell that is wrong in a usual way."""

from __future__ import annotations

from dataclasses import dataclass

from muara_kernel.events.finding import Text


@dataclass(frozen=True)
class Mistake:
    """``hint`` says how to repair it, in place of the rule's; ``words`` stand in the rule's sentence."""

    hint: Text
    words: tuple[tuple[str, Text | str], ...] = ()
