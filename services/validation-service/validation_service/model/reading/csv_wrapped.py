"""A CSV that went through a spreadsheet twice: each line is one quoted cell with all of its cells in it."""

from __future__ import annotations

from muara_kernel.events.finding import Text

HEAD, LOOKED_AT = 1 << 16, 20
WRAPPED = Text(
    "Setiap baris diapit tanda kutip, sehingga semua isinya tampak sebagai satu sel; tanda itu dilepas.",
    "Each line stands in quotes, so that all of it looks like one cell; those quotes were taken off.",
)
SAVE_AGAIN = Text(
    "Simpan CSV langsung dari lembar kerja, satu sel per kolom.",
    "Save the CSV from the spreadsheet itself, a cell for each column.",
)


def unwrapped(body: bytes, delimiters: str) -> bytes | None:
    """None where the lines are as they should be."""
    if not body.startswith(b'"'):
        return None
    first = [line for line in body[:HEAD].splitlines()[:LOOKED_AT] if line.strip()]
    if len(first) < 2 or not all(map(_is_wrapped, first)):
        return None
    counts = ({line.count(delimiter.encode()) for line in first} for delimiter in delimiters)
    if not any(len(count) == 1 and 0 not in count for count in counts):
        return None
    return b"\n".join(map(_bare, body.splitlines()))


def _is_wrapped(line: bytes) -> bool:
    line = line.strip()
    whole = len(line) > 2 and line.startswith(b'"') and line.endswith(b'"')
    return whole and b'"' not in line[1:-1].replace(b'""', b"")


def _bare(line: bytes) -> bytes:
    return line.strip()[1:-1].replace(b'""', b'"') if _is_wrapped(line) else line
