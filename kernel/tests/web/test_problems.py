from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from flask_smorest import Blueprint
from marshmallow import Schema, ValidationError, fields, validate
from werkzeug.exceptions import NotFound

from muara_kernel.bus import BusUnavailable
from muara_kernel.documents import DocumentsFull, DocumentsUnavailable, DocumentTooLarge
from muara_kernel.events.finding import Text
from muara_kernel.payloads import PayloadsFull, PayloadsUnavailable
from muara_kernel.web.problems import Problem

UNKNOWN_DATASET = Text("Dataset ini belum terdaftar.", "This dataset is not registered.")
ENGLISH = {"Accept-Language": "en-US, id;q=0.8"}
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}

Raising = Callable[[Exception], FlaskClient]


def a_problem() -> Problem:
    return Problem(
        404, "dataset-tidak-dikenal", UNKNOWN_DATASET, headers={"X-Dataset": "d"}, dataset="35.08/x"
    )


def test_a_problem_says_what_is_wrong_in_bahasa_indonesia(raising: Raising) -> None:
    answer = raising(a_problem()).get("/v1/buruk")

    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"
    assert answer.json == {
        "type": "urn:muara:masalah:dataset-tidak-dikenal",
        "title": "Tidak ditemukan",
        "status": 404,
        "detail": "Dataset ini belum terdaftar.",
        "instance": "/v1/buruk",
        "code": "dataset-tidak-dikenal",
        "dataset": "35.08/x",
    }
    assert answer.headers["X-Dataset"] == "d"
    assert answer.headers["Content-Language"] == "id"
    assert "Accept-Language" in answer.headers["Vary"]


def test_a_problem_speaks_english_to_whoever_prefers_it(raising: Raising) -> None:
    answer = raising(a_problem()).get("/v1/buruk", headers=ENGLISH)

    assert answer.json["detail"] == "This dataset is not registered."
    assert answer.headers["Content-Language"] == "en"


def test_a_member_cannot_replace_what_the_problem_is(raising: Raising) -> None:
    problem = Problem(409, "taken", UNKNOWN_DATASET, instance="elsewhere", slot="dinkes/0")

    answer = raising(problem).get("/v1/buruk")

    assert answer.json["instance"] == "/v1/buruk"
    assert answer.json["slot"] == "dinkes/0"


def test_a_person_gets_the_same_words_as_a_page(raising: Raising) -> None:
    answer = raising(a_problem()).get("/buruk", headers=BROWSER)

    assert answer.status_code == 404
    assert answer.content_type.startswith("text/html")
    assert '<html lang="id">' in answer.text
    assert "Dataset ini belum terdaftar." in answer.text


def test_the_api_never_answers_with_a_page(raising: Raising) -> None:
    assert raising(a_problem()).get("/v1/buruk", headers=BROWSER).is_json


def test_what_is_not_there_is_told_plainly(client: FlaskClient) -> None:
    answer = client.get("/v1/entah")

    assert answer.status_code == 404
    assert answer.json["code"] == "tidak-ditemukan"


def test_a_wrong_method_keeps_the_list_of_right_ones(raising: Raising) -> None:
    answer = raising(NotFound()).delete("/v1/buruk")

    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


@pytest.mark.parametrize("unavailable", [BusUnavailable, DocumentsUnavailable, PayloadsUnavailable])
def test_a_store_out_of_reach_means_no_receipt_and_the_same_again(
    raising: Raising, unavailable: type
) -> None:
    answer = raising(unavailable("disk full")).get("/v1/buruk")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "Tidak ada tanda terima" in answer.json["detail"]
    assert "disk full" not in answer.text


@pytest.mark.parametrize("full", [DocumentsFull, PayloadsFull])
def test_a_full_disk_is_said_with_its_setting_and_not_with_its_place(raising: Raising, full: type) -> None:
    answer = raising(full("MUARA_X: disk penuh, sediakan ruang di /srv/muara")).get("/v1/buruk")

    assert (answer.status_code, answer.json["code"]) == (503, "disk-penuh")
    assert answer.headers["Retry-After"] == "5"
    assert answer.json["setting"] == "MUARA_X"
    assert "/srv" not in answer.text


def test_what_is_too_large_to_be_kept_is_413_and_no_error_of_ours(raising: Raising) -> None:
    assert raising(DocumentTooLarge("17 MiB")).get("/v1/buruk").status_code == 413


def test_an_unexpected_error_shows_its_reference_and_nothing_else(raising: Raising) -> None:
    answer = raising(RuntimeError("rahasia")).get("/v1/buruk", headers={"X-Request-ID": "abc-123"})

    assert answer.status_code == 500
    assert answer.json["correlation"] == "abc-123"
    assert "rahasia" not in answer.text


