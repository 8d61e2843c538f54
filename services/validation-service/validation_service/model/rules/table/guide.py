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
