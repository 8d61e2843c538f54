"""AG-01 and AG-06: rows of totals among the data, by their word or by a code above those of the data."""

from __future__ import annotations

import re

import polars as pl

from validation_service.model.reading.grid import ROW
from validation_service.model.rules.blanks import must_be_filled
from validation_service.model.rules.catalogue import found
from validation_service.model.rules.codes import LENGTHS, WELL_FORMED
from validation_service.model.rules.columns import SMALL, column
from validation_service.model.rules.findings import MOST_PER_RULE, Findings
from validation_service.model.rules.totals_compared import CODE, KIND, WORD, compare_totals
from validation_service.model.standard import Standard

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


def set_totals_aside(frame: pl.DataFrame, standard: Standard, findings: Findings) -> pl.DataFrame:
    """The frame without its totals rows, each of which is reported once."""
    if not frame.height:
        return frame
    total = _by_word(frame, standard)
    if standard.totals_rows == "periksa":
        total = pl.concat([total, _by_code(frame, standard)]).unique(ROW, keep="first").sort(ROW)
    if not total.height:
        return frame
    rule = "AG-06" if standard.totals_rows == "periksa" else "AG-01"
    first = [
        found(rule, row=row, value=word) for row, word in total.select(ROW, WORD).head(MOST_PER_RULE).rows()
    ]
    findings.add_many(rule, total.height, first, every=total.select(ROW, value=WORD))
    if standard.totals_rows == "periksa":
        compare_totals(frame, total, standard, findings)
    return frame.filter(~pl.col(ROW).is_in(total[ROW].implode()))


def _by_word(frame: pl.DataFrame, standard: Standard) -> pl.DataFrame:
    present = [index for index in range(len(standard.fields)) if column(index) in frame.columns]
    texts = [index for index in present if standard.fields[index].type == "string"]
    leading = _leading(frame, present)
    # Each total has its word in one of these columns, or it could be neither the first text of its row nor
    # its first cell, such as that of a running number.
    places = sorted({*texts, *leading})
    if frame.height <= SMALL and not any(_any_may_be_total(frame[column(index)]) for index in places):
        return _none(frame)
    narrowed = frame.filter(pl.any_horizontal(pl.col(column(i)).str.contains(MAY_BE_TOTAL) for i in places))
    if not narrowed.height:
        return _none(frame)
    allowed = [choice for index in places for choice in standard.fields[index].enum or ()]
    word = pl.col(WORD)
    words = narrowed.with_columns(_word(leading, texts).alias(WORD))
    coded = [index for index in present if standard.fields[index].reference is not None]
    others = sorted({*texts, *coded})
    due = _always_filled(frame.filter(~pl.col(ROW).is_in(narrowed[ROW].implode())), others, standard)
    bare = word.str.contains(TOTAL) & ~_all_others_filled(others)
    named = word.str.contains(NAMED) & _others_blank(others) & _any_blank(due)
    return words.filter((bare | named) & _codes_agree(narrowed, standard) & ~word.is_in(allowed)).select(
        ROW, WORD, _kind_of(word), pl.lit(None, pl.String).alias(CODE)
    )


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


def _word(leading: list[int], texts: list[int]) -> pl.Expr:
    """The first filled cell of a row where it may be a total's, else its first text."""
    first = _first_text(leading)
    return pl.when(first.str.contains(MAY_BE_TOTAL)).then(first).otherwise(_first_text(texts))


def _kind_of(word: pl.Expr) -> pl.Expr:
    named = ~word.str.contains(TOTAL) & ~word.str.contains(OF_ALL)
    of_group = word.str.contains(OF_A_GROUP) | named
    kind = pl.when(word.str.contains(AVERAGE)).then(pl.lit("average")).when(of_group).then(pl.lit("group"))
    return kind.otherwise(pl.lit("all")).alias(KIND)


def _always_filled(data: pl.DataFrame, indexes: list[int], standard: Standard) -> list[int]:
    """The columns that a row of data fills, by the standard or as all the others do."""
    return [
        index
        for index in indexes
        if must_be_filled(standard.fields[index], standard)
        or (data.height > 0 and _is_full(data[column(index)]))
    ]


def _all_others_filled(indexes: list[int]) -> pl.Expr:
    """Of a category that is called Jumlah, every other text stands in its row."""
    if len(indexes) < 2:
        return pl.lit(False)
    return pl.all_horizontal(_filled(index).is_not_null() for index in indexes) & ~_others_blank(indexes)


def _others_blank(indexes: list[int]) -> pl.Expr:
    return pl.all_horizontal(
        pl.lit(True), *((_filled(n).is_null() | (_filled(n) == pl.col(WORD))) for n in indexes)
    )


def _any_blank(indexes: list[int]) -> pl.Expr:
    return pl.any_horizontal(pl.lit(False), *(_filled(index).is_null() for index in indexes))


def _by_code(frame: pl.DataFrame, standard: Standard) -> pl.DataFrame:
    """Rows with a code above that of other rows, such as 35.08 among 35.08.01, 35.08.02 …"""
    for index, field in enumerate(standard.fields):
        level = field.reference.level if field.reference else None
        if level in LENGTHS and column(index) in frame.columns:
            return _above(frame, index, LENGTHS[level])
    return _none(frame)


def _above(frame: pl.DataFrame, index: int, length: int) -> pl.DataFrame:
    code = pl.col(CODE)
    coded = frame.select(ROW, pl.col(column(index)).str.strip_chars().alias(CODE))
    higher = coded.filter((code.str.len_bytes() < length) & code.str.contains(WELL_FORMED))
    if not higher.height:
        return _none(frame)
    lower = coded.filter(code.str.len_bytes() == length).select(CODE).unique()
    over = {
        cut: set(lower.select(code.str.slice(0, cut)).unique().to_series())
        for cut in LENGTHS.values()
        if cut < length
    }
    above = [higher.filter(code.str.len_bytes() == cut, code.is_in(codes)) for cut, codes in over.items()]
    return pl.concat(above).select(ROW, code.alias(WORD), pl.lit("code").alias(KIND), CODE)


def _none(frame: pl.DataFrame) -> pl.DataFrame:
    return pl.DataFrame(schema={ROW: frame[ROW].dtype, WORD: pl.String, KIND: pl.String, CODE: pl.String})


def may_be_total(cell: str) -> bool:
    return _MAY_BE_TOTAL.match(cell) is not None


def _any_may_be_total(cells: pl.Series) -> bool:
    return any(cell is not None and _MAY_BE_TOTAL.match(cell) for cell in cells.to_list())


def _first_text(indexes: list[int]) -> pl.Expr:
    return pl.coalesce(pl.lit(None, pl.String), *(_filled(index) for index in indexes))


def _filled(index: int) -> pl.Expr:
    text = pl.col(column(index)).str.strip_chars()
    return pl.when(text != "").then(text)


def _codes_agree(frame: pl.DataFrame, standard: Standard) -> pl.Series:
    """The code columns of a totals row are blank, or say the same."""
    codes = [
        index
        for index, field in enumerate(standard.fields)
        if field.reference is not None and column(index) in frame.columns
    ]
    blank_or_word = [_filled(index).is_null() | _filled(index).str.contains(MAY_BE_TOTAL) for index in codes]
    return frame.select(pl.all_horizontal(pl.lit(True), *blank_or_word).alias("agree")).to_series()
