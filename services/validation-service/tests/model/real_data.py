"""The published files beside the repository, by the setting MUARA_REAL_DATA; never copied into it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[4]


def real_file(name: str) -> bytes:
    """Skips the test, and says so, where the files are absent."""
    folder = Path(os.environ.get("MUARA_REAL_DATA") or REPOSITORY.parent / "shared" / "real-data") / "open"
    if not (folder / name).is_file():
        pytest.skip(f"MUARA_REAL_DATA: {name} is not there")
    return (folder / name).read_bytes()
