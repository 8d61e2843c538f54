"""The certificate of a version whose checks it passed: what was checked, against what, and by which rules."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from validation_service.model.facts import OPEN
from validation_service.model.report import ENGINE_VERSION
from validation_service.model.rules.table import RULES
from validation_service.model.standard import Standard

KIND = "muara-sertifikat/1"
_ABOUT = (
    "submission",
    "dataset",
    "period",
    "opd",
    "sequence",
    "received_at",
    "checked_at",
    "report",
    "data",
    "size",
)
_FROM_THE_CHECK = ("engine", "standard", "codelists", "rules")
_FROM_THE_REPORT = ("verdict", "principles", "rows", "columns", "warnings", "counts")


def _has_open_percentages(standard: Standard) -> bool:
    # polars starts threads when it is imported, and who reads certificates needs none
    from validation_service.model.rules.sums import is_open_percentage

    return any(map(is_open_percentage, standard.fields))


_ONLY_WHERE: Mapping[str, Callable[[Standard], object]] = {
    "KR": lambda standard: standard.codelists,
    "KR-02": lambda standard: any(f.reference and f.reference.name_column for f in standard.fields),
    "KR-03": lambda standard: any(f.reference and f.reference.level for f in standard.fields),
    "KR-04": lambda standard: any(f.reference and f.reference.level for f in standard.fields),
    "KR-05": lambda standard: any(f.reference and f.reference.complete for f in standard.fields),
    "DP-01": lambda standard: (
        standard.primary_key or standard.unique_keys or any(f.unique for f in standard.fields)
    ),
    "DP-02": lambda standard: any(f.consecutive for f in standard.fields),
    "AG-01": lambda standard: standard.totals_rows == "tolak",
    "AG-02": lambda standard: standard.totals_rows == "periksa",
    "AG-03": lambda standard: _has_open_percentages(standard),
    "AG-04": lambda standard: standard.sums,
    "AG-05": lambda standard: standard.group_sums,
    "AG-06": lambda standard: standard.totals_rows == "periksa",
    "AG-07": lambda standard: standard.totals_rows == "periksa",
    "SD-02": lambda standard: any(f.minimum is not None or f.maximum is not None for f in standard.fields),
    "SD-03": lambda standard: any(f.pattern for f in standard.fields),
    "SD-04": lambda standard: any(f.enum for f in standard.fields),
    "SD-05": lambda standard: any(
        f.min_length is not None or f.max_length is not None for f in standard.fields
    ),
    "PD-03": lambda standard: standard.period_column or standard.wide,
    "AV": lambda standard: standard.rules,
    "YY": lambda standard: any(f.change for f in standard.fields),
    "JD": lambda standard: standard.due_days is not None,
    "TK": lambda _: False,
}
"""What a rule, or its whole family, needs in a standard to have anything to look at."""


def rules_run(standard: Standard, access: str | None = None) -> list[str]:
    """The codes of the rules that this standard, and the ``access`` of its dataset, give something to look
    at."""
    idle = {name for name, has_subject in _ONLY_WHERE.items() if not has_subject(standard)}
    if access != OPEN:
        idle.add("PR")
    return sorted(code for code in RULES if not {code, code.partition("-")[0]} & idle)


def checked_against(
    *,
    dataset: str,
    period: str,
    data: str,
    revision: int | None,
    codelists: list[dict[str, Any]],
    standard: Standard,
    access: str | None = None,
) -> dict[str, Any]:
    """What a report says of how it came about; ``data`` is the sha256 of the bytes that were checked."""
    return {
        "engine": ENGINE_VERSION,
        "dataset": dataset,
        "period": period,
        "data": data,
        "standard": revision,
        "codelists": codelists,
        "rules": rules_run(standard, access),
    }


def certificate(report: Mapping[str, Any], about: Mapping[str, Any]) -> dict[str, Any] | None:
    """From the JSON of a report and what is known ``about`` its submission; None unless it passed, and for
    reports of long ago that do not say against what they were made."""
    checked = report.get("checked")
    if report.get("verdict") != "lulus" or not checked:
        return None
    return {
        "certificate": KIND,
        **{name: about.get(name) for name in _ABOUT},
        **{name: checked.get(name) for name in _FROM_THE_CHECK},
        **{name: report.get(name) for name in _FROM_THE_REPORT},
    }


def to_bytes(certificate: Mapping[str, Any]) -> bytes:
    """UTF-8 JSON for people and programs; the same certificate always gives the same bytes."""
    return (json.dumps(certificate, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()
