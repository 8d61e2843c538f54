"""The table of rules as people read it; run as a module, it writes it out."""

from __future__ import annotations

from muara_kernel.events.finding import Text
from validation_service.model.rules.table import RULES
from validation_service.model.rules.table.rule import Rule

ABOVE = """\
# Aturan pemeriksaan

Setiap temuan menyebut kode aturan, prinsip Satu Data yang dilanggar, dasar hukumnya, nilai yang
dipermasalahkan, dan cara memperbaikinya, dalam Bahasa Indonesia dan Inggris. Hanya `galat` yang membuat
data dikembalikan; `peringatan` minta dilihat, `catatan` hanya memberi tahu. Kata dalam kurung kurawal
diisi ketika ada temuan. Daftar ini ditulis oleh `python -m validation_service.model.rules.table.guide`.

Every finding names its rule, principle, law, the value and how to repair it, in both languages. Only a
`galat` returns the data; a `peringatan` asks for a look, a `catatan` just tells. Words in braces are
filled in by each finding.

Bila sel keliru dengan cara yang lazim, perbaikannya menyebut nilai yang dimaksud: `.0` di belakang
bilangan bulat, tanggal dalam urutan lain (SD-01), nol yang hilang atau berlebih, atau hanya spasi,
huruf besar dan kecil yang berbeda (SD-03, SD-04, KR-01). SD-09 disebut bila di 1.000 baris pertama
suatu kolom semua bilangan bertitik berbentuk seperti 1.250, sedangkan yang tanpa titik paling sedikit
sama banyak, atau semuanya ratusan. Kolom dengan `groupChar`, `decimalChar` lain, `maximum` di bawah
1000, atau satuan Persen tidak dinilai begitu.

Where a cell is wrong in a usual way, the repair says what was meant: `.0` behind a whole number, a
date in another order (SD-01), zeros lost or added, or spaces, upper and lower case alone (SD-03,
SD-04, KR-01). SD-09 is told where in the first 1,000 rows of a column all numbers with a point look
like 1.250, while those without one are at least as many, or all hundreds. A column with a
`groupChar`, another `decimalChar`, a `maximum` below 1000 or the unit Persen is not judged so.

| Kode | Prinsip, dasar | Tingkat | Bunyi | Perbaikan |
|---|---|---|---|---|
"""


def guide() -> str:
    return ABOVE + "".join(_line(rule) for rule in RULES.values())


def _line(rule: Rule) -> str:
    message, hint = _both(rule.message), _both(rule.hint)
    return f"| {rule.code} | {rule.principle}: {rule.legal} | {rule.severity} | {message} | {hint} |\n"


def _both(text: Text) -> str:
    id_, en = (each.replace("<", "&lt;").replace("|", "\\|") for each in (text.id, text.en))
    return id_ if id_ == en else f"{id_}<br>*{en}*"


if __name__ == "__main__":
    print(guide(), end="")
