"""One door for every format."""

from __future__ import annotations

from validation_service.model.reading.csv_text import read_csv
from validation_service.model.reading.grid import Grid
from validation_service.model.reading.kind import kind_of, mismatch
from validation_service.model.reading.rows_json import read_json
from validation_service.model.reading.workbook import read_workbook
from validation_service.model.standard import Standard


def read(data: bytes, standard: Standard, *, filename: str, media_type: str) -> Grid:
    """Raises Unreadable when there is no table in the bytes."""
    kind = kind_of(data)
    if kind == "xlsx":
        grid = read_workbook(data, standard)
    elif kind == "json":
        grid = read_json(data, standard)
    else:
        grid = read_csv(data, standard.names)
    if wrong := mismatch(kind, filename=filename, media_type=media_type):
        grid.found.add(wrong)
    return grid
