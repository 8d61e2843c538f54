"""All findings of a check as a table, made a window of rows at a time so that millions need little memory."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from muara_kernel.events.finding import Finding
from validation_service.model.rules.places import ROW, SENTENCE, UNSAID, VALUE, Places

WINDOW = 50_000
TABLE = {
    ROW: pl.UInt32,
    "column": pl.String,
    "rule": pl.String,
    "severity": pl.String,
    VALUE: pl.String,
    SENTENCE: pl.String,
}
_PLACE, _TURN = "place", "turn"


class Told:
    """Rows and values of one rule and column, told one after the other; ``like`` is one of them in full."""

    def __init__(self, like: Finding, words: Mapping[str, str]) -> None:
        self.like, self.words = like, dict(words)
        self._rows = array("I")
        self._values: list[str | None] = []

    def add(self, row: int | None, value: str | None, words: Mapping[str, str]) -> None:
        self._agree(words)
        self._rows.append(row or 0)
        self._values.append(value)

    def take(self, other: Told) -> None:
        self._agree(other.words)
        self._rows.extend(other._rows)
        self._values += other._values

    def _agree(self, words: Mapping[str, str]) -> None:
        for name, word in words.items():
            if self.words.get(name) != word:
                self.words[name] = UNSAID

    def places(self, rule: str, column: str | None) -> Places:
        cells = pl.DataFrame(
            {ROW: list(self._rows), VALUE: self._values}, schema={ROW: pl.UInt32, VALUE: pl.String}
        )
        return Places(rule=rule, column=column, cells=cells, first=[self.like], given=self.words)


@dataclass(frozen=True)
class Everything:
    """``alone`` are findings told one by one, ``places`` those known by their places; none is in both."""

    alone: tuple[Finding, ...] = ()
    places: tuple[Places, ...] = ()
    columns: Sequence[str] = ()

    def __len__(self) -> int:
        return len(self.alone) + sum(places.cells.height for places in self.places)

    def rows(self) -> pl.Series:
        """The row of each finding, 0 where it is about no row, in ascending order."""
        alone = pl.Series(ROW, [finding.row or 0 for finding in self.alone], pl.UInt32)
        return pl.concat([alone, *(places.rows() for places in self.places)]).sort()

    def windows(self, most: int | None = None) -> Iterator[pl.DataFrame]:
        """Tables with the columns of TABLE, in the order of rows and of columns within a row; those about no
        row come first, as row 0. ``most`` is how many findings at most, from the start."""
        rows, start, left = self.rows(), 0, len(self) if most is None else most
        while left > 0 and (rest := rows.filter(rows >= start)).len():
            end = int(rest[min(WINDOW, rest.len()) - 1]) + 1
            window = self.between(start, end).head(left)
            yield window
            left -= window.height
            start = end

    def between(self, start: int, end: int) -> pl.DataFrame:
        """Those of the rows ``start`` <= row < ``end``."""
        parts = [self._alone(start, end)]
        for turn, places in enumerate(self.places, start=1):
            told = places.told(start, end)
            if told.height:
                parts.append(self._named(told, places, turn))
        return pl.concat(parts).sort(ROW, _PLACE, "rule", _TURN, maintain_order=True).select(*TABLE)

    def _alone(self, start: int, end: int) -> pl.DataFrame:
        records = [
            (f.row or 0, f.column, f.rule, f.severity, f.value, f.message.id, self._place(f.column), 0)
            for f in self.alone
            if start <= (f.row or 0) < end
        ]
        return pl.DataFrame(records, schema={**TABLE, _PLACE: pl.UInt32, _TURN: pl.UInt32}, orient="row")

    def _named(self, told: pl.DataFrame, places: Places, turn: int) -> pl.DataFrame:
        return told.select(
            ROW,
            pl.lit(places.column, pl.String).alias("column"),
            pl.lit(places.rule).alias("rule"),
            pl.lit(places.severity).alias("severity"),
            VALUE,
            SENTENCE,
            pl.lit(self._place(places.column), pl.UInt32).alias(_PLACE),
            pl.lit(turn, pl.UInt32).alias(_TURN),
        )

    def _place(self, column: str | None) -> int:
        try:
            return self.columns.index(column or "")
        except ValueError:
            return len(self.columns)
