"""Programs of Debian's, taken out of their packages without installing them."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from deployment.reading import ROOT

CACHE = ROOT / ".servers" / "debian"
SECONDS = 300.0


class NoProgram(Exception):
    """The sentence says why it cannot be had on this machine."""


def program(name: str, *, package: str, place: str) -> str:
    """Where it is: installed, or at ``place`` in Debian's ``package``. Skips the test where it is neither."""
    try:
        return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin") or _unpacked(package, place)
    except NoProgram as error:
        reason = f"{name}: {error}"
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason} (it was expected: CI=true)", pytrace=False)
    pytest.skip(reason)


def nginx() -> str:
    return program("nginx", package="nginx", place="usr/sbin/nginx")


def promtool() -> str:
    return program("promtool", package="prometheus", place="usr/bin/promtool")


def _unpacked(package: str, place: str) -> str:
    found = CACHE / package / place
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not found.exists():
            _unpack(package)
    _run([str(found), "-v" if package == "nginx" else "--version"], CACHE)
    return str(found)


def _unpack(package: str) -> None:
    for needed in ("apt-get", "dpkg"):
        if shutil.which(needed) is None:
            raise NoProgram(f"not installed, and no {needed} to take it from Debian's package {package}")
    with tempfile.TemporaryDirectory(dir=CACHE) as passing:
        _run(["apt-get", "download", "-q", package], Path(passing))
        (file,) = Path(passing).glob("*.deb")
        _run(["dpkg", "-x", str(file), "whole"], Path(passing))
        shutil.rmtree(CACHE / package, ignore_errors=True)
        (Path(passing) / "whole").rename(CACHE / package)


def _run(command: list[str], where: Path) -> None:
    try:
        ran = subprocess.run(command, cwd=where, capture_output=True, text=True, timeout=SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoProgram(str(error)) from error
    if ran.returncode != 0:
        raise NoProgram(f"{command[0]} failed: {' '.join((ran.stdout + ran.stderr).split())[-300:]}")
