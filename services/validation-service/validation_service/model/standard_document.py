"""From the JSON of a Table Schema to a Standard, with every problem and its place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from validation_service.model.field_document import FieldReader
from validation_service.model.standard import BadStandard, Field, Standard

PARTS = ("konsep", "definisi", "klasifikasi", "ukuran", "satuan")
MEASURES = re.compile(
    r"(jumlah|banyaknya|total|persentase|persen|rata-rata|rerata|indeks|rasio|proporsi|median|modus|laju)\b",
    re.I,
)
"""Words for an ukuran, with which the name of a konsep must not begin (BPS, usulan standar data)."""
MOST_FIELDS = 1_000


def read_standard(document: Mapping[str, Any]) -> Standard:
    return _Reader().read(document)


class _Reader(FieldReader):
    """The five parts, the fields and the keys."""

    def read(self, document: object) -> Standard:
        if not isinstance(document, Mapping):
            self.refuse("$", "Standar data harus berupa objek JSON.", "A standard must be a JSON object.")
            raise BadStandard(self.problems)
        parts = {part: self.part(document, part) for part in PARTS}
        self.naming(parts)
        fields = self.fields(document.get("fields"))
        self.names(fields)
        standard = Standard(
            **parts,
            fields=tuple(fields),
            primary_key=self.key("$.primaryKey", document.get("primaryKey", []), fields),
            unique_keys=self.unique_keys(document.get("uniqueKeys", []), fields),
            missing_values=self.missing_values(document.get("missingValues", [""])),
        )
        if self.problems:
            raise BadStandard(self.problems)
        return standard

    def part(self, document: Mapping[str, Any], part: str) -> str:
        value = document.get(f"satudata:{part}")
        if isinstance(value, str) and value.strip():
            return value
        self.refuse(
            f"$['satudata:{part}']",
            f"Bagian {part} dari Standar Data belum diisi.",
            f"The part {part} of Standar Data is not filled in.",
        )
        return ""

    def naming(self, parts: Mapping[str, str]) -> None:
        place, konsep = "$['satudata:konsep']", parts["konsep"].strip()
        if "." in konsep:
            self.refuse(place, "Nama konsep tidak boleh memuat titik.", "A konsep must not contain a period.")
        if MEASURES.match(konsep):
            self.refuse(
                place,
                "Nama konsep tidak boleh diawali ukuran seperti Jumlah atau Persentase.",
                "A konsep must not begin with an ukuran such as Jumlah or Persentase.",
            )
        if konsep[:1].islower():
            self.refuse(place, "Nama konsep diawali huruf besar.", "A konsep begins with a capital letter.")
        if parts["ukuran"] and parts["ukuran"].strip().casefold() == parts["satuan"].strip().casefold():
            self.refuse(
                "$['satudata:satuan']",
                "Satuan sama dengan ukuran; ukuran misalnya Jumlah, satuan misalnya Orang.",
                "The satuan repeats the ukuran; an ukuran is for example Jumlah, a satuan Orang.",
            )

    def fields(self, value: object) -> list[Field]:
        if not isinstance(value, list) or not value:
            self.refuse("$.fields", "Standar belum mempunyai kolom.", "The standard has no fields.")
            return []
        if len(value) > MOST_FIELDS:
            self.refuse("$.fields", f"Paling banyak {MOST_FIELDS} kolom.", f"At most {MOST_FIELDS} fields.")
            return []
        read = (self.field(f"$.fields[{index}]", each) for index, each in enumerate(value))
        return [field for field in read if field is not None]

    def names(self, fields: list[Field]) -> None:
        seen: set[str] = set()
        for index, field in enumerate(fields):
            if field.name in seen:
                self.refuse(
                    f"$.fields[{index}].name",
                    f'Nama kolom "{field.name}" berulang.',
                    f'The field name "{field.name}" is repeated.',
                )
            seen.add(field.name)
        for index, field in enumerate(fields):
            wanted = field.reference.name_column if field.reference else None
            if wanted is not None and wanted not in {each.name for each in fields}:
                self.refuse(
                    f"$.fields[{index}]['satudata:kodeReferensi'].kolomNama",
                    f'Tidak ada kolom bernama "{wanted}".',
                    f'There is no field named "{wanted}".',
                )

    def key(self, place: str, value: object, fields: list[Field]) -> tuple[str, ...]:
        names = [value] if isinstance(value, str) else value
        if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
            self.refuse(
                place, "Kunci harus berupa daftar nama kolom.", "A key must be a list of field names."
            )
            return ()
        for index, name in enumerate(names):
            if name not in {field.name for field in fields}:
                self.refuse(
                    f"{place}[{index}]",
                    f'Tidak ada kolom bernama "{name}".',
                    f'There is no field named "{name}".',
                )
        return tuple(dict.fromkeys(names))

    def unique_keys(self, value: object, fields: list[Field]) -> tuple[tuple[str, ...], ...]:
        if not isinstance(value, list):
            self.refuse("$.uniqueKeys", "Harus berupa daftar kunci.", "Must be a list of keys.")
            return ()
        keys = (self.key(f"$.uniqueKeys[{index}]", each, fields) for index, each in enumerate(value))
        return tuple(key for key in keys if key)

    def missing_values(self, value: object) -> tuple[str, ...]:
        if isinstance(value, list):
            read = [each.get("value") if isinstance(each, Mapping) else each for each in value]
            if all(isinstance(each, str) for each in read):
                return tuple(str(each) for each in read)
        self.refuse("$.missingValues", "Harus berupa daftar teks.", "Must be a list of texts.")
        return ("",)
