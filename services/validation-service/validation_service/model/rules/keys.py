"""DP-01: rows that say the same thing twice. The first of them is innocent."""

from __future__ import annotations

import re
from collections.abc import Iterator

import polars as pl

from muara_kernel.events.finding import Finding, Text
from validation_service.model.reading.grid import ROW
from validation_service.model.rules.blanks import is_mark, is_missing
from validation_service.model.rules.catalogue import found
from validation_service.model.rules.columns import SMALL, column
from validation_service.model.rules.findings import MOST_PER_RULE, Findings
from validation_service.model.rules.types import typed
from validation_service.model.standard import Standard

WHOLE_NUMBER = re.compile(r"0|-?[1-9][0-9]*")
WITHOUT_GROUPS = re.compile(r"0|-?[1-9][0-9]*|(?![+-]?[0-9]+\Z).+", re.DOTALL)
"""The same, and what is no number at all: it stands for nothing but itself."""


def check_keys(frame: pl.DataFrame, standard: Standard, findings: Findings) -> None:
    for key in dict.fromkeys(keys(standard)):
        indexes = [standard.position(name) for name in key]
        if frame.height > 1 and all(column(index) in frame.columns for index in indexes):
            _check_key(frame, key, indexes, standard, findings)


def keys(standard: Standard) -> Iterator[tuple[str, ...]]:
    if standard.primary_key:
        yield standard.primary_key
    yield from standard.unique_keys
    yield from ((field.name,) for field in standard.fields if field.unique)


def _check_key(
    frame: pl.DataFrame, key: tuple[str, ...], indexes: list[int], standard: Standard, findings: Findings
) -> None:
    again = _again(frame, indexes, standard)
    if again is not None and again.height:
        value = pl.concat_str([pl.col(column(index)) for index in indexes], separator=", ")
        every = again.select(ROW, "first", value=value)
        told = list(_told(again.head(MOST_PER_RULE), key, indexes))
        name = key[0] if len(key) == 1 else None
        findings.add_many("DP-01", again.height, told, every=every, column=name)


def _plainly_distinct(frame: pl.DataFrame, indexes: list[int], standard: Standard) -> bool:
    """Only where one value has one spelling; 7 and 007 are the same integer."""
    if any(standard.fields[index].type not in ("string", "date", "year", "integer") for index in indexes):
        return False
    columns = [frame[column(index)] for index in indexes]
    if any(cells.null_count() for cells in columns):
        return False
    texts = [
        cells if standard.fields[index].type == "string" else list(map(str.strip, cells))
        for index, cells in zip(indexes, (each.to_list() for each in columns), strict=True)
    ]
    for index, cells in zip(indexes, texts, strict=True):
        one_spelling = WITHOUT_GROUPS if not standard.fields[index].group else WHOLE_NUMBER
        if standard.fields[index].type == "integer" and not all(map(one_spelling.fullmatch, cells)):
            return False
    return len(set(zip(*texts, strict=True))) == frame.height


def _quickly_distinct(frame: pl.DataFrame, indexes: list[int], standard: Standard) -> bool:
    """The same for one column of texts in a large table."""
    if len(indexes) != 1 or standard.fields[indexes[0]].type != "string":
        return False
    return frame[column(indexes[0])].n_unique() == frame.height


def _again(frame: pl.DataFrame, indexes: list[int], standard: Standard) -> pl.DataFrame | None:
    """The rows whose key stands in an earlier one, with the number of that row as ``first``."""
    if frame.height <= SMALL:
        if _plainly_distinct(frame, indexes, standard):
            return None
        parts = [part for index in indexes for part in _parts(index, standard)]
        names = [part.meta.output_name() for part in parts]
        return _later_ones(frame.lazy().select(ROW, *parts), names, frame, indexes)
    if _quickly_distinct(frame, indexes, standard):
        return None
    values = _values(frame, indexes, standard)
    hashed = values.select(pl.struct(pl.exclude(ROW)).hash()).to_series()
    if hashed.n_unique() == values.height:  # equal values have equal hashes
        return None
    names = [name for name in values.columns if name != ROW]
    return _later_ones(values.lazy(), names, frame, indexes)


def _later_ones(
    values: pl.LazyFrame, names: list[str], frame: pl.DataFrame, indexes: list[int]
) -> pl.DataFrame:
    return (
        values.filter(pl.all_horizontal(_is_there(index, names) for index in indexes))
        .with_columns(first=pl.col(ROW).first().over(names))
        .filter(pl.col("first") != pl.col(ROW))
        .join(frame.lazy(), on=ROW, how="left", maintain_order="left")
        .sort(ROW)
        .collect()
    )


def _values(frame: pl.DataFrame, indexes: list[int], standard: Standard) -> pl.DataFrame:
    """ROW and each cell's value by its index; cells of the wrong type, where there are any, are told apart by
    their text, beside it. Both are null where nothing is there that could be the same as something else."""
    parts = [part for index in indexes for part in _parts(index, standard)]
    values = frame.select(ROW, *parts)
    unneeded = [_text(index) for index in indexes if _text(index) in values.columns]
    return values.drop(name for name in unneeded if values[name].null_count() == values.height)


def _parts(index: int, standard: Standard) -> Iterator[pl.Expr]:
    field, raw = standard.fields[index], pl.col(column(index))
    there = ~is_missing(raw, standard) & ~is_mark(raw, field, standard)
    text = raw if field.type == "string" else raw.str.strip_chars()
    value = typed(text, field)
    yield pl.when(there).then(value).alias(str(index))
    if field.type != "string":
        yield pl.when(there & value.is_null()).then(text).alias(_text(index))


def _text(index: int) -> str:
    return f"{index} as text"


def _is_there(index: int, names: list[str]) -> pl.Expr:
    value = pl.col(str(index)).is_not_null()
    return value | pl.col(_text(index)).is_not_null() if _text(index) in names else value


def _told(again: pl.DataFrame, key: tuple[str, ...], indexes: list[int]) -> Iterator[Finding]:
    columns = Text(_listed(key, "dan"), _listed(key, "and"))
    for row in again.to_dicts():
        yield found(
            "DP-01",
            row=row[ROW],
            column=key[0] if len(key) == 1 else None,
            value=", ".join(row[column(index)] for index in indexes),
            columns=columns,
            first=row["first"],
        )


def _listed(names: tuple[str, ...], and_: str) -> str:
    quoted = [f'"{name}"' for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} {and_} {quoted[-1]}"
