"""How the pages call what a report holds."""

from __future__ import annotations

from muara_kernel.events import Text
from muara_kernel.events.words import PRINCIPLES as PRINCIPLES
from muara_kernel.events.words import SEVERITIES as SEVERITIES
from muara_kernel.events.words import VERDICTS as VERDICTS

LOOKS = {"lulus": "good", "gagal": "bad", "galat": "bad", "peringatan": "wait"}
MARKS = {"galat": "✗", "peringatan": "!", "catatan": "i"}
UNDERSTOOD = {
    "format": Text("Format", "Format"),
    "encoding": Text("Pengodean teks", "Text encoding"),
    "delimiter": Text("Pemisah kolom", "Column separator"),
    "sheet": Text("Lembar kerja", "Sheet"),
    "other_sheets": Text("Lembar lain yang tidak dibaca", "Other sheets, not read"),
    "header_row": Text("Baris judul kolom", "Row of the column names"),
    "rows_counted_from": Text("Baris dihitung dari", "Rows are counted from"),
    "header_rows": Text("Baris-baris judul kolom", "Rows of the column names"),
    "columns": Text("Kolom dikenali", "Columns are known"),
    "wide": Text("Kolom yang dibaca sebagai nilai", "Columns read as values"),
    "side_tables": Text("Tabel di samping yang disisihkan", "Tables beside it, set aside"),
    "hidden_sheets": Text("Lembar tersembunyi", "Hidden sheets"),
    "hidden_rows": Text("Baris tersembunyi, ikut dibaca", "Hidden rows, read as well"),
    "hidden_columns": Text("Kolom tersembunyi, ikut dibaca", "Hidden columns, read as well"),
    "geometry_not_read": Text("Geometri yang tidak dibaca", "Geometries, not read"),
    "skipped": Text("Baris yang dilewati", "Rows left out"),
}
CLOSED = ("rows_counted_from", "columns", "skipped")
"""Of these the values are words of ours, not a sender's."""
VALUES = {
    "first object": Text("objek pertama", "first object"),
    "first line": Text("baris pertama", "first line"),
    "first feature": Text("fitur pertama", "first feature"),
    "by position": Text("menurut urutannya", "by position"),
    "above header": Text("di atas judul kolom", "above the column names"),
    "units": Text("satuan di bawah judul kolom", "units below the column names"),
    "column numbers": Text("nomor kolom", "numbers of the columns"),
    "blank": Text("kosong", "blank"),
    "unreadable": Text("tidak terbaca", "unreadable"),
    "footnotes": Text("catatan kaki", "footnotes"),
    "signatures": Text("tanda tangan", "signatures"),
    "far below": Text("jauh di bawah tabel", "far below the table"),
    "repeated header": Text("judul kolom yang diulang", "column names repeated"),
    "another table below": Text("tabel lain di bawahnya", "another table below"),
}
DELIMITERS = {
    ",": Text("koma", "comma"),
    ";": Text("titik koma", "semicolon"),
    "\t": Text("tab", "tab"),
    "|": Text("garis tegak", "vertical bar"),
}
