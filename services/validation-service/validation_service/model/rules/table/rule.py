"""What a rule is, and by which law it is asked."""

from __future__ import annotations

from dataclasses import dataclass

from muara_kernel.events.finding import Principle, Severity, Text

LEGAL: dict[Principle, str] = {
    "standar_data": "Perpres 39/2019 Pasal 3 huruf a",
    "metadata": "Perpres 39/2019 Pasal 3 huruf b",
    "interoperabilitas": "Perpres 39/2019 Pasal 3 huruf c",
    "kode_referensi": "Perpres 39/2019 Pasal 3 huruf d",
}


@dataclass(frozen=True)
class Rule:
    """``message`` and ``hint`` are templates; their words are given when something is found."""

    code: str
    principle: Principle
    severity: Severity
    message: Text
    hint: Text
    legal: str


def rule(
    code: str,
    principle: Principle,
    id_: str,
    en: str,
    id_hint: str,
    en_hint: str,
    severity: Severity = "galat",
    *,
    legal: str = "",
) -> Rule:
    """``legal`` where another law asks than the principle's own."""
    return Rule(code, principle, severity, Text(id_, en), Text(id_hint, en_hint), legal or LEGAL[principle])
