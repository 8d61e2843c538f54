"""Rows of totals by their word, in the first filled cell of a row or in its first text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from validation_service.model.reading.grid import ROW
from validation_service.model.rules.blanks import must_be_filled
from validation_service.model.rules.columns import SMALL, column
from validation_service.model.standard import Standard

WORD, KIND, CODE = "word", "kind", "code"
TOTAL = (
    r"(?i)^\s*(?:(?:sub\s*-?\s*|grand\s+)?(?:jumlah|jml\.?|total)"
    r"(?:\s*(?:/|dan|atau|keseluruhan|seluruhnya|semua|akhir|umum|total|jumlah|kabupaten|kota|kecamatan)\s*)*"
    r"(?:(?:tahun\s*)?(?:19|20)[0-9]{2}|\((?:kab|kota|kec|prov)[^)]*\))?|(?:rata\s*-?\s*rata|rerata))\s*:?\s*$"
)
NAMED = r"(?i)^\s*(?:(?:sub\s*-?\s*|grand\s+)?(?:jumlah|jml\.?|total)|rata\s*-?\s*rata|rerata)\s+\S"
"""Followed by what it is of, as in "Jumlah Kecamatan Tempeh"; a measure or a place may be called so too."""
MAY_BE_TOTAL = r"(?i)^\s*(?:sub|grand|jumlah|jml|total|rata\s*-?\s*rata|rerata)"
OF_A_GROUP = r"(?i)^\s*sub"
OF_ALL = r"(?i)\b(?:kab|kabupaten|kota|prov|provinsi)\b"
AVERAGE = r"(?i)^\s*(?:rata|rerata)"
_MAY_BE_TOTAL = re.compile(MAY_BE_TOTAL)

Fillers = Mapping[int, str | None]
"""Columns that say the same in every row of data, by what they say; None is any text, as of a period."""


@dataclass(frozen=True)
class _Candidates:
    """``rows`` that may be totals, with their WORD; ``data`` are the other rows. ``named``: which of the
    rows are totals if they leave a cell blank that the data fills."""

    rows: pl.DataFrame
    data: pl.DataFrame
    others: Sequence[int]
    bare: pl.Series
    named: pl.Series


def by_word(frame: pl.DataFrame, standard: Standard) -> pl.DataFrame:
    """ROW, WORD, KIND and CODE of the totals rows."""
    there = _candidates(frame, standard)
    if there is None:
        return none_of(frame)
    due = _always_filled(there.data, there.others, standard)
    total = there.bare | (there.named & _any_blank(there.rows, due))
    return there.rows.filter(total).select(
        ROW, WORD, _kind_of(pl.col(WORD)), pl.lit(None, pl.String).alias(CODE)
    )


def hangs_on_others(frame: pl.DataFrame, standard: Standard) -> bool:
    """Whether only all rows of the table together tell if one of these is a totals row: it leaves a cell
    blank that need not be filled in, but perhaps is in every row of data."""
    there = _candidates(frame, standard)
    if there is None:
        return False
    must = _any_blank(there.rows, _always_filled(there.data.clear(), there.others, standard))
    return bool((there.named & ~there.bare & ~must & _any_blank(there.rows, there.others)).any())


def may_be_total(cell: str) -> bool:
    return _MAY_BE_TOTAL.match(cell) is not None


def none_of(frame: pl.DataFrame) -> pl.DataFrame:
    return pl.DataFrame(schema={ROW: frame[ROW].dtype, WORD: pl.String, KIND: pl.String, CODE: pl.String})


def _candidates(frame: pl.DataFrame, standard: Standard) -> _Candidates | None:
    present = [index for index in range(len(standard.fields)) if column(index) in frame.columns]
    texts = [index for index in present if standard.fields[index].type == "string"]
    leading = _leading(frame, present)
    # Each total has its word in one of these columns, or it could be neither the first text of its row nor
    # its first cell, such as that of a running number.
    places = sorted({*texts, *leading})
    if frame.height <= SMALL and not any(_any_may_be_total(frame[column(index)]) for index in places):
        return None
    narrowed = frame.filter(pl.any_horizontal(pl.col(column(i)).str.contains(MAY_BE_TOTAL) for i in places))
    if not narrowed.height:
        return None
    data = frame.filter(~pl.col(ROW).is_in(narrowed[ROW].implode()))
    fillers = _fillers(data, texts, standard)
    allowed = [choice for index in places for choice in standard.fields[index].enum or ()]
    coded = [index for index in present if standard.fields[index].reference is not None]
    others, word = sorted({*texts, *coded}), pl.col(WORD)
    blank = _others_blank(others, fillers)
    rows = narrowed.with_columns(_word(leading, texts, fillers).alias(WORD)).filter(
        _codes_agree(coded), ~word.is_in(allowed)
    )
    asked = rows.select(
        bare=word.str.contains(TOTAL) & ~(_all_filled(others) & ~blank),
        named=word.str.contains(NAMED) & blank,
    )
    return _Candidates(rows, data, others, asked["bare"].fill_null(False), asked["named"].fill_null(False))


def _fillers(data: pl.DataFrame, texts: Sequence[int], standard: Standard) -> Fillers:
    """Such as the unit or the year, which say nothing of whether a row is a total. Where totals rows are
    refused not all rows may be at hand to tell."""
    if standard.totals_rows != "periksa":
        return {}
    fillers: dict[int, str | None] = {}
    for index in texts:
        said = data[column(index)].str.strip_chars().unique()
        if standard.fields[index].name == standard.period_column:
            fillers[index] = None
        elif len(said) == 1 and said[0]:
            fillers[index] = said[0]
    return fillers


def _leading(frame: pl.DataFrame, present: list[int]) -> list[int]:
    """The columns, from the left, in which the first filled cell of a row may stand."""
    for count, index in enumerate(present, 1):
        if _is_full(frame[column(index)]):
            return present[:count]
    return present


def _is_full(cells: pl.Series) -> bool:
    if cells.null_count():
        return False
    if len(cells) <= SMALL:
        return all(map(str.strip, cells.to_list()))
    return not (cells.str.strip_chars() == "").any()


def _word(leading: Sequence[int], texts: Sequence[int], fillers: Fillers) -> pl.Expr:
    """The first filled cell of a row where it may be a total's, else its first text."""
    first = _first(_filled(index) for index in leading)
    first_text = _first(_label(index, fillers) for index in texts)
    return pl.when(first.str.contains(MAY_BE_TOTAL)).then(first).otherwise(first_text)


