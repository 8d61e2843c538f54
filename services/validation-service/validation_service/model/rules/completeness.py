"""KR-05: every code of the level and region occurs, in each period where the table has several."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from muara_kernel.events.finding import Finding, Text
from validation_service.model.codelists.codelist import Codelist
from validation_service.model.facts import Facts
from validation_service.model.reading.grid import ROW
from validation_service.model.rules.catalogue import found
from validation_service.model.rules.codings import coding_of
from validation_service.model.rules.columns import column
from validation_service.model.rules.findings import MOST_PER_RULE, Findings
from validation_service.model.rules.probe import value_of
from validation_service.model.standard import CodeReference, Standard

KODE, NAMA, PERIOD = "kode", "nama", "period"


def check_completeness(
    frame: pl.DataFrame,
    standard: Standard,
    codelists: Mapping[str, Codelist],
    facts: Facts,
    findings: Findings,
) -> None:
    for index, field in enumerate(standard.fields):
        reference = field.reference
        if reference and reference.complete and column(index) in frame.columns and frame.height:
            codelist = codelists[reference.codelist]
            wanted = _wanted(codelist, reference, facts, frame[column(index)])
            missing = _missing(frame, index, wanted, standard)
            if missing.height:
                every = missing.select(
                    pl.lit(None, pl.UInt32).alias(ROW), value=KODE, name=NAMA, period=_dated()
                )
                first = list(_told(missing.head(MOST_PER_RULE), field.name, codelist.shown))
                findings.add_many("KR-05", missing.height, first, every=every, column=field.name)


def _wanted(codelist: Codelist, reference: CodeReference, facts: Facts, codes: pl.Series) -> pl.DataFrame:
    """Where no region is told, of the provinces or kabupaten of which there are ``codes``."""
    if reference.level is None:
        return codelist.within("", None).select(KODE, NAMA)
    coding = coding_of(codelist)
    place = coding.place(facts.region, reference.level)
    wanted = codelist.within(place, coding.lengths[reference.level]).select(KODE, NAMA)
    if place or reference.level == "provinsi":
        return wanted
    length = coding.lengths["provinsi" if reference.level == "kabupaten" else "kabupaten"]
    begun = codes.str.strip_chars().str.slice(0, length).unique()
    return wanted.filter(pl.col(KODE).str.slice(0, length).is_in(begun.implode()))


def _missing(frame: pl.DataFrame, index: int, wanted: pl.DataFrame, standard: Standard) -> pl.DataFrame:
    there = frame.select(
        pl.col(column(index)).str.strip_chars().alias(KODE), _period(frame, standard).alias(PERIOD)
    ).unique()
    periods = there.select(PERIOD).drop_nulls().unique().sort(PERIOD)
    if periods.height:
        wanted, keys = periods.join(wanted, how="cross", maintain_order="left_right"), [PERIOD, KODE]
    else:
        wanted, keys = wanted.with_columns(pl.lit(None, pl.String).alias(PERIOD)), [KODE]
    return wanted.join(there, on=keys, how="anti", maintain_order="left")


def _period(frame: pl.DataFrame, standard: Standard) -> pl.Expr:
    if standard.period_column is not None:
        name = column(standard.position(standard.period_column))
        if name in frame.columns:
            known = value_of(standard.position(standard.period_column), standard).is_not_null()
            return pl.when(known).then(pl.col(name).str.strip_chars())
    return pl.lit(None, pl.String)


def _dated() -> pl.Expr:
    return pl.concat_str(pl.lit(" pada periode "), pl.col(PERIOD)).fill_null("")


def _told(rows: pl.DataFrame, field: str, codelist: str) -> Iterator[Finding]:
    for row in rows.to_dicts():
        period = row[PERIOD]
        dated = Text(f" pada periode {period}", f" in the period {period}") if period else Text("", "")
        words = {"name": row[NAMA], "codelist": codelist, "period": dated}
        yield found("KR-05", column=field, value=row[KODE], **words)
