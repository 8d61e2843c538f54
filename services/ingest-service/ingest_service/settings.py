"""What ingest can be told, with the defaults of the design."""

from __future__ import annotations

from dataclasses import dataclass

from muara_kernel.settings import Shared, setting


@dataclass(frozen=True, kw_only=True)
class Settings(Shared):
    width: int = setting(
        "MUARA_INGEST_WIDTH", "W: submissions of one OPD between release and outcome", default=32, over=0
    )
    total: int = setting("MUARA_INGEST_TOTAL", "the same for all OPD together", default=256, over=0)
    first_ask: float = setting(
        "MUARA_INGEST_FIRST_ASK_SECONDS", "wait before asking again, doubling", default=30.0, over=0
    )
    asks: int = setting(
        "MUARA_INGEST_ASKS", "K: asks after which a submission is tertahan", default=5, over=0
    )
    quota: int = setting(
        "MUARA_INGEST_QUOTA", "submissions of one OPD that may wait; then 429", default=10_000, over=0
    )
    largest: int = setting(
        "MUARA_INGEST_LARGEST_BYTES", "the largest request taken", default=50 * 1024 * 1024, over=0
    )
