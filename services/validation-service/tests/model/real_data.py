"""The published files beside the repository, by the setting MUARA_REAL_DATA; never copied into it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[4]
FOLDER = Path(os.environ.get("MUARA_REAL_DATA") or REPOSITORY.parent / "shared" / "real-data")


def real_file(name: str) -> bytes:
    """Skips the test, and says so, where the files are absent."""
    return reference(name, "open").read_bytes()


def reference(name: str, part: str = "reference") -> Path:
    """The path of a published list; skips like ``real_file``."""
    path = FOLDER / part / name
    if not path.is_file():
        pytest.skip(f"MUARA_REAL_DATA: {path} is not there")
    return path
