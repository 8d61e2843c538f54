from __future__ import annotations

from flask import Flask, g
from flask.testing import FlaskClient
from flask_smorest import Blueprint
from marshmallow import Schema, fields
from prometheus_client import CollectorRegistry, generate_latest

from muara_kernel.events.finding import Text
from muara_kernel.web.app import Limits, make_app


class Opd(Schema):
    name = fields.String(required=True)


def test_the_document_says_that_errors_are_problems() -> None:
    app, api = make_app(
        "percobaan",
        title=Text("Percobaan", "Trial"),
        version="1.0",
        limits=Limits(),
        parts_ready=dict,
        registry=CollectorRegistry(),
    )
    blueprint = Blueprint("opd", "opd", url_prefix="/v1/opd", description="OPD")

    @blueprint.put("")
    @blueprint.arguments(Opd)
    @blueprint.response(200, Opd)
    @blueprint.alt_response(404)
    @blueprint.alt_response(409, schema=Opd, description="taken")
    def put(body: dict[str, str]) -> dict[str, str]:
        return body

    api.register_blueprint(blueprint)

    document = app.test_client().get("/v1/openapi.json").json

    assert document["openapi"] == "3.1.0"
    assert document["info"]["description"] == "Trial"
    said = document["paths"]["/v1/opd"]["put"]["responses"]
    assert list(said["404"]["content"]) == ["application/problem+json"]
    assert list(said["409"]["content"]) == ["application/problem+json"]
    assert list(said["200"]["content"]) == ["application/json"]
    for shared in document["components"]["responses"].values():
        assert list(shared["content"]) == ["application/problem+json"]
    assert "detail" in document["components"]["schemas"]["Problem"]["properties"]


def test_json_keeps_its_letters_and_its_order(app: Flask) -> None:
    app.add_url_rule("/v1/x", "x", lambda: {"nama": "Pulau Panjang é", "kode": 1})

    assert app.test_client().get("/v1/x").text.strip() == '{"nama":"Pulau Panjang é","kode":1}'


def test_a_sane_request_id_is_kept_and_another_replaced(client: FlaskClient) -> None:
    kept = client.get("/v1/x", headers={"X-Request-ID": "dinkes-2024:07"}).headers["X-Request-ID"]
    made = client.get("/v1/x", headers={"X-Request-ID": "<script>"}).headers["X-Request-ID"]

    assert kept == "dinkes-2024:07"
    assert len(made) == 32


def test_a_trace_is_carried_when_it_is_one(app: Flask) -> None:
    app.add_url_rule("/v1/x", "x", lambda: {"trace": g.traceparent})
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    client = app.test_client()

    assert client.get("/v1/x", headers={"traceparent": trace}).json == {"trace": trace}
    assert client.get("/v1/x", headers={"traceparent": "nonsense"}).json == {"trace": None}


def test_requests_are_counted_by_opd_and_never_by_what_a_client_makes_up(
    app: Flask, registry: CollectorRegistry
) -> None:
    def view(n: str) -> str:
        g.opd = "dinkes"
        return "ok"

    app.add_url_rule("/v1/x/<n>", "x", view)
    client = app.test_client()
    client.get("/v1/x/1")
    client.get("/v1/x/2")
    client.open("/wp-admin", method="BREW")

    told = generate_latest(registry).decode()

    assert 'endpoint="x",method="GET",opd="dinkes",service="percobaan",status="200"} 2.0' in told
    assert 'endpoint="-",method="lain",opd="-",service="percobaan",status="404"} 1.0' in told


def test_health_and_metrics_are_there(client: FlaskClient) -> None:
    assert client.get("/health/live").status_code == 200
    assert client.get("/health/ready").json == {"ready": True, "parts": {"bus": "ok"}}
    assert client.get("/metrics").status_code == 200


def test_every_answer_carries_the_security_headers(client: FlaskClient) -> None:
    for path in ("/v1/nothing", "/health/live", "/static/muara/muara.css"):
        headers = client.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "Strict-Transport-Security" not in headers


def test_https_is_remembered_by_browsers(client: FlaskClient) -> None:
    assert "Strict-Transport-Security" in client.get("/v1/x", base_url="https://muara.example").headers


def test_nothing_of_the_api_is_kept_by_a_cache_unless_its_view_says_so(app: Flask) -> None:
    app.add_url_rule("/v1/x", "x", lambda: "ok")
    app.add_url_rule("/v1/y", "y", lambda: ("ok", 200, {"Cache-Control": "max-age=60"}))
    client = app.test_client()

    assert client.get("/v1/x").headers["Cache-Control"] == "no-store"
    assert client.get("/v1/y").headers["Cache-Control"] == "max-age=60"


def test_each_answer_has_its_own_nonce(client: FlaskClient) -> None:
    assert (
        client.get("/v1/x").headers["Content-Security-Policy"]
        != client.get("/v1/x").headers["Content-Security-Policy"]
    )
