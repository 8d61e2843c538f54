"""Reports as they are stored keep to the JSON Schema that other services are promised."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from validation_service.jobs.checker import Checker
from validation_service.jobs.request import to_request
from validation_service.model.life import References
from validation_service.model.report import OPTIONAL
from validation_service.model.report_schema import report_schema

SENT = {
    "good": b"kode,jumlah\nA,3\nB,5\n",
    "bad": b"kode,jumlah\nA,tiga\nB,5\nC,\n",
    "without the columns asked for": b"nama;nilai\nA;3\n",
    "no table": b"\x00\x01\x02",
    "empty": b" ",
}


@pytest.fixture
def stored(house, facts):
    """The report on these bytes, as it lies in the payloads."""

    def report(data: bytes) -> dict:
        received = house.received("S-1", data, filename="rs.csv")
        house.library.adopt_standard(received.dataset, facts.standard, ())
        references = References(facts.dataset(), facts.opd(), house.library.standard(received.dataset))
        answer = Checker(house.ground.payloads).answer(to_request(received, references, region="35.08"))
        with house.ground.payloads.open(answer["outcome"]["report"]) as stream:
            return json.load(stream)

    return report


@pytest.mark.parametrize("what", SENT)
def test_a_stored_report_is_what_its_schema_says(stored, what):
    report, schema = stored(SENT[what]), report_schema()
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(report)
    assert set(report) <= set(schema["properties"])


def test_a_report_with_findings_has_every_member_of_the_schema(stored):
    report = stored(SENT["bad"])
    assert set(report) == set(report_schema()["properties"])
    assert set(report) - set(OPTIONAL) == set(report_schema()["required"])


def test_a_report_of_another_form_is_refused(stored):
    checks, report = Draft202012Validator(report_schema()), stored(SENT["bad"])
    for wrong in ({"verdict": "bagus"}, {"rows": -1}, {"counts": {"SD-01": "3"}}, {"findings": [{"row": 2}]}):
        assert not checks.is_valid(report | wrong)
