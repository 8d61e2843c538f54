"""Dates, and the format in which most of them are written."""

from __future__ import annotations

from typing import Any

from validation_service.model.proposal.notes import Notes, listed, percent
from validation_service.model.proposal.numbers import cells, fits
from validation_service.model.proposal.odd import enough, note_odd, part_like
from validation_service.model.proposal.sample import Column
from validation_service.model.proposal.words import DAYS, says
from validation_service.model.rules.mistaken_dates import MONTHS
from validation_service.model.standard import Field

Properties = dict[str, Any]
DATES = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%m/%d/%Y", "%Y/%m/%d", "%d.%m.%Y", "%m-%d-%Y")
WITH_TIME = r"^[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}[T ]+[0-9]"
MONTH_NAMES = "|".join(" ".join(MONTHS).split())
MONTH_IN_WORDS = rf"(?i)[0-9]{{1,2}}[ -](?:{MONTH_NAMES})[ -][0-9]{{2,4}}$"
DATE_LIKE = r"^[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}"


def date_of(column: Column, place: str, notes: Notes) -> Properties | None:
    if not part_like(column, DATE_LIKE):
        _note_words(column, place, notes)
        return None
    judged = {form: fits(column.counts, Field(name="", type="date", date_format=form)) for form in DATES}
    found = {form: cells(column.counts, good) for form, good in judged.items()}
    best = max(DATES, key=lambda form: found[form])
    any_form = judged[DATES[0]]
    for good in judged.values():
        any_form = any_form | good
    dates = cells(column.counts, any_form)
    if not found[best] or not enough(column, dates):
        if says(column.name, DAYS) and part_like(column, WITH_TIME):
            notes.guess(
                f"{place}.type",
                "Tanggal dengan jam belum dapat diperiksa sebagai tanggal; dibaca sebagai teks.",
                "Dates with a time of day cannot be checked as dates; read as text.",
            )
        return None
    share = found[best] / column.filled
    notes.guess(
        f"{place}.format",
        f"Tanggal; {percent(share)}% ditulis {best}." + _also_id(found, best, dates),
        f"Dates; {percent(share)}% are written {best}." + _also_en(found, best, dates),
        share,
    )
    note_odd(column, any_form, place, notes, "tanggal", "dates")
    return {"type": "date", "format": best}


def _note_words(column: Column, place: str, notes: Notes) -> None:
    written = part_like(column, MONTH_IN_WORDS)
    if written and enough(column, written):
        notes.guess(
            f"{place}.type",
            f"Tanggal dengan nama bulan, misalnya {listed(column.texts[:1])}, belum dapat diperiksa sebagai "
            "tanggal; dibaca sebagai teks. Lebih baik ditulis seperti 2024-01-31.",
            f"Dates with the name of a month, as in {listed(column.texts[:1])}, cannot be checked as dates; "
            "read as text. Better written as 2024-01-31.",
            written / column.filled,
        )


def _also_id(found: dict[str, int], best: str, dates: int) -> str:
    if found[best] < dates:
        return f" {dates - found[best]} ditulis dengan format lain dan akan menjadi galat; seragamkan."
    also = [form for form in DATES if form != best and found[form] == found[best]]
    return f" Semuanya juga dapat dibaca {also[0]}; periksa." if also else ""


def _also_en(found: dict[str, int], best: str, dates: int) -> str:
    if found[best] < dates:
        return f" {dates - found[best]} are written otherwise and will be errors; write all alike."
    also = [form for form in DATES if form != best and found[form] == found[best]]
    return f" All can be read as {also[0]} as well; look at them." if also else ""
