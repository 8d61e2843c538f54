"""What makes rows no code list: each place is named, with its reason."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from muara_kernel.events.finding import Text
from validation_service.model.problem import BadCodelist, Problem

MOST_PROBLEMS = 100

Place = Callable[[int, str], str]
"""How the n-th entry (from 0) and a column are named to whoever sent them."""
Complaint = Callable[[str | None], Text]


def refuse_bad_codes(table: pl.DataFrame, place: Place) -> None:
    """Raises BadCodelist for empty, repeated and padded codes."""
    code = pl.col("kode")
    empty = code.fill_null("").str.strip_chars() == ""
    unseemly = r"[\s\p{C}]"
    marks: list[tuple[str, pl.Expr, Complaint]] = [
        ("kode", empty, _empty),
        ("kode", ~empty & code.str.contains(unseemly), _spaced),
        ("kode", ~empty & ~code.is_first_distinct(), _repeated),
    ]
    for beside in ("induk", "kode_bps"):
        if beside in table.columns:
            marks.append((beside, pl.col(beside).fill_null("").str.contains(unseemly), _spaced))
    _refuse(table, marks, place)


def refuse_bad_parents(table: pl.DataFrame, place: Place) -> None:
    """Raises BadCodelist where an induk is no code of the list, or is below its own child."""
    if "induk" not in table.columns or table["induk"].null_count() == table.height:
        return
    parent = pl.col("induk")
    orphan = parent.is_not_null() & ~parent.is_in(table["kode"].implode())
    _refuse(table, [("induk", orphan, _orphaned)], place)
    _refuse(table, [("induk", pl.lit(_in_a_circle(table)), _circular)], place)


def _in_a_circle(table: pl.DataFrame) -> pl.Series:
    """Which entries are above themselves: those one arrives at when nobody who ends anywhere is left."""
    places = table.select("kode", at=pl.int_range(pl.len(), dtype=pl.UInt32))
    above = table.select("induk").join(
        places, left_on="induk", right_on="kode", how="left", maintain_order="left"
    )["at"]
    for _ in range(table.height.bit_length()):  # each turn doubles the steps
        if above.null_count() == table.height:
            break
        above = above.gather(above)
    return places["at"].is_in(above.drop_nulls().unique().implode())


def _refuse(table: pl.DataFrame, marks: list[tuple[str, pl.Expr, Complaint]], place: Place) -> None:
    flags = table.select(expression.alias(str(n)) for n, (_, expression, _) in enumerate(marks))
    if not flags.select(pl.any_horizontal(pl.all().any())).item():
        return
    wrong = table.with_row_index("n").hstack(flags).filter(pl.any_horizontal(flags.columns))
    problems = [
        Problem(place(row["n"], column), complain(row[column]))
        for row in wrong.head(MOST_PROBLEMS).iter_rows(named=True)
        for n, (column, _, complain) in enumerate(marks)
        if row[str(n)]
    ]
    raise BadCodelist(problems[:MOST_PROBLEMS])


def _empty(_: str | None) -> Text:
    return Text("Kode kosong.", "The code is empty.")


def _spaced(code: str | None) -> Text:
    return Text(
        f'Kode "{code}" memuat spasi atau tanda yang tidak terlihat.',
        f'The code "{code}" has spaces or invisible characters.',
    )


def _repeated(code: str | None) -> Text:
    return Text(f'Kode "{code}" berulang.', f'The code "{code}" is repeated.')


def _orphaned(parent: str | None) -> Text:
    return Text(f'Induk "{parent}" tidak ada di dalam daftar.', f'The parent "{parent}" is not in the list.')


def _circular(parent: str | None) -> Text:
    return Text(
        f'Induk "{parent}" berada di bawah entri ini sendiri; rantai induk melingkar.',
        f'The parent "{parent}" is below this very entry; the parents go round in a circle.',
    )
