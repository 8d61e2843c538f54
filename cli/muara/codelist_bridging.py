"""The codes of BPS for a list of codes of Kemendagri, from the files that bridge the two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from muara.codelist_files import BadFile, Entry, read_table

BRIDGE = ("kode_bps", "nama_bps", "kode_dagri", "nama_dagri")
OF_BPS_ALONE = {7, 10}
"""So many digits has the code of a kecamatan or desa of BPS, and none of Kemendagri."""


@dataclass(frozen=True)
class Bridge:
    """One pair of codes, with the name that each side gives it."""

    kode_bps: str
    nama_bps: str
    kode_dagri: str
    nama_dagri: str
    origin: str


@dataclass(frozen=True)
class Bridged:
    """The entries with their codes of BPS, and what did not match.

    ``strangers`` are pairs whose code of Kemendagri is not in the list, ``without`` entries of a level that
    was bridged which got no code, ``contradicted`` pairs that give an entry a second code; ``renamed`` are
    pairs that were used though the list's name is neither of theirs.
    """

    entries: list[Entry]
    matched: int = 0
    strangers: list[Bridge] = field(default_factory=list)
    without: list[Entry] = field(default_factory=list)
    contradicted: list[Bridge] = field(default_factory=list)
    renamed: list[tuple[Bridge, Entry]] = field(default_factory=list)


def bridge(entries: Sequence[Entry], paths: Sequence[Path]) -> Bridged:
    """Give the entries the codes of BPS that the bridging files know for them; dots do not matter."""
    pairs = [pair for path in paths for pair in _pairs(path)]
    if pairs and (bps := next((each for each in entries if _is_of_bps(each.kode)), None)):
        raise BadFile(
            f"{bps.origin}: {bps.kode} sudah kode BPS; bridging hanya untuk daftar kode Kemendagri / "
            "is a code of BPS; bridging is for a list of codes of Kemendagri"
        )
    listed = {_plain(entry.kode): entry for entry in entries}
    used: dict[str, Bridge] = {}
    done = Bridged([])
    for pair in pairs:
        entry = listed.get(_plain(pair.kode_dagri))
        if entry is None:
            done.strangers.append(pair)
        elif used.setdefault(entry.kode, pair).kode_bps != pair.kode_bps:
            done.contradicted.append(pair)
        elif _bare(entry.nama) not in (_bare(pair.nama_bps), _bare(pair.nama_dagri)):
            done.renamed.append((pair, entry))
    levels = {len(_plain(pair.kode_dagri)) for pair in pairs}
    done.without.extend(
        each for each in entries if each.kode not in used and len(_plain(each.kode)) in levels
    )
    done.entries.extend(_with_bps(each, used.get(each.kode)) for each in entries)
    return replace(done, matched=len(used))


def _with_bps(entry: Entry, pair: Bridge | None) -> Entry:
    return replace(entry, kode_bps=pair.kode_bps) if pair else entry


def _pairs(path: Path) -> Iterator[Bridge]:
    header, rows = read_table(path)
    if absent := [name for name in BRIDGE if name not in header]:
        raise BadFile(f"{path.name}: tidak ada kolom / no column {', '.join(absent)}")
    for line, row in rows:
        yield Bridge(*(row[name] for name in BRIDGE), origin=f"{path.name} baris {line}")


def _is_of_bps(code: str) -> bool:
    return code.isdigit() and len(code) in OF_BPS_ALONE


def _plain(code: str) -> str:
    return code.replace(".", "")


def _bare(name: str) -> str:
    """Only to say where names differ, so the words for the kinds of a place are enough."""
    words = name.lower().replace(".", " ").split()
    kinds = {"provinsi", "kabupaten", "kab", "kota", "kecamatan", "kec", "desa", "kelurahan"}
    return "".join(words[1:] if len(words) > 1 and words[0] in kinds else words)
