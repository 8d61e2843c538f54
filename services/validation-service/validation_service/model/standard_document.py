"""From the JSON of a Table Schema to a Standard, with every problem and its place."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, get_args

import polars as pl

from muara_kernel.events.finding import Text
from validation_service.model.standard import (
    BadStandard,
    Bound,
    CodeReference,
    Field,
    FieldType,
    Problem,
    Standard,
)

PARTS = ("konsep", "definisi", "klasifikasi", "ukuran", "satuan")
LEVELS = ("provinsi", "kabupaten", "kecamatan", "desa-kelurahan")
MEASURES = re.compile(
    r"(jumlah|banyaknya|total|persentase|persen|rata-rata|rerata|indeks|rasio|proporsi|median|modus|laju)\b", re.I
)
"""Words for an ukuran, with which the name of a konsep must not begin (BPS, usulan standar data)."""
CONSTRAINTS = ("required", "unique", "minimum", "maximum", "minLength", "maxLength", "pattern", "enum")
REFUSED = ("exclusiveMinimum", "exclusiveMaximum", "jsonSchema")
LONGEST_PATTERN = 500
MOST_FIELDS = 1_000
MOST_CHOICES = 10_000


def read_standard(document: Mapping[str, Any]) -> Standard:
    return _Reader().read(document)


class _Reader:
    """Reads on after a problem, so that all of them are told at once."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def refuse(self, place: str, id_: str, en: str) -> None:
        self.problems.append(Problem(place, Text(id_, en)))

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

    def field(self, place: str, value: object) -> Field | None:
        if not isinstance(value, Mapping):
            self.refuse(place, "Kolom harus berupa objek.", "A field must be an object.")
            return None
        name, kind = value.get("name"), value.get("type", "string")
        if not isinstance(name, str) or not name.strip():
            self.refuse(f"{place}.name", "Kolom belum bernama.", "The field has no name.")
            return None
        if kind not in get_args(FieldType):
            known = ", ".join(get_args(FieldType))
            self.refuse(f"{place}.type", f"Tipe tidak dikenal; pilih {known}.", f"Unknown type; choose one of {known}.")
            return None
        date_format = self.date_format(place, value.get("format", "default"), kind)
        return Field(
            name=name,
            title=str(value.get("title", "")),
            type=kind,
            date_format=date_format,
            reference=self.reference(f"{place}['satudata:kodeReferensi']", value.get("satudata:kodeReferensi")),
            **self.separators(place, value),
            **self.truths(place, value),
            **self.constraints(f"{place}.constraints", value.get("constraints", {}), kind, date_format),
        )

    def date_format(self, place: str, value: object, kind: str) -> str:
        if kind != "date" or value == "default":
            return "%Y-%m-%d"
        if isinstance(value, str) and sorted(re.findall(r"%.", value)) == ["%Y", "%d", "%m"] and len(value) <= 20:
            return value
        self.refuse(
            f"{place}.format",
            "Format tanggal memuat %d, %m dan %Y masing-masing sekali.",
            "A date format holds %d, %m and %Y once each.",
        )
        return "%Y-%m-%d"

    def separators(self, place: str, value: Mapping[str, Any]) -> dict[str, str]:
        decimal, group = value.get("decimalChar", "."), value.get("groupChar", "")
        for name, char, allowed in (("decimalChar", decimal, (".", ",")), ("groupChar", group, ("", ".", ",", " ", "'"))):
            if char not in allowed:
                self.refuse(
                    f"{place}.{name}",
                    f"Pemisah angka tidak dikenal: {char!r}.",
                    f"Unknown separator of numbers: {char!r}.",
                )
                return {}
        if decimal == group:
            self.refuse(
                f"{place}.groupChar",
                "Pemisah ribuan sama dengan pemisah desimal.",
                "The group separator is the same as the decimal separator.",
            )
        return {"decimal": decimal, "group": group}

    def truths(self, place: str, value: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
        read = {}
        for name, key in (("trueValues", "true_values"), ("falseValues", "false_values")):
            if name in value:
                given = value[name]
                if not isinstance(given, list) or not given or not all(isinstance(each, str) for each in given):
                    self.refuse(f"{place}.{name}", "Harus berupa daftar teks.", "Must be a list of texts.")
                else:
                    read[key] = tuple(given)
        return read

    def reference(self, place: str, value: object) -> CodeReference | None:
        if value is None:
            return None
        if not isinstance(value, Mapping) or not isinstance(value.get("daftar"), str) or not value["daftar"]:
            self.refuse(
                f"{place}.daftar", "Kode referensi belum menyebut daftarnya.", "The reference names no code list."
            )
            return None
        level, name = value.get("tingkat"), value.get("kolomNama")
        if level is not None and level not in LEVELS:
            known = ", ".join(LEVELS)
            self.refuse(f"{place}.tingkat", f"Tingkat tidak dikenal; pilih {known}.", f"Unknown level; one of {known}.")
        if name is not None and not isinstance(name, str):
            self.refuse(f"{place}.kolomNama", "Harus berupa nama kolom.", "Must be the name of a field.")
            return None
        return CodeReference(value["daftar"], level if level in LEVELS else None, name)

    def constraints(self, place: str, value: object, kind: str, date_format: str) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            self.refuse(place, "Harus berupa objek.", "Must be an object.")
            return {}
        for name in REFUSED:
            if name in value:
                self.refuse(f"{place}.{name}", "Batasan ini belum didukung.", "This constraint is not supported.")
        read: dict[str, Any] = {
            "required": self.flag(place, value, "required"),
            "unique": self.flag(place, value, "unique"),
            "minimum": self.bound(place, value, "minimum", kind, date_format),
            "maximum": self.bound(place, value, "maximum", kind, date_format),
            "min_length": self.length(place, value, "minLength", kind),
            "max_length": self.length(place, value, "maxLength", kind),
            "pattern": self.pattern(f"{place}.pattern", value.get("pattern")),
            "enum": self.enum(f"{place}.enum", value.get("enum")),
        }
        for low, high in (("minimum", "maximum"), ("min_length", "max_length")):
            if read[low] is not None and read[high] is not None and read[low] > read[high]:
                self.refuse(place, "Batas bawah melebihi batas atas.", "The minimum is above the maximum.")
        return read

    def flag(self, place: str, value: Mapping[str, Any], name: str) -> bool:
        given = value.get(name, False)
        if not isinstance(given, bool):
            self.refuse(f"{place}.{name}", "Harus true atau false.", "Must be true or false.")
        return given is True

    def bound(self, place: str, value: Mapping[str, Any], name: str, kind: str, date_format: str) -> Bound | None:
        given = value.get(name)
        if given is None:
            return None
        read = _bound(given, kind, date_format)
        if read is None:
            self.refuse(
                f"{place}.{name}",
                f"Batas {given!r} tidak sesuai dengan tipe {kind}.",
                f"The bound {given!r} does not fit the type {kind}.",
            )
        return read

    def length(self, place: str, value: Mapping[str, Any], name: str, kind: str) -> int | None:
        given = value.get(name)
        if given is None:
            return None
        if kind == "string" and isinstance(given, int) and not isinstance(given, bool) and given >= 0:
            return given
        self.refuse(
            f"{place}.{name}",
            "Panjang hanya untuk teks, dan berupa bilangan bulat mulai dari 0.",
            "A length is only for strings, and a whole number from 0.",
        )
        return None

    def pattern(self, place: str, value: object) -> str | None:
        if value is None:
            return None
        if isinstance(value, str) and len(value) <= LONGEST_PATTERN and _compiles(value):
            return value
        self.refuse(
            place,
            f"Pola tidak dapat dipakai: harus pola reguler yang benar, tanpa rujukan balik atau tengok "
            f"depan/belakang, dan paling panjang {LONGEST_PATTERN} huruf.",
            f"The pattern cannot be used: it must be a correct regular expression without back-references or "
            f"look-around, of at most {LONGEST_PATTERN} characters.",
        )
        return None

    def enum(self, place: str, value: object) -> tuple[str, ...] | None:
        if value is None:
            return None
        if isinstance(value, list) and 0 < len(value) <= MOST_CHOICES and all(map(_is_scalar, value)):
            return tuple(each if isinstance(each, str) else str(each) for each in value)
        self.refuse(place, "Pilihan harus berupa daftar yang tidak kosong.", "The choices must be a list with members.")
        return None

    def key(self, place: str, value: object, fields: list[Field]) -> tuple[str, ...]:
        names = [value] if isinstance(value, str) else value
        if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
            self.refuse(place, "Kunci harus berupa daftar nama kolom.", "A key must be a list of field names.")
            return ()
        for index, name in enumerate(names):
            if name not in {field.name for field in fields}:
                self.refuse(
                    f"{place}[{index}]", f'Tidak ada kolom bernama "{name}".', f'There is no field named "{name}".'
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
                return tuple(read)
        self.refuse("$.missingValues", "Harus berupa daftar teks.", "Must be a list of texts.")
        return ("",)


def _is_scalar(value: object) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _bound(value: object, kind: str, date_format: str) -> Bound | None:
    if isinstance(value, bool) or kind in ("string", "boolean"):
        return None
    try:
        if kind == "date":
            return datetime.strptime(str(value), date_format).date()
        if kind == "number":
            number = float(value)  # type: ignore[arg-type]
            return number if math.isfinite(number) else None
        whole = float(value)  # type: ignore[arg-type]
        return int(value) if whole.is_integer() and abs(whole) < 2**62 else None  # type: ignore[call-overload,no-any-return]
    except (TypeError, ValueError, OverflowError):
        return None


def _compiles(pattern: str) -> bool:
    """Both alone and whole, so that ``a)|(b`` cannot break out of the brackets put around it."""
    try:
        for each in (pattern, whole(pattern)):
            pl.Series([""]).str.contains(each)
    except (pl.exceptions.PolarsError, UnicodeEncodeError):
        return False
    return True


def whole(pattern: str) -> str:
    """A pattern of Table Schema speaks of the whole value."""
    return f"^(?:{pattern})$"


