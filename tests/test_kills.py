"""Any of the eight processes may be killed in the middle of the demo: the table at its end is the same."""

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
PROCESSES = [f"{service}-{kind}" for service in SERVICES for kind in ("web", "worker")]
MIDDLE = "kirim 10 "


@ON_BOTH
@pytest.mark.parametrize("process", PROCESSES)
def test_killing_a_process_in_the_middle_changes_nothing_of_the_outcome(
    process: str, backing: Mapping[str, str], tmp_path: Path
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
    told, killed = [], False
    for line in demo.stdout:
        told.append(line)
        if MIDDLE in line and not killed:
            os.kill(int((data / "run" / f"{process}.pid").read_text()), signal.SIGKILL)
            killed = True
    code = demo.wait()
    deadline.cancel()
    output = "".join(told)
    assert killed, output
    assert code == 0, output
    log = (data / "logs" / f"{process}.log").read_text()
    assert "ended (SIGKILL); started again" in log
