"""What a file is, by its first bytes; names and media types are only claims."""

from __future__ import annotations

from typing import Literal

from muara_kernel.events.finding import Finding, Text
from validation_service.model.reading.grid import Unreadable, unreadable
from validation_service.model.rules.catalogue import found

Kind = Literal["csv", "xlsx", "json"]

MEDIA_TYPES: dict[str, Kind] = {
    "text/csv": "csv",
    "application/csv": "csv",
    "text/tab-separated-values": "csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/json": "json",
    "text/json": "json",
}
"""application/vnd.ms-excel is missing: Windows browsers say it of CSV files as well."""
ENDINGS: dict[str, Kind] = {"csv": "csv", "tsv": "csv", "txt": "csv", "xlsx": "xlsx", "json": "json"}

_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "gambar PNG"),
    (b"\xff\xd8\xff", "gambar JPEG"),
    (b"GIF8", "gambar GIF"),
    (b"RIFF", "media RIFF"),
    (b"{\\rtf", "RTF"),
    (b"\x1f\x8b", "gzip"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"BZh", "bzip2"),
    (b"PAR1", "Parquet"),
    (b"\x7fELF", "program"),
    (b"MZ\x90", "program"),
    (b"SQLite format 3", "SQLite"),
)
SEND = Text("Kirim datanya sebagai CSV, XLSX atau JSON.", "Send the data as CSV, XLSX or JSON.")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def kind_of(data: bytes) -> Kind:
    """Raises Unreadable for what is no table at all."""
    head = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not head:
        raise unreadable(
            Text("Berkas ini kosong.", "The file is empty."),
            Text("Periksa berkasnya, lalu kirim ulang.", "Look at the file, then send it again."),
        )
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "xlsx"
    _refuse_what_is_no_table(data, head)
    return "json" if head[:1] in (b"[", b"{") else "csv"


def _refuse_what_is_no_table(data: bytes, head: bytes) -> None:
    if data.startswith(_OLE):
        raise _old_excel(data)
    for magic, name in _OTHERS:
        if data.startswith(magic):
            raise unreadable(
                Text(f"Berkas ini {name}, bukan tabel data.", f"This file is {name}, not a table of data."),
                SEND,
            )
    start = head[:256].lower()
    if start.startswith(
        (b"<!doctype", b"<html", b"<table", b"<?xml", b"<head", b"<meta", b"<body", b"<style")
    ):
        raise unreadable(
            Text(
                "Berkas ini halaman web (HTML/XML) walaupun mungkin bernama .xls.",
                "This file is a web page (HTML/XML), though it may be called .xls.",
            ),
            Text(
                "Buka dengan aplikasi lembar kerja, lalu simpan sebagai XLSX.",
                "Open it in a spreadsheet program and save it as XLSX.",
            ),
        )
    if b"\0" in data and not data.startswith(_UTF16):
        raise unreadable(
            Text(
                "Berkas ini bukan teks: ada byte nol di dalamnya.",
                "This file is not text: it holds NUL bytes.",
            ),
            SEND,
        )


def _old_excel(data: bytes) -> Unreadable:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return unreadable(
            Text("Berkas ini dilindungi kata sandi.", "This file is protected by a password."),
            Text("Hapus kata sandinya, lalu kirim ulang.", "Remove the password and send it again."),
        )
    return unreadable(
        Text(
            "Berkas ini dokumen Office lama (misalnya XLS), yang bukan format terbuka.",
            "This file is an old Office document (such as XLS), which is no open format.",
        ),
        Text("Simpan sebagai XLSX atau CSV, lalu kirim ulang.", "Save it as XLSX or CSV and send it again."),
    )


def mismatch(kind: Kind, *, filename: str, media_type: str) -> Finding | None:
    """What is wrong when neither the media type nor the file's name says what the file is."""
    media = MEDIA_TYPES.get(media_type.partition(";")[0].strip().lower())
    ending = ENDINGS.get(filename.rpartition(".")[2].lower()) if "." in filename else None
    claims = {claim for claim in (media, ending) if claim}
    if not claims or kind in claims:
        return None
    claimed = (media or ending or "").upper()
    return found(
        "IO-01",
        reason=Text(
            f"Berkas ini berisi {kind.upper()}, padahal dinyatakan sebagai {claimed}.",
            f"This file holds {kind.upper()}, but is said to be {claimed}.",
        ),
        repair=Text(
            "Samakan nama dan jenis berkas dengan isinya, atau kirim berkas yang benar.",
            "Make the file's name and type agree with what it holds, or send the right file.",
        ),
    )
