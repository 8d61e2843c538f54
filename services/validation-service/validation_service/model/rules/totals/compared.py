"""AG-02: the numbers of totals rows against the sums of their data.

What a total is over follows from its kind: over ``all`` rows, over its ``group`` of rows or over the rows
below its ``code``. A row "Jumlah" with data on both sides may be over a group too. Where groups are, above
their totals or below, is the same in all of a table. Where a cell of the data is unknown, so is the sum, and
nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import polars as pl

from validation_service.model.reading.grid import ROW
from validation_service.model.rules.catalogue import found
from validation_service.model.rules.columns import column
from validation_service.model.rules.findings import MOST_PER_RULE, Findings
from validation_service.model.rules.probe import plain
from validation_service.model.rules.totals.blocks import TotalsRow, blocks_of, rows_of
from validation_service.model.rules.totals.claim import Claim
from validation_service.model.rules.totals.measures import Measures, measures_of
from validation_service.model.rules.totals.scope import Sayings, classes_of, filled_in, text_of
from validation_service.model.rules.totals.side import side_of
from validation_service.model.rules.totals.sums import Side, Sums
from validation_service.model.rules.totals.words import CODE, KIND, WORD
from validation_service.model.standard import Standard

ENDS = ("all", "group")
"""Of totals rows, the kinds that end a group."""
MOST_COMPARED = 50_000
"""Totals rows, and blocks of data that they tell apart: of a block dozens of sums may be kept."""


def compare_totals(
    rows: pl.DataFrame, data: pl.DataFrame, totals: pl.DataFrame, standard: Standard, findings: Findings
) -> pl.Series | None:
    """``rows`` are the totals rows as they were sent, ``totals`` what they are. Says for each whether it was
    not compared: it agrees with nothing that it may be over, and nobody can tell which of that it is. None
    where there are too many to compare any."""
    measures = measures_of(standard, tuple(data.columns))
    if not measures.indexes:
        return pl.Series([False]).new_from_index(0, rows.height)
    claimed = _claims(rows, data, totals, standard, measures) if rows.height <= MOST_COMPARED else None
    if claimed is None:
        return None
    claims, sayings = claimed
    side = side_of(claims)
    wrong = _wrong(claims, sayings, side)
    undecided = {claim.total.place for claim in wrong if side is None and claim.is_open}
    for measure, index in enumerate(measures.indexes):
        off = [
            each for each, which in wrong.items() if measure in which and each.total.place not in undecided
        ]
        if off:
            _tell(off, measure, rows[column(index)], standard.fields[index].name, side, findings)
    return pl.Series([place in undecided for place in range(rows.height)])


def _claims(
    rows: pl.DataFrame, data: pl.DataFrame, totals: pl.DataFrame, standard: Standard, measures: Measures
) -> tuple[list[Claim], Sayings] | None:
    """What the totals rows say that they are over, and what else the data tells of that; None where they tell
    too many blocks of data apart."""
    classes = classes_of(data, standard)
    read, of_totals = (_read(part, standard, classes, measures) for part in (data, rows))
    sayings = Sayings(read, classes)
    told = list(_totals_rows(of_totals, totals, sayings, measures))
    ends = [(row, kind) for row, kind in totals[[ROW, KIND]].iter_rows() if kind in ENDS]
    blocks = blocks_of(read, told, [row for row, _ in ends], classes, measures, most=MOST_COMPARED)
    if blocks is None:
        return None
    sums = Sums(blocks, [kind for _, kind in ends], measures.halves(read, of_totals))
    return [Claim(each, each.scope, sums) for each in told], sayings


def _read(part: pl.DataFrame, standard: Standard, classes: Iterable[str], measures: Measures) -> pl.DataFrame:
    return part.select(ROW, _code(part, standard).alias(CODE), *map(text_of, classes), *measures.reads)


def _code(part: pl.DataFrame, standard: Standard) -> pl.Expr:
    for index, field in enumerate(standard.fields):
        if field.reference and field.reference.level and column(index) in part.columns:
            return pl.col(column(index)).str.strip_chars()
    return pl.lit(None, pl.String)


def _totals_rows(
    read: pl.DataFrame, totals: pl.DataFrame, sayings: Sayings, measures: Measures
) -> Iterator[TotalsRow]:
    """Those that may be sums, in their order."""
    texts, numbers = rows_of(read, list(sayings.classes)), measures.numbers(read)
    near = 0
    for place, (row, word, kind, code) in enumerate(totals[[ROW, WORD, KIND, CODE]].iter_rows()):
        if kind != "average":
            named = sayings.of_word("" if kind == "code" else word)
            scope = filled_in(sayings.of_cells(word, texts[place]), named)
            yield TotalsRow(place, row, kind, code, near, numbers[place], scope, any(named))
        near += kind in ENDS


def _wrong(claims: Sequence[Claim], sayings: Sayings, side: Side | None) -> dict[Claim, set[int]]:
    """The claims that hold in no scope, with the measures for which they do not."""
    wrong = {claim: off for claim in claims if (off := claim.wrong(side))}
    if not wrong:
        return wrong
    asked = [claim.total for claim in wrong]
    for scopes in sayings.others([total.row for total in asked], [total.scope for total in asked]):
        for (claim, off), scope in zip(wrong.items(), scopes, strict=True):
            if off:
                off -= claim.within(scope).fitting(side)
    return {claim: off for claim, off in wrong.items() if off}


def _tell(
    wrong: Sequence[Claim], measure: int, raw: pl.Series, field: str, side: Side | None, findings: Findings
) -> None:
    numbers = pl.DataFrame(
        {
            ROW: [claim.total.row for claim in wrong],
            "number": [claim.total.numbers[measure] for claim in wrong],
            "sum": [_due(claim, side)[measure] for claim in wrong],
        }
    )
    sum_ = pl.col("sum")
    every = numbers.select(ROW, sum=plain(sum_), difference=plain((pl.col("number") - sum_).abs()))
    every = every.hstack([raw.gather([claim.total.place for claim in wrong]).alias("value")])
    first = [
        found("AG-02", row=row.pop(ROW), column=field, **row) for row in every.head(MOST_PER_RULE).to_dicts()
    ]
    findings.add_many("AG-02", every.height, first, every=every, column=field)


def _due(claim: Claim, side: Side | None) -> Sequence[float | None]:
    """The sums that the numbers of a wrong row ought to be: it is known over which rows they are."""
    (reading,), _ = claim.readings(side)
    found = claim.sum(reading)
    assert found is not None
    return found.numbers
