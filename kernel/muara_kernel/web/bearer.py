"""The token that a request bears (RFC 6750), read in one place."""

from __future__ import annotations

from flask import request

CHALLENGE = {"WWW-Authenticate": 'Bearer realm="muara"'}
"""The header that goes with a 401."""


def bearer() -> str | None:
    """The token of ``Authorization: Bearer …``; None where the current request bears none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return (token.strip() or None) if scheme.lower() == "bearer" else None
