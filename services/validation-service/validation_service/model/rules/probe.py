"""A rule that looks at one row at a time, as an expression over the columns f0, f1 …, and its asking."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import polars as pl

from muara_kernel.events.finding import Finding, Severity, Text
from validation_service.model.reading.grid import ROW
from validation_service.model.rules.blanks import is_mark, is_missing
from validation_service.model.rules.catalogue import found
from validation_service.model.rules.columns import SMALL, column
from validation_service.model.rules.findings import MOST_PER_RULE, Findings
from validation_service.model.rules.types import typed
from validation_service.model.standard import Standard

Words = Mapping[str, Text | str | int]
VALUE = "value"
DECIMALS = 6
LARGEST_EXACT = 2.0**53


@dataclass(frozen=True, kw_only=True)
class RowProbe:
    """Where a rule is broken; ``broken`` is never null. Where there is an ``exact`` as well, ``broken`` is
    cheap and true at least where the rule is broken, and ``exact`` judges those rows.

    ``needs`` are the fields, by index, without which the rule is not asked. ``value`` is the text that is
    shown; ``words`` fill the sentence, those in ``shown`` with a text that differs from row to row. ``whole``
    probes sum up columns, so they must see all rows at once. ``is_fine`` says of a small column, quicker than
    asking does, that the rule holds.
    """

    rule: str
    broken: pl.Expr
    column: str | None
    value: pl.Expr
    needs: frozenset[int]
    words: Words = field(default_factory=dict)
    shown: Mapping[str, pl.Expr] = field(default_factory=dict)
    severity: Severity | None = None
    exact: pl.Expr | None = None
    whole: bool = False
    is_fine: Callable[[Sequence[str | None]], bool] | None = None


def value_of(index: int, standard: Standard) -> pl.Expr:
    """The typed value of a field, null where nothing is known: blank, a mark, or of another type."""
    one, raw = standard.fields[index], pl.col(column(index))
    if one.type == "string":
        return pl.when(~is_missing(raw, standard) & ~is_mark(raw, one, standard)).then(raw)
    text = raw.str.strip_chars()
    named = [value for value in standard.missing_values if value.strip()]
    value = typed(text, one)
    return pl.when(~text.is_in(named)).then(value) if named else value


def number_of(index: int, standard: Standard) -> pl.Expr:
    return value_of(index, standard).cast(pl.Float64)


def plain(number: pl.Expr) -> pl.Expr:
    """A number as people write it: 11 and 0.3, not 11.0, 1.1e16 and 0.30000000000000004."""
    rounded = number.round(DECIMALS)  # which large numbers do not survive
    whole = (number == number.round(0)) | ((rounded == rounded.round(0)) & (rounded.abs() < LARGEST_EXACT))
    digits = pl.when(whole).then(number.round(0).cast(pl.Int64, strict=False)).cast(pl.String)
    return pl.coalesce(digits, rounded.cast(pl.String))


def ask(frame: pl.DataFrame, probes: Iterable[RowProbe], findings: Findings) -> None:
    """All that the frame has the columns for in one pass, then more about the rows that break them."""
    asked = [probe for probe in probes if _can_be_asked(probe, frame)]
    if not asked or not frame.height:
        return
    broken = [probe.broken.alias(str(n)) for n, probe in enumerate(asked)]
    masks = frame.lazy().select(ROW, *broken).collect()  # with ROW, even a rule without columns has its rows
    for n, probe in enumerate(asked):
        mask = masks[str(n)]
        if mask.any():
            tell(frame.filter(mask), probe, findings)


def _can_be_asked(probe: RowProbe, frame: pl.DataFrame) -> bool:
    names = [column(index) for index in probe.needs]
    if not all(name in frame.columns for name in names):
        return False
    if probe.is_fine is None or frame.height > SMALL:
        return True
    return not all(probe.is_fine(frame[name].to_list()) for name in names)


def tell(rows: pl.DataFrame, probe: RowProbe, findings: Findings) -> None:
    """The rows that may break it."""
    if probe.exact is not None:
        rows = rows.filter(probe.exact)
    if not rows.height:
        return
    shown = [text.alias(name) for name, text in probe.shown.items()]
    every = rows.select(ROW, probe.value.alias(VALUE), *shown)
    first = list(_told(every.head(MOST_PER_RULE), probe))
    findings.add_many(probe.rule, every.height, first, every=every, column=probe.column)


def _told(rows: pl.DataFrame, probe: RowProbe) -> Iterator[Finding]:
    for row in rows.to_dicts():
        number, value = row.pop(ROW), row.pop(VALUE)
        told = {name: "" if word is None else word for name, word in row.items()}
        finding = found(probe.rule, row=number, column=probe.column, value=value, **{**probe.words, **told})
        yield replace(finding, severity=probe.severity) if probe.severity else finding


def kept(family: Callable[[Standard], tuple[RowProbe, ...]]) -> Callable[[Standard], tuple[RowProbe, ...]]:
    """Building expressions costs more than checking a small file with them."""
    return lru_cache(maxsize=256)(family)
