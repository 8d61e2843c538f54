"""Texts by which people say that there is no data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from validation_service.model.proposal.notes import Notes, listed

if TYPE_CHECKING:
    from validation_service.model.proposal.sample import Column

NONE, NOT_AVAILABLE = "tidak ada datanya", "tidak tersedia"
MARKS = {
    **dict.fromkeys(("-", "--", "---", "–", "—", "―", "nihil", "Nihil", "NIHIL"), NONE),
    **dict.fromkeys(
        ("N/A", "n/a", "NA", "n.a.", "N.A.", "#N/A", "...", "…", "TAD", "tad", "?"), NOT_AVAILABLE
    ),
    **dict.fromkeys(("null", "NULL", "Null", "nan", "NaN", "NAN", "None", "none"), NOT_AVAILABLE),
    **dict.fromkeys(("tidak tersedia", "Tidak tersedia", "Tidak Tersedia", "TIDAK TERSEDIA"), NOT_AVAILABLE),
    **dict.fromkeys(("tidak ada data", "Tidak ada data", "Tidak Ada Data", "TIDAK ADA DATA"), NOT_AVAILABLE),
    **dict.fromkeys(
        ("belum ada data", "Belum ada data", "Belum Ada Data", "#REF!", "#DIV/0!"), NOT_AVAILABLE
    ),
}
"""Each with what it usually means."""


def missing_values(columns: Sequence[Column], notes: Notes) -> list[Any]:
    seen: dict[str, list[str]] = {}
    for column in columns:
        for mark in column.marks:
            seen.setdefault(mark, []).append(column.name)
    for mark, names in seen.items():
        count = sum(column.marks.get(mark, 0) for column in columns)
        shown = listed(names)
        notes.guess(
            "$.missingValues",
            f'"{mark}" ({count} sel, kolom {shown}) dianggap "{MARKS[mark]}"; periksa artinya.',
            f'"{mark}" ({count} cells, columns {shown}) is taken for "{MARKS[mark]}"; look at what it means.',
        )
    return ["", *({"value": mark, "label": MARKS[mark]} for mark in seen)]
