"""What was guessed and what a person has to fill in, place by place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from muara_kernel.events.finding import Text
from validation_service.model.document.dataset_keys import FILL_IN

TOLERANCE = 0.05
"""Of the values of a column; so many odd ones do not change what the column is."""
ONE_ODD_FROM = 10
"""From so many values on a single odd one is tolerated, though it is more than the share."""
SHOWN = 3


@dataclass(frozen=True)
class Note:
    """``share`` is the part of the values that support the guess; ``fill_in`` asks for an answer."""

    place: str
    text: Text
    share: float | None = None
    fill_in: bool = False

    def told(self) -> dict[str, Any]:
        return {
            "place": self.place,
            "id": self.text.id,
            "en": self.text.en,
            "share": self.share,
            "fill_in": self.fill_in,
        }


class Notes:
    def __init__(self) -> None:
        self.all: list[Note] = []

    def guess(self, place: str, id_: str, en: str, share: float | None = None) -> None:
        rounded = None if share is None else round(share, 4)
        self.all.append(Note(place, Text(id_, en), rounded))

    def ask(self, place: str, id_: str, en: str) -> str:
        """The text that stands there until a person has answered; the parser refuses it."""
        self.all.append(Note(place, Text(id_, en), fill_in=True))
        return f"{FILL_IN} {id_}"


def tolerable(odd: int, of: int) -> bool:
    return odd <= max(TOLERANCE * of, 1 if of >= ONE_ODD_FROM else 0)


def percent(share: float) -> str:
    """Never 100 where something is missing."""
    shown = f"{100 * share:.1f}"
    return "99.9" if shown == "100.0" and share < 1 else shown.removesuffix(".0")


def listed(texts: list[str]) -> str:
    shown = ", ".join(f'"{text[:40]}"' for text in texts[:SHOWN])
    return f"{shown}, …" if len(texts) > SHOWN else shown
