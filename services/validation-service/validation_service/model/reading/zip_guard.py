"""What a zip may hold before anything is allowed to unpack it; sizes are counted, not believed."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from muara_kernel.events.finding import Text
from validation_service.model.reading.book import ENCRYPTED, LINKS, MACROS
from validation_service.model.reading.grid import Unreadable, unreadable

LARGEST_TOTAL = 200 << 20
LARGEST_RATIO = 100
RATIO_MATTERS_FROM = 1 << 20
MOST_MEMBERS = 1_000
STEP = 1 << 20
_LOCAL_HEADER = struct.Struct("<4s5H3L2H")
SAVE_AGAIN = Text("Simpan ulang sebagai XLSX biasa atau CSV.", "Save it again as a plain XLSX, or as CSV.")


def opened(data: bytes) -> zipfile.ZipFile:
    """The zip, once it is known to be harmless; raises Unreadable."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = archive.infolist()
        _refuse_too_much(members)
        for member in members:
            _refuse_strange(member)
            _count(data, member)
    except (zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, ValueError) as error:
        raise broken() from error
    return archive


def broken() -> Unreadable:
    return unreadable(
        Text("Buku kerja ini rusak atau tidak lengkap.", "This workbook is damaged or incomplete."),
        SAVE_AGAIN,
    )


def _refuse_too_much(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MOST_MEMBERS:
        raise _bomb()
    if sum(member.file_size for member in members) > LARGEST_TOTAL:
        raise _bomb()
    for member in members:
        if member.file_size > RATIO_MATTERS_FROM and member.file_size > LARGEST_RATIO * max(
            member.compress_size, 1
        ):
            raise _bomb()


def _bomb() -> Unreadable:
    return unreadable(
        Text(
            "Berkas ini mengembang jauh lebih besar daripada ukurannya, maka tidak dibuka.",
            "This file unpacks to far more than its size, so it was not opened.",
        ),
        SAVE_AGAIN,
    )


def _refuse_strange(member: zipfile.ZipInfo) -> None:
    name = member.filename.lower()
    if member.flag_bits & 0x1:
        raise unreadable(*ENCRYPTED)
    if "vbaproject" in name or "macrosheets/" in name or name.startswith(("basic/", "scripts/")):
        raise unreadable(*MACROS)
    if "externallinks/" in name:
        raise unreadable(*LINKS)


def _count(data: bytes, member: zipfile.ZipInfo) -> None:
    """Unpacks the member into nothing, to see that it is no larger than it says."""
    if member.compress_type == zipfile.ZIP_STORED:
        if member.compress_size != member.file_size:
            raise broken()
        return
    if member.compress_type != zipfile.ZIP_DEFLATED:
        raise broken()
    fields = _LOCAL_HEADER.unpack_from(data, member.header_offset)
    start = member.header_offset + _LOCAL_HEADER.size + fields[9] + fields[10]
    packed = memoryview(data)[start : start + member.compress_size]
    inflate, size, rest = zlib.decompressobj(-15), 0, packed
    while len(rest) and not inflate.eof:
        size += len(inflate.decompress(bytes(rest[:STEP]), STEP))
        rest = rest[STEP:]
        while inflate.unconsumed_tail and size <= member.file_size:
            size += len(inflate.decompress(inflate.unconsumed_tail, STEP))
        if size > member.file_size:
            raise _bomb()
