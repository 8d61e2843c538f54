"""An event that cannot be read stops nobody: it is kept with its bytes until ops decide."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from history import check
from system import System, table, until

from muara_kernel.bus import Record
from muara_kernel.bus.connect import connect

ROOT = Path(__file__).parent.parent


def dead_letters(system: System, service: str, *arguments: str) -> str:
    """The command that ops type."""
    place = system.live.place
    command = [sys.executable, "-m", "muara", "dead-letters", "--region", str(place.root.parent / "region")]
    ran = subprocess.run(
        [*command, "--data", str(place.root), service, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_what_cannot_be_read_is_kept_with_its_bytes_and_the_rest_goes_on(
    start: Callable[..., System],
) -> None:
    system = start("dinkes")
    bus = connect(f"sqlite:///{system.live.place.root.resolve()}/bus/events.db")
    headers = {"id": "surat-rusak", "type": "id.muara.submission.validated.v1"}
    bus.publish("muara.validation", [Record("35.08/dinkes-angka", b"\xff ini bukan peristiwa", headers)])
    bus.close()
    system.push("dinkes", table(1))
    check(system)
    until(lambda: "surat-rusak" in dead_letters(system, "catalog", "list"), 30)
    shown = dead_letters(system, "catalog", "show", "catalog/surat-rusak")
    assert "/yBpbmkgYnVrYW4gcGVyaXN0aXdh" in shown  # the bytes, as base64
    assert "not a CloudEvent" in shown
    dead_letters(system, "catalog", "dismiss", "catalog/surat-rusak", "--reason", "uji")
    until(lambda: "surat-rusak" not in dead_letters(system, "catalog", "list"), 30)
    assert "state: diabaikan" in dead_letters(system, "catalog", "show", "catalog/surat-rusak")
