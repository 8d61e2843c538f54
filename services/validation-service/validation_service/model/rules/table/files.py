"""IO, PR: the file as a table."""

from __future__ import annotations

from validation_service.model.rules.table.rule import Rule, rule

RULES: tuple[Rule, ...] = (
    rule(
        "IO-01",
        "interoperabilitas",
        "{reason}",
        "{reason}",
        "{repair}",
        "{repair}",
    ),
    rule(
        "IO-02",
        "interoperabilitas",
        "Teks tidak tersimpan sebagai UTF-8; dibaca sebagai {encoding}.",
        "The text is not stored as UTF-8; it was read as {encoding}.",
        'Simpan ulang sebagai UTF-8 (di Excel: "CSV UTF-8"), lalu periksa huruf yang tampak aneh.',
        'Save it again as UTF-8 (in Excel: "CSV UTF-8"), then look for letters that have changed.',
    ),
    rule(
        "IO-03",
        "interoperabilitas",
        "Judul kolom baru ada di baris {header_row}; baris di atasnya bukan bagian dari tabel.",
        "The column names only come in row {header_row}; the rows above it are not part of the table.",
        "Hapus baris di atas judul kolom, sehingga judul kolom menjadi baris pertama.",
        "Delete the rows above the column names, so that the names are the first row.",
    ),
    rule(
        "IO-04",
        "interoperabilitas",
        'Kolom "{column}" tidak ada.{nearest}',
        'The column "{column}" is missing.{nearest}',
        'Tambahkan kolom dengan nama persis "{column}" beserta isinya.',
        'Add a column named exactly "{column}", with its values.',
    ),
    rule(
        "IO-05",
        "interoperabilitas",
        'Kolom "{column}" tidak dikenal oleh standar data ini dan tidak diperiksa.',
        'The column "{column}" is not known to this standard and was not checked.',
        "Hapus kolom ini, atau usulkan agar standar data ditambah.",
        "Remove the column, or propose that it be added to the standard.",
        "peringatan",
    ),
    rule(
        "IO-06",
        "interoperabilitas",
        "Judul kolom ke-{position} {problem}.",
        "The name of column number {position} {problem}.",
        "Beri setiap kolom satu nama yang tidak kosong dan tidak berulang.",
        "Give every column one name that is neither empty nor repeated.",
    ),
    rule(
        "IO-07",
        "interoperabilitas",
        "Tabel tidak mempunyai satu pun baris data.",
        "The table has no row of data at all.",
        "Isi paling sedikit satu baris data, lalu kirim ulang.",
        "Fill in at least one row of data and send it again.",
    ),
    rule(
        "IO-08",
        "interoperabilitas",
        "Baris ini berisi {found}, padahal judul kolom berisi {expected} sel; isinya tidak diperiksa.",
        "This row holds {found}, but there are {expected} column names; it was not checked.",
        "Samakan banyaknya sel dengan judul kolom; teks yang memuat pemisah diapit tanda kutip.",
        "Give the row as many cells as there are names; text that holds a separator must be quoted.",
    ),
    rule(
        "IO-09",
        "interoperabilitas",
        "Sel ini berisi rumus yang hasilnya tidak tersimpan di dalam berkas.",
        "This cell holds a formula whose result is not stored in the file.",
        "Buka dan simpan berkas dengan aplikasi lembar kerja, atau tempel rumus sebagai nilai.",
        "Open and save the file in a spreadsheet program, or paste the formula as a value.",
    ),
    rule(
        "IO-10",
        "interoperabilitas",
        "Ada {count} baris kosong di antara data; baris itu dilewati.",
        "There are {count} blank rows among the data; they were skipped.",
        "Hapus baris kosong.",
        "Delete the blank rows.",
        "catatan",
    ),
)
