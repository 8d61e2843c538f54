"""The sample as columns: read as any file is, but with the names that were found in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import polars as pl

from muara_kernel.events.finding import Text
from validation_service.model.document.fields import MOST_FIELDS
from validation_service.model.proposal.head import Head, head_of
from validation_service.model.proposal.missing import MARKS
from validation_service.model.reading.grid import ROW, Grid, unreadable
from validation_service.model.reading.read import read
from validation_service.model.rules.findings import Findings
from validation_service.model.rules.totals.aside import set_totals_aside
from validation_service.model.standard import Field, FieldType, Standard

UNSAID = Standard(konsep="", definisi="", klasifikasi="", ukuran="", satuan="", fields=())


DECIMAL_COMMA = re.compile(r"-?\d[\d.]*,\d{1,2}")
SEEN = 100
"""Different values of a column, the commonest first."""
NO_COLUMNS = Text("Contoh ini tidak berisi satu kolom pun.", "This sample has not a single column.")
GIVE_A_ROW = Text("Kirim contoh dengan sedikitnya satu baris.", "Send a sample with one row at least.")


@dataclass(frozen=True)
class Column:
    """``counts`` has text and n: each value without spaces around it, without blanks and without ``marks``,
    the texts that mean that there is no data."""

    name: str
    index: int
    rows: int
    counts: pl.DataFrame
    marks: Mapping[str, int] = field(default_factory=dict)
    padded: int = 0
    commas: bool = False
    """The file writes decimals with a comma, here or elsewhere."""

    @cached_property
    def filled(self) -> int:
        return int(self.counts["n"].sum())

    @property
    def blanks(self) -> int:
        return self.rows - self.filled - sum(self.marks.values())

    @property
    def distinct(self) -> int:
        return self.counts.height

    @cached_property
    def texts(self) -> list[str]:
        return self.counts["text"].to_list()


@dataclass
class Sample:
    """``frame`` has a text column f0, f1 … per column, stripped; blanks and marks are null in it.

    ``left_out`` are the places, from 1, of columns without a name or with one that stands there twice;
    ``beside`` is where another table begins.
    """

    grid: Grid
    head: Head
    columns: list[Column]
    frame: pl.DataFrame
    left_out: list[int]
    beside: int | None = None
    beyond: int = 0
    totals: int = 0
    raw: pl.DataFrame = field(default_factory=pl.DataFrame)

    def without_totals(self, types: Sequence[FieldType]) -> bool:
        """Sets rows of totals aside; True when there were any more. ``types`` are those of the columns."""
        names = [each.name for each in self.columns]
        fields = tuple(Field(name=name, type=each) for name, each in zip(names, types, strict=True))
        kept = set_totals_aside(self.raw, replace(UNSAID, fields=fields), Findings())
        found = self.raw.height - kept.height
        if found:
            self.totals += found
            self._take(kept, names)
        return bool(found)

    def _take(self, raw: pl.DataFrame, names: Sequence[str]) -> None:
        self.raw = raw
        columns, self.frame = _columns(raw, names)
        commas = self.grid.understood.get("delimiter") == ";" or any(map(_has_commas, columns))
        self.columns = [replace(each, commas=commas) for each in columns]


def read_sample(data: bytes, *, filename: str, media_type: str, sheet: str | None) -> Sample:
    """Raises Unreadable."""
    grid = read(data, replace(UNSAID, sheet=sheet), filename=filename, media_type=media_type)
    head = head_of(data, grid)
    if head.rows != 1:
        fields = tuple(Field(name=name) for name in dict.fromkeys(head.names) if name)
        named = replace(UNSAID, fields=fields, sheet=sheet)
        grid = read(data, named, filename=filename, media_type=media_type)
    sample = _sample(grid, head)
    if not sample.columns:
        raise unreadable(NO_COLUMNS, GIVE_A_ROW)
    return sample


def _sample(grid: Grid, head: Head) -> Sample:
    places: dict[str, int] = {}
    left_out: list[int] = []
    beside = _beside(grid)
    for index, name in enumerate(grid.header[:beside]):
        if name.strip() and name not in places:
            places[name] = index
        else:
            left_out.append(index + 1)
    names = list(places)[:MOST_FIELDS]
    raw = pl.DataFrame(
        [grid.frame[ROW], *(grid.frame[str(places[name])].alias(f"f{n}") for n, name in enumerate(names))]
    )
    sample = Sample(grid, head, [], pl.DataFrame(), left_out, beside, beyond=len(places) - len(names))
    sample._take(raw, names)
    sample.without_totals(["string"] * len(names))
    return sample


def _has_commas(column: Column) -> bool:
    texts = column.texts[:SEEN]
    return bool(texts) and all(map(DECIMAL_COMMA.fullmatch, texts))


def _beside(grid: Grid) -> int | None:
    """Behind an empty column, where names come again that stand before it, or nothing reaches as far down."""
    ends = [_end(grid.frame[str(index)]) for index in range(len(grid.header))]
    for index, name in enumerate(grid.header[:-1]):
        before, behind = set(grid.header[:index]) - {""}, grid.header[index + 1]
        if not name.strip() and not ends[index] and before and behind.strip():
            return index if behind in before or max(ends[index:]) < max(ends[:index]) else None
    return None


def _end(cells: pl.Series) -> int:
    """How far down a column is filled."""
    filled = cells.is_not_null().arg_true()
    return int(filled[-1]) + 1 if len(filled) else 0


def _columns(raw: pl.DataFrame, names: Sequence[str]) -> tuple[list[Column], pl.DataFrame]:
    columns, kept = [], []
    for index, name in enumerate(names):
        given = raw[f"f{index}"]
        stripped = given.str.strip_chars().replace("", None)
        padded = int((given != stripped).sum() or 0)
        counts = stripped.drop_nulls().value_counts().rename({f"f{index}": "text", "count": "n"})
        counts = counts.sort("n", "text", descending=[True, False])
        marked = counts.filter(pl.col("text").is_in(list(MARKS)))
        marks = dict(marked.iter_rows())
        if marks and len(marks) < counts.height:
            stripped = stripped.replace(list(marks), [None] * len(marks))
            counts = counts.filter(~pl.col("text").is_in(list(marks)))
        else:  # a column of nothing else says something with them
            marks = {}
        columns.append(Column(name, index, raw.height, counts, marks, padded))
        kept.append(stripped)
    return columns, pl.DataFrame(kept)
