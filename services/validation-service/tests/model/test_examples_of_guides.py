"""What the guides show as a standard or a rule does what they say."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from engine import checked, document, field, places

from validation_service.model.standard import Standard

GUIDES = Path(__file__).parents[4] / "docs" / "guides"
STANDARDS = re.findall(r"```json\n(\{.*?)```", (GUIDES / "standar-data.md").read_text("utf-8"), re.DOTALL)
RULES = (GUIDES / "aturan-validasi.md").read_text("utf-8")
NAMED_TOTAL = json.loads(re.findall(r'"satudata:aturan": (\["jika \[.*?\])\n', RULES)[0])


@pytest.mark.parametrize("text", STANDARDS)
def test_every_standard_that_is_shown_can_be_adopted(text: str) -> None:
    assert {each.severity for each in Standard.parse(json.loads(text)).warnings} <= {"catatan"}


def test_the_standard_for_indonesian_numbers_reads_them() -> None:
    standard = Standard.parse(json.loads(STANDARDS[1]))
    good = "kecamatan;produksi;rumah_tangga\nPasirian;1.250,5;1.250\nSenduro;980,25;41\n"
    assert checked(good, standard).findings == ()
    assert places(checked(good + "Tempeh;12.5;7\n", standard)) == [("SD-06", 4, "produksi")]


@pytest.mark.parametrize("mode", ["tolak", "periksa"])
def test_a_totals_row_with_a_name_is_held_against_its_data(mode: str) -> None:
    fields = field("Kabupaten/Kota"), field("jumlah", "integer")
    rules = {"satudata:barisJumlah": mode, "satudata:aturan": NAMED_TOTAL}
    standard = Standard.parse(document(*fields, **rules))
    rows = "Kabupaten/Kota,jumlah\nKab. Malang,10\nKota Kediri,20\nJawa Timur,{}\n"
    assert places(checked(rows.format(30), standard)) == []
    assert places(checked(rows.format(31), standard)) == [("AV-01", 4, None)]
