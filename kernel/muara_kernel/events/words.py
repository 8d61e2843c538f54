"""What people read for each word of a verdict or a finding: the same on all pages and in the command."""

from __future__ import annotations

from collections.abc import Mapping

from muara_kernel.events.finding import Text


def counted(number: int) -> Text:
    """1.799.979 and 1,799,979."""
    return Text(f"{number:,}".replace(",", "."), f"{number:,}")


PRINCIPLES: Mapping[str, Text] = {
    "standar_data": Text("Standar data", "Data standard"),
    "metadata": Text("Metadata", "Metadata"),
    "interoperabilitas": Text("Interoperabilitas", "Interoperability"),
    "kode_referensi": Text("Kode referensi", "Reference codes"),
}
VERDICTS: Mapping[str, Text] = {
    "lulus": Text("lulus", "passed"),
    "gagal": Text("gagal", "failed"),
    "tidak_dapat_diperiksa": Text("tidak dapat diperiksa", "could not be checked"),
}
SEVERITIES: Mapping[str, Text] = {
    "galat": Text("galat", "error"),
    "peringatan": Text("peringatan", "warning"),
    "catatan": Text("catatan", "note"),
}
