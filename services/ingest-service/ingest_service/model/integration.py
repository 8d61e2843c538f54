"""An OPD's integration: one system of one OPD, known by its key.

A key is ``muara_<id>_<secret>``. Of the secret, 256 random bits, only the SHA-256 is kept: it has nothing
to guess, so a slow hash would only let strangers keep us busy.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

KEY = re.compile(r"muara_(?P<id>[a-z0-9]{12})_(?P<secret>[A-Za-z0-9_-]{43})")


@dataclass(frozen=True)
class Integration:
    """``label`` is what ops calls it. A revoked one is kept, so that its traces can be read."""

    id: str
    opd: str
    secret_sha256: str
    label: str
    created_at: datetime
    revoked_at: datetime | None = None

    def opened_by(self, secret: str) -> bool:
        return self.revoked_at is None and hmac.compare_digest(self.secret_sha256, sha256(secret))


def new_key(opd: str, *, label: str, now: datetime) -> tuple[Integration, str]:
    """The integration, and its key: shown once, kept nowhere."""
    id, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    return Integration(id, opd, sha256(secret), label, now), f"muara_{id}_{secret}"


def parse_key(key: str) -> tuple[str, str] | None:
    """Id and secret of a key as it was presented; None for what is no key."""
    match = KEY.fullmatch(key)
    return (match["id"], match["secret"]) if match else None


def sha256(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


class Integrations(Protocol):
    """The integrations of all OPD."""

    def get(self, id: str) -> Integration | None: ...

    def add(self, integration: Integration) -> None: ...

    def revoke(self, id: str, now: datetime) -> bool: ...

    def all(self) -> list[Integration]: ...
