"""How one process sees at once that another has died: a file that it kept locked is locked no more.

The kernel lets go of a lock when its process ends, however it ends. One that is only frozen keeps it; of
that one its silence tells.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path


class Lifelines:
    """One file for each member, beside the database; ids are never used twice."""

    def __init__(self, database: Path) -> None:
        self._directory = Path(f"{database}.members")
        self._held: int | None = None

    def hold(self, member: int) -> None:
        """From now on until this process ends, or lets go. Raises OSError, also where another holds it."""
        self.let_go()
        self._directory.mkdir(exist_ok=True)
        line = os.open(self._directory / str(member), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(line, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(line)
            raise
        self._held = line

    def is_cut(self, member: int) -> bool:
        """Whether the member has died for certain. One without a file is not known to have."""
        try:
            line = os.open(self._directory / str(member), os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return False
        try:
            fcntl.flock(line, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return False
        finally:
            os.close(line)
        return True

    def let_go(self) -> None:
        line, self._held = self._held, None
        if line is not None:
            os.close(line)

    def clear_away(self, member: int) -> None:
        with suppress(OSError):
            (self._directory / str(member)).unlink()
