"""Whether MS-Ind, MS-Var and MS-Keg are complete and agree, with themselves and with the standard."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from muara_kernel.events.finding import Severity, Text
from validation_service.model.document.rules_key import ms_var_rules, objection
from validation_service.model.metadata.items import MS_IND, MS_VAR, TITLES, Document, Item
from validation_service.model.metadata.kegiatan import MS_KEG
from validation_service.model.standard import Field, Problem, Standard

ITEMS: dict[Document, tuple[Item, ...]] = {"msInd": MS_IND, "msVar": MS_VAR, "msKeg": MS_KEG}
YES, NO = "Ya", "Tidak"
YEAR = re.compile(r"(?:19|20)[0-9]{2}")
SHARED = ("konsep", "ukuran", "satuan")
"""Items of MS-Ind that the standard has as well."""


def problems(kind: Document, document: Mapping[str, Any], place: str = "$") -> list[Problem]:
    """What is missing in the document or contradicts itself; ``place`` is where it stands.

    What no source could be read for is never more than a peringatan.
    """
    found = [
        Problem(f"{place}.{item.name}", text, severity)
        for item in ITEMS[kind]
        for text, severity in _of_item(item, document)
    ]
    found += _ukuran_and_satuan(document, place)
    return found + list(_unknown(kind, document, place))


def absent_documents(standard: Standard) -> tuple[Document, ...]:
    """The kinds of metadata of which the standard has none."""
    variables = [field for field in standard.fields if field.ms_var is not None]
    there = {
        "msInd": standard.ms_ind is not None,
        "msVar": bool(variables),
        "msKeg": standard.ms_keg is not None,
    }
    return tuple(kind for kind in TITLES if not there[kind])


def standard_problems(standard: Standard) -> list[Problem]:
    """Of all documents that the standard holds, each place as in the standard."""
    found: list[Problem] = []
    types = {field.name: field.type for field in standard.fields}
    if standard.ms_ind is not None:
        place = "$['satudata:msInd']"
        found += problems("msInd", standard.ms_ind, place)
        found += _differences(standard.ms_ind, {part: getattr(standard, part) for part in SHARED}, place)
    if standard.ms_keg is not None:
        found += problems("msKeg", standard.ms_keg, "$['satudata:msKeg']")
    for index, field in enumerate(standard.fields):
        if field.ms_var is not None:
            place = f"$.fields[{index}]['satudata:msVar']"
            found += problems("msVar", field.ms_var, place)
            found += _differences(field.ms_var, {part: getattr(field, part) for part in SHARED}, place)
            found += _not_run(field, place, types)
    return found


def _not_run(field: Field, place: str, types: Mapping[str, str]) -> Iterator[Problem]:
    for rule_place, text in ms_var_rules(field, place):
        if (wrong := objection(text, types)) is not None:
            said = Text(
                f"Aturan ini hanya keterangan dan tidak dijalankan. {wrong[0]}",
                f"This rule is a remark only and is not run. {wrong[1]}",
            )
            yield Problem(rule_place, said, "catatan")


def metadata_warnings(standard: Standard) -> tuple[Problem, ...]:
    """For whoever writes the standard: it is accepted, but each check of a file will say so."""
    absent = ", ".join(TITLES[kind] for kind in absent_documents(standard))
    notes = (
        [Problem("$", Text(f"Belum ada: {absent}.", f"Not there yet: {absent}."), "catatan")]
        if absent
        else []
    )
    told = (
        replace(each, severity="peringatan") if each.severity == "galat" else each
        for each in standard_problems(standard)
    )
    return (*notes, *told)


def _of_item(item: Item, document: Mapping[str, Any]) -> Iterator[tuple[Text, Severity]]:
    value = document.get(item.name)
    severity: Severity = "galat" if item.verified else "peringatan"
    asked = item.when is None or _answer(document.get(item.when[0])) == item.when[1]
    if _is_blank(value):
        if item.required and asked:
            yield _belum(item), severity
        return
    if item.when is not None and not asked and _answer(document.get(item.when[0])) is not None:
        other, answer = item.when
        yield (
            Text(
                f'"{item.label}" hanya diisi bila {other} = {answer}.',
                f'"{item.label}" is filled in only where {other} = {answer}.',
            ),
            severity,
        )
    if (wrong := _misfit(item, value)) is not None:
        yield wrong, severity


def _belum(item: Item) -> Text:
    block = f" ({item.block})" if item.block else ""
    return Text(f'"{item.label}"{block} belum diisi.', f'"{item.label}"{block} is not filled in.')


def _misfit(item: Item, value: Any) -> Text | None:
    if item.kind == "yes_no":
        good = _answer(value) is not None
        wanted = Text("Ya atau Tidak", "Ya or Tidak")
    elif item.kind == "year":
        good = YEAR.fullmatch(str(value).strip()) is not None
        wanted = Text("tahun empat angka", "a year of four digits")
    elif item.kind == "list":
        good = isinstance(value, str) or (
            isinstance(value, list) and all(isinstance(x, str | Mapping) for x in value)
        )
        wanted = Text("daftar atau teks", "a list or a text")
    else:
        good = isinstance(value, str | int | float) and not isinstance(value, bool)
        wanted = Text("teks", "a text")
    if good:
        return None
    return Text(f'"{item.label}" diisi {wanted.id}.', f'"{item.label}" is filled in with {wanted.en}.')


def _answer(value: Any) -> str | None:
    """Ya or Tidak, however it was written."""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, str) and value.strip().casefold() in ("ya", "tidak"):
        return value.strip().capitalize()
    return None


def _is_blank(value: Any) -> bool:
    if isinstance(value, str):
        return value.strip() in ("", "-")
    return value is None or (isinstance(value, list | Mapping) and not value)


def _ukuran_and_satuan(document: Mapping[str, Any], place: str) -> list[Problem]:
    ukuran, satuan = (str(document.get(name) or "").strip().casefold() for name in ("ukuran", "satuan"))
    if not ukuran or ukuran != satuan or _is_blank(ukuran):
        return []
    text = Text(
        "Satuan sama dengan ukuran; ukuran misalnya Jumlah, satuan misalnya Orang.",
        "The satuan repeats the ukuran; an ukuran is for example Jumlah, a satuan Orang.",
    )
    return [Problem(f"{place}.satuan", text)]


def _differences(document: Mapping[str, Any], stated: Mapping[str, str], place: str) -> Iterator[Problem]:
    for name, said in stated.items():
        given = document.get(name)
        if said and isinstance(given, str) and not _is_blank(given) and _plain(given) != _plain(said):
            text = Text(
                f'"{given}" berbeda dari {name} dalam Standar Data, "{said}".',
                f'"{given}" differs from the {name} of the Standar Data, "{said}".',
            )
            yield Problem(f"{place}.{name}", text, "peringatan")


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _unknown(kind: Document, document: Mapping[str, Any], place: str) -> Iterator[Problem]:
    known = {item.name for item in ITEMS[kind]}
    for name in document:
        if name not in known:
            text = Text(
                f'"{name:.100}" bukan isian {TITLES[kind]}.', f'"{name:.100}" is no item of {TITLES[kind]}.'
            )
            yield Problem(f"{place}.{name:.100}", text, "catatan")
