"""Primary key: the fewest columns of codes, names, periods and classes by which no two rows agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from math import prod
from typing import Any

import polars as pl

from validation_service.model.proposal.key_columns import candidates, code_of_the_place, names_persons
from validation_service.model.proposal.notes import TOLERANCE, Notes, percent
from validation_service.model.proposal.sample import Column, Sample
from validation_service.model.proposal.words import PERIODS, is_code, is_running, level_of, says

MOST_ROWS = 200_000
LARGEST = 4
CLOSE = 0.002
ALTERNATIVES = 2
PLACE = "$.primaryKey"
Key = tuple[Column, ...]


def primary_key(sample: Sample, fields: Sequence[Mapping[str, Any]], notes: Notes) -> list[str]:
    """Empty where nothing of the kind was found. Rows that are wholly alike count once: they are a defect."""
    frame = sample.frame.head(MOST_ROWS)
    once = frame.unique(maintain_order=True)
    repeated = frame.height - once.height
    if repeated:
        notes.guess(
            PLACE,
            f"{repeated} baris sama persis dengan baris lain dan akan menjadi galat.",
            f"{repeated} rows are exactly like another and will be errors.",
        )
    _note_persons(sample, notes)
    columns = candidates(sample, fields)
    if once.height < 2:
        return _of_one_row(columns, once.height, notes)
    place = code_of_the_place(once, columns)
    if place is not None:
        columns = [each for each in columns if each is place or not level_of(each.name)]
    chosen, share = _search(once, columns, place)
    if not chosen:
        notes.guess(
            PLACE,
            "Tidak ditemukan kolom yang membedakan setiap baris; tetapkan kunci utamanya bila ada.",
            "No columns were found that tell all rows apart; name the primary key if there is one.",
        )
        return []
    names = [column.name for column in chosen[0]]
    others = "; ".join(" + ".join(column.name for column in each) for each in chosen[1 : 1 + ALTERNATIVES])
    notes.guess(
        PLACE,
        f"{' + '.join(names)} membedakan {percent(share)}% baris"
        + ("; baris yang berulang akan menjadi galat." if share < 1 else ".")
        + (f" Dapat juga: {others}." if others else ""),
        f"{' + '.join(names)} tells {percent(share)}% of the rows apart"
        + ("; repeated rows will be errors." if share < 1 else ".")
        + (f" As well: {others}." if others else ""),
        share,
    )
    return names


def _note_persons(sample: Sample, notes: Notes) -> None:
    for column in filter(names_persons, sample.columns):
        notes.guess(
            f"$.fields[{column.index}]",
            f'"{column.name}" berisi nomor seperti NIK atau nomor KK, data pribadi: tidak diusulkan sebagai '
            "kunci, dan tidak boleh ada di dataset terbuka.",
            f'"{column.name}" holds numbers like a NIK or family card number, personal data: not proposed as '
            "a key, and never part of an open dataset.",
        )


def _of_one_row(columns: Sequence[Column], rows: int, notes: Notes) -> list[str]:
    codes = [column.name for column in columns if is_code(column.name) or says(column.name, PERIODS)]
    if rows and codes:
        notes.guess(
            PLACE,
            "Hanya satu baris yang berbeda; kunci diduga dari nama kolom saja.",
            "There is but one row; the key is guessed from the names of the columns alone.",
        )
    return codes[:LARGEST] if rows else []


def _search(frame: pl.DataFrame, columns: Sequence[Column], place: Column | None) -> tuple[list[Key], float]:
    """The keys that do it, best first, and the share of rows that they tell apart.

    With the code of a place among them, a few rows that agree are wrong rather than a reason for
    more columns.
    """
    nearly: list[tuple[float, Key]] = []
    meaningful = [column for column in columns if not is_running(column.name)]
    for size in range(1, LARGEST + 1):
        tried = [(_told_apart(frame, key), key) for key in _keys(meaningful, size, frame.height)]
        if whole := [_in_order(key) for share, key in tried if share == 1]:
            return whole, 1.0
        close = [(share, key) for share, key in tried if share >= 1 - TOLERANCE]
        if with_place := [each for each in close if place in each[1]]:
            share, key = max(with_place, key=lambda each: each[0])
            return [_in_order(key)], share
        nearly += close
    if nearly:
        best = max(share for share, _ in nearly)
        share, key = min((each for each in nearly if each[0] >= best - CLOSE), key=lambda each: len(each[1]))
        return [_in_order(key)], share
    running = ((column,) for column in columns if is_running(column.name))
    return [key for key in running if _told_apart(frame, key) == 1], 1.0


def _keys(columns: Sequence[Column], size: int, rows: int) -> Iterator[Key]:
    for key in combinations(columns, size):
        if prod(column.distinct for column in key) >= rows * (1 - TOLERANCE):
            yield key


def _in_order(key: Key) -> Key:
    return tuple(sorted(key, key=lambda column: column.index))


def _told_apart(frame: pl.DataFrame, key: Key) -> float:
    return frame.select(f"f{column.index}" for column in key).n_unique() / frame.height
