"""What catalog can be told: nothing beyond what all services are."""

from __future__ import annotations

from dataclasses import dataclass

from muara_kernel.settings import Shared


@dataclass(frozen=True, kw_only=True)
class Settings(Shared):
    pass
