"""YY: what changed since the period before."""

from __future__ import annotations

from validation_service.model.rules.table.rule import Rule, rule

RULES: tuple[Rule, ...] = (
    rule(
        "YY-01",
        "standar_data",
        'Nilai {value} di "{column}" {direction} {percent}% dari {before} ({previous}); batasnya {limit}%.',
        'The value {value} in "{column}" {direction} {percent}% from {before} ({previous}); limit {limit}%.',
        "Periksa nilai ini; bila memang benar, jelaskan sebabnya kepada walidata.",
        "Check this value; if it is right, tell the walidata the reason.",
        "peringatan",
    ),
    rule(
        "YY-02",
        "standar_data",
        '{whose} kolom "{column}" pada periode {period} sama dengan periode {previous}.',
        '{whose} of column "{column}" stayed the same from {previous} to {period}.',
        "Periksa apakah data periode sebelumnya tersalin.",
        "See whether the data of the period before was copied.",
        "peringatan",
    ),
    rule(
        "YY-03",
        "standar_data",
        "Data periode sebelumnya ({previous}) tidak dapat dibandingkan: {problem}.",
        "The data of the period before ({previous}) could not be compared: {problem}.",
        "Tidak perlu diubah; perubahan antarperiode kali ini tidak diperiksa.",
        "Nothing need be changed; this time changes between periods were not checked.",
        "catatan",
    ),
)
