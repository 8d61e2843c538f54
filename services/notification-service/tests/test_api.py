from __future__ import annotations

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from muara_kernel.addresses import Addresses
from notification_service.app import build, web
from notification_service.model.composing import Policy

DESK = {"Authorization": "Bearer meja-walidata-lumajang"}
ENGLISH = {**DESK, "Accept-Language": "en"}


@pytest.fixture
def app(settings: Any, office: Any) -> Iterator[Flask]:
    ground = build(settings)
    yield web(ground)
    ground.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def person(client: FlaskClient) -> FlaskClient:
    """Somebody signed in at the desk."""
    assert client.post("/masuk", data={"token": "meja-walidata-lumajang"}).status_code == 303
    return client


@pytest.mark.parametrize("path", ["/v1/inbox", "/v1/alerts/x"])
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer salah-salah-salah"}])
def test_without_the_desk_token_nothing_is_told(
    client: FlaskClient, path: str, headers: dict[str, str]
) -> None:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"


def test_the_inbox_tells_what_happened_and_what_became_of_the_letters(
    client: FlaskClient, office: Any, facts: SimpleNamespace
) -> None:
    office.hears(facts.opd(), facts.dataset(), facts.returned())
    office.worker().turn()
    (alert,) = client.get("/v1/inbox", headers=DESK).get_json()["items"]
    assert alert["id"] == facts.returned().id
    assert alert["kind"] == "submission.returned"
    assert (alert["submission"], alert["dataset"], alert["period"], alert["opd"]) == (
        "KIRIM-1",
        "35.08/rumah-sakit",
        "2025",
        "dinkes",
    )
    assert alert["recipients"] == ["walidata", "opd:dinkes"]
    assert alert["created_at"] == "2026-03-02T05:00:00+00:00"
    (delivery,) = alert["deliveries"]
    assert delivery == {
        "channel": "surat",
        "recipient": "opd:dinkes",
        "address": "dinkes@lumajang.example",
        "state": "terkirim",
        "attempts": 1,
        "message_id": f"{facts.returned().id}.opd-dinkes@35.08.example",
        "sent_at": "2026-03-02T05:00:00+00:00",
    }


def test_a_letter_that_waits_is_visible_with_its_reason_and_its_next_try(
    client: FlaskClient, office: Any, facts: SimpleNamespace
) -> None:
    office.folder.write_text("a file where the folder should be")
    office.hears(facts.review())
    office.worker().turn()
    (delivery,) = client.get(f"/v1/alerts/{facts.review().id}", headers=DESK).get_json()["deliveries"]
    assert delivery["state"] == "menunggu"
    assert "tidak dapat ditulis" in delivery["problem"]
    assert delivery["next_try"] == "2026-03-02T05:00:01+00:00"
    assert "sent_at" not in delivery


def test_the_inbox_speaks_the_readers_language(
    client: FlaskClient, office: Any, facts: SimpleNamespace
) -> None:
    office.hears(facts.returned())
    path = f"/v1/alerts/{facts.returned().id}"
    indonesian, english = (client.get(path, headers=headers) for headers in (DESK, ENGLISH))
    assert indonesian.get_json()["title"].startswith("Dikembalikan: ")
    assert english.get_json()["title"].startswith("Returned: ")
    assert (indonesian.headers["Content-Language"], english.headers["Content-Language"]) == ("id", "en")


def test_the_inbox_is_paged_newest_first(
    client: FlaskClient, office: Any, clock: Any, facts: SimpleNamespace
) -> None:
    for number in range(5):
        office.hears(facts.published(f"KIRIM-{number}"))
        clock.goes(1)
    seen: list[str] = []
    path = "/v1/inbox?limit=2"
    while path:
        page = client.get(path, headers=DESK).get_json()
        seen += [alert["submission"] for alert in page["items"]]
        path = f"/v1/inbox?limit=2&after={page['next']}" if "next" in page else ""
    assert seen == [f"KIRIM-{number}" for number in (4, 3, 2, 1, 0)]


def test_an_opd_has_an_inbox_of_its_own(client: FlaskClient, office: Any, facts: SimpleNamespace) -> None:
    office.hears(facts.published(), facts.published("KIRIM-9", opd="bpbd"))
    (alert,) = client.get("/v1/inbox?recipient=opd:bpbd", headers=DESK).get_json()["items"]
    assert alert["submission"] == "KIRIM-9"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("recipient=bupati", "recipient"),
        ("recipient=opd:../x", "recipient"),
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("limit=banyak", "limit"),
        ("urut=lama", "urut"),
    ],
)
def test_a_wrong_question_is_refused_with_its_field(client: FlaskClient, query: str, field: str) -> None:
    answer = client.get(f"/v1/inbox?{query}", headers=DESK)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.get_json()["errors"]] == [field]


def test_an_alert_that_is_not_there_is_a_problem(client: FlaskClient) -> None:
    assert client.get("/v1/alerts/tidak-ada", headers=DESK).get_json()["code"] == "pemberitahuan-tidak-ada"
    assert (
        client.get("/v1/inbox?after=tidak-ada", headers=DESK).get_json()["code"] == "pemberitahuan-tidak-ada"
    )


def test_the_page_is_for_those_who_are_signed_in(client: FlaskClient) -> None:
    answer = client.get("/?recipient=opd:dinkes")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/masuk")


