"""What is seen of a file without opening the table: name, type, size, what a zip directory admits."""

from __future__ import annotations

import zipfile
from pathlib import PurePosixPath, PureWindowsPath
from typing import BinaryIO, cast

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLSB = "application/vnd.ms-excel.sheet.binary.macroenabled.12"
XLS = "application/vnd.ms-excel"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
JSON = "application/json"
NDJSON = "application/x-ndjson"
GEOJSON = "application/geo+json"
BY_SUFFIX = {
    ".csv": CSV,
    ".xlsx": XLSX,
    ".xls": XLS,
    ".ods": ODS,
    ".xlsb": XLSB,
    ".json": JSON,
    ".ndjson": NDJSON,
    ".geojson": GEOJSON,
}
ZIPPED = {XLSX, XLSB, ODS}
UNTOLD = {"", "application/octet-stream", XLS, "text/plain"}
"""Types that say nothing, or that browsers send for CSV; the name of the file decides then."""

MOST_MEMBERS = 1000
MOST_INFLATED = 200 * 1024 * 1024
MOST_RATIO = 100
MOST_DIRECTORY = 1024 * 1024
"""A directory may be as large as its file, and a million entries fill the memory before they are counted."""
SMALL_MEMBER = 1024 * 1024
"""Below this a high ratio is harmless: an empty sheet compresses well."""


class ZipBomb(Exception):
    """The zip directory admits what no table needs; the words say what."""


def media_type(filename: str, declared: str) -> str | None:
    """The media type we take this file for; None for one we do not take."""
    declared = declared.partition(";")[0].strip().lower()
    by_name = BY_SUFFIX.get(PurePosixPath(filename.lower()).suffix)
    if declared in UNTOLD:
        return by_name
    return declared if declared in BY_SUFFIX.values() else None


def plain_name(filename: str) -> str:
    """The last part of the sender's path, printable, at most 150 characters."""
    name = PureWindowsPath(PurePosixPath(filename).name).name
    name = "".join(letter for letter in name if letter.isprintable())[-150:]
    return name if name.strip(". ") else "tanpa-nama"


class _Directory:
    """A zip file of which no more is read than the directory of an honest one needs."""

    def __init__(self, file: BinaryIO) -> None:
        self.seek, self.tell, self._file = file.seek, file.tell, file

    def read(self, size: int = -1) -> bytes:
        if size > MOST_DIRECTORY:
            raise ZipBomb(f"{size} > {MOST_DIRECTORY} byte direktori / directory")
        return self._file.read(size)


def look_into_zip(file: BinaryIO) -> None:
    """Raises ZipBomb. What is no zip at all passes: the checks will tell its sender so."""
    try:
        with zipfile.ZipFile(cast(BinaryIO, _Directory(file))) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return
    if len(members) > MOST_MEMBERS:
        raise ZipBomb(f"{len(members)} > {MOST_MEMBERS} berkas / members")
    inflated = sum(member.file_size for member in members)
    if inflated > MOST_INFLATED:
        raise ZipBomb(f"{inflated} > {MOST_INFLATED} byte")
    for member in members:
        if member.file_size > SMALL_MEMBER and member.file_size > MOST_RATIO * max(member.compress_size, 1):
            raise ZipBomb(f"{member.filename[:80]}: {member.file_size} / {member.compress_size} byte")
