"""The main job, as its command runs it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def demo(region: str, data: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "muara", "demo", "--region", region, "--data", str(data)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240)


@pytest.mark.parametrize("region", ["lumajang", "kediri"])
def test_every_example_submission_ends_as_expected(region: str, tmp_path: Path) -> None:
    ran = demo(region, tmp_path / "data")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert re.search(r"(\d+) dari \1 sesuai harapan", ran.stdout)


def test_a_demo_sets_aside_what_was_not_made_by_a_demo(tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "documents").mkdir(parents=True)
    (data / "documents" / "milik-daerah").write_text("penting")
    ran = demo("kediri", data)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert (tmp_path / "data.1" / "documents" / "milik-daerah").read_text() == "penting"


def test_an_unknown_region_is_refused_with_the_names_there_are(tmp_path: Path) -> None:
    ran = demo("atlantis", tmp_path / "data")
    assert ran.returncode != 0
    assert "kediri, lumajang" in ran.stderr
