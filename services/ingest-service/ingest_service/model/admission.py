"""What is seen of a file without opening the table: its name, its type, its size, what a zip directory admits."""

from __future__ import annotations

import zipfile
from pathlib import PurePosixPath, PureWindowsPath
from typing import BinaryIO

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
JSON = "application/json"
BY_SUFFIX = {".csv": CSV, ".xlsx": XLSX, ".json": JSON}
UNTOLD = {"", "application/octet-stream", "application/vnd.ms-excel", "text/plain"}
"""Types that say nothing, or that browsers send for CSV; the name of the file decides then."""

MOST_MEMBERS = 1000
MOST_INFLATED = 200 * 1024 * 1024
MOST_RATIO = 100
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
    return "".join(letter for letter in name if letter.isprintable())[-150:] or "tanpa-nama"


def look_into_zip(file: BinaryIO) -> None:
    """Raises ZipBomb. What is no zip at all passes: the checks will tell its sender so."""
    try:
        with zipfile.ZipFile(file) as archive:
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
