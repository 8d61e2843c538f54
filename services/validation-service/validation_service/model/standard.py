"""Standar Data of a dataset: what its columns are and what may stand in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from muara_kernel.events.finding import Text

FieldType = Literal["string", "integer", "number", "boolean", "date", "year"]
Bound = int | float | date


@dataclass(frozen=True)
class Problem:
    """One place where a document is not acceptable; ``place`` is a JSON path like ``$.fields[2].type``."""

    place: str
    text: Text


class BadStandard(ValueError):
    """The document is no standard; every place that is wrong is named."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{problem.place}: {problem.text.en}" for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class CodeReference:
    """The values of a column are codes of ``codelist``; the names beside them stand in ``name_column``."""

    codelist: str
    level: str | None = None
    name_column: str | None = None


@dataclass(frozen=True, kw_only=True)
class Field:
    """One column, matched by its exact name."""

    name: str
    title: str = ""
    type: FieldType = "string"
    required: bool = False
    unique: bool = False
    minimum: Bound | None = None
    maximum: Bound | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    enum: tuple[str, ...] | None = None
    decimal: str = "."
    group: str = ""
    date_format: str = "%Y-%m-%d"
    true_values: tuple[str, ...] = ("true", "True", "TRUE", "1")
    false_values: tuple[str, ...] = ("false", "False", "FALSE", "0")
    reference: CodeReference | None = None


@dataclass(frozen=True, kw_only=True)
class Standard:
    """A Table Schema with the five parts of Standar Data. Columns of the primary key must be filled in."""

    konsep: str
    definisi: str
    klasifikasi: str
    ukuran: str
    satuan: str
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...] = ()
    unique_keys: tuple[tuple[str, ...], ...] = ()
    missing_values: tuple[str, ...] = ("",)

    @staticmethod
    def parse(document: Mapping[str, Any]) -> Standard:
        """Raises BadStandard, naming everything that is wrong."""
        from validation_service.model.standard_document import read_standard

        return read_standard(document)

    @property
    def codelists(self) -> tuple[str, ...]:
        """The ids of the code lists that a check needs."""
        return tuple(dict.fromkeys(f.reference.codelist for f in self.fields if f.reference))

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields)

    def position(self, name: str) -> int:
        return self.names.index(name)
