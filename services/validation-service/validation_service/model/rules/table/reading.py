"""IO-11 to IO-15: what was around the table, and how it was told apart."""

from __future__ import annotations

from validation_service.model.rules.table.rule import rule

RULES = (
    rule(
        "IO-11",
        "interoperabilitas",
        "Berkas ini tidak mempunyai judul kolom; {count} kolomnya dibaca menurut urutan standar data.",
        "This file has no column names; its {count} columns were taken in the order of the standard.",
        "Tambahkan baris pertama berisi nama kolom: {names}.",
        "Add a first row with the column names: {names}.",
    ),
    rule(
        "IO-12",
        "interoperabilitas",
        "{what} tidak dibaca: {place}.",
        "{what} was not read: {place}.",
        "Bila itu juga data, kirim sebagai berkas sendiri.",
        "If that is data as well, send it as a file of its own.",
        "catatan",
    ),
    rule(
        "IO-13",
        "interoperabilitas",
        'Baris ini catatan kaki, bukan data, dan tidak diperiksa: "{value}".',
        'This row is a footnote, no data, and was not checked: "{value}".',
        "Pindahkan catatan dan sumber ke metadata dataset.",
        "Move notes and sources to the metadata of the dataset.",
        "catatan",
    ),
    rule(
        "IO-14",
        "interoperabilitas",
        "{what}",
        "{what}",
        "{repair}",
        "{repair}",
        "catatan",
    ),
    rule(
        "IO-15",
        "interoperabilitas",
        'Teks "{value}" memuat kode HTML ({code}), bukan teks biasa.',
        'The text "{value}" holds HTML codes ({code}), not plain text.',
        "Ganti kode itu dengan huruf yang dimaksud.",
        "Replace the codes by the characters that are meant.",
        "peringatan",
    ),
)
