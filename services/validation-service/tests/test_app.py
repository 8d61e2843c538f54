"""What the composition root must not do."""

from __future__ import annotations

import subprocess
import sys


def test_polars_is_not_there_before_the_web_process_forks() -> None:
    """It starts threads when it is imported; and the worker, whose children check, needs none of it."""
    asks = "import sys, validation_service.app; sys.exit('polars' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asks], timeout=60).returncode == 0