def test_an_error_on_a_page_shows_its_reference(raising: Raising) -> None:
    answer = raising(RuntimeError("rahasia")).get("/buruk", headers={**BROWSER, "X-Request-ID": "abc-123"})

    assert answer.status_code == 500
    assert "abc-123" in answer.text


# --- what a request body can be --------------------------------------------------------------


def ours(value: str) -> None:
    if value == "dinkes":
        raise ValidationError([Text("OPD ini sudah ada.", "This OPD exists.")])


class Opd(Schema):
    name = fields.String(required=True, validate=validate.Length(max=10))
    short = fields.String(validate=ours)
    parts = fields.List(fields.Integer())


@pytest.fixture
def opd(app: Flask) -> FlaskClient:
    blueprint = Blueprint("opd", "opd", url_prefix="/v1/opd")

    @blueprint.put("")
    @blueprint.arguments(Opd)
    @blueprint.response(200, Opd)
    def put(body: dict[str, object]) -> dict[str, object]:
        return body

    app.add_url_rule("/v1/raw", "raw", lambda: str(len(request.get_data())), methods=["POST"])
    app.extensions["flask-smorest"]["apis"][""]["ext_obj"].register_blueprint(blueprint)
    return app.test_client()


def test_every_wrong_field_is_named_with_a_sentence(opd: FlaskClient) -> None:
    answer = opd.put("/v1/opd", json={"short": "dinkes", "parts": [1, "dua"], "admin": True})

    assert answer.status_code == 422
    assert sorted(answer.json["errors"], key=lambda one: one["field"]) == [
        {"field": "admin", "message": "Isian ini tidak dikenal."},
        {"field": "name", "message": "Wajib diisi."},
        {"field": "parts.1", "message": "Harus berupa angka."},
        {"field": "short", "message": "OPD ini sudah ada."},
    ]


def test_wrong_fields_are_told_in_english_too(opd: FlaskClient) -> None:
    answer = opd.put("/v1/opd", json={"name": "Dinas Kesehatan", "short": "dinkes"}, headers=ENGLISH)

    assert answer.json["errors"] == [
        {"field": "name", "message": "Longer than maximum length 10."},
        {"field": "short", "message": "This OPD exists."},
    ]


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b'{"name": "\xff"}',
        b'{"parts": ' + b"[" * 900 + b'"' + b"]" * 900,
        b'{"parts": [' + b"9" * 1900,
    ],
    ids=["cut", "no utf-8", "deep", "long"],
)
def test_broken_json_is_the_senders_and_never_ours(opd: FlaskClient, body: bytes) -> None:
    answer = opd.put("/v1/opd", data=body, content_type="application/json")

    assert (answer.status_code, answer.json["code"]) == (400, "json-tidak-terbaca")


def test_json_that_our_own_reader_gives_up_on_is_the_senders(app: Flask, opd: FlaskClient) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 10**6

    for body in (b"[" * 100_000, b'{"parts": [' + b"9" * 5000 + b"]}"):
        answer = opd.put("/v1/opd", data=body, content_type="application/json")
        assert (answer.status_code, answer.json["code"]) == (400, "json-tidak-terbaca")


def test_a_body_that_is_no_json_is_415_rather_than_a_list_of_missing_fields(opd: FlaskClient) -> None:
    answer = opd.put("/v1/opd", data=b"name,short\n", content_type="text/csv")

    assert answer.status_code == 415


def test_a_body_over_the_limit_is_refused_with_the_limit(opd: FlaskClient) -> None:
    answer = opd.post("/v1/raw", data=b"x" * 2001)

    assert answer.status_code == 413
    assert answer.json["limit"] == 2000
    assert opd.post("/v1/raw", data=b"x" * 2000).text == "2000"


def test_a_chunked_body_is_refused_at_the_limit_and_not_cut(opd: FlaskClient) -> None:
    def send(size: int) -> tuple[int, str]:
        terminated = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
        answer = opd.post("/v1/raw", input_stream=io.BytesIO(b"x" * size), environ_overrides=terminated)
        return answer.status_code, answer.text

    assert send(2001)[0] == 413
    assert send(2000) == (200, "2000")


def test_a_body_that_broke_off_is_not_taken_for_whole(opd: FlaskClient) -> None:
    environ = {"wsgi.input_terminated": True, "CONTENT_LENGTH": "100"}
    answer = opd.post("/v1/raw", input_stream=io.BytesIO(b"half"), environ_overrides=environ)

    assert answer.status_code == 400
