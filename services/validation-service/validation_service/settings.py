"""What validation can be told, with the defaults of the design."""

from __future__ import annotations

from dataclasses import dataclass

from muara_kernel.settings import Shared, setting


@dataclass(frozen=True, kw_only=True)
class Settings(Shared):
    checkers: int = setting(
        "MUARA_VALIDATION_CHECKERS", "N: checks at work at once, a process each", default=2, over=0
    )
    starts: int = setting(
        "MUARA_VALIDATION_STARTS", "starts of a check without outcome, then it is given up", default=3, over=0
    )
    deadline: float = setting(
        "MUARA_VALIDATION_DEADLINE", "seconds one check may take", default=120.0, over=0
    )
    memory: int = setting(
        "MUARA_VALIDATION_MEMORY_MB", "MiB a checking process may hold", default=1024, over=0
    )
    recycle: int = setting(
        "MUARA_VALIDATION_RECYCLE", "checks of one process before a fresh one", default=500, over=0
    )
    sandbox_checkers: int = setting(
        "MUARA_VALIDATION_SANDBOX_CHECKERS",
        "files tried at once, a process each; then 503",
        default=2,
        over=0,
    )
    sandbox_deadline: float = setting(
        "MUARA_VALIDATION_SANDBOX_DEADLINE", "seconds one try may take", default=30.0, over=0
    )
    sandbox_memory: int = setting(
        "MUARA_VALIDATION_SANDBOX_MEMORY_MB", "MiB its process may hold", default=1024, over=0
    )
    sandbox_per_minute: int = setting(
        "MUARA_VALIDATION_SANDBOX_PER_MINUTE",
        "tries of one address in a minute; then 429",
        default=20,
        over=0,
    )
