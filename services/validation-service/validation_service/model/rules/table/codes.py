"""KR: codes and the names beside them."""

from __future__ import annotations

from validation_service.model.rules.table.rule import Rule, rule

RULES: tuple[Rule, ...] = (
    rule(
        "KR-01",
        "kode_referensi",
        'Kode "{value}" di kolom "{column}" tidak ada dalam daftar {codelist}{difference}.',
        'The code "{value}" in column "{column}" is not in the list {codelist}{difference}.',
        "{repair}",
        "{repair}",
    ),
    rule(
        "KR-02",
        "kode_referensi",
        'Kode "{value}" menurut daftar {codelist} adalah "{expected}", bukan "{name}".',
        'In the list {codelist} the code "{value}" is "{expected}", not "{name}".',
        "{repair}",
        "{repair}",
    ),
    rule(
        "KR-03",
        "kode_referensi",
        'Kode "{value}" adalah kode BPS; yang diminta kode wilayah Kemendagri.',
        'The code "{value}" is a BPS code; what is asked for is the Kemendagri code.',
        "{repair}",
        "{repair}",
    ),
    rule(
        "KR-04",
        "kode_referensi",
        'Kode "{value}" {problem}.',
        'The code "{value}" {problem}.',
        "Pakai kode {level}{within}.",
        "Use the code of a {level}{within}.",
    ),
    rule(
        "KR-05",
        "kode_referensi",
        'Kode {value} ({name}) dari daftar {codelist} tidak ada di kolom "{column}"{period}.',
        'The code {value} ({name}) of the list {codelist} is missing from column "{column}"{period}.',
        "Tambahkan baris untuk {value}; bila datanya tidak ada, tulis barisnya dengan tanda tidak tersedia.",
        "Add a row for {value}; if there is no data, write the row with the mark for not available.",
        "peringatan",
    ),
)
