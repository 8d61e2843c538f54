"""All of the eight processes may be killed in the middle of the demo: the table at its end is the same."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest
from production import ON_BOTH

from muara.place import SERVICES

ROOT = Path(__file__).parent.parent
FIRST, BETWEEN = 4, 3
"""The first is killed while the fourth submission is sent, each other three submissions later."""


@ON_BOTH
@pytest.mark.parametrize("kind", ["web", "worker"])
def test_killing_one_process_after_the_other_changes_nothing_of_the_outcome(
    kind: str, backing: Mapping[str, str], tmp_path: Path
) -> None:
    data = tmp_path / "data"
    command = [sys.executable, "-u", "-m", "muara", "demo", "--region", "lumajang", "--data", str(data)]
    demo = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **backing},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert demo.stdout
    deadline = threading.Timer(240, demo.kill)
    deadline.start()
    told = []
    doomed = {f"kirim {FIRST + BETWEEN * n} ": f"{service}-{kind}" for n, service in enumerate(SERVICES)}
    for line in demo.stdout:
        told.append(line)
        for moment in [moment for moment in doomed if moment in line]:
            os.kill(int((data / "run" / f"{doomed.pop(moment)}.pid").read_text()), signal.SIGKILL)
    code = demo.wait()
    deadline.cancel()
    output = "".join(told)
    assert not doomed, output
    assert code == 0, output
    for service in SERVICES:
        log = (data / "logs" / f"{service}-{kind}.log").read_text()
        assert "ended (SIGKILL); started again" in log
