"""What the guides show as a standard or a rule does what they say."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

from validation_service.model.check import check
from validation_service.model.facts import Facts
from validation_service.model.standard import Standard

GUIDES = Path(__file__).parent.parent / "docs" / "guides"
STANDARDS = re.findall(r"```json\n(\{.*?)```", (GUIDES / "standar-data.md").read_text("utf-8"), re.DOTALL)
RULES = (GUIDES / "aturan-validasi.md").read_text("utf-8")
NAMED_TOTAL = json.loads(re.findall(r'"satudata:aturan": (\["jika \[.*?\])\n', RULES)[0])


FACTS = Facts(
    dataset="35.08/produksi",
    region="35.08",
    opd="diskatan",
    opd_bidang_urusan=("3.27",),
    dataset_bidang_urusan="3.27",
    frequency="tahunan",
    period="2025",
    received_on=date(2026, 1, 5),
    level="kecamatan",
)


def places(text: str, standard: Standard) -> list[tuple[str, int | None, str | None]]:
    """What is found but for the metadata, which these examples leave out."""
    report = check(text.encode(), facts=FACTS, standard=standard, codelists={})
    return [(each.rule, each.row, each.column) for each in report.findings if not each.rule.startswith("MD")]


@pytest.mark.parametrize("text", STANDARDS)
def test_every_standard_that_is_shown_can_be_adopted(text: str) -> None:
    assert {each.severity for each in Standard.parse(json.loads(text)).warnings} <= {"catatan"}


def test_the_standard_for_indonesian_numbers_reads_them() -> None:
    standard = Standard.parse(json.loads(STANDARDS[1]))
    good = "kecamatan;produksi;rumah_tangga\nPasirian;1.250,5;1.250\nSenduro;980,25;41\n"
    assert places(good, standard) == []
    assert places(good + "Tempeh;12.5;7\n", standard) == [("SD-06", 4, "produksi")]


@pytest.mark.parametrize("mode", ["tolak", "periksa"])
def test_a_totals_row_with_a_name_is_held_against_its_data(mode: str) -> None:
    fields = [{"name": "Kabupaten/Kota", "type": "string"}, {"name": "jumlah", "type": "integer"}]
    concept = {key: text for key, text in json.loads(STANDARDS[1]).items() if isinstance(text, str)}
    rules = {"satudata:barisJumlah": mode, "satudata:aturan": NAMED_TOTAL}
    standard = Standard.parse(concept | rules | {"fields": fields})
    rows = "Kabupaten/Kota,jumlah\nKab. Malang,10\nKota Kediri,20\nJawa Timur,{}\n"
    assert places(rows.format(30), standard) == []
    assert places(rows.format(31), standard) == [("AV-01", 4, None)]
