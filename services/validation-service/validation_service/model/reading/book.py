"""What is known of a workbook before and beside the reader's own view of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol

from muara_kernel.events.finding import Text
from validation_service.model.reading.grid import MOST_COLUMNS, unreadable
from validation_service.model.reading.header_rows import Merged

Place = tuple[int, int]
BookKind = Literal["xlsx", "xlsb", "xls", "ods"]
MOST_SHEET_CELLS = 12_000_000
"""The reader makes room (32 bytes) for every cell of the area, filled or not."""
GAP = 1_000
"""So many rows without a value end a table."""


@dataclass(kw_only=True)
class SheetFacts:
    """Places count from 0: (row, column). ``rows`` and ``columns`` reach to the farthest value."""

    rows: int = 0
    columns: int = 0
    errors: dict[Place, str] = field(default_factory=dict)
    """Cells whose stored result is an error, which the reader shows as empty."""
    unsaved: list[Place] = field(default_factory=list)
    """Formulas without a stored result."""
    merged: list[Merged] = field(default_factory=list)
    far_rows: list[int] = field(default_factory=list)
    """Numbers of rows so far below the table that they were cut off."""
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    @property
    def cells(self) -> int:
        return self.rows * self.columns

    def note(self, row: int, column: int) -> None:
        self.rows, self.columns = max(self.rows, row + 1), max(self.columns, column + 1)

    def hide_columns(self, first: int, end: int) -> None:
        self.hidden_columns.update(range(first, min(end, MOST_COLUMNS)))


class Book(Protocol):
    """A workbook that is harmless to open; ``data`` are the bytes to open."""

    @property
    def kind(self) -> BookKind: ...

    @property
    def data(self) -> bytes: ...

    def sizes(self) -> dict[str, int]:
        """Cells of the area of each sheet by name; 0 where a sheet is empty."""

    def facts(self, name: str) -> SheetFacts:
        """Raises Unreadable when the sheet cannot be looked into."""


def refuse_far_cells(sizes: dict[str, int]) -> None:
    """For the readers that take in all sheets as soon as a workbook is opened; raises Unreadable."""
    if sum(sizes.values()) > MOST_SHEET_CELLS:
        raise unreadable(*TOO_FAR)


ENCRYPTED = (
    Text("Berkas ini dilindungi kata sandi.", "This file is protected by a password."),
    Text("Hapus kata sandinya, lalu kirim ulang.", "Remove the password and send it again."),
)
TOO_FAR = (
    Text("Lembar kerja ini menyebut sel yang letaknya terlalu jauh.", "This sheet names cells too far away."),
    Text("Salin tabel ke lembar kerja baru.", "Copy the table into a new sheet."),
)
MACROS = (
    Text("Berkas ini berisi makro.", "This file holds macros."),
    Text("Simpan sebagai XLSX tanpa makro.", "Save it as XLSX without macros."),
)
LINKS = (
    Text("Berkas ini merujuk ke buku kerja lain.", "This file refers to other workbooks."),
    Text("Tempel rujukan sebagai nilai, lalu kirim ulang.", "Paste the links as values and send it again."),
)
