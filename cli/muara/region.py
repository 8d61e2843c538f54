"""A region as a directory: OPD, datasets, standards, code lists, and submissions with their outcomes."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Example:
    """One submission of the examples, and what is to become of it."""

    number: str
    opd: str
    dataset: str
    period: str
    file: Path
    media_type: str
    repairs: str
    bidang_urusan: str
    decision: str
    reason: str


@dataclass(frozen=True)
class Expected:
    """``rules`` in order, joined by ``;`` as they are written in expected.csv."""

    outcome: str
    version: str
    rows: str
    rules: str


@dataclass(frozen=True)
class Region:
    """What the directory holds, as the bodies that are PUT."""

    directory: Path
    code: str
    name: str

    @classmethod
    def read(cls, directory: Path) -> Region:
        told = _json(directory / "region.json")
        return cls(directory, told["kode_pemda"], told["name"])

    def opd(self) -> dict[str, Any]:
        return self._bodies("opd")

    def datasets(self) -> dict[str, Any]:
        return {f"{self.code}/{slug}": body for slug, body in self._bodies("datasets").items()}

    def standards(self) -> dict[str, Any]:
        return {f"{self.code}/{slug}": body for slug, body in self._bodies("standards").items()}

    def codelists(self) -> dict[str, Any]:
        lists = self._bodies("codelists")
        for id, body in lists.items():
            with (self.directory / "codelists" / f"{id}.csv").open(newline="", encoding="utf-8") as file:
                body["entries"] = [{k: v for k, v in row.items() if v} for row in csv.DictReader(file)]
        return lists

    def examples(self) -> list[Example]:
        folder = self.directory / "submissions"
        return [
            Example(**{**row, "file": folder / row["file"], "dataset": self._full(row["dataset"])})
            for row in _rows(folder / "submissions.csv")
        ]

    def expected(self) -> dict[str, Expected]:
        rows = _rows(self.directory / "expected.csv")
        return {
            row["number"]: Expected(row["outcome"], row["version"], row["rows"], row["rules"]) for row in rows
        }

    def _full(self, dataset: str) -> str:
        return dataset if "/" in dataset else f"{self.code}/{dataset}"

    def _bodies(self, kind: str) -> dict[str, Any]:
        return {path.stem: _json(path) for path in sorted((self.directory / kind).glob("*.json"))}


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
