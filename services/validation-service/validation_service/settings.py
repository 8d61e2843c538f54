"""What validation can be told, with the defaults of the design."""

from __future__ import annotations

from dataclasses import dataclass

from muara_kernel.settings import Shared, setting


@dataclass(frozen=True, kw_only=True)
class Settings(Shared):
    checkers: int = setting(
        "MUARA_VALIDATION_CHECKERS", "N: checks at work at once, a process each", default=2
    )
    starts: int = setting(
        "MUARA_VALIDATION_STARTS", "starts of a check without outcome, then it is given up", default=3
    )
    deadline: float = setting("MUARA_VALIDATION_DEADLINE", "seconds one check may take", default=120.0)
    memory: int = setting("MUARA_VALIDATION_MEMORY_MB", "MiB a checking process may hold", default=1024)
    recycle: int = setting(
        "MUARA_VALIDATION_RECYCLE", "checks of one process before a fresh one", default=500
    )
