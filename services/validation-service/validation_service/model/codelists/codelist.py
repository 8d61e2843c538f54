"""Kode referensi: a list of codes with their names, held as one sorted table and looked up by bisection."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import cached_property, lru_cache

import polars as pl

from validation_service.model.codelists.table import read_entries
from validation_service.model.names import bare_name, kind_of_name

MOST_AT_HAND = 5_000
MOST_PLACES = 64
LENGTHS_OF_BPS = [2, 4, 7, 10]
VILLAGE_OF_BPS, KECAMATAN_OF_BPS, VILLAGE = 10, 7, len("35.08.01.2001")


class Codelist:
    """One version of a list. ``frame`` has kode (sorted), nama and, where the list has them, kode_bps."""

    def __init__(
        self, id_: str, version: str, title: str, frame: pl.DataFrame, *, decree: str = "", revision: int = 0
    ) -> None:
        self.id = id_
        self.version = version
        self.title = title
        self.decree = decree
        self.revision = revision
        self.frame = frame
        self._bps: tuple[pl.Series, pl.Series] | None = None
        self._names = lru_cache(MOST_PLACES)(self._names_of)
        self._bare = lru_cache(MOST_PLACES)(self._bare_names_of)

    @classmethod
    def from_csv(
        cls, id: str, version: str, data: bytes, *, title: str = "", decree: str = "", revision: int = 0
    ) -> Codelist:
        """From the columns kode,nama[,induk][,kode_bps]; raises BadCodelist. ``data`` is not kept."""
        return cls(id, version, title, read_entries(data), decree=decree, revision=revision)

    def __len__(self) -> int:
        return self.frame.height

    @cached_property
    def is_of_bps(self) -> bool:
        """Whether its codes are such as BPS gives to wilayah: digits alone, without dots."""
        code = self.frame["kode"]
        if not len(self) or not (code.str.len_bytes() > LENGTHS_OF_BPS[0]).any():
            return False
        return bool((code.str.len_bytes().is_in(LENGTHS_OF_BPS) & code.str.contains(r"^[0-9]+$")).all())

    @property
    def shown(self) -> str:
        return f"{self.title or self.id} ({self.version})"

    def find(self, codes: pl.Series) -> pl.DataFrame:
        """For each code its entry, in the order asked, null where the list has none: kode, nama, kode_bps,
        and ``bare`` and ``kind``, by which names are compared (null where an entry has no name)."""
        wanted = codes.cast(pl.String)
        if not len(self):
            return _comparable(self.frame.clear(len(wanted)).lazy())
        entries = self.frame[self._nearest(wanted)]
        there = pl.lit(entries["kode"] == wanted)
        return _comparable(
            entries.lazy().select(pl.when(there).then(pl.col(name)).alias(name) for name in entries.columns)
        )

    def listed(self, codes: pl.Series) -> pl.Series:
        """The codes themselves, null where the list has none."""
        if not len(self):
            return codes.clear(len(codes))
        return codes.set(self.frame["kode"][self._nearest(codes)].ne_missing(codes), None)

    def _nearest(self, codes: pl.Series) -> pl.Series:
        place = pl.lit(self.frame["kode"]).search_sorted(pl.lit(codes))
        return pl.select(place.clip(upper_bound=len(self) - 1)).to_series()

    def entry(self, code: str) -> dict[str, str | None] | None:
        """The same for one code, as it stands in ``frame``."""
        known = self.frame["kode"]
        place = bisect_left(known, code)
        return self.frame.row(place, named=True) if place < len(known) and known[place] == code else None

    def within(self, place: str, length: int | None) -> pl.DataFrame:
        """The entries of a place and it itself, or of everywhere (``""``), whose codes have this length."""
        part = self.frame
        if place:
            code = part["kode"]
            bounds = (f"{place}0", f"{place}:") if self.is_of_bps else (f"{place}.", f"{place}/")
            first, last = (int(code.search_sorted(bound)) for bound in bounds)
            itself = int(code.search_sorted(place))
            own = part[itself : itself + 1].filter(pl.col("kode") == place)
            part = pl.concat([own, part[first:last]])
        return part if length is None else part.filter(pl.col("kode").str.len_bytes() == length)

    def names_within(self, place: str, length: int | None) -> dict[str, str] | None:
        """The names by code of one place and level; None where that is too much to hold beside the table."""
        return self._names(place, length)

    def by_bps(self, code: str, name: str | None = None) -> str | None:
        """The code that stands in this list for a code of BPS.

        A desa whose own code of BPS is not listed is looked for by its ``name`` in its kecamatan.
        """
        found = self._listed_for_bps(code)
        if found or not name or len(code) != VILLAGE_OF_BPS:
            return found
        kecamatan = self._listed_for_bps(code[:KECAMATAN_OF_BPS])
        return kecamatan and self.by_name(name, region=kecamatan, level_length=VILLAGE)

    def by_name(self, name: str, *, region: str, level_length: int | None) -> str | None:
        """The one code of that name in the region and on the level; None when there is none or several."""
        wanted = pl.select(bare_name(pl.lit(name))).item()
        bare, codes = self._bare(region, level_length)
        return _only(codes, bare, wanted)

    def _listed_for_bps(self, code: str) -> str | None:
        if self._bps is None:
            self._bps = self._sorted_by_bps()
        return _only(self._bps[1], self._bps[0], code)

    def _sorted_by_bps(self) -> tuple[pl.Series, pl.Series]:
        if "kode_bps" not in self.frame.columns:
            return pl.Series(dtype=pl.String), pl.Series(dtype=pl.String)
        bridged = self.frame.select("kode_bps", "kode").drop_nulls().sort("kode_bps")
        return bridged["kode_bps"], bridged["kode"]

    def _names_of(self, place: str, length: int | None) -> dict[str, str] | None:
        part = self.within(place, length)
        if part.height > MOST_AT_HAND:
            return None
        return dict(zip(part["kode"].to_list(), part["nama"].to_list(), strict=True))

    def _bare_names_of(self, place: str, length: int | None) -> tuple[pl.Series, pl.Series]:
        part = (
            self.within(place, length)
            .select("kode", bare=bare_name(pl.col("nama")))
            .drop_nulls()
            .sort("bare")
        )
        return part["bare"], part["kode"]


def _comparable(entries: pl.LazyFrame) -> pl.DataFrame:
    """The names are made comparable here and not held, since most are never asked for."""
    if "kode_bps" not in entries.collect_schema():
        entries = entries.with_columns(kode_bps=pl.lit(None, pl.String))
    name = pl.col("nama")
    bare = pl.when(name != "").then(bare_name(name))
    return entries.with_columns(bare=bare, kind=kind_of_name(name)).collect()


def _only(codes: pl.Series, keys: pl.Series, key: str) -> str | None:
    """The one of ``codes`` that stands at ``key`` in the sorted ``keys``."""
    first, last = bisect_left(keys, key), bisect_right(keys, key)
    return str(codes[first]) if last - first == 1 else None
