"""Bytes that somebody else wrote, handed on so that no browser takes them for anything but a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from flask import Response, request

from muara_kernel.payloads import Payloads

STEP = 64 * 1024

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLSB = "application/vnd.ms-excel.sheet.binary.macroenabled.12"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
KINDS = {
    "text/csv": ("text/csv; charset=utf-8", "csv"),
    "application/json": ("application/json", "json"),
    "application/x-ndjson": ("application/x-ndjson", "ndjson"),
    "application/geo+json": ("application/geo+json", "geojson"),
    "application/vnd.ms-excel": ("application/vnd.ms-excel", "xls"),
    XLSX: (XLSX, "xlsx"),
    XLSB: (XLSB, "xlsb"),
    ODS: (ODS, "ods"),
}
OTHER = ("application/octet-stream", "bin")


def attachment(
    payloads: Payloads, *, payload: str, size: int, media_type: str, stem: str, public: bool
) -> Response:
    """The payload as a file named after what it is, never as its sender named it."""
    content_type, ending = KINDS.get(media_type.partition(";")[0].strip().lower(), OTHER)
    stream = payloads.open(payload)
    response = Response(_steps(stream), content_type=content_type)
    response.call_on_close(stream.close)
    response.content_length = size
    response.set_etag(payload)
    response.headers.set("Content-Disposition", "attachment", filename=f"{stem}.{ending}")
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "public, no-cache" if public else "no-store"
    return response.make_conditional(request)  # type: ignore[return-value]


def safe_name(*parts: str) -> str:
    """Parts of a file name, of letters, digits, dots and hyphens only."""
    return "_".join(re.sub(r"[^A-Za-z0-9.-]+", "-", part).strip(".-") or "data" for part in parts)


def _steps(stream: BinaryIO) -> Iterator[bytes]:
    while step := stream.read(STEP):
        yield step
