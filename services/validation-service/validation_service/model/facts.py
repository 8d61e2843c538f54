"""What is known about a submission besides its bytes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

OPEN = "terbuka"
"""The ``access`` of a dataset that anybody may download."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Where a file comes from and what it says it is about; ``region`` is a kode pemda such as ``35.08``.

    An empty ``opd_bidang_urusan`` means that the OPD's urusan are not known, and then they are not checked.
    """

    dataset: str
    region: str
    opd: str
    opd_bidang_urusan: tuple[str, ...] = ()
    dataset_bidang_urusan: str | None = None
    declared_bidang_urusan: str | None = None
    frequency: str
    period: str
    received_on: date
    level: str | None = None
    filename: str = ""
    media_type: str = ""
    access: str | None = None
    period_told: bool = True
    """False where nobody said what period a file is of, and ``period`` is that of today."""


@dataclass(frozen=True)
class Previous:
    """The newest earlier edition of the dataset that passed: its period and its bytes."""

    period: str
    data: bytes
    filename: str = ""
    media_type: str = ""
