"""The desk of the walidata: one token, as a bearer for programs and as a signed cookie for people."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, make_response, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response as AnyResponse

from muara_kernel.events.finding import Text
from muara_kernel.web import pages
from muara_kernel.web.bearer import CHALLENGE, bearer
from muara_kernel.web.language import say
from muara_kernel.web.problems import Problem
from muara_kernel.web.throttle import Throttle

COOKIE = "muara_meja"
LIFETIME = 8 * 60 * 60
SHORTEST = 16

P = ParamSpec("P")
R = TypeVar("R")

_MISSING = Text(
    "Sertakan token meja walidata (Authorization: Bearer …).",
    "Send the desk token (Authorization: Bearer …).",
)
_WRONG = Text(
    "Token meja ini tidak berlaku: tidak tersalin utuh, atau sudah diganti. "
    "Mintalah yang berlaku kepada pengelola Muara.",
    "This desk token is not valid: not copied whole, or replaced. Ask those who run Muara for the right one.",
)
_ELSEWHERE = Text(
    "Formulir ini dikirim dari situs lain; tidak ada yang diubah.",
    "This form was sent from another site; nothing was changed.",
)
_WAIT = Text(
    "Terlalu banyak percobaan masuk. Tunggu sebentar.", "Too many attempts to sign in. Wait a while."
)


class Desk:
    """Guards the views of the walidata. A new token ends all sessions: the cookie's key is made from it."""

    def __init__(self, token: str, *, throttle: Throttle | None = None) -> None:
        if len(token) < SHORTEST:
            raise ValueError(
                f"MUARA_DESK_TOKEN hanya {len(token)} huruf, paling sedikit {SHORTEST}"
                f" / must have at least {SHORTEST} characters, it has {len(token)}"
            )
        self._token = token.encode()
        key = hmac.new(self._token, b"muara desk session", hashlib.sha256).digest()
        self._cookies = URLSafeTimedSerializer(key, salt=COOKIE)
        self._throttle = throttle or Throttle()

    def install(self, app: Flask) -> None:
        """Templates may ask ``at_the_desk()``; there is no sign-in unless pages open one."""
        pages.install(app)
        app.jinja_env.globals["at_the_desk"] = lambda: "keluar" in app.view_functions and self.is_signed_in()

    def open_sign_in(self, views: Blueprint) -> None:
        """Add ``/masuk`` and ``/keluar`` to the app that these pages are registered in."""
        views.record_once(self._add_sign_in)

    def _add_sign_in(self, state: BlueprintSetupState) -> None:
        state.app.add_url_rule("/masuk", "masuk", self._sign_in, methods=["GET", "POST"])
        state.app.add_url_rule("/keluar", "keluar", self._sign_out, methods=["POST"])

    def required(self, view: Callable[P, R]) -> Callable[P, R]:
        """For API views: the desk token as bearer, or 401. Goes below ``blp.route``, above the rest."""

        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            self._demand_bearer()
            return view(*args, **kwargs)

        return guarded

    def page_required(self, view: Callable[P, R]) -> Callable[P, R | AnyResponse]:
        """For pages: the session cookie, or off to ``/masuk``. A form must come from our own site."""

        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R | AnyResponse:
            if not self.is_signed_in():
                back = request.full_path.rstrip("?") if request.method in ("GET", "HEAD") else "/"
                return redirect(url_for("masuk", next=back), 303)
            demand_own_form()
            return view(*args, **kwargs)

        return guarded

    def bears_token(self) -> bool:
        """Whether the current request carries the desk token as a bearer, where it may also carry another."""
        token = bearer()
        return token is not None and self._is_token(token)

    def is_signed_in(self) -> bool:
        """Whether the current request carries a cookie made from this token less than 8 hours ago."""
        try:
            self._cookies.loads(request.cookies.get(COOKIE, ""), max_age=LIFETIME)
        except BadSignature:
            return False
        return True

    def _demand_bearer(self) -> None:
        token = bearer()
        if token is None:
            raise Problem(401, "token-meja-tidak-ada", _MISSING, headers=CHALLENGE)
        if not self._is_token(token):
            challenge = f'{CHALLENGE["WWW-Authenticate"]}, error="invalid_token"'
            raise Problem(401, "token-meja-salah", _WRONG, headers={"WWW-Authenticate": challenge})

    def _is_token(self, given: str) -> bool:
        return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), self._token)

    def _sign_in(self) -> AnyResponse:
        onward = local_path(request.values.get("next", "/"))
        if request.method != "POST":
            return redirect(onward, 303) if self.is_signed_in() else _form(onward)
        demand_own_form()
        address = request.remote_addr or "-"
        wait = self._throttle.wait(address)
        if wait:
            raise Problem(429, "terlalu-banyak-percobaan", _WAIT, headers={"Retry-After": str(wait)})
        if not self._is_token(request.form.get("token", "").strip()):
            self._throttle.failed(address)
            return _form(onward, _WRONG)
        return self._with_cookie(redirect(onward, 303))

    def _with_cookie(self, response: AnyResponse) -> AnyResponse:
        response.set_cookie(
            COOKIE,
            self._cookies.dumps("walidata"),
            max_age=LIFETIME,
            httponly=True,
            samesite="Strict",
            secure=request.is_secure,
        )
        return response

    def _sign_out(self) -> AnyResponse:
        demand_own_form()
        response = redirect("/", 303)
        response.delete_cookie(COOKIE, httponly=True, samesite="Strict", secure=request.is_secure)
        return response


def demand_own_form() -> None:
    """Refuse with 403 what changes something and was sent by a page of another site."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    fetched_from = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if fetched_from is not None:
        own = fetched_from in ("same-origin", "none")
    else:
        own = origin is None or urlsplit(origin).netloc == request.host
    if not own:
        raise Problem(403, "formulir-dari-situs-lain", _ELSEWHERE)


def local_path(target: str) -> str:
    """``target`` when it is a path on this server, else ``/``: no link of ours leads to another site."""
    plain = target.isprintable() and "\\" not in target
    return target if plain and target.startswith("/") and not target.startswith("//") else "/"


def _form(onward: str, refusal: Text | None = None) -> Response:
    page = render_template("masuk.html", onward=onward, refusal=say(refusal) if refusal else None)
    response = make_response(page, 401 if refusal else 200)
    response.headers["Cache-Control"] = "no-store"
    return response
