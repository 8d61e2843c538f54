"""The headers that keep a browser from doing what nobody asked of it."""

from __future__ import annotations

import secrets

from flask import Flask, Response, g, request

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_A_YEAR = "max-age=31536000"


def install(app: Flask) -> None:
    """Every response of this app carries the headers; ``csp_nonce()`` is there for templates."""
    app.after_request(_protect)
    app.jinja_env.globals["csp_nonce"] = csp_nonce


def csp_nonce() -> str:
    """The nonce a script element of this response must carry."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def _protect(response: Response) -> Response:
    for name, value in _ALWAYS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", _policy())
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", _A_YEAR)
    if _is_personal(response):
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _policy() -> str:
    return (
        f"default-src 'self'; script-src 'self' 'nonce-{csp_nonce()}'; style-src 'self'; "
        "img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    )


def _is_personal(response: Response) -> bool:
    return request.path.startswith("/v1") or "Set-Cookie" in response.headers or bool(request.cookies)
