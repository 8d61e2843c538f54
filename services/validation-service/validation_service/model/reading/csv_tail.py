"""Lines at the end of a CSV that may be notes, so that they do not keep a large file from the fast way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from validation_service.model.reading.footnotes import MOST_NOTES, opens_a_note
from validation_service.model.reading.grid import ROW


def may_be_note(record: Sequence[str], width: int) -> bool:
    return len(record) != width and (not any(record[1:]) or opens_a_note(record[0]))


def without_tail(body: bytes, delimiter: str, width: int) -> tuple[bytes, list[list[str]]]:
    """The body before its last lines that are blank or may be notes, and the records of those."""
    records: list[list[str]] = []
    end = len(body.rstrip(b"\r\n"))
    while len(records) < MOST_NOTES:
        start = body.rfind(b"\n", 0, end) + 1
        line = body[start:end].rstrip(b"\r")
        record = line.decode().split(delimiter) if line else []
        if not start or b'"' in line or (any(record) and not may_be_note(record, width)):
            break
        records.append(record)
        end = start - 1
    return (body[: end + 1], records[::-1]) if records else (body, [])


def with_tail(frame: pl.DataFrame, tail: Mapping[int, Sequence[str]], delimiter: str) -> pl.DataFrame:
    """``tail`` by row: each record is laid into the first column as the text it was, a blank one as null."""
    if not tail:
        return frame
    texts = [delimiter.join(record).rstrip(delimiter) or None for record in tail.values()]
    added = pl.DataFrame({ROW: list(tail), "0": texts}, schema={ROW: pl.UInt32, "0": pl.String})
    return pl.concat([frame, added], how="diagonal").sort(ROW)
