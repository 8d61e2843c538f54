"""Each service stands alone: installed with nothing but the kernel, offline, it passes its own tests.

Those marked slow are left out: they ran beside the service, and say nothing of standing alone.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from muara.place import SERVICES

ROOT = Path(__file__).parent.parent
WHEELS = ROOT / ".wheels"
PYTEST_INI = """[pytest]
addopts = --import-mode=importlib -m "not slow"
markers = slow: left out here
timeout = 300
"""
TOOLS = ("pytest", "pytest-timeout", "hypothesis", "openpyxl", "aiosmtpd", "jsonschema")


@pytest.fixture(scope="module")
def wheels() -> Path:
    assert (WHEELS / ".ready").exists(), "set-up builds the wheels: run `make test`"
    return WHEELS


@pytest.mark.timeout(900)
@pytest.mark.parametrize("service", SERVICES)
def test_a_service_passes_its_tests_with_only_the_kernel_beside_it(
    service: str, wheels: Path, tmp_path: Path
) -> None:
    python = _fresh_environment(tmp_path / "venv")
    offline = ["--no-index", "--find-links", wheels, "-q", "--disable-pip-version-check"]
    _run(
        [python, "-m", "pip", "install", *offline, f"{service}-service", *TOOLS],
        cwd=tmp_path,
    )
    for other in (other for other in SERVICES if other != service):
        missing = subprocess.run([python, "-c", f"import {other}_service"], cwd=tmp_path, capture_output=True)
        assert missing.returncode != 0, f"{service} brought {other} with it"
    tests = tmp_path / "tests"
    shutil.copytree(ROOT / "services" / f"{service}-service" / "tests", tests)
    (tmp_path / "pytest.ini").write_text(PYTEST_INI)
    ran = _run([python, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", tests], cwd=tmp_path)
    assert " passed" in ran


def _fresh_environment(directory: Path) -> str:
    subprocess.run([sys.executable, "-m", "venv", directory], check=True, capture_output=True)
    return str(directory / "bin" / "python")


def _run(command: list[str | Path], *, cwd: Path) -> str:
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "PYTEST", "MUARA_"))
    }
    ran = subprocess.run(command, cwd=cwd, env=clean, capture_output=True, text=True)
    assert ran.returncode == 0, f"{ran.stdout[-4000:]}\n{ran.stderr[-2000:]}"
    return ran.stdout