def test_the_page_shows_the_inbox_and_every_opd_to_choose(
    person: FlaskClient, office: Any, facts: SimpleNamespace
) -> None:
    office.hears(facts.opd(), facts.dataset(), facts.returned())
    page = person.get("/").text
    assert "Dikembalikan: Jumlah rumah sakit, 2025" in page
    assert "Baris 5, kolom jumlah" in page
    assert '<option value="opd:dinkes">Dinas Kesehatan</option>' in page
    assert "belum terkirim" in page
    assert "<script" not in page


def test_the_page_escapes_what_others_wrote(person: FlaskClient, office: Any, facts: SimpleNamespace) -> None:
    evil = '<script>alert("x")</script><img src=x onerror=alert(1)>'
    told = facts.finding(column=evil)
    office.hears(
        facts.opd(name=evil),
        facts.dataset(title=evil),
        facts.returned(evil, reason=evil, period=evil, findings=(told,)),
    )
    page = person.get("/").text
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page


def test_the_page_leads_to_reports_and_reviews_and_nowhere_else(
    person: FlaskClient, office: Any, facts: SimpleNamespace
) -> None:
    bait = "https://tipuan.example/laporan-anda https://tipuan.example/laporan/" + "c" * 64
    office.policy = Policy("35.08.example", addresses=Addresses.of("https://data.example"))
    office.hears(facts.returned(report="b" * 64, reason=bait), facts.review())
    page = person.get("/").text
    links = re.findall(r'<a href="(/(?:laporan|pemeriksaan)/[^"]*)"', page)
    assert sorted(links) == [f"/laporan/{'b' * 64}", f"/laporan/{'c' * 64}", "/pemeriksaan/KIRIM-2"]
    assert 'href="https://tipuan' not in page


def test_a_long_list_of_findings_is_folded_under_its_first_line(
    person: FlaskClient, office: Any, facts: SimpleNamespace
) -> None:
    many = tuple(facts.finding(row=row) for row in range(2, 12))
    office.hears(facts.returned(findings=many))
    page = person.get("/").text
    assert "Temuan pertama:</summary>" in page and "10. Baris 11" in page


def link(page: str, rel: str) -> str | None:
    """Where the page's link of this kind leads."""
    found = page.partition(f'rel="{rel}" href="')[2].partition('"')[0]
    return found.replace("&amp;", "&") or None


def shown(page: str) -> list[str]:
    return re.findall(r"<code>(DINKES-\d\d|BPBD-1)</code>", page)


def names(first: int, last: int) -> list[str]:
    return [f"DINKES-{number:02}" for number in range(first, last - 1, -1)]


@pytest.fixture
def full(office: Any, clock: Any, facts: SimpleNamespace) -> None:
    """45 alerts of one OPD, and one of another in their midst."""
    for number in range(45):
        office.hears(facts.published(f"DINKES-{number:02}"))
        clock.goes(1)
        if number == 30:
            office.hears(facts.published("BPBD-1", opd="bpbd"))


@pytest.mark.usefixtures("full")
def test_the_page_is_filtered_and_shows_twenty_newest_first(person: FlaskClient) -> None:
    first = person.get("/?recipient=opd:dinkes").text
    assert shown(first) == names(44, 25)
    assert "BPBD-1" in person.get("/").text


@pytest.mark.usefixtures("full")
def test_one_goes_to_older_pages_and_back_to_newer_ones(person: FlaskClient) -> None:
    first = person.get("/?recipient=opd:dinkes").text
    second = person.get(link(first, "next") or "").text
    third = person.get(link(second, "next") or "").text
    assert (shown(second), shown(third)) == (names(24, 5), names(4, 0))
    assert (link(first, "prev"), link(third, "next")) == (None, None)
    back = person.get(link(third, "prev") or "").text
    assert shown(back) == names(24, 5)
    assert shown(person.get(link(back, "next") or "").text) == names(4, 0)
    newest = person.get(link(back, "prev") or "").text
    assert (shown(newest), link(newest, "prev")) == (names(44, 25), None)
    assert ">Lebih lama</a>" in first and ">Lebih baru</a>" in third
    assert '<nav class="pages" aria-label="Halaman">' in first


@pytest.mark.usefixtures("full")
def test_what_came_meanwhile_is_not_skipped_on_the_way_back(
    person: FlaskClient, office: Any, facts: SimpleNamespace
) -> None:
    second = person.get(link(person.get("/?recipient=opd:dinkes").text, "next") or "").text
    office.hears(facts.published("DINKES-45"))
    back = person.get(link(second, "prev") or "").text
    assert shown(back) == names(44, 25)
    assert shown(person.get(link(back, "prev") or "").text) == names(45, 26)


def test_an_inbox_of_one_page_has_no_links(person: FlaskClient, office: Any, facts: SimpleNamespace) -> None:
    for number in range(20):
        office.hears(facts.published(f"DINKES-{number:02}"))
    page = person.get("/").text
    assert len(shown(page)) == 20
    assert (link(page, "prev"), link(page, "next")) == (None, None)


def test_the_page_of_nobody_is_a_problem(person: FlaskClient) -> None:
    assert person.get("/?recipient=bupati").status_code == 404
    assert person.get("/?after=tidak-ada").status_code == 404
    assert person.get("/?before=tidak-ada").status_code == 404


def test_the_page_speaks_english_to_those_who_prefer_it(person: FlaskClient) -> None:
    page = person.get("/", headers={"Accept-Language": "en"}).text
    assert "There is nothing here yet." in page


def test_the_openapi_document_names_the_inbox(client: FlaskClient) -> None:
    paths = client.get("/v1/openapi.json").get_json()["paths"]
    assert {"/v1/inbox", "/v1/alerts/{id}"} <= set(paths)
