"""The check of one file: read it, hold it against the standard, report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from muara_kernel.events.finding import Principle, Text
from muara_kernel.events.submission import Verdict
from validation_service.model.codelist import Codelist
from validation_service.model.facts import Facts
from validation_service.model.reading.grid import Unreadable
from validation_service.model.reading.read import read
from validation_service.model.report import PRINCIPLES, Report, unable
from validation_service.model.rules.cells import check_cells
from validation_service.model.rules.codes import check_codes
from validation_service.model.rules.columns import laid_out
from validation_service.model.rules.findings import Findings
from validation_service.model.rules.keys import check_keys
from validation_service.model.rules.mandate import check_mandate
from validation_service.model.rules.periods import check_period
from validation_service.model.rules.shape import match_columns
from validation_service.model.rules.table import RULES
from validation_service.model.rules.totals import set_totals_aside
from validation_service.model.standard import Standard


def check(data: bytes, *, facts: Facts, standard: Standard, codelists: Mapping[str, Codelist]) -> Report:
    """The report on ``data``. It does no I/O and never raises for what the file holds."""
    absent = [each for each in standard.codelists if each not in codelists]
    if absent:
        names = ", ".join(absent)
        return unable(
            Text(f"Daftar kode {names} belum tersedia.", f"The code list {names} is not there yet."),
        )
    try:
        return _checked(data, facts, standard, codelists)
    except Exception as error:  # the last guard: whatever it is, it must not take the worker along
        return unable(
            Text(
                f"Berkas ini tidak dapat diperiksa karena kesalahan di pihak kami ({type(error).__name__}).",
                f"This file could not be checked because of a fault on our side ({type(error).__name__}).",
            )
        )


def _checked(data: bytes, facts: Facts, standard: Standard, codelists: Mapping[str, Codelist]) -> Report:
    about = Findings()
    about.add(*check_mandate(facts), *check_period(facts))
    try:
        grid = read(data, standard, filename=facts.filename, media_type=facts.media_type)
    except Unreadable as unreadable:
        about.add(unreadable.finding)
        return _report(about)
    findings = grid.found
    findings.take(about)
    places = match_columns(grid, standard, findings)
    frame = set_totals_aside(laid_out(grid, places), standard, findings)
    spoken_for = {index: grid.spoken_for.get(place, []) for index, place in places.items()}
    check_cells(frame, standard, findings, spoken_for)
    check_codes(frame, standard, codelists, facts, findings)
    check_keys(frame, standard, findings)
    return _report(findings, frame.height + grid.set_aside, grid.header, grid.understood)


def _report(
    findings: Findings,
    rows: int = 0,
    header: list[str] | None = None,
    understood: Mapping[str, Any] | None = None,
) -> Report:
    errors = findings.count("galat")
    return Report(
        verdict="gagal" if errors else "lulus",
        rows=rows,
        columns=len(header or ()),
        errors=errors,
        warnings=findings.count("peringatan"),
        findings=findings.ordered(header or ()),
        counts=dict(findings.counts),
        principles={principle: _verdict(principle, findings) for principle in PRINCIPLES},
        understood=understood or {},
    )


def _verdict(principle: Principle, findings: Findings) -> Verdict:
    broken = (rule for rule in findings.counts if RULES[rule].severity == "galat")
    return "gagal" if any(RULES[rule].principle == principle for rule in broken) else "lulus"
