"""What changed from one revision of a code list to another."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from validation_service.model.codelists.table import COLUMNS, table_of_stored
from validation_service.model.names import bare_name

Rows = list[dict[str, str | None]]


@dataclass(frozen=True, kw_only=True)
class Difference:
    """``renamed``, ``moved`` (to another induk) and ``rebridged`` (another code of BPS) tell ``from`` and
    ``to`` of a code that stayed.

    ``recoded`` is a guess, and its codes stand in ``removed`` and ``added`` too: the only entry of that name
    and length of code that went, and the only one that came.
    """

    added: Rows
    removed: Rows
    renamed: Rows
    moved: Rows
    rebridged: Rows
    recoded: Rows


def differences(old: bytes, new: bytes) -> Difference:
    """Of two lists as canonical CSV; everything by code."""
    before, after = (table_of_stored(data) for data in (old, new))
    both = before.join(after, on="kode", how="inner", suffix="_new").sort("kode")
    added, removed = after.join(before, on="kode", how="anti"), before.join(after, on="kode", how="anti")
    return Difference(
        added=_told(added),
        removed=_told(removed),
        renamed=_changed(both, "nama"),
        moved=_changed(both, "induk"),
        rebridged=_changed(both, "kode_bps"),
        recoded=_recoded(removed, added),
    )


def _changed(both: pl.DataFrame, column: str) -> Rows:
    changed = both.filter(pl.col(column).ne_missing(pl.col(f"{column}_new")))
    names = {} if column == "nama" else {"nama": pl.col("nama_new")}
    return changed.select("kode", **names, **{"from": column, "to": f"{column}_new"}).to_dicts()


def _recoded(removed: pl.DataFrame, added: pl.DataFrame) -> Rows:
    pairs = _lone(removed).join(_lone(added), on=["bare", "length"], how="inner", suffix="_new")
    return pairs.sort("kode").select("nama", **{"from": "kode", "to": "kode_new"}).to_dicts()


def _lone(entries: pl.DataFrame) -> pl.DataFrame:
    """Those whose name and length of code no other has."""
    marked = entries.select(
        "kode", "nama", bare=bare_name(pl.col("nama")), length=pl.col("kode").str.len_bytes()
    )
    return marked.filter((pl.col("bare") != "") & pl.struct("bare", "length").is_unique())


def _told(entries: pl.DataFrame) -> Rows:
    told = entries.sort("kode").select(COLUMNS).iter_rows(named=True)
    return [{name: value for name, value in row.items() if value} for row in told]
