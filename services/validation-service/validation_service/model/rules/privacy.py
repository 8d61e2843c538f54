"""PR-01: numbers that name a person (NIK) or a family (no KK) have no place in an open dataset."""

from __future__ import annotations

import re

import polars as pl

from muara_kernel.events.finding import Text
from validation_service.model.facts import OPEN, Facts
from validation_service.model.reading.grid import ROW, Aside, Grid
from validation_service.model.rules.blanks import MARKS
from validation_service.model.rules.catalogue import found
from validation_service.model.rules.columns import SMALL
from validation_service.model.rules.findings import Findings
from validation_service.model.rules.spelling import INVISIBLE

LIKE_NIK = (
    r"^(?:1[1-9]|[2-8][0-9]|9[0-6])[0-9]{4}"
    r"(?:0[1-9]|[12][0-9]|3[01]|4[1-9]|[56][0-9]|7[01])"
    r"(?:0[1-9]|1[0-2])[0-9]{2}[0-9]{4}$"
)
"""Province, kabupaten and kecamatan; the day (of women plus 40), month and year of birth; a number."""
NAMED = re.compile(
    r"^(?:(?:no|nomor)?[ _.]*(?:nik|ktp|n?kk|kartu[ _]keluarga)|nomor[ _]induk[ _]kependudukan)"
    r"(?:$|[ _./,(])",
    re.I,
)
SHARE = 0.5
"""Of the values of a column whose name does not say so; a few numbers of 16 digits may look like a NIK."""
DIGITS = 16
AROUND = " '`" + "".join(INVISIBLE)
BESIDE = rf"[\s'`\"{''.join(INVISIBLE)}]"
"""What is put around and between the digits, by people and so that spreadsheets keep the number a text."""
MAY_BE = rf"^(?:\d|{BESIDE}){{{DIGITS},{3 * DIGITS}}}(?:\.0+)?$"
_MAY_BE = re.compile(MAY_BE)


def check_privacy(grid: Grid, facts: Facts, findings: Findings) -> None:
    """One finding for each column of which the name, or most of the values, say that it holds such numbers.

    What the standard does not know is looked at too, and other tables and sheets: what is spread is the whole
    file.
    """
    if facts.access == OPEN:
        names = {str(index): header for index, header in enumerate(grid.header)}
        table = Aside(names=names, frame=grid.frame, numbered=True)
        for part in (table, *grid.beside, *grid.elsewhere()):
            for name in part.names:
                _check(part, name, findings)


def _check(part: Aside, name: str, findings: Findings) -> None:
    frame, told = part.frame, part.names[name]
    if frame.height <= SMALL and not any(map(_is_like, frame[name].to_list())):
        return
    like = _like(frame, name)
    named = NAMED.match(_header(part, name)) is not None
    if not named:
        like = like.filter(pl.col("value") == pl.col("bare"))
    if like.height and (named or like.height >= SHARE * _filled(frame[name])):
        row, value, _ = like.row(0)
        what = Text("nomor seperti NIK atau nomor KK", "numbers like a NIK or family card number")
        shown = value[:6] + "…"  # the report is no place for it either
        place = row if part.numbered else None
        findings.add(found("PR-01", row=place, column=told, value=shown, what=what, count=like.height))


def _like(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """ROW, the number as "value" and, as "bare", the cell without what is around it; they differ where the
    digits are written in an odd way, which is a NIK only where the name of the column says so."""
    text = pl.col(name)
    long = frame.filter(text.str.len_bytes() >= DIGITS).filter(text.str.contains(MAY_BE))
    written = long.select(ROW, value=_bare(text), bare=text.str.strip_chars(AROUND))
    return written.filter(pl.col("value").str.contains(LIKE_NIK))


def _bare(text: pl.Expr) -> pl.Expr:
    return text.str.normalize("NFKC").str.replace_all(BESIDE, "").str.replace(r"\.0+$", "")


def _filled(cells: pl.Series) -> int:
    """A mark for no data is no number of anything."""
    return int((~cells.str.strip_chars().str.to_lowercase().is_in(["", *MARKS])).sum())


def _header(part: Aside, name: str) -> str:
    """Of a sheet that nobody understood the first filled cell may be the name of a column."""
    if part.numbered:
        return part.names[name].strip()
    return str(part.frame[name].drop_nulls().first() or "").strip()


def _is_like(cell: str | None) -> bool:
    return cell is not None and len(cell) >= DIGITS and _MAY_BE.match(cell) is not None
