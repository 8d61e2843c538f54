"""Standar Data of a dataset: what its columns are and what may stand in them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as detail
from datetime import date
from functools import cached_property
from typing import Any, Literal

from muara_kernel.events.finding import Severity
from validation_service.model.problem import BadStandard as BadStandard
from validation_service.model.problem import Problem as Problem

FieldType = Literal["string", "integer", "number", "boolean", "date", "year"]
TotalsRows = Literal["tolak", "periksa"]
Bound = int | float | date


@dataclass(frozen=True)
class CodeReference:
    """The values of a column are codes of ``codelist``; the names beside them stand in ``name_column``.

    ``complete``: every code of the level and region must occur.
    """

    codelist: str
    level: str | None = None
    name_column: str | None = None
    complete: bool = False


@dataclass(frozen=True, kw_only=True)
class Change:
    """What may change from one period to the next, in percent of the earlier value; None is no limit."""

    most_rise: float | None = None
    most_fall: float | None = None
    may_stay: bool = True


@dataclass(frozen=True)
class Sum:
    """In every row the field ``total`` is the sum of ``parts``, give or take ``tolerance``."""

    total: str
    parts: tuple[str, ...]
    tolerance: float = 0.0


@dataclass(frozen=True)
class GroupSum:
    """Where rows agree in ``per``, their ``field`` adds up to ``equals``, give or take ``tolerance``."""

    field: str
    per: tuple[str, ...]
    equals: float
    tolerance: float = 0.0


@dataclass(frozen=True)
class TableRule:
    """An aturan validasi: ``text`` in the language of expressions, and what is said where it is broken.

    ``source`` is the JSON path of the place where it was written.
    """

    text: str
    source: str
    message: str = ""
    severity: Severity = "galat"


@dataclass(frozen=True)
class Wide:
    """Columns whose whole name matches ``pattern`` are ``value_field``, the first group ``name_field``."""

    pattern: str
    name_field: str
    value_field: str


@dataclass(frozen=True)
class WideColumn:
    """A column of a wide table, named as the sender did, and the value that its name gives."""

    name: str
    value: str


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
    konsep: str = ""
    definisi: str = ""
    klasifikasi: str = ""
    ukuran: str = ""
    satuan: str = ""
    change: Change | None = None
    consecutive: bool = False
    """Whole numbers that follow each other without a gap."""
    may_be_unavailable: bool = False
    """Though required, a labelled missing value is an answer."""
    ms_var: Mapping[str, Any] | None = detail(default=None, hash=False)
    """MS-Var as it was written; model/metadata/documents.py judges it."""


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
    missing_labels: tuple[tuple[str, str], ...] = ()
    """(value, label) of the missing values that say why there is no data."""
    kode_sdsn: str = ""
    level: str | None = None
    frequency: str | None = None
    period_column: str | None = None
    sums: tuple[Sum, ...] = ()
    group_sums: tuple[GroupSum, ...] = ()
    totals_rows: TotalsRows = "tolak"
    rules: tuple[TableRule, ...] = ()
    wide: Wide | None = None
    due_days: int | None = None
    """Days after the end of a period within which its data is due."""
    sheet: str | None = None
    encoding: str | None = None
    ms_ind: Mapping[str, Any] | None = detail(default=None, hash=False)
    ms_keg: Mapping[str, Any] | None = detail(default=None, hash=False)
    warnings: tuple[Problem, ...] = detail(default=(), compare=False)
    """What whoever wrote the standard should look at, though it is accepted."""
    wide_columns: tuple[WideColumn, ...] = ()
    """Of a standard expanded for a file: the columns that stand for ``wide.value_field``, in their order."""
    wide_name: Field | None = None
    """Of a standard expanded for a file: the field of which the names of those columns give the values."""

    @staticmethod
    def parse(document: Mapping[str, Any], *, places: Collection[str] = ()) -> Standard:
        """Raises BadStandard, naming all that is wrong; ``places`` are names that no konsep may hold."""
        from validation_service.model.document.standard import read_standard

        return read_standard(document, places)

    def for_header(self, header: Sequence[str]) -> Standard:
        """The standard of a file with this header: in a wide table the value stands once per matched column.

        A header without any such column leaves the standard as it is.
        """
        from validation_service.model.wide import expanded

        return expanded(self, header)

    @property
    def codelists(self) -> tuple[str, ...]:
        """The ids of the code lists that a check needs."""
        return tuple(dict.fromkeys(f.reference.codelist for f in self.fields if f.reference))

    def field_of(self, column: str) -> Field | None:
        """The field that a column of this name belongs to, by its name or as one of a wide table."""
        at_once = next((field for field in self.fields if field.name == column), None)
        if at_once is not None or self.wide is None:
            return at_once
        expanded = self.for_header([column])
        return expanded.fields[expanded.position(column)] if column in expanded.names else None

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields)

    def position(self, name: str) -> int:
        return self.names.index(name)

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        """Whatever is remembered for a standard is looked up by it, many times in each check."""
        own = (self.konsep, self.fields, self.primary_key, self.missing_values, self.totals_rows, self.sums)
        return hash((own, self.rules, self.wide_columns, self.wide_name))
