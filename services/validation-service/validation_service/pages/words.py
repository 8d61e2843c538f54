"""How the pages call what a report holds."""

from __future__ import annotations

from muara_kernel.events import Text

PRINCIPLES = {
    "standar_data": Text("Standar data", "Data standard"),
    "metadata": Text("Metadata", "Metadata"),
    "interoperabilitas": Text("Interoperabilitas", "Interoperability"),
    "kode_referensi": Text("Kode referensi", "Reference codes"),
}
VERDICTS = {
    "lulus": Text("lulus", "passed"),
    "gagal": Text("gagal", "failed"),
    "tidak_dapat_diperiksa": Text("tidak dapat diperiksa", "could not be checked"),
}
SEVERITIES = {
    "galat": Text("galat", "error"),
    "peringatan": Text("peringatan", "warning"),
    "catatan": Text("catatan", "note"),
}
LOOKS = {"lulus": "good", "gagal": "bad", "galat": "bad", "peringatan": "wait"}
MARKS = {"galat": "✗", "peringatan": "!", "catatan": "i"}
UNDERSTOOD = {
    "format": Text("Format", "Format"),
    "encoding": Text("Pengodean teks", "Text encoding"),
    "delimiter": Text("Pemisah kolom", "Column separator"),
    "sheet": Text("Lembar kerja", "Sheet"),
    "other_sheets": Text("Lembar lain yang tidak dibaca", "Other sheets, not read"),
    "header_row": Text("Baris judul kolom", "Row of the column names"),
    "blank_rows_skipped": Text("Baris kosong yang dilewati", "Blank rows skipped"),
    "rows_counted_from": Text("Baris dihitung dari", "Rows are counted from"),
    "footnotes": Text("Catatan kaki yang disisihkan", "Footnotes set aside"),
}
DELIMITERS = {
    ",": Text("koma", "comma"),
    ";": Text("titik koma", "semicolon"),
    "\t": Text("tab", "tab"),
    "|": Text("garis tegak", "vertical bar"),
}
