"""What spreadsheets do to codes and ranges: 3508010.0, 3,50801E+15, 05-Sep, and the apostrophe that was to
prevent it."""

from __future__ import annotations

import re

from validation_service.model.proposal.notes import Notes, listed
from validation_service.model.proposal.odd import part_like
from validation_service.model.proposal.sample import Column

POINT_ZERO = r"^[0-9]+\.0$"
LOST_DIGITS = r"^[0-9](?:[.,][0-9]+)?[eE][+]?[0-9]+$"
_MONTH = "(?:Jan|Feb|Mar|Apr|Mei|May|Jun|Jul|Agu|Aug|Sep|Okt|Oct|Nov|Des|Dec)"
DAY = rf"^(?:[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}|[0-9]{{1,2}}-{_MONTH}|{_MONTH}-[0-9]{{1,2}})$"
MOSTLY = 0.5
APOSTROPHE = r"^'"


def note_damage(column: Column, place: str, notes: Notes) -> None:
    if pointed := part_like(column, POINT_ZERO):
        notes.guess(
            f"{place}.type",
            f'{pointed} kode berakhiran ".0" karena pernah dibaca sebagai bilangan; nol di depannya mungkin '
            "hilang juga. Perbaiki kodenya.",
            f'{pointed} codes end in ".0" because they were once read as numbers; zeros before them may be '
            "lost as well. Mend the codes.",
        )
    if lost := part_like(column, LOST_DIGITS):
        notes.guess(
            f"{place}.type",
            f"{lost} kode tertulis seperti {_first(column)}: angka di belakangnya sudah hilang. Ambil lagi "
            "dari sumbernya, sebagai teks.",
            f"{lost} codes are written like {_first(column)}: their last digits are lost. Take them from the "
            "source again, as text.",
        )
    if quoted := part_like(column, APOSTROPHE):
        notes.guess(
            f"{place}.type",
            f"{quoted} kode diawali tanda petik ('), yang ikut terbaca sebagai isinya. Hapus tanda itu.",
            f"{quoted} codes begin with an apostrophe, which is read as part of them. Remove it.",
        )


def note_changed_into_dates(column: Column, place: str, notes: Notes) -> None:
    dates = part_like(column, DAY)
    if 0 < dates < MOSTLY * column.filled:
        shown = listed([text for text in column.texts if re.search(DAY, text)])
        notes.guess(
            f"{place}.type",
            f"{dates} sel berupa tanggal di antara teks, misalnya {shown}: mungkin tadinya 5-9 atau 3/4 dan "
            "diubah lembar kerja. Perbaiki isinya.",
            f"{dates} cells are dates among texts, as {shown}: perhaps once 5-9 or 3/4 and changed by the "
            "spreadsheet. Mend them.",
        )


def _first(column: Column) -> str:
    return next(text for text in column.texts if "e" in text.lower())
