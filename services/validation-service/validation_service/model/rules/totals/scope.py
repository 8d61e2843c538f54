"""Which rows a totals row speaks of by what it says itself: those of 2023, of women, of Kecamatan Tempeh."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import polars as pl

from validation_service.model.reading.grid import ROW
from validation_service.model.rules.columns import column
from validation_service.model.rules.totals.words import of_what
from validation_service.model.standard import Standard

Scope = tuple[str | None, ...]
"""The rows that say so in the columns of classes, in their order; None is any of them."""
MOST_DISTINCT = 0.5
"""Of the rows, in a column of a class such as a sex; those of a name are more."""
MOST_CLASSES = 4
DATED = ("date", "year")
BESIDE: tuple[Literal["backward"], Literal["forward"]] = ("backward", "forward")
"""Of a totals row, where rows of data stand: above, below."""


def classes_of(data: pl.DataFrame, standard: Standard) -> dict[str, bool]:
    """The columns that divide the rows, such as by year or sex, and whether they are dates."""
    of_places = {each.reference.name_column for each in standard.fields if each.reference}
    classes = {}
    for index, field in enumerate(standard.fields):
        name = column(index)
        if name not in data.columns or field.reference is not None or field.name in of_places:
            continue
        dated, kinds = field.name == standard.period_column or field.type in DATED, data[name].n_unique()
        if kinds > 1 and (dated or (field.type == "string" and kinds <= MOST_DISTINCT * data.height)):
            classes[name] = dated
    return dict(sorted(classes.items(), key=lambda each: not each[1])[:MOST_CLASSES])


def filled_in(scope: Scope, other: Scope) -> Scope:
    return tuple(said or too for said, too in zip(scope, other, strict=True))


def text_of(name: str) -> pl.Expr:
    """Without spaces around it; null where it is blank."""
    text = pl.col(name).str.strip_chars()
    return pl.when(text != "").then(text).alias(name)


class Sayings:
    """What the rows of data say in the columns of ``classes``, as far as a totals row may speak of it."""

    def __init__(self, data: pl.DataFrame, classes: Mapping[str, bool]) -> None:
        self.classes = classes
        self._data = data
        self._said = {name: set(data[name].unique().to_list()) for name in classes}
        # A column with gaps does not tell which rows are of what a word names.
        self._named = {
            name: {} if None in said else {value.lower(): value for value in sorted(said, reverse=True)}
            for name, said in self._said.items()
            if not classes[name]
        }

    def of_cells(self, word: str, cells: Sequence[str | None]) -> Scope:
        """Of the classes of a totals row those that rows of data are of as well."""
        cells_of = zip(self.classes, cells, strict=True)
        return tuple(cell if cell != word and cell in self._said[name] else None for name, cell in cells_of)

    def of_word(self, word: str) -> Scope:
        """What the word of a totals row names."""
        what = of_what(word)
        named = (self._named.get(name, {}) for name in self.classes)
        return tuple(next((known[each] for each in what if each in known), None) for known in named)

    def others(self, rows: Sequence[int], scopes: Sequence[Scope]) -> Iterator[list[Scope]]:
        """What else the totals in ``rows`` may speak of than ``scopes``: a cell may be a remark, and the rows
        of data beside a total may tell a date."""
        dated = tuple(self.classes.values())
        if any(dated):
            for side in BESIDE:
                beside = self._beside(rows, side)
                yield [filled_in(*each) for each in zip(_dates(scopes, dated), beside, strict=True)]
            if not all(dated):
                yield _dates(scopes, dated)
        if dated:
            yield [(None,) * len(dated) for _ in scopes]

    def _beside(self, rows: Sequence[int], side: Literal["backward", "forward"]) -> list[Scope]:
        """The dates that the rows of data next to each of ``rows`` say, passing over blanks."""
        nowhere: list[str | None] = [None] * len(rows)
        asked = pl.Series(ROW, rows, dtype=self._data[ROW].dtype).to_frame()
        told = [
            _next(asked, self._data.select(ROW, name).drop_nulls(), side) if dated else nowhere
            for name, dated in self.classes.items()
        ]
        return list(zip(*told, strict=True))


def _dates(scopes: Sequence[Scope], dated: Sequence[bool]) -> list[Scope]:
    return [
        tuple(said if is_date else None for said, is_date in zip(scope, dated, strict=True))
        for scope in scopes
    ]


def _next(rows: pl.DataFrame, known: pl.DataFrame, side: Literal["backward", "forward"]) -> list[str | None]:
    return rows.join_asof(known, on=ROW, strategy=side).to_series(1).to_list()
