"""The catalog over HTTP: who may do what, and what one is told."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog_service import app
from muara_kernel.documents import Conflict
from muara_kernel.events import StandardAdopted, SubmissionValidated

Validated = Callable[..., SubmissionValidated]
FactsOf = Callable[[Any], dict[str, Any]]

DATASET = "35.08/jumlah-penduduk"
CSV = b"kode_kecamatan,jumlah\n35.08.01,60123\n"
ENGLISH = {"Accept-Language": "en"}
OPD = {
    "name": "Dinas Kependudukan dan Pencatatan Sipil",
    "short_name": "DUKCAPIL",
    "kode_skpd": "2.12.0.00.0.00.13.0000",
    "contact": "dukcapil@lumajang.example",
    "valid_from": "2017-01-01",
}
PENDUDUK = {
    "title": "Jumlah Penduduk",
    "description": "Banyaknya penduduk.",
    "opd": "dukcapil",
    "bidang_urusan": "2.12",
    "frequency": "semesteran",
    "access": "terbuka",
    "publication": "langsung",
    "level": "kecamatan",
}


def register(desk: FlaskClient, dataset: str = DATASET, **changes: str) -> Any:
    desk.put("/v1/opd/dukcapil", json=OPD)
    return desk.put(f"/v1/datasets/{dataset}", json=PENDUDUK | changes)


# --- registering -------------------------------------------------------------------------------------


def test_an_opd_is_registered_with_the_bidang_urusan_of_its_code(desk: FlaskClient) -> None:
    answer = desk.put("/v1/opd/dukcapil", json=OPD)
    assert answer.status_code == 201
    assert answer.json["bidang_urusan"] == ["2.12"]
    assert desk.get("/v1/opd/dukcapil").json == answer.json
    assert answer.json["revision"] == 1


def test_an_identical_put_says_again_what_was_said(desk: FlaskClient, world: Any) -> None:
    """So whoever lost an event with the bus is brought up to date by loading again."""
    register(desk)
    world.sweep()
    first = {record.key: record for record in world.said(2)}
    same = register(desk)
    assert (same.status_code, same.json["revision"]) == (200, 1)
    world.sweep()
    assert {record.key: record for record in world.said(2)} == first
    assert not world.sweep()


def test_an_identical_put_changes_nothing_and_a_change_is_a_revision(
    desk: FlaskClient, world: Any, facts_of: FactsOf
) -> None:
    register(desk)
    same = register(desk)
    assert (same.status_code, same.json["revision"]) == (200, 1)
    world.sweep()
    first = {record.key: facts_of(record)["revision"] for record in world.said(2)}
    assert first == {"dukcapil": 1, DATASET: 1}
    changed = desk.put(f"/v1/datasets/{DATASET}", json=PENDUDUK | {"title": "Jumlah Penduduk Terdaftar"})
    assert (changed.status_code, changed.json["revision"]) == (200, 2)
    world.sweep()
    (said,) = world.said(1)
    assert (said.key, facts_of(said)["title"]) == (DATASET, "Jumlah Penduduk Terdaftar")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/v1/opd/dukcapil"),
        ("PUT", f"/v1/datasets/{DATASET}"),
        ("GET", "/v1/reviews"),
        ("POST", "/v1/reviews/S1"),
        ("GET", "/v1/reviews/S1/data"),
    ],
)
def test_the_desk_needs_its_token(client: FlaskClient, method: str, path: str) -> None:
    none = client.open(path, method=method, json={} if method != "GET" else None)
    wrong = client.open(path, method=method, headers={"Authorization": "Bearer tebakan-tebakan-saja"})
    assert (none.status_code, none.json["code"]) == (401, "token-meja-tidak-ada")
    assert (wrong.status_code, wrong.json["code"]) == (401, "token-meja-salah")


@pytest.mark.parametrize(
    ("changes", "field", "in_english"),
    [
        ({"bidang_urusan": "1.02"}, "bidang_urusan", "tupoksi"),
        ({"opd": "dinkes"}, "opd", "dinkes is not registered"),
    ],
)
def test_a_dataset_must_fit_its_opd(
    desk: FlaskClient, changes: dict[str, str], field: str, in_english: str
) -> None:
    desk.put("/v1/opd/dukcapil", json=OPD)
    indonesian = desk.put(f"/v1/datasets/{DATASET}", json=PENDUDUK | changes)
    english = desk.put(f"/v1/datasets/{DATASET}", json=PENDUDUK | changes, headers=ENGLISH)
    assert (indonesian.status_code, english.status_code) == (422, 422)
    assert indonesian.content_type == "application/problem+json"
    assert indonesian.json["errors"][0]["field"] == field
    assert in_english in english.json["detail"]
    assert indonesian.json["detail"] != english.json["detail"]


def test_a_dataset_outside_the_tupoksi_is_told_so_in_bahasa_indonesia(desk: FlaskClient) -> None:
    desk.put("/v1/opd/dukcapil", json=OPD)
    answer = register(desk, bidang_urusan="1.02")
    assert "di luar tupoksi DUKCAPIL" in answer.json["detail"]
    assert answer.json["code"] == "di-luar-tupoksi"


def test_a_dataset_of_another_region_is_refused(desk: FlaskClient) -> None:
    answer = register(desk, "35.71/jumlah-penduduk")
    assert (answer.status_code, answer.json["code"]) == (422, "wilayah-lain")


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/v1/opd/dukcapil", OPD | {"kode_skpd": "2.12"}, "kode_skpd"),
        ("/v1/opd/dukcapil", OPD | {"contact": "bukan surel"}, "contact"),
        ("/v1/opd/dukcapil", OPD | {"valid_until": "2016-12-31"}, "valid_until"),
        ("/v1/opd/dukcapil", OPD | {"kode": "x"}, "kode"),
        ("/v1/opd/DUK CAPIL", OPD, "opd"),
        (f"/v1/datasets/{DATASET}", PENDUDUK | {"access": "bebas"}, "access"),
        (f"/v1/datasets/{DATASET}", PENDUDUK | {"title": " "}, "title"),
        ("/v1/datasets/35.08/Jumlah_Penduduk", PENDUDUK, "dataset"),
    ],
)
def test_a_wrong_field_is_named(desk: FlaskClient, path: str, body: dict[str, str], field: str) -> None:
    desk.put("/v1/opd/dukcapil", json=OPD)
    answer = desk.put(path, json=body)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json["errors"]] == [field]


def test_lists_are_read_in_pages(desk: FlaskClient) -> None:
    for slug in ("a", "b", "c"):
        register(desk, f"35.08/{slug}")
    first = desk.get("/v1/datasets?limit=2").json
    second = desk.get("/v1/datasets", query_string={"limit": 2, "after": first["next"]}).json
    assert [entry["dataset"] for entry in first["items"] + second["items"]] == [
        "35.08/a",
        "35.08/b",
        "35.08/c",
    ]
    assert "next" not in second
    assert desk.get("/v1/opd?limit=1").json["items"][0]["opd"] == "dukcapil"
    assert desk.get("/v1/datasets?limit=1001").status_code == 422


def test_a_dataset_tells_what_its_standard_says(client: FlaskClient, desk: FlaskClient, world: Any) -> None:
    register(desk)
    standard = {"satudata:konsep": "Penduduk", "satudata:satuan": "Orang", "fields": [{"name": "jumlah"}]}
    world.hears(StandardAdopted(dataset=DATASET, revision=1, standard=standard))
    told = client.get(f"/v1/datasets/{DATASET}").json["standard"]
    assert told == {"revision": 1, "konsep": "Penduduk", "satuan": "Orang", "columns": ["jumlah"]}


# --- what is published -------------------------------------------------------------------------------


def test_versions_tell_what_they_are(client: FlaskClient, world: Any) -> None:
    world.registers()
    world.publishes(1)
    world.publishes(2)
    base = f"/v1/datasets/{DATASET}/editions"
    (edition,) = client.get(base).json["items"]
    assert (edition["period"], edition["newest"]) == ("2024-S1", 2)
    assert client.get(f"{base}/2024-S1").json == edition
    version = client.get(f"{base}/2024-S1/versions/2").json
    assert version == edition["versions"][1]
    assert version["sha256"] == hashlib.sha256(CSV).hexdigest()
    assert (version["submission"], version["rows"], version["filename"]) == ("S2", 21, "penduduk.csv")
    assert client.get(version["data"]).data == CSV


@pytest.mark.parametrize(
    "path", ["2024-S1/versions/2", "2024-S1/versions/0", "2023-S1", "2023-S1/versions/1/data"]
)
def test_what_is_not_published_is_not_found(client: FlaskClient, world: Any, path: str) -> None:
    world.registers()
    world.publishes(1)
    answer = client.get(f"/v1/datasets/{DATASET}/editions/{path}")
    assert (answer.status_code, answer.json["code"]) == (404, "tidak-ditemukan")


def test_an_edition_without_version_is_not_listed(
    client: FlaskClient, world: Any, validated: Validated
) -> None:
    world.registers()
    world.hears(validated(1, "gagal"))
    assert client.get(f"/v1/datasets/{DATASET}/editions").json == {"items": []}
    assert client.get(f"/v1/datasets/{DATASET}/editions/2024-S1").status_code == 404


def test_a_download_is_the_bytes_as_sent_and_never_a_page(client: FlaskClient, world: Any) -> None:
    world.registers()
    world.publishes(1, filename='"><script>.html\r\nX-Evil: 1', period="2024-S1")
    answer = client.get(f"/v1/datasets/{DATASET}/editions/2024-S1/versions/1/data")
    assert answer.data == CSV
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == "attachment; filename=jumlah-penduduk_2024-S1_v1.csv"
    assert answer.headers["Content-Length"] == str(len(CSV))
    assert answer.headers["ETag"] == f'"{hashlib.sha256(CSV).hexdigest()}"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_an_unexpected_type_is_sent_as_mere_bytes(client: FlaskClient, world: Any) -> None:
    world.registers()
    world.publishes(1, media_type="text/html")
    answer = client.get(f"/v1/datasets/{DATASET}/editions/2024-S1/versions/1/data")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].endswith(".bin")


def test_who_has_the_bytes_gets_304(client: FlaskClient, world: Any) -> None:
    world.registers()
    world.publishes(1)
    path = f"/v1/datasets/{DATASET}/editions/2024-S1/versions/1/data"
    tag = client.get(path).headers["ETag"]
    again = client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert client.head(path).headers["Content-Length"] == str(len(CSV))


def test_terbatas_is_listed_and_its_data_is_for_the_desk(
    client: FlaskClient, desk: FlaskClient, world: Any
) -> None:
    world.registers(access="terbatas")
    world.publishes(1)
    path = f"/v1/datasets/{DATASET}/editions/2024-S1/versions/1"
    assert client.get(f"/v1/datasets/{DATASET}").json["access"] == "terbatas"
    shown = client.get(path)
    assert shown.status_code == 200
    edition = client.get(f"/v1/datasets/{DATASET}/editions/2024-S1").json
    for version in (shown.json, *edition["versions"]):
        assert not {"sha256", "report", "filename", "size"} & set(version)
    assert "sha256" in desk.get(path).json
    assert client.get(f"{path}/data").status_code == 401
    answer = desk.get(f"{path}/data")
    assert (answer.data, answer.headers["Cache-Control"]) == (CSV, "no-store")


def test_tertutup_is_as_unknown_as_what_never_was(client: FlaskClient, desk: FlaskClient, world: Any) -> None:
    world.registers(access="tertutup")
    world.publishes(1)
    for path in ("", "/editions", "/editions/2024-S1", "/editions/2024-S1/versions/1/data"):
        assert client.get(f"/v1/datasets/{DATASET}{path}").status_code == 404
        assert desk.get(f"/v1/datasets/{DATASET}{path}").status_code == 200
    assert client.get("/v1/datasets").json == {"items": []}
    assert len(desk.get("/v1/datasets").json["items"]) == 1
    wrong = client.get("/v1/datasets", headers={"Authorization": "Bearer tebakan-tebakan-saja"})
    assert wrong.status_code == 401


# --- pemeriksaan -------------------------------------------------------------------------------------


def test_a_decision_over_http_and_the_sweep_of_the_worker_publish(
    desk: FlaskClient, world: Any, validated: Validated, facts_of: FactsOf
) -> None:
    world.registers(publication="pemeriksaan")
    world.sweep()
    world.said(2)
    world.asks(validated(1))
    world.said(1)
    (waiting,) = desk.get("/v1/reviews").json["items"]
    assert (waiting["submission"], waiting["rows"]) == ("S1", 21)
    answer = desk.post("/v1/reviews/S1", json={"decision": "setuju"})
    assert answer.json == {"submission": "S1", "outcome": "diterbitkan", "version": 1}
    assert world.sweep()
    (said,) = world.said(1)
    assert said.headers["type"] == "id.muara.dataset.published.v1"
    assert (facts_of(said)["decided_by"], facts_of(said)["version"]) == ("walidata", 1)
    assert not world.sweep()
    assert desk.get("/v1/reviews").json == {"items": []}


def test_a_return_needs_a_reason(desk: FlaskClient, world: Any, validated: Validated) -> None:
    world.registers(publication="pemeriksaan")
    world.hears(validated(1))
    refused = desk.post("/v1/reviews/S1", json={"decision": "kembalikan"}, headers=ENGLISH)
    assert (refused.status_code, refused.json["code"]) == (422, "alasan-tidak-ada")
    answer = desk.post("/v1/reviews/S1", json={"decision": "kembalikan", "reason": "Angka 2023."})
    assert answer.json == {"submission": "S1", "outcome": "dikembalikan"}


def test_the_same_decision_twice_is_one_and_another_is_409(
    desk: FlaskClient, world: Any, validated: Validated
) -> None:
    world.registers(publication="pemeriksaan")
    world.hears(validated(1))
    first = desk.post("/v1/reviews/S1", json={"decision": "setuju"})
    assert desk.post("/v1/reviews/S1", json={"decision": "setuju"}).json == first.json
    other = desk.post("/v1/reviews/S1", json={"decision": "kembalikan", "reason": "Salah."})
    assert (other.status_code, other.json["state"]) == (409, "diterbitkan")
    assert other.json["title"] == "Sudah diputuskan"
    assert "sudah diterbitkan" in other.json["detail"]


def test_decisions_racing_over_http_have_one_winner(
    flask_app: Flask, world: Any, validated: Validated
) -> None:
    world.registers(publication="pemeriksaan")
    world.sweep()
    world.said(2)
    world.hears(validated(1))
    world.said(1)

    def decide(number: int) -> tuple[int, str]:
        client = flask_app.test_client()
        client.environ_base["HTTP_AUTHORIZATION"] = "Bearer meja-walidata-lumajang"
        body = [{"decision": "setuju"}, {"decision": "kembalikan", "reason": "Salah."}][number % 2]
        answer = client.post("/v1/reviews/S1", json=body)
        return answer.status_code, answer.json.get("outcome", "")

    with ThreadPoolExecutor(8) as desks:
        answers = Counter(desks.map(decide, range(16)))
    assert sorted(count for count in answers.values()) == [8, 8]
    assert {status for status, _ in answers} == {200, 409}
    world.sweep()
    assert len(world.said(1)) == 1
    assert not world.sweep()


def test_a_review_closed_by_a_repair_is_409(desk: FlaskClient, world: Any, validated: Validated) -> None:
    world.registers(publication="pemeriksaan")
    world.hears(validated(1), validated(2, repairs="S1", repairs_period="2024-S1"))
    answer = desk.post("/v1/reviews/S1", json={"decision": "setuju"})
    assert (answer.status_code, answer.json["state"]) == (409, "digantikan")


def test_a_decision_on_a_page_that_is_old_is_409_and_says_to_look_again(
    desk: FlaskClient, world: Any, validated: Validated
) -> None:
    world.registers(publication="pemeriksaan")
    world.hears(validated(1))
    (seen,) = desk.get("/v1/reviews").json["items"]
    world.hears(validated(2))
    decision = {"decision": "setuju", "as_of": seen["as_of"]}
    answer = desk.post("/v1/reviews/S1", json=decision)
    assert (answer.status_code, answer.json["code"]) == (409, "berubah-sejak-dilihat")
    assert "Lihat lagi" in answer.json["detail"]
    now, _ = desk.get("/v1/reviews").json["items"]
    answer = desk.post("/v1/reviews/S1", json={**decision, "as_of": now["as_of"]})
    assert answer.json["outcome"] == "diterbitkan"


def test_an_unknown_review_is_404(desk: FlaskClient) -> None:
    assert desk.post("/v1/reviews/S9", json={"decision": "setuju"}).status_code == 404
    assert desk.get("/v1/reviews/S9/data").status_code == 404


def test_the_walidata_may_look_at_what_waits(desk: FlaskClient, world: Any) -> None:
    world.registers(publication="pemeriksaan")
    world.publishes(1)
    (waiting,) = desk.get("/v1/reviews").json["items"]
    answer = desk.get(waiting["data"])
    assert answer.data == CSV
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_reviews_are_paged(desk: FlaskClient, world: Any, validated: Validated) -> None:
    world.registers(publication="pemeriksaan")
    world.hears(*(validated(number) for number in (1, 2, 3)))
    first = desk.get("/v1/reviews?limit=2").json
    second = desk.get("/v1/reviews", query_string={"after": first["next"]}).json
    assert [each["submission"] for each in first["items"] + second["items"]] == ["S1", "S2", "S3"]


def test_a_decision_that_meets_another_change_is_taken_again(
    desk: FlaskClient, world: Any, validated: Validated, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.registers(publication="pemeriksaan")
    world.hears(validated(1))
    flush, refusals = app.UnitOfWork.flush, [1, 2, 3, 4]

    def busy(work: Any) -> object:
        if refusals:
            refusals.pop()
            raise Conflict("somebody else was faster")
        return flush(work)

    monkeypatch.setattr(app.UnitOfWork, "flush", busy)
    assert desk.post("/v1/reviews/S1", json={"decision": "setuju"}).status_code == 200
    refusals[:] = range(5)
    answer = desk.post("/v1/reviews/S1", json={"decision": "setuju"})
    assert (answer.status_code, answer.json["code"]) == (409, "perubahan-bersamaan")


# --- pages -------------------------------------------------------------------------------------------


def test_the_first_page_lists_what_is_published(client: FlaskClient, world: Any) -> None:
    world.registers()
    world.registers("35.08/belum-terbit", title="Belum Terbit")
    world.publishes(1, rows=1234)
    page = client.get("/").text
    for said in (
        "Jumlah Penduduk",
        "Dinas Kependudukan",
        "2024-S1",
        "1.234",
        "Data yang diterbitkan",
        "Unduh",
    ):
        assert said in page
    assert f"/v1/datasets/{DATASET}/editions/2024-S1/versions/1/data" in page
    assert "Belum Terbit" not in page


def test_pages_speak_english_when_asked(client: FlaskClient, world: Any) -> None:
    assert "Nothing has been published" in client.get("/", headers=ENGLISH).text
    world.registers()
    world.publishes(1, rows=1234)
    page = client.get("/", headers=ENGLISH).text
    assert "Published data" in page and "1,234" in page


def test_a_dataset_has_a_page_with_all_its_versions(client: FlaskClient, world: Any) -> None:
    world.registers()
    world.publishes(1)
    world.publishes(2)
    page = client.get(f"/datasets/{DATASET}")
    assert page.status_code == 200
    assert page.text.count("/data") >= 2
    assert hashlib.sha256(CSV).hexdigest() in page.text


def test_a_dataset_with_a_standard_leads_to_where_a_file_for_it_is_tried(
    client: FlaskClient, world: Any
) -> None:
    world.registers()
    page = f"/datasets/{DATASET}"
    assert "/periksa?" not in client.get(page).text
    world.hears(StandardAdopted(dataset=DATASET, revision=1, standard={"satudata:konsep": "Penduduk"}))
    assert f'href="/periksa?dataset={DATASET}"' in client.get(page).text


def test_pages_escape_what_others_wrote(client: FlaskClient, world: Any) -> None:
    evil = "<script>alert(1)</script>"
    world.registers(title=evil, description=evil)
    world.hears(StandardAdopted(dataset=DATASET, revision=1, standard={"satudata:konsep": evil}))
    world.publishes(1)
    for path in ("/", f"/datasets/{DATASET}"):
        page = client.get(path).text
        assert evil not in page
        assert "&lt;script&gt;" in page


def test_pages_offer_no_download_of_terbatas_and_nothing_of_tertutup(client: FlaskClient, world: Any) -> None:
    world.registers(access="terbatas")
    world.publishes(1)
    page = client.get("/").text
    assert "Jumlah Penduduk" in page and "/data" not in page.replace("/datasets", "")
    world.registers(access="tertutup")
    assert "Jumlah Penduduk" not in client.get("/").text
    assert client.get(f"/datasets/{DATASET}").status_code == 404
    client.post("/masuk", data={"token": "meja-walidata-lumajang"})
    assert "Unduh" in client.get("/").text


def test_the_first_page_goes_on(client: FlaskClient, world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog_service.pages.published.DATASETS_ON_A_PAGE", 1)
    for slug in ("a", "b"):
        world.registers(f"35.08/{slug}", title=f"Data {slug}")
        world.publishes(ord(slug), dataset=f"35.08/{slug}")
    first = client.get("/").text
    assert "Data a" in first and "Data b" not in first
    assert "after=35.08/a" in first
    assert "Data b" in client.get("/?after=35.08/a").text


def test_the_api_describes_itself(client: FlaskClient) -> None:
    paths = client.get("/v1/openapi.json").json["paths"]
    assert "/v1/reviews/{submission}" in paths
    assert "/v1/datasets/{pemda}/{slug}/editions/{period}/versions/{number}/data" in paths
