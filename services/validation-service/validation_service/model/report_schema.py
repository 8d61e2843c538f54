"""What others may rely on in a stored report: its JSON Schema, written into contracts/."""

from __future__ import annotations

from typing import Any, get_args

from muara_kernel.events.base import json_schema
from muara_kernel.events.contracts import JSON_SCHEMA
from muara_kernel.events.finding import PRINCIPLES, Finding
from muara_kernel.events.submission import Verdict
from validation_service.model.report import OPTIONAL


def report_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of ``Report.to_json``. Later releases may add members: readers pass them over."""
    members = _members()
    return {
        "$schema": JSON_SCHEMA,
        "$id": "urn:muara:report:v1",
        "title": "Report",
        "description": "The report of one check: a payload, named in the events that follow by its sha256.",
        "type": "object",
        "properties": members,
        "required": [name for name in members if name not in OPTIONAL],
    }


def _members() -> dict[str, dict[str, Any]]:
    verdict = {"type": "string", "enum": list(get_args(Verdict))}
    return {
        "verdict": verdict | {"description": "On the submission as a whole."},
        "rows": _count("Of the data, the header not counted."),
        "columns": _count("Of the table as it was sent."),
        "errors": _count("All findings of severity galat."),
        "warnings": _count("All findings of severity peringatan."),
        "counts": {
            "type": "object",
            "additionalProperties": {"type": "integer", "minimum": 1},
            "description": "How many findings of each rule there are, also of those not listed in findings.",
        },
        "principles": {
            "type": "object",
            "properties": dict.fromkeys(PRINCIPLES, verdict),
            "required": list(PRINCIPLES),
            "description": "The verdict on each principle of Satu Data.",
        },
        "understood": _free(
            "How the file was read: format, encoding, delimiter, sheet, header_row and so on."
        ),
        "checked": _free("What was checked against which standard and code lists."),
        "files": _free("What is kept beside the report, by name, each with its sha256."),
        "excerpt": _free("The first rows with findings."),
        "findings": {
            "type": "array",
            "items": json_schema(Finding),
            "description": "At most the first 1,000 of each rule, by row and column.",
        },
    }


def _count(description: str) -> dict[str, Any]:
    return {"type": "integer", "minimum": 0, "description": description}


def _free(description: str) -> dict[str, Any]:
    """For people and for validation's own pages: its members are no contract."""
    return {"type": "object", "description": description}
