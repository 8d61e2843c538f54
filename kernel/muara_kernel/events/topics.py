"""Every topic there is: who may read what for how long. One table, read by both buses."""

from __future__ import annotations

from dataclasses import dataclass

PARTITIONS = 4
DAY = 24 * 60 * 60


@dataclass(frozen=True)
class Topic:
    """``retention`` in seconds for facts; None for state, which is compacted by key and kept for ever."""

    name: str
    retention: int | None
    partitions: int = PARTITIONS

    @property
    def compacted(self) -> bool:
        return self.retention is None


INGEST = Topic("muara.ingest", retention=30 * DAY)
VALIDATION = Topic("muara.validation", retention=30 * DAY)
VALIDATION_STATE = Topic("muara.validation.state", retention=None)
CATALOG = Topic("muara.catalog", retention=30 * DAY)
CATALOG_STATE = Topic("muara.catalog.state", retention=None)

TOPICS = {topic.name: topic for topic in (INGEST, VALIDATION, VALIDATION_STATE, CATALOG, CATALOG_STATE)}