def _kind_of(word: pl.Expr) -> pl.Expr:
    named = ~word.str.contains(TOTAL) & ~word.str.contains(OF_ALL)
    of_group = word.str.contains(OF_A_GROUP) | named
    kind = pl.when(word.str.contains(AVERAGE)).then(pl.lit("average")).when(of_group).then(pl.lit("group"))
    return kind.otherwise(pl.lit("all")).alias(KIND)


def _always_filled(data: pl.DataFrame, indexes: Sequence[int], standard: Standard) -> list[int]:
    """The columns that a row of data fills, by the standard or as all the others do."""
    return [
        index
        for index in indexes
        if must_be_filled(standard.fields[index], standard)
        or (data.height > 0 and _is_full(data[column(index)]))
    ]


def _all_filled(indexes: Sequence[int]) -> pl.Expr:
    """Of a category that is called Jumlah, every other text stands in its row."""
    if len(indexes) < 2:
        return pl.lit(False)
    return pl.all_horizontal(_filled(index).is_not_null() for index in indexes)


def _others_blank(indexes: Sequence[int], fillers: Fillers) -> pl.Expr:
    labels = [_label(index, fillers) for index in indexes]
    return pl.all_horizontal(pl.lit(True), *(label.is_null() | (label == pl.col(WORD)) for label in labels))


def _any_blank(rows: pl.DataFrame, indexes: Sequence[int]) -> pl.Series:
    blank = [_filled(index).is_null().alias(column(index)) for index in indexes]
    if not blank:
        return pl.repeat(False, rows.height, eager=True)
    return rows.select(pl.any_horizontal(blank)).to_series()


def _any_may_be_total(cells: pl.Series) -> bool:
    return any(cell is not None and _MAY_BE_TOTAL.match(cell) for cell in cells.to_list())


def _first(texts: Iterable[pl.Expr]) -> pl.Expr:
    return pl.coalesce(pl.lit(None, pl.String), *texts)


def _filled(index: int) -> pl.Expr:
    text = pl.col(column(index)).str.strip_chars()
    return pl.when(text != "").then(text)


def _label(index: int, fillers: Fillers) -> pl.Expr:
    """The cell, unless it says no more than every row does."""
    if index not in fillers:
        return _filled(index)
    said, text = fillers[index], _filled(index)
    more = text.str.contains(MAY_BE_TOTAL) if said is None else text != said
    return pl.when(more).then(text)


def _codes_agree(coded: Sequence[int]) -> pl.Expr:
    """The code columns of a totals row are blank, or say the same."""
    blank_or_word = [_filled(index).is_null() | _filled(index).str.contains(MAY_BE_TOTAL) for index in coded]
    return pl.all_horizontal(pl.lit(True), *blank_or_word)
