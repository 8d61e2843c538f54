from __future__ import annotations

import pytest
from flask import Blueprint, Flask, Response, render_template_string
from flask.testing import FlaskClient

from muara_kernel.web.desk import Desk, local_path

TOKEN = "meja-walidata-lumajang"


def with_desk(app: Flask, token: str = TOKEN) -> FlaskClient:
    desk = Desk(token)
    desk.install(app)
    pages = Blueprint("pages", __name__)
    desk.open_sign_in(pages)
    app.register_blueprint(pages)
    app.add_url_rule("/v1/reviews", "reviews", desk.required(lambda: "ok"), methods=["POST"])
    app.add_url_rule("/kotak", "kotak", desk.page_required(lambda: "isi kotak"), methods=["GET", "POST"])
    return app.test_client()


def sign_in(client: FlaskClient, token: str = TOKEN, **headers: str) -> Response:
    return client.post("/masuk", data={"token": token, "next": "/kotak"}, headers=headers)  # type: ignore[return-value]


@pytest.fixture
def walidata(app: Flask) -> FlaskClient:
    return with_desk(app)


def test_a_short_token_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="at least 16 characters, it has 6"):
        Desk("rahasia"[:6])


def test_the_api_opens_to_the_bearer_of_the_token(walidata: FlaskClient) -> None:
    answer = walidata.post("/v1/reviews", headers={"Authorization": f"Bearer {TOKEN}"})

    assert answer.text == "ok"


@pytest.mark.parametrize(
    "sent", ["", "Bearer", "Basic abc", "Bearer salah", f"Bearer {TOKEN}x", "Bearer kunci-é"]
)
def test_the_api_stays_closed_to_anyone_else(walidata: FlaskClient, sent: str) -> None:
    answer = walidata.post("/v1/reviews", headers={"Authorization": sent} if sent else {})

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.json["code"] in ("token-meja-tidak-ada", "token-meja-salah")


def test_a_page_sends_strangers_to_sign_in_and_back(walidata: FlaskClient) -> None:
    sent_away = walidata.get("/kotak?opd=dinkes")
    assert sent_away.status_code == 303
    assert sent_away.location == "/masuk?next=/kotak?opd%3Ddinkes"

    signed_in = sign_in(walidata)
    assert (signed_in.status_code, signed_in.location) == (303, "/kotak")
    cookie = signed_in.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Max-Age=28800" in cookie
    assert "Secure" not in cookie
    assert walidata.get("/kotak").text == "isi kotak"
    assert walidata.get("/kotak").headers["Cache-Control"] == "no-store"
    assert walidata.get("/masuk?next=/kotak").location == "/kotak"


def test_the_cookie_is_secure_where_the_connection_is(walidata: FlaskClient) -> None:
    answer = walidata.post("/masuk", data={"token": TOKEN}, base_url="https://muara.example")

    assert "Secure" in answer.headers["Set-Cookie"]


def test_where_there_are_no_pages_nobody_signs_in_or_out(app: Flask) -> None:
    desk = Desk(TOKEN)
    desk.install(app)
    client = app.test_client()
    cookie = sign_in(with_desk(Flask("halaman")), TOKEN).headers["Set-Cookie"].split(";")[0]

    assert (client.get("/masuk").status_code, client.post("/keluar").status_code) == (404, 404)
    with app.test_request_context(headers={"Cookie": cookie}):
        assert desk.is_signed_in()
        assert "/keluar" not in render_template_string('{% extends "base.html" %}')


def test_signing_out_ends_it(walidata: FlaskClient) -> None:
    sign_in(walidata)
    walidata.post("/keluar")

    assert walidata.get("/kotak").status_code == 303


def test_a_new_token_ends_all_sessions(app: Flask) -> None:
    old = with_desk(app)
    cookie = sign_in(old).headers["Set-Cookie"].split(";")[0]

    renewed = Desk("token-baru-yang-lain")
    with app.test_request_context("/kotak", headers={"Cookie": cookie}):
        assert not renewed.is_signed_in()
        assert Desk(TOKEN).is_signed_in()


def test_a_wrong_token_is_told_and_guessing_is_slowed(walidata: FlaskClient) -> None:
    for _ in range(5):
        assert sign_in(walidata, "salah").status_code == 401

    slowed = sign_in(walidata)
    assert slowed.status_code == 429
    assert 0 < int(slowed.headers["Retry-After"]) <= 301


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://lain.example"},
        {"Origin": "null"},
    ],
)
def test_a_form_sent_from_elsewhere_changes_nothing(walidata: FlaskClient, headers: dict[str, str]) -> None:
    assert sign_in(walidata, **headers).status_code == 403

    sign_in(walidata, Origin="http://localhost")
    assert walidata.post("/kotak", headers=headers).status_code == 403
    assert walidata.post("/kotak", headers={"Sec-Fetch-Site": "same-origin"}).text == "isi kotak"


@pytest.mark.parametrize(
    "target", ["https://lain.example", "//lain.example", "/\\lain.example", "/\t/lain", "x", ""]
)
def test_nobody_is_sent_to_another_site(target: str) -> None:
    assert local_path(target) == "/"
    assert local_path("/kotak?opd=dinkes") == "/kotak?opd=dinkes"
