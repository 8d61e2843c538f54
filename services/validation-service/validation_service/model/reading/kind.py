"""What a file is, by its first bytes; names and media types are only claims."""

from __future__ import annotations

from typing import Literal

from muara_kernel.events.finding import Finding, Text
from validation_service.model.reading.encoding import SEEN, utf16
from validation_service.model.reading.grid import unreadable
from validation_service.model.reading.ole import MAGIC
from validation_service.model.rules.catalogue import found

Kind = Literal["csv", "zip", "xls", "json"]

MEDIA_TYPES = {
    "text/csv": "csv",
    "application/csv": "csv",
    "text/tab-separated-values": "csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.ms-excel.sheet.binary.macroenabled.12": "xlsb",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/json": "json",
    "text/json": "json",
    "application/x-ndjson": "ndjson",
    "application/jsonl": "ndjson",
    "application/geo+json": "geojson",
}
"""application/vnd.ms-excel is missing: Windows browsers say it of CSV files as well."""
ENDINGS = {
    "csv": "csv",
    "tsv": "csv",
    "txt": "csv",
    "xlsx": "xlsx",
    "xls": "xls",
    "xlsb": "xlsb",
    "ods": "ods",
    "json": "json",
    "ndjson": "ndjson",
    "jsonl": "ndjson",
    "geojson": "geojson",
}
_KIN = {"ndjson": "json", "geojson": "json"}
"""Forms of JSON may be called just that."""

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


def kind_of(data: bytes) -> Kind:
    """Raises Unreadable for what is no table at all."""
    codec = utf16(data)
    head = data[:SEEN].decode(codec, "ignore").encode("utf-8", "replace") if codec else data[:SEEN]
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not head:
        raise unreadable(
            Text("Berkas ini kosong.", "The file is empty."),
            Text("Periksa berkasnya, lalu kirim ulang.", "Look at the file, then send it again."),
        )
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if data.startswith(MAGIC):
        return "xls"
    _refuse_what_is_no_table(data, head)
    return "json" if head[:1] in (b"[", b"{") else "csv"


def _refuse_what_is_no_table(data: bytes, head: bytes) -> None:
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
    if b"\0" in data and utf16(data) is None:
        raise unreadable(
            Text(
                "Berkas ini bukan teks: ada byte nol di dalamnya.",
                "This file is not text: it holds NUL bytes.",
            ),
            SEND,
        )


def claims(*, filename: str, media_type: str) -> tuple[str, ...]:
    """What the media type and the name's ending say the file is."""
    media = MEDIA_TYPES.get(media_type.partition(";")[0].strip().lower())
    ending = ENDINGS.get(filename.rpartition(".")[2].lower()) if "." in filename else None
    return tuple(claim for claim in (media, ending) if claim)


def mismatch(format_: str, claimed: tuple[str, ...]) -> Finding | None:
    """What is wrong when neither the media type nor the file's name says what the file is."""
    if not claimed or format_ in claimed or _KIN.get(format_) in claimed:
        return None
    return found(
        "IO-01",
        reason=Text(
            f"Berkas ini berisi {format_.upper()}, padahal dinyatakan sebagai {claimed[0].upper()}.",
            f"This file holds {format_.upper()}, but is said to be {claimed[0].upper()}.",
        ),
        repair=Text(
            "Samakan nama dan jenis berkas dengan isinya, atau kirim berkas yang benar.",
            "Make the file's name and type agree with what it holds, or send the right file.",
        ),
    )
