"""What goes with a report in which something was found: an excerpt, all findings, the sender's own file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, BinaryIO, Protocol, TypeVar

from validation_service.model.enclosures.annotated import Annotated, write_annotated
from validation_service.model.enclosures.excerpt import excerpt
from validation_service.model.enclosures.listing import write_listing
from validation_service.model.facts import Facts
from validation_service.model.reading.grid import Grid, Unreadable
from validation_service.model.reading.read import read
from validation_service.model.report import Report
from validation_service.model.rules.everything import Everything
from validation_service.model.standard import Standard

T = TypeVar("T")


class Drafts(Protocol):
    """Where files are written before they are kept."""

    def write(self, fill: Callable[[BinaryIO], T]) -> tuple[str, T]:
        """The sha256 of what ``fill`` wrote, and what it returned."""
        ...


def enclosed(report: Report, data: bytes, standard: Standard, facts: Facts, drafts: Drafts) -> Report:
    """The report with its excerpt and the names of its files; as it was where nothing was found in the data.

    The table is read a second time: files with findings are few, and those without need not keep it.
    """
    if not _about_the_data(report):
        return report
    everything = report.everything or Everything(alone=report.findings)
    files: dict[str, Any] = {"findings": _listed(report, everything, drafts)}
    shown: dict[str, Any] = {}
    grid = _table(data, standard, facts) if report.columns else None
    if grid is not None:
        shown = excerpt(grid, everything, report.findings, report.counts)
        files["annotated"] = _annotated(everything, grid, standard, drafts)
    return replace(report, files=files, excerpt=shown)


def with_excerpt(report: Report, data: bytes, standard: Standard, facts: Facts) -> Report:
    """The report with its excerpt alone, for whoever keeps no files."""
    grid = _table(data, standard, facts) if report.columns and _about_the_data(report) else None
    if grid is None:
        return report
    everything = report.everything or Everything(alone=report.findings)
    return replace(report, excerpt=excerpt(grid, everything, report.findings, report.counts))


def given_back(
    report: Report, data: bytes, standard: Standard, facts: Facts, out: BinaryIO
) -> Annotated | None:
    """The sender's own table, for whoever keeps no files; None where nothing was found in one."""
    grid = _table(data, standard, facts) if report.columns and _about_the_data(report) else None
    if grid is None:
        return None
    return write_annotated(grid, report.everything or Everything(alone=report.findings), standard, out)


def _about_the_data(report: Report) -> bool:
    """A mere note about no row and no column is about the standard, not about what was sent."""
    if report.errors or report.warnings:
        return True
    return any(finding.row is not None or finding.column is not None for finding in report.findings)


def _table(data: bytes, standard: Standard, facts: Facts) -> Grid | None:
    try:
        return read(data, standard, filename=facts.filename, media_type=facts.media_type)
    except Unreadable:
        return None


def _listed(report: Report, everything: Everything, drafts: Drafts) -> dict[str, Any]:
    sha256, listed = drafts.write(lambda out: write_listing(everything, out))
    return {"sha256": sha256, "format": "csv.gz", "count": sum(report.counts.values()), "listed": listed}


def _annotated(everything: Everything, grid: Grid, standard: Standard, drafts: Drafts) -> dict[str, Any]:
    sha256, told = drafts.write(lambda out: write_annotated(grid, everything, standard, out))
    return {"sha256": sha256, "format": told.format, "rows": told.rows, "of": told.of, "whole": told.whole}
