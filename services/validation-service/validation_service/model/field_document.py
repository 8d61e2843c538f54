"""From the JSON of one field to a Field, with every problem and its place."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, get_args

from muara_kernel.events.finding import Text
from validation_service.model.patterns import compiles
from validation_service.model.standard import Bound, CodeReference, Field, FieldType, Problem

LEVELS = ("provinsi", "kabupaten", "kecamatan", "desa-kelurahan")
REFUSED = ("exclusiveMinimum", "exclusiveMaximum", "jsonSchema")
LONGEST_PATTERN = 500
MOST_CHOICES = 10_000


class FieldReader:
    """Reads on after a problem, so that all of them are told at once."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def refuse(self, place: str, id_: str, en: str) -> None:
        self.problems.append(Problem(place, Text(id_, en)))

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
            self.refuse(
                f"{place}.type",
                f"Tipe tidak dikenal; pilih {known}.",
                f"Unknown type; choose one of {known}.",
            )
            return None
        date_format = self.date_format(place, value.get("format", "default"), kind)
        return Field(
            name=name,
            title=str(value.get("title", "")),
            type=kind,
            date_format=date_format,
            reference=self.reference(
                f"{place}['satudata:kodeReferensi']", value.get("satudata:kodeReferensi")
            ),
            **self.separators(place, value),
            **self.truths(place, value),
            **self.constraints(f"{place}.constraints", value.get("constraints", {}), kind, date_format),
        )

    def date_format(self, place: str, value: object, kind: str) -> str:
        if kind != "date" or value == "default":
            return "%Y-%m-%d"
        if (
            isinstance(value, str)
            and sorted(re.findall(r"%.", value)) == ["%Y", "%d", "%m"]
            and len(value) <= 20
        ):
            return value
        self.refuse(
            f"{place}.format",
            "Format tanggal memuat %d, %m dan %Y masing-masing sekali.",
            "A date format holds %d, %m and %Y once each.",
        )
        return "%Y-%m-%d"

    def separators(self, place: str, value: Mapping[str, Any]) -> dict[str, Any]:
        decimal, group = value.get("decimalChar", "."), value.get("groupChar", "")
        for name, char, allowed in (
            ("decimalChar", decimal, (".", ",")),
            ("groupChar", group, ("", ".", ",", " ", "'")),
        ):
            if char not in allowed:
                self.refuse(
                    f"{place}.{name}",
                    f"Pemisah angka tidak dikenal: {char!r}.",
                    f"Unknown separator of numbers: {char!r}.",
                )
                return {}
        if decimal == group and value.get("type") == "number":
            self.refuse(
                f"{place}.groupChar",
                "Pemisah ribuan sama dengan pemisah desimal.",
                "The group separator is the same as the decimal separator.",
            )
        return {"decimal": decimal, "group": group}

    def truths(self, place: str, value: Mapping[str, Any]) -> dict[str, Any]:
        read = {}
        for name, key in (("trueValues", "true_values"), ("falseValues", "false_values")):
            if name in value:
                given = value[name]
                if (
                    not isinstance(given, list)
                    or not given
                    or not all(isinstance(each, str) for each in given)
                ):
                    self.refuse(f"{place}.{name}", "Harus berupa daftar teks.", "Must be a list of texts.")
                else:
                    read[key] = tuple(given)
        return read

    def reference(self, place: str, value: object) -> CodeReference | None:
        if value is None:
            return None
        if not isinstance(value, Mapping) or not isinstance(value.get("daftar"), str) or not value["daftar"]:
            self.refuse(
                f"{place}.daftar",
                "Kode referensi belum menyebut daftarnya.",
                "The reference names no code list.",
            )
            return None
        level, name = value.get("tingkat"), value.get("kolomNama")
        if level is not None and level not in LEVELS:
            known = ", ".join(LEVELS)
            self.refuse(
                f"{place}.tingkat",
                f"Tingkat tidak dikenal; pilih {known}.",
                f"Unknown level; one of {known}.",
            )
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
                self.refuse(
                    f"{place}.{name}", "Batasan ini belum didukung.", "This constraint is not supported."
                )
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

    def bound(
        self, place: str, value: Mapping[str, Any], name: str, kind: str, date_format: str
    ) -> Bound | None:
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
        if isinstance(value, str) and len(value) <= LONGEST_PATTERN and compiles(value):
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
        self.refuse(
            place,
            "Pilihan harus berupa daftar yang tidak kosong.",
            "The choices must be a list with members.",
        )
        return None


def _is_scalar(value: object) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _bound(value: object, kind: str, date_format: str) -> Bound | None:
    if isinstance(value, bool) or kind in ("string", "boolean"):
        return None
    try:
        if kind == "date":
            return datetime.strptime(str(value), date_format).date()  # noqa: DTZ007 - a date has no zone
        if kind == "number":
            number = float(value)  # type: ignore[arg-type]
            return number if math.isfinite(number) else None
        whole = float(value)  # type: ignore[arg-type]
        return int(value) if whole.is_integer() and abs(whole) < 2**62 else None  # type: ignore[call-overload]
    except (TypeError, ValueError, OverflowError):
        return None
