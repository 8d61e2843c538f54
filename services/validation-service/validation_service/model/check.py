"""The check of one file: read it, hold it against the standard, report."""

from __future__ import annotations

from collections.abc import Mapping

from validation_service.model.codelist import Codelist
from validation_service.model.facts import Facts
from validation_service.model.report import Report
from validation_service.model.standard import Standard


def check(data: bytes, *, facts: Facts, standard: Standard, codelists: Mapping[str, Codelist]) -> Report:
    """The report on ``data``. It does no I/O and never raises for what the file holds."""
    raise NotImplementedError
