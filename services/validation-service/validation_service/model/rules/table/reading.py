"""IO-11 to IO-17: what was around the table, and how it was told apart."""

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
        "Bila itu juga data, kirim sebagai berkas sendiri; bila bukan, hapus.",
        "If that is data as well, send it as a file of its own; if not, delete it.",
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
    rule(
        "IO-16",
        "interoperabilitas",
        "Baris ini mengulang judul kolom di baris {header_row}; baris di bawahnya dibaca sebagai lanjutan.",
        "This row repeats the column names of row {header_row}; the rows below it were read as going on.",
        "Hapus judul yang berulang, sehingga judul kolom hanya ada satu kali, di baris pertama.",
        "Delete the names that are repeated, so that they stand only once, in the first row.",
    ),
    rule(
        "IO-17",
        "interoperabilitas",
        "Di sini mulai tabel lain, dengan judul kolom {value}; baris {rows} tidak dibaca.",
        "Another table begins here, with the column names {value}; the rows {rows} were not read.",
        "Kirim tabel itu sebagai berkas sendiri; bila lanjutan tabel ini, hapus judul dan baris kosongnya.",
        "Send that table as a file of its own; if it goes on with this one, delete its names and blank row.",
    ),
)
