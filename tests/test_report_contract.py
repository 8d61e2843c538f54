"""What the review page reads of a report is what validation promises in contracts/report.schema.json."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from catalog_service.pages.checks import checks_of
from muara_kernel.events import Finding
from muara_kernel.events.base import json_schema
from muara_kernel.events.words import PRINCIPLES, SEVERITIES, VERDICTS
from muara_kernel.payloads import Payloads
from muara_kernel.payloads.directory import DirectoryPayloads

CONTRACT = Path(__file__).parent.parent / "contracts" / "report.schema.json"


@pytest.fixture
def schema() -> dict[str, Any]:
    told: dict[str, Any] = json.loads(CONTRACT.read_text())
    return told


@pytest.fixture
def payloads(tmp_path: Path) -> Payloads:
    return DirectoryPayloads(tmp_path / "payloads")


def finding(severity: str) -> dict[str, Any]:
    words = {"id": "Angka melonjak.", "en": "The number leaps."}
    told = {"rule": "SD-07", "principle": "standar_data", "legal": "Perpres 39/2019 Pasal 5"}
    return {**told, "severity": severity, "message": words, "hint": words}


def least(*severities: str) -> dict[str, Any]:
    """No more than the contract promises, and a member that only a later release knows."""
    principles = dict.fromkeys(PRINCIPLES, "lulus")
    numbers = {"rows": 3, "columns": 2, "errors": 0, "warnings": 1}
    told = {"verdict": "lulus", **numbers, "counts": {"SD-07": 4}, "principles": principles}
    return {**told, "understood": {}, "findings": [finding(each) for each in severities], "later": [1]}


def test_a_report_with_no_more_than_is_promised_is_shown(payloads: Payloads, schema: dict[str, Any]) -> None:
    report = least(*reversed(SEVERITIES))
    Draft202012Validator(schema).validate(report)
    checks = checks_of(payloads, payloads.put(BytesIO(json.dumps(report).encode())))
    assert checks is not None and checks.more
    assert [each.severity for each in checks.findings] == list(SEVERITIES)
    assert set(checks.principles) == set(PRINCIPLES)


@pytest.mark.parametrize("member", ["principles", "counts", "findings"])
def test_what_a_report_is_read_for_is_promised(
    payloads: Payloads, schema: dict[str, Any], member: str
) -> None:
    report = least("galat")
    del report[member]
    assert checks_of(payloads, payloads.put(BytesIO(json.dumps(report).encode()))) is None
    assert member in schema["required"]


def test_the_words_the_page_has_are_those_that_are_promised(schema: dict[str, Any]) -> None:
    properties = schema["properties"]
    assert set(PRINCIPLES) == set(properties["principles"]["properties"])
    assert set(VERDICTS) == set(properties["verdict"]["enum"])
    assert properties["findings"]["items"] == json_schema(Finding)
    assert set(SEVERITIES) == set(properties["findings"]["items"]["properties"]["severity"]["enum"])
