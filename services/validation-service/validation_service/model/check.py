"""The check of one file: read it, hold it against the standard, report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from muara_kernel.events.finding import PRINCIPLES, Principle, Text
from muara_kernel.events.submission import Verdict
from validation_service.model.codelists.codelist import Codelist
from validation_service.model.facts import Facts, Previous
from validation_service.model.previous import fetching
from validation_service.model.reading.grid import Unreadable
from validation_service.model.report import Report, unable
from validation_service.model.rules.cells import check_cells
from validation_service.model.rules.codes import check_codes
from validation_service.model.rules.findings import Findings
from validation_service.model.rules.keys import check_keys
from validation_service.model.rules.lateness import check_lateness
from validation_service.model.rules.mandate import check_mandate
from validation_service.model.rules.metadata import check_metadata
from validation_service.model.rules.periods import check_period
from validation_service.model.rules.privacy import check_privacy
from validation_service.model.rules.rows import check_rows
from validation_service.model.rules.shape import match_columns
from validation_service.model.rules.whole_table import check_whole_table
from validation_service.model.rules.wide_names import check_wide_names
from validation_service.model.standard import Standard
from validation_service.model.table import Source, SourceLost, opened


def check(
    data: Source,
    *,
    facts: Facts,
    standard: Standard,
    codelists: Mapping[str, Codelist],
    previous: Previous | None = None,
) -> Report:
    """The report on ``data``. It does no I/O but to read ``data`` where that is a
    file, and never raises for what the file holds; raises SourceLost where it cannot be read."""
    absent = [each for each in standard.codelists if each not in codelists]
    if absent:
        names = ", ".join(absent)
        return unable(
            Text(f"Daftar kode {names} belum tersedia.", f"The code list {names} is not there yet."),
        )
    try:
        return _checked(data, facts, standard, codelists, previous)
    except SourceLost:
        raise
    except Exception as error:  # the last guard: whatever it is, it must not take the worker along
        return unable(
            Text(
                f"Berkas ini tidak dapat diperiksa karena kesalahan di pihak kami ({type(error).__name__}).",
                f"This file could not be checked because of a fault on our side ({type(error).__name__}).",
            )
        )


def _checked(
    data: Source,
    facts: Facts,
    standard: Standard,
    codelists: Mapping[str, Codelist],
    previous: Previous | None = None,
) -> Report:
    about = Findings()
    about.add(*check_mandate(facts), *check_period(facts))
    about.add(*check_lateness(facts, standard), *check_metadata(standard))
    try:
        file = opened(data, standard, facts)
    except Unreadable as unreadable:
        about.add(unreadable.finding)
        return _report(about)
    grid = file.grid
    findings = grid.found
    findings.take(about)
    standard = standard.for_header(grid.header)
    check_wide_names(grid, standard, codelists, facts, findings)
    check_privacy(grid, facts, findings)
    places = match_columns(grid, standard, findings)
    table = file.table(standard, places, findings)
    spoken_for = {index: grid.spoken_for.get(place, []) for index, place in places.items()}
    check_cells(table.rows, standard, findings, spoken_for)
    check_codes(table.whole, standard, codelists, facts, findings)
    check_keys(table.keyed(), standard, findings)
    check_rows(table.rows, standard, findings, table.whole)
    before = fetching(previous, standard, findings)
    check_whole_table(table.whole, standard, codelists, facts, before, findings)
    return _report(findings, table.height + grid.set_aside, grid.header, grid.understood)


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
        everything=findings.everything(header or ()),
    )


def _verdict(principle: Principle, findings: Findings) -> Verdict:
    return "gagal" if findings.breaks(principle) else "lulus"
