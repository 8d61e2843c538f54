"""SD-08: texts with spaces around them or doubled within, or with characters that nobody sees. Codes and
choices are judged by their lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from muara_kernel.events.finding import Text
from validation_service.model.rules.blanks import is_mark, is_missing, must_be_filled
from validation_service.model.rules.columns import column
from validation_service.model.rules.probe import RowProbe, Words, kept
from validation_service.model.rules.spelling import INVISIBLE, has_invisible, invisible_in, shows_nothing
from validation_service.model.standard import Field, Standard

SPACES = (" ", "\t")
DOUBLED = "  "
WORDS_OF_SPACES: Words = {
    "what": Text("spasi yang berlebih", "spaces too many"),
    "names": Text("di depan, di belakang, atau berganda", "before it, after it, or doubled"),
    "how": "",
}
WORDS_OF_INVISIBLE: Words = {
    "what": Text("huruf yang tidak tampak", "characters that nobody sees"),
    "how": Text(
        ", paling mudah dengan mengetik ulang teksnya; biasanya tersalin dari halaman web atau PDF",
        ", most easily by typing the text anew; mostly they are copied from web pages and PDF files",
    ),
}
_INVISIBLE = frozenset(INVISIBLE)


@kept
def row_probes(standard: Standard) -> tuple[RowProbe, ...]:
    return tuple(
        probe
        for index, field in enumerate(standard.fields)
        if field.type == "string" and field.enum is None and field.reference is None
        for probe in _of_field(index, field, standard)
    )


def _of_field(index: int, field: Field, standard: Standard) -> Iterator[RowProbe]:
    raw = pl.col(column(index))
    there = ~is_missing(raw, standard) & ~is_mark(raw, field, standard)
    invisible = has_invisible(raw).fill_null(False)
    if must_be_filled(field, standard):
        there &= ~shows_nothing(raw)
    yield RowProbe(
        rule="SD-08",
        broken=_loose(raw),
        column=field.name,
        exact=there & ~invisible,
        value=raw,
        needs=frozenset({index}),
        words=WORDS_OF_SPACES,
        is_fine=_are_tidy,
    )
    yield RowProbe(
        rule="SD-08",
        broken=invisible,
        column=field.name,
        exact=there,
        value=raw,
        needs=frozenset({index}),
        words=WORDS_OF_INVISIBLE,
        shown={"names": invisible_in(raw)},
        is_fine=_are_visible,
    )


def _loose(raw: pl.Expr) -> pl.Expr:
    loose = raw.str.contains(DOUBLED, literal=True)
    for space in SPACES:
        loose |= raw.str.starts_with(space) | raw.str.ends_with(space)
    return loose.fill_null(False)


def _are_tidy(cells: Sequence[str | None]) -> bool:
    return all(not cell or (cell == cell.strip() and DOUBLED not in cell) for cell in cells)


def _are_visible(cells: Sequence[str | None]) -> bool:
    return all(not cell or cell.isascii() or _INVISIBLE.isdisjoint(cell) for cell in cells)
