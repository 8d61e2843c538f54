"""A certificate says what was checked against what, for data that passed and for no other."""

from __future__ import annotations

import json

from engine import desa, document, field

from validation_service.model.certificate import certificate, checked_against, rules_run, to_bytes
from validation_service.model.report import ENGINE_VERSION
from validation_service.model.standard import Standard

WILAYAH = {"id": "wilayah-kemendagri", "version": "2025", "revision": 3}
ABOUT = {
    "submission": "S-1",
    "dataset": "35.08/jumlah-desa",
    "period": "2025",
    "opd": "dpmd",
    "sequence": 4,
    "received_at": "2026-01-05T08:00:00+07:00",
    "checked_at": "2026-01-05T01:00:01+00:00",
    "report": "cd" * 32,
    "data": "ab" * 32,
    "size": 21,
}


def report(**other):
    checked = checked_against(
        dataset="35.08/jumlah-desa",
        period="2025",
        data="ab" * 32,
        revision=2,
        codelists=[WILAYAH],
        standard=desa(),
    )
    passed = {"verdict": "lulus", "rows": 21, "columns": 3, "warnings": 1, "counts": {"IO-05": 1}}
    return {**passed, "principles": {"metadata": "lulus"}, "checked": checked, **other}


def test_it_names_submission_data_standard_code_lists_rules_and_engine():
    told = certificate(report(), ABOUT)
    assert ABOUT.items() <= told.items()
    assert (told["standard"], told["codelists"], told["engine"]) == (2, [WILAYAH], ENGINE_VERSION)
    assert (told["verdict"], told["rows"], told["warnings"]) == ("lulus", 21, 1)
    assert {"SD-01", "NL-01", "KR-01", "DP-01"} <= set(told["rules"])


def test_its_bytes_are_always_the_same():
    backwards = dict(reversed(ABOUT.items()))
    assert to_bytes(certificate(report(), ABOUT)) == to_bytes(certificate(report(), backwards))
    assert json.loads(to_bytes(certificate(report(), ABOUT))) == certificate(report(), ABOUT)


def test_what_did_not_pass_or_does_not_say_how_it_was_checked_has_none():
    assert certificate(report(verdict="gagal"), ABOUT) is None
    assert certificate(report(checked={}), ABOUT) is None


def test_a_rule_without_a_subject_in_the_standard_was_not_run():
    plain = rules_run(Standard.parse(document(field("jumlah", "integer"))))
    assert not {"KR-01", "DP-01", "AG-04", "YY-01", "JD-01", "TK-01"} & set(plain)
    assert {"SD-01", "IO-01"} <= set(plain)


def test_rules_are_said_to_be_run_only_where_they_had_something_to_look_at():
    plain = desa()
    assert "PR-01" in rules_run(plain, "terbuka") and "PR-01" not in rules_run(plain, "tertutup")
    assert {"KR-02", "KR-04", "SD-02", "AG-01"} <= set(rules_run(plain))
    assert not {"SD-03", "SD-04", "SD-05", "AG-02", "AG-03", "AG-06", "KR-05"} & set(rules_run(plain))
    totals = Standard.parse(document(field("n", "number"), **{"satudata:barisJumlah": "periksa"}))
    assert {"AG-02", "AG-06", "AG-07"} <= set(rules_run(totals)) and "AG-01" not in rules_run(totals)
