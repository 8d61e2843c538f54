"""Every place where a rule is broken, kept compactly; the sentence is made when it is read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from string import Formatter

import polars as pl

from muara_kernel.events.finding import Finding, Severity
from validation_service.model.rules.catalogue import LONGEST_VALUE, cut
from validation_service.model.rules.table import RULES

ROW = "#"
VALUE = "value"
SENTENCE = "sentence"
UNSAID = "…"


@dataclass(frozen=True, kw_only=True)
class Places:
    """All places of one rule in one column. ``cells`` has ROW, VALUE and perhaps words of the sentence that
    differ from row to row; ``first`` are those of the places that were told in full, at least one.
    """

    rule: str
    column: str | None
    cells: pl.DataFrame
    first: Sequence[Finding]
    given: Mapping[str, str] | None = None

    @property
    def severity(self) -> Severity:
        return self.first[0].severity

    @cached_property
    def words(self) -> Mapping[str, str]:
        """The words of the sentence that are the same in all rows."""
        return (
            self.given if self.given is not None else words_of(self.rule, self.first, set(self.cells.columns))
        )

    def rows(self) -> pl.Series:
        return self.cells[ROW].cast(pl.UInt32).fill_null(0)

    def told(self, start: int, end: int) -> pl.DataFrame:
        """ROW, VALUE cut as in a report, SENTENCE in Bahasa Indonesia, of ``start`` <= row < ``end``."""
        row = pl.col(ROW).cast(pl.UInt32).fill_null(0)
        cells = self.cells.filter(row >= start, row < end).with_columns(row, cut_value())
        told = cells.select(ROW, VALUE, self._sentence(set(cells.columns)).alias(SENTENCE))
        if UNSAID not in self.words.values():
            return told
        known = {finding.row or 0: finding.message.id for finding in self.first}
        exact = pl.DataFrame(
            {ROW: list(known), "exact": list(known.values())}, schema_overrides={ROW: pl.UInt32}
        )
        told = told.join(exact, on=ROW, how="left", maintain_order="left")
        return told.select(ROW, VALUE, pl.coalesce("exact", SENTENCE).alias(SENTENCE))

    def _sentence(self, columns: set[str]) -> pl.Expr:
        known = {"column": cut(self.column or ""), **self.words}
        parts: list[pl.Expr] = []
        for text, name, _, _ in Formatter().parse(RULES[self.rule].message.id):
            parts.append(pl.lit(text))
            if name == "row":
                parts.append(pl.col(ROW).cast(pl.String))
            elif name in columns:
                parts.append(pl.col(str(name)).cast(pl.String).fill_null(""))
            elif name is not None:
                parts.append(pl.lit(known.get(name, UNSAID)))
        if len(parts) == 2 and UNSAID in known.values():
            return pl.lit(f"Lihat temuan {self.rule} yang pertama pada laporan.")
        return pl.concat_str(parts)


def cut_value() -> pl.Expr:
    value = pl.col(VALUE).cast(pl.String)
    short = pl.concat_str(value.str.slice(0, LONGEST_VALUE - 1), pl.lit(UNSAID))
    return pl.when(value.str.len_chars() <= LONGEST_VALUE).then(value).when(value.is_not_null()).then(short)


def words_of(rule: str, first: Sequence[Finding], differing: set[str]) -> dict[str, str]:
    """The words that all sentences of this rule and column share, read back from those already told.

    A word on which the first and the last of them disagree is left open.
    """
    shared: dict[str, str] = {}
    for finding in (*first[:1], *first[-1:]):
        for name, word in _read_back(rule, finding, differing).items():
            shared[name] = word if shared.get(name, word) == word else UNSAID
    return shared


def _read_back(rule: str, finding: Finding, differing: set[str]) -> dict[str, str]:
    given = {"row": finding.row or "", "column": finding.column or "", "value": finding.value or ""}
    pattern, seen = "", set[str]()
    for text, name, _, _ in Formatter().parse(RULES[rule].message.id):
        pattern += re.escape(text)
        if name in given:
            pattern += re.escape(str(given[name]))
        elif name in seen:
            pattern += f"(?P={name})"
        elif name is not None:
            pattern += f"(?P<{name}>.*?)"
            seen.add(name)
    match = re.fullmatch(pattern, finding.message.id, re.DOTALL)
    found = match.groupdict() if match else {}
    return {name: found.get(name, UNSAID) for name in seen if name not in differing}
