"""What people read of ``muara codelists``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from muara.codelist_bridging import Bridged

SHOWN = 10
WORDS = {
    "added": ("bertambah", "added"),
    "removed": ("hilang", "removed"),
    "renamed": ("berganti nama", "renamed"),
    "moved": ("pindah induk", "moved"),
    "rebridged": ("berganti kode BPS", "given another code of BPS"),
    "recoded": ("mungkin berganti kode", "perhaps recoded"),
}


def print_imported(console: Console, answer: Mapping[str, Any], bridged: Bridged, asked: bool) -> None:
    """What was adopted, and what the bridging did not match: how many, and the first of each kind."""
    console.print(
        f"{answer['codelist']}: revisi / revision {answer['revision']}, {answer['count']} entri / entries",
        highlight=False,
    )
    if not asked:
        return
    console.print(
        f"Bridging BPS: {bridged.matched} entri mendapat kode BPS / entries got a code", highlight=False
    )
    by_reason: dict[str, list[tuple[str, ...]]] = {}
    for reason, *rest in unmatched_rows(bridged):
        by_reason.setdefault(reason, []).append(tuple(rest))
    for reason, rows in by_reason.items():
        console.print(f"[yellow]{len(rows)}[/yellow] {reason}", highlight=False)
        for row in rows[:SHOWN]:
            console.print(f"    {escape(' · '.join(part for part in row if part))}", highlight=False)
        if len(rows) > SHOWN:
            console.print("    … (--unmatched FILE)", highlight=False)


def unmatched_rows(bridged: Bridged) -> Iterator[tuple[str, str, str, str, str, str]]:
    """Reason, kode, nama, kode_bps, nama_bps and where it was read."""
    for pair in bridged.strangers:
        reason = "pasangan yang kodenya tidak ada di daftar / pairs whose code is not in the list"
        yield reason, pair.kode_dagri, pair.nama_dagri, pair.kode_bps, pair.nama_bps, pair.origin
    for entry in bridged.without:
        reason = "entri tanpa kode BPS / entries without a code of BPS"
        yield reason, entry.kode, entry.nama, "", "", entry.origin
    for pair in bridged.contradicted:
        reason = "pasangan kedua untuk satu kode, tidak dipakai / second pairs of a code, not used"
        yield reason, pair.kode_dagri, pair.nama_dagri, pair.kode_bps, pair.nama_bps, pair.origin
    for pair, entry in bridged.renamed:
        reason = "dipakai, walau namanya lain / used, though the names differ"
        yield reason, entry.kode, entry.nama, pair.kode_bps, pair.nama_bps, pair.origin


def print_revisions(console: Console, items: Sequence[Mapping[str, Any]]) -> None:
    table = _table("daftar", "revisi", "versi", "keputusan", "sejak", "sampai", "entri", "hari ini")
    for each in items:
        facts = [each["codelist"], each["revision"], each["version"], each["decree"], each["valid_from"]]
        in_force = "berlaku" if each.get("in_force") else ""
        table.add_row(
            *(escape(str(fact)) for fact in facts), each.get("valid_until", ""), str(each["count"]), in_force
        )
    console.print(table)


def print_difference(console: Console, told: Mapping[str, Any]) -> None:
    for side in ("from", "to"):
        each = told[side]
        console.print(
            f"{side:>4}: revisi {each['revision']}, {each['version']}, {each['decree']}, "
            f"{each['valid_from']}, {each['count']} entri",
            highlight=False,
            markup=False,
        )
    table = _table("", "kode", "nama", "dari", "ke")
    for kind, (words, _) in WORDS.items():
        for row in told[kind]:
            table.add_row(words, *(escape(cell) for cell in _cells(kind, row)))
    if table.row_count:
        console.print(table)
    counts = (f"{told['counts'][kind]} {id} / {en}" for kind, (id, en) in WORDS.items())
    console.print(", ".join(counts), highlight=False)


def _cells(kind: str, row: Mapping[str, str | None]) -> tuple[str, str, str, str]:
    earlier, later = row.get("from") or "", row.get("to") or ""
    if kind == "recoded":
        return later, row["nama"] or "", earlier, later
    if kind in ("added", "removed"):
        return row["kode"] or "", row.get("nama") or "", "", row.get("induk") or ""
    return row["kode"] or "", row.get("nama") or later, earlier, later


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in columns:
        table.add_column(name, overflow="fold")
    return table
