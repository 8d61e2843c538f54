"""What is wrong with a document, place by place."""

from __future__ import annotations

from dataclasses import dataclass

from muara_kernel.events.finding import Severity, Text


@dataclass(frozen=True)
class Problem:
    """One place where a document is not as it should be; ``place`` is a JSON path like ``$.fields[2].type``.

    Only a galat is a reason to refuse the document.
    """

    place: str
    text: Text
    severity: Severity = "galat"


class Refused(ValueError):
    """What was written cannot be taken; every place that is wrong is named."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{problem.place}: {problem.text.en}" for problem in problems))
        self.problems = problems


class BadStandard(Refused):
    """The document is no standard."""


class BadCodelist(Refused):
    """This is no code list, or none that can be adopted now; at most 100 places are named."""
