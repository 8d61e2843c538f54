"""One object of a JSON document, read key by key; what cannot be used is noted with its place."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from typing import Any, TypeVar

from muara_kernel.events.finding import Severity, Text
from validation_service.model.standard import Problem

Choice = TypeVar("Choice", bound=str)
LONGEST_TEXT = 10_000
LONGEST_LIST = 1_000
LARGEST = 1e300
NAMESPACE = "satudata:"


class Notes:
    """Reads on after a problem, so that all of them are told at once."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def add(self, place: str, id_: str, en: str, severity: Severity = "galat") -> None:
        self.problems.append(Problem(place, Text(id_, en), severity))

    @property
    def refusals(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.severity == "galat"]

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity != "galat")


class Node:
    """``value`` at ``place``; each reader answers its default where the key is absent or was refused."""

    def __init__(self, value: Mapping[str, Any], place: str, notes: Notes) -> None:
        self.value = value
        self.place = place
        self.notes = notes

    def at(self, key: str) -> str:
        return f"{self.place}['{key}']" if ":" in key else f"{self.place}.{key}"

    def refuse(self, key: str, id_: str, en: str) -> None:
        self.notes.add(self.at(key), id_, en)

    def get(self, key: str) -> Any:
        return self.value.get(key)

    def text(self, key: str) -> str | None:
        given = self.get(key)
        if given is None:
            return None
        if isinstance(given, str) and given.strip() and len(given) <= LONGEST_TEXT:
            return given
        self.refuse(
            key,
            f"Harus berupa teks yang terisi, paling panjang {LONGEST_TEXT} huruf.",
            f"Must be a text that is filled in, of at most {LONGEST_TEXT} characters.",
        )
        return None

    def flag(self, key: str, default: bool = False) -> bool:
        given = self.get(key)
        if given is not None and not isinstance(given, bool):
            self.refuse(key, "Harus true atau false.", "Must be true or false.")
        return given if isinstance(given, bool) else default

    def number(self, key: str, *, least: float = -math.inf, most: float = math.inf) -> float | None:
        given = self.get(key)
        if given is None:
            return None
        numeric = isinstance(given, int | float) and not isinstance(given, bool)
        if numeric and least <= given <= most and abs(given) < LARGEST:
            return float(given)
        self.refuse(
            key, f"Harus berupa bilangan{_range_id(least, most)}.", f"Must be a number{_range(least, most)}."
        )
        return None

    def choice(self, key: str, choices: Collection[Choice]) -> Choice | None:
        given = self.get(key)
        if given is None:
            return None
        for choice in choices:
            if given == choice:
                return choice
        known = ", ".join(choices)
        self.refuse(key, f"Tidak dikenal; pilih {known}.", f"Unknown; choose one of {known}.")
        return None

    def object(self, key: str) -> Node | None:
        given = self.get(key)
        if given is None:
            return None
        if isinstance(given, Mapping):
            return Node(given, self.at(key), self.notes)
        self.refuse(key, "Harus berupa objek.", "Must be an object.")
        return None

    def items(self, key: str, most: int = LONGEST_LIST) -> Iterator[tuple[str, Any]]:
        """The members of a list, each with its place."""
        given = self.get(key)
        if given is None:
            return
        if not isinstance(given, list) or len(given) > most:
            self.refuse(
                key,
                f"Harus berupa daftar, paling banyak {most} butir.",
                f"Must be a list of at most {most} members.",
            )
            return
        for index, each in enumerate(given):
            yield f"{self.at(key)}[{index}]", each

    def objects(self, key: str) -> Iterator[Node]:
        for place, each in self.items(key):
            if isinstance(each, Mapping):
                yield Node(each, place, self.notes)
            else:
                self.notes.add(place, "Harus berupa objek.", "Must be an object.")

    def only(self, known: Collection[str], *, namespaced: bool = False) -> None:
        """Refuses what would have no effect; with ``namespaced`` only among the keys of Muara's own."""
        for key in self.value:
            if key in known or (namespaced and not str(key).startswith(NAMESPACE)):
                continue
            listed = ", ".join(known)
            self.refuse(
                str(key), f"Kunci tidak dikenal; yang ada {listed}.", f"Unknown key; there are {listed}."
            )


def _range_id(least: float, most: float) -> str:
    if math.isfinite(least) and math.isfinite(most):
        return f" {least:g} sampai {most:g}"
    return f" mulai dari {least:g}" if math.isfinite(least) else ""


def _range(least: float, most: float) -> str:
    if math.isfinite(least) and math.isfinite(most):
        return f" from {least:g} to {most:g}"
    return f" from {least:g}" if math.isfinite(least) else ""
