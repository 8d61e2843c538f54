"""Kode referensi: a list of codes with their names, held as a sorted table and looked up by bisection."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from muara_kernel.events.finding import Text
from validation_service.model.names import bare_name, kind_of_name
from validation_service.model.standard import Problem

COLUMNS = ("kode", "nama", "induk", "kode_bps")
MOST_PROBLEMS = 100
MOST_AT_HAND = 5_000


class BadCodelist(ValueError):
    """The entries are no code list; at most 100 places are named."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{problem.place}: {problem.text.en}" for problem in problems))
        self.problems = problems


class Codelist:
    """One version of a list. ``frame`` has kode (sorted), nama, kode_bps, and ``bare`` and ``kind``, by which
    names are compared."""

    def __init__(self, id_: str, version: str, title: str, frame: pl.DataFrame) -> None:
        self.id = id_
        self.version = version
        self.title = title
        self.frame = frame
        self._within: dict[tuple[str, int | None], dict[str, str] | None] = {}

    @classmethod
    def from_csv(cls, id: str, version: str, data: bytes, *, title: str = "") -> Codelist:
        """From the columns kode,nama[,induk][,kode_bps]; raises BadCodelist."""
        table = _read(data)
        _refuse_bad_codes(table)
        bps = pl.col("kode_bps") if "kode_bps" in table.columns else pl.lit(None, pl.String)
        frame = (
            table.select("kode", pl.col("nama").fill_null(""), kode_bps=bps)
            .with_columns(bare_name(pl.col("nama")).alias("bare"), kind_of_name(pl.col("nama")).alias("kind"))
            .sort("kode")
        )
        return cls(id, version, title, frame)

    def __len__(self) -> int:
        return self.frame.height

    @property
    def shown(self) -> str:
        return f"{self.title or self.id} ({self.version})"

    def find(self, codes: pl.Series) -> pl.DataFrame:
        """For each code its entry, in the order asked; null where the list has none."""
        known = self.frame["kode"]
        if not len(known):
            return pl.DataFrame(schema=self.frame.schema).clear(len(codes))
        places = known.search_sorted(codes).clip(0, len(known) - 1)
        entries = self.frame[places]
        there = entries["kode"] == codes
        return entries.select(pl.when(there).then(pl.col(name)).alias(name) for name in self.frame.columns)

    def names_within(self, place: str, length: int | None) -> dict[str, str] | None:
        """The names by code of one place and level; None where that is too much to hold beside the table."""
        if (place, length) not in self._within:
            code = pl.col("kode")
            mine = (code == place) | code.str.starts_with(f"{place}.") if place else pl.lit(True)
            if length is not None:
                mine &= code.str.len_bytes() == length
            part = self.frame.filter(mine)
            names = dict(zip(part["kode"].to_list(), part["nama"].to_list(), strict=True))
            self._within[place, length] = names if len(names) <= MOST_AT_HAND else None
        return self._within[place, length]

    def by_bps(self, code: str) -> str | None:
        """The code that stands in this list for a code of BPS."""
        return _only(self.frame.filter(pl.col("kode_bps") == code)["kode"])

    def by_name(self, name: str, *, region: str, level_length: int | None) -> str | None:
        """The one code of that name in the region and on the level; None when there is none or several."""
        wanted = pl.Series([name]).to_frame("n").select(bare_name(pl.col("n")))["n"][0]
        there = (pl.col("bare") == wanted) & pl.col("kode").str.starts_with(region)
        if level_length is not None:
            there &= pl.col("kode").str.len_bytes() == level_length
        return _only(self.frame.filter(there)["kode"])


def entries_to_csv(entries: Iterable[Mapping[str, Any]]) -> bytes:
    """The canonical rows: sorted by code, only the columns that are used, LF; raises BadCodelist."""
    rows = list(entries)
    problems = [
        Problem(
            f"$.entries[{index}]", Text("Kode dan nama harus berupa teks.", "Code and name must be texts.")
        )
        for index, row in enumerate(rows)
        if not isinstance(row, Mapping)
        or not all(isinstance(row.get(name, ""), str | None) for name in COLUMNS)
        or not _encodes(row)
    ]
    if problems:
        raise BadCodelist(problems[:MOST_PROBLEMS])
    columns = COLUMNS[:2] + tuple(name for name in COLUMNS[2:] if any(row.get(name) for row in rows))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in sorted(rows, key=lambda row: row.get("kode") or ""):
        writer.writerow([row.get(name) or "" for name in columns])
    data = out.getvalue().encode()
    _refuse_bad_codes(_read(data))
    return data


def _encodes(row: Mapping[str, Any]) -> bool:
    try:
        "".join(row.get(name) or "" for name in COLUMNS).encode()
    except UnicodeEncodeError:
        return False
    return True


def _only(codes: pl.Series) -> str | None:
    return str(codes[0]) if len(codes) == 1 else None


def _read(data: bytes) -> pl.DataFrame:
    try:
        table = pl.read_csv(data.removeprefix(b"\xef\xbb\xbf"), infer_schema=False)
    except pl.exceptions.PolarsError:
        table = pl.DataFrame()
    if not {"kode", "nama"} <= set(table.columns):
        raise BadCodelist(
            [
                Problem(
                    "$",
                    Text("Daftar harus berkolom kode dan nama.", "A list must have columns kode and nama."),
                )
            ]
        )
    return table


def _refuse_bad_codes(table: pl.DataFrame) -> None:
    code = pl.col("kode")
    marked = table.with_row_index("n").select(
        "n",
        "kode",
        empty=code.is_null() | (code.str.strip_chars() == ""),
        padded=(code.str.strip_chars() != code).fill_null(False),
        again=~code.is_first_distinct() & code.is_not_null(),
    )
    problems = [
        Problem(f"$.entries[{row['n']}].kode", _complaint(row))
        for row in marked.filter(pl.any_horizontal("empty", "padded", "again")).head(MOST_PROBLEMS).to_dicts()
    ]
    if problems:
        raise BadCodelist(problems)


def _complaint(row: Mapping[str, Any]) -> Text:
    if row["empty"]:
        return Text("Kode kosong.", "The code is empty.")
    if row["padded"]:
        return Text(f'Kode "{row["kode"]}" diapit spasi.', f'The code "{row["kode"]}" has spaces around it.')
    return Text(f'Kode "{row["kode"]}" berulang.', f'The code "{row["kode"]}" is repeated.')
