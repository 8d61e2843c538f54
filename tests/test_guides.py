"""The guides say what the code says: keys of a standard, rules, states of a submission, the sign-in."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

import pytest

from ingest_service.api.form import MetadataSchema
from ingest_service.api.submissions import STATES
from ingest_service.model.submission import OutcomeState
from muara_kernel.web import desk
from validation_service.model.document.constraints import CONSTRAINTS
from validation_service.model.document.dataset_keys import DATASET_KEYS
from validation_service.model.document.field_keys import CHANGE_KEYS, FIELD_KEYS, REFERENCE_KEYS
from validation_service.model.document.rules_key import RULE_KEYS
from validation_service.model.document.sums import GROUP_SUM_KEYS, SUM_KEYS
from validation_service.model.document.wide_key import WIDE_KEYS
from validation_service.model.rules.table.guide import guide
from validation_service.model.standard import Standard

GUIDES = Path(__file__).parent.parent / "docs" / "guides"
GUIDE = (GUIDES / "standar-data.md").read_text()
PUSHING = (GUIDES / "mengirim-data.md").read_text()
INNER = (*REFERENCE_KEYS, *CHANGE_KEYS, *RULE_KEYS, *SUM_KEYS, *GROUP_SUM_KEYS, *WIDE_KEYS)
EXAMPLE = re.search(r"```json\n(.*?)```", GUIDE, re.DOTALL)


@pytest.mark.parametrize("key", sorted({*DATASET_KEYS, *FIELD_KEYS, *CONSTRAINTS}))
def test_every_key_has_a_row_in_the_guide(key: str) -> None:
    assert re.search(rf"^\| `{re.escape(key)}` \| .+ \| .+ \|$", GUIDE, re.MULTILINE) or (
        key in FIELD_KEYS and f"`{key}`" in GUIDE
    )


@pytest.mark.parametrize("key", sorted(set(INNER)))
def test_every_part_of_a_key_is_in_the_guide(key: str) -> None:
    assert re.search(rf'["`]{key}\b', GUIDE)


def test_the_guide_names_no_key_that_is_not_known() -> None:
    named = set(re.findall(r"satudata:\w+", GUIDE))
    assert named == {*DATASET_KEYS, *FIELD_KEYS}


def test_the_example_of_the_guide_is_a_standard() -> None:
    assert EXAMPLE is not None
    standard = Standard.parse(json.loads(EXAMPLE[1]))
    assert standard.period_column == "tahun" and len(standard.sums) == 1
    assert {each.severity for each in standard.warnings} == {"catatan"}


def test_the_rules_are_told_as_they_are() -> None:
    command = "python -m validation_service.model.rules.table.guide > docs/guides/aturan.md"
    assert (GUIDES / "aturan.md").read_text(encoding="utf-8") == guide(), f"write it again: {command}"


# --- the guides for those who push and for those who decide -----------------------------------


def test_every_state_of_a_submission_has_a_row_in_the_guide_and_no_other_has() -> None:
    told = re.findall(r"^\| `(\w+)` \| .+ \| .+ \|$", PUSHING, re.MULTILINE)
    assert set(told) - {"state"} == {*STATES.values(), *get_args(OutcomeState)}


def test_the_guide_pushes_with_fields_that_there_are() -> None:
    told = set(re.findall(r'-F "?(\w+)=', PUSHING))
    assert {"dataset", "period", "file"} <= told <= {*MetadataSchema().fields, "file"}


def test_a_sign_in_lasts_as_long_as_guide_and_page_say() -> None:
    page = Path(desk.__file__).parent / "templates" / "masuk.html"
    for text in ((GUIDES / "meja-walidata.md").read_text(), page.read_text()):
        assert f"berlaku {desk.LIFETIME // 3600} jam" in text
        assert f"lasts {desk.LIFETIME // 3600} hours" in text
