"""Why something goes back or waits, in the words its OPD and the walidata read."""

from __future__ import annotations

from muara_kernel.events import SubmissionValidated
from muara_kernel.events.words import counted

LOOKED_AT = "Dataset ini baru diterbitkan setelah diperiksa walidata."


def not_passed(event: SubmissionValidated) -> str:
    """The reason for what the checks did not pass, with their counts."""
    if event.verdict == "tidak_dapat_diperiksa":
        return (
            f"Data dikembalikan: berkas ini tidak dapat diperiksa ({_counts(event)}). "
            "Periksa isi berkas, lalu kirim lagi dengan menyebut nomor kiriman yang diperbaiki."
        )
    return (
        f"Data dikembalikan: {_counts(event)}. "
        "Perbaiki setiap galat, lalu kirim lagi dengan menyebut nomor kiriman yang diperbaiki."
    )


def already_replaced(repair: str) -> str:
    return f"Data dikembalikan: sudah digantikan oleh perbaikannya, {repair}, yang lebih dahulu diperiksa."


def replaced(repair: str) -> str:
    return f"Data dikembalikan: digantikan oleh perbaikannya, {repair}, sebelum walidata memutuskan."


def older(sequence: int, newest: int) -> str:
    return (
        f"Kiriman ini (urutan {sequence}) lebih lama daripada versi yang sudah diterbitkan "
        f"(urutan {newest}); walidata memutuskan apakah tetap diterbitkan."
    )


def _counts(event: SubmissionValidated) -> str:
    errors, warnings, rows = map(counted, (event.errors, event.warnings, event.rows))
    return f"{errors.id} galat dan {warnings.id} peringatan pada {rows.id} baris"
