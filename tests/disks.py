"""A small disk that a test may fill to its last byte: a tmpfs, where one may be mounted."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

STEP = 64 * 1024
MIB = 1024 * 1024


@dataclass
class Disk:
    """The file system under ``place``; the ballast takes all the room there is."""

    place: Path

    @property
    def _ballast(self) -> Path:
        return self.place / "ballast"

    def fill(self) -> None:
        """Until not one more byte fits, whatever was freed meanwhile."""
        with self._ballast.open("ab", buffering=0) as out:
            for size in (STEP, 1):
                with suppress(OSError):
                    while out.write(bytes(size)):
                        pass

    def empty(self) -> None:
        self._ballast.unlink()


@contextmanager
def small_disk(place: Path, size: int) -> Iterator[Disk]:
    """Mounted at ``place`` with ``size`` bytes; the test is skipped where nothing may be mounted."""
    place.mkdir(parents=True, exist_ok=True)
    mounted = _run("mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "muara-test", str(place))
    if mounted is not None:
        pytest.skip(f"no disk can be filled: a tmpfs cannot be mounted here ({mounted})")
    try:
        yield Disk(place)
    finally:
        _run("umount", "--lazy", str(place))


def _run(*command: str) -> str | None:
    """What is the matter, None where nothing is."""
    try:
        ran = subprocess.run(command, capture_output=True, text=True, timeout=30)
    except OSError as error:
        return str(error)
    return None if ran.returncode == 0 else " ".join(ran.stderr.split())
