"""A finding: one cell, row or file that breaks a principle of Satu Data, told so that it can be repaired."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Severity = Literal["galat", "peringatan", "catatan"]
Principle = Literal["standar_data", "metadata", "interoperabilitas", "kode_referensi"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""The gravest first."""
PRINCIPLES: tuple[Principle, ...] = get_args(Principle)


@dataclass(frozen=True)
class Text:
    """The same sentence in Bahasa Indonesia and in English."""

    id: str
    en: str


@dataclass(frozen=True)
class Finding:
    """``row`` counts as the sender's file does: the first line (or sheet row) is 1, the header included.

    A finding without row is about a column, one without either about the file as a whole. ``value``
    is what stood in the cell, cut to 100 characters. ``legal`` names the article.
    """

    rule: str
    principle: Principle
    severity: Severity
    legal: str
    message: Text
    hint: Text
    row: int | None = None
    column: str | None = None
    value: str | None = None
