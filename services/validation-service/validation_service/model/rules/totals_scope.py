"""Which rows a totals row speaks of by what it says itself: those of 2023, of women, of Kecamatan Tempeh."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from validation_service.model.rules.columns import column
from validation_service.model.rules.totals_words import KIND, WORD
from validation_service.model.standard import Standard

BY_NAME = "by name"
"""Of a totals row, whether its word names the rows that it is over."""
ABOVE, BELOW = "above", "below"
OF_WHAT = r"(?i)^\s*(?:sub\s*-?\s*|grand\s+)?(?:jumlah|jml\.?|total)\s+(.+?)\s*:?\s*$"
PLACE_KIND = r"(?i)^(?:kecamatan|kec\.?|kabupaten|kab\.?|kota|kelurahan|kel\.?|desa|provinsi|prov\.?)\s+"
MOST_DISTINCT = 0.5
"""Of the rows, in a column of a class such as a sex; those of a name are more."""
MOST_CLASSES = 4
DATED = ("date", "year")


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


def within_scope(told: pl.DataFrame, data: pl.DataFrame, classes: Mapping[str, bool]) -> pl.DataFrame:
    """Of the classes of totals those that rows of data are of as well, as their cells say or their word."""
    by_name = {name: _named(data[name]) for name, dated in classes.items() if not dated}
    said = [
        pl.when(pl.col(name) != pl.col(WORD), pl.col(name).is_in(data[name].unique().implode()))
        .then(pl.col(name))
        .alias(name)
        for name in classes
    ]
    told = told.with_columns(*said, **{f"{name} {BY_NAME}": each for name, each in by_name.items()})
    given = [pl.col(f"{name} {BY_NAME}").is_not_null() for name in by_name]
    return told.with_columns(
        pl.any_horizontal(pl.lit(False), *given).alias(BY_NAME),
        *(pl.coalesce(name, f"{name} {BY_NAME}").alias(name) for name in by_name),
    )


def with_neighbours(cells: pl.DataFrame, classes: Mapping[str, bool]) -> pl.DataFrame:
    """With the dates that the rows of data next above and next below each row say."""
    said = {name: pl.when(pl.col(KIND).is_null()).then(pl.col(name)) for name in dated(classes)}
    return cells.with_columns(
        *(each.forward_fill().alias(f"{name} {ABOVE}") for name, each in said.items()),
        *(each.backward_fill().alias(f"{name} {BELOW}") for name, each in said.items()),
    )


def other_scopes(
    told: pl.DataFrame, classes: Mapping[str, bool]
) -> Iterator[tuple[pl.DataFrame, Sequence[str]]]:
    """What else a total may speak of: a cell may be a remark, and the rows beside it may tell a date."""
    dates = dated(classes)
    for neighbour in (ABOVE, BELOW) if dates else ():
        yield told.with_columns(pl.coalesce(name, f"{name} {neighbour}").alias(name) for name in dates), dates
    if 0 < len(dates) < len(classes):
        yield told, dates
    if classes:
        yield told, []


def dated(classes: Mapping[str, bool]) -> list[str]:
    return [name for name, is_date in classes.items() if is_date]


def _named(values: pl.Series) -> pl.Expr:
    """The value that the word of a total names; a column with gaps does not tell which rows are of it."""
    if values.null_count():
        return pl.lit(None, pl.String)
    known = {value.lower(): value for value in values.unique().to_list()}
    what = pl.col(WORD).str.extract(OF_WHAT, 1).str.to_lowercase()
    of_place = what.str.replace(PLACE_KIND, "")
    found = [each.replace_strict(known, default=None, return_dtype=pl.String) for each in (what, of_place)]
    return pl.when(pl.col(KIND) != "code").then(pl.coalesce(found))
