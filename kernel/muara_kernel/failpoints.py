"""Named places where a test may kill, stop or fail the process. Only the environment arms them.

``MUARA_FAILPOINTS`` holds entries separated by ``;``, each ``name=action`` or ``name~text=action``:
the second fires only where the place passes a detail that contains ``text``. Actions: ``kill``
(SIGKILL at once), ``raise`` (an Armed error), ``lose`` (the place asks and leaves its step out). An
entry ends in ``*N`` to fire N times only; ``MUARA_FAILPOINTS_DIR`` then holds the count, so that it
outlives the process it killed.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path


class Armed(Exception):
    """A test asked for this failure."""


def reached(name: str, detail: str = "") -> bool:
    """Say that the place ``name`` was reached; True when its step is to be left out (action ``lose``)."""
    plan = os.environ.get("MUARA_FAILPOINTS")
    if not plan:
        return False
    for entry in plan.split(";"):
        target, _, action = entry.strip().partition("=")
        place, _, text = target.partition("~")
        if place == name and text in detail:
            action, _, times = action.partition("*")
            if not times or _still_due(entry, int(times)):
                return _act(name, action)
    return False


def _act(name: str, action: str) -> bool:
    if action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if action == "raise":
        raise Armed(name)
    return action == "lose"


def _still_due(entry: str, times: int) -> bool:
    """Take one of ``times`` firings; each is a file, made exclusively, so processes share the count."""
    directory = Path(os.environ["MUARA_FAILPOINTS_DIR"])
    stem = "".join(letter if letter.isalnum() else "-" for letter in entry)
    for number in range(times):
        try:
            (directory / f"{stem}.{number}").touch(exist_ok=False)
        except FileExistsError:
            continue
        return True
    return False
