"""Standards, code lists and reports over HTTP."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from muara_kernel.events import CodelistAdopted, StandardAdopted, decode
from validation_service.app import create_app
from validation_service.model.life import Check, Outcome
from validation_service.storage.checks import DocumentChecks

DESK = {"Authorization": "Bearer meja-walidata-lumajang"}
STANDARD = "/v1/standards/35.08/rumah-sakit"
CODELIST = "/v1/codelists/jenis-rumah-sakit"


@pytest.fixture
def client(house):
    return create_app(house.settings).test_client()


@pytest.fixture
def codelist():
    return {
        "title": "Jenis rumah sakit",
        "version": "1",
        "source": "daftar rumah sakit",
        "decree": "belum ditetapkan",
        "valid_from": "2015-01-01",
        "entries": [{"kode": "B", "nama": "Jiwa"}, {"kode": "A", "nama": "Umum"}],
    }


def announced(house):
    """What a sweep of the worker publishes."""
    state = house.ground.bus.subscribe(["muara.validation.state"], group="state")
    house.ground.outbox().sweep()
    events = [decode(each.record.value).event for each in state.poll(100, 0.2)]
    state.close()
    return events


def test_a_standard_is_adopted_announced_and_read_back(client, house, facts):
    answer = client.put(STANDARD, json=facts.standard, headers=DESK)
    assert (answer.status_code, answer.json["dataset"], answer.json["revision"]) == (
        201,
        "35.08/rumah-sakit",
        1,
    )
    assert announced(house) == [
        StandardAdopted(dataset="35.08/rumah-sakit", revision=1, standard=facts.standard)
    ]
    assert client.get(STANDARD).json["standard"] == facts.standard


def test_whoever_adopts_a_standard_is_told_what_to_look_at(client, facts):
    doubtful = facts.standard | {"satudata:konsep": "Akseptor MKJP", "satudata:msInd": {}}
    answer = client.put(STANDARD, json=doubtful, headers=DESK)
    english = client.put(STANDARD, json=doubtful, headers=DESK | {"Accept-Language": "en"})
    assert answer.status_code == 201
    told = {each["field"]: each for each in answer.json["warnings"]}
    assert told["$['satudata:konsep']"]["severity"] == "peringatan"
    assert "MKJP" in told["$['satudata:konsep']"]["message"]
    assert "$['satudata:msInd'].definisi" in told
    assert english.json["warnings"][0]["message"] != answer.json["warnings"][0]["message"]


def test_a_standard_that_names_a_key_twice_is_refused_at_its_place(client, facts):
    twice = json.dumps(facts.standard).replace('"fields"', '"primaryKey": [], "primaryKey": [], "fields"', 1)
    answer = client.put(STANDARD, data=twice, content_type="application/json", headers=DESK)
    assert answer.status_code == 422 and "$.primaryKey" in answer.get_data(as_text=True)


def test_the_same_standard_again_changes_nothing(client, house, facts):
    client.put(STANDARD, json=facts.standard, headers=DESK)
    again = client.put(STANDARD, json=facts.standard, headers=DESK)
    assert (again.status_code, again.json["revision"]) == (200, 1)
    assert len(announced(house)) == 1


@pytest.mark.parametrize("path", [STANDARD, CODELIST])
def test_the_same_again_is_said_again(client, house, facts, codelist, path):
    """So whoever lost an event with the bus is brought up to date by loading again."""
    body = facts.standard if path == STANDARD else codelist
    client.put(path, json=body, headers=DESK)
    first = announced(house)
    assert len(first) == 1
    assert client.put(path, json=body, headers=DESK).status_code == 200
    assert announced(house) == first
    assert not house.ground.outbox().sweep()


def test_the_standard_of_a_tertutup_dataset_is_for_the_desk(client, house, facts):
    client.put(STANDARD, json=facts.standard, headers=DESK)
    house.hear(replace(facts.dataset(), access="tertutup"))
    assert client.get(STANDARD).status_code == 404
    assert client.get("/v1/standards").json["items"] == []
    assert client.get(STANDARD, headers=DESK).json["standard"] == facts.standard
    assert len(client.get("/v1/standards", headers=DESK).json["items"]) == 1


def test_an_older_revision_can_be_asked_for(client, facts):
    client.put(STANDARD, json=facts.standard, headers=DESK)
    client.put(STANDARD, json=facts.standard | {"satudata:satuan": "Gedung"}, headers=DESK)
    assert client.get(f"{STANDARD}?revision=1").json["standard"] == facts.standard
    assert client.get(STANDARD).json["revision"] == 2
    assert client.get(f"{STANDARD}?revision=3").status_code == 404


def test_a_bad_standard_is_refused_naming_each_place_in_the_language_asked_for(client, facts):
    bad = facts.standard | {"fields": [{"name": "jumlah", "type": "angka"}, {"name": "", "type": "string"}]}
    del bad["satudata:konsep"]
    answer = client.put(STANDARD, json=bad, headers=DESK)
    english = client.put(STANDARD, json=bad, headers=DESK | {"Accept-Language": "en"})
    assert answer.status_code == 422 and answer.content_type == "application/problem+json"
    assert len(answer.json["errors"]) >= 3
    places = [[each["field"] for each in told.json["errors"]] for told in (answer, english)]
    assert places[0] == places[1]
    assert answer.json["errors"][0]["message"] != english.json["errors"][0]["message"]
    assert client.get(STANDARD).status_code == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [("/v1/standards/35.71/rumah-sakit", 422), ("/v1/standards/35.08/Rumah_Sakit", 422)],
)
def test_a_standard_is_for_a_dataset_of_this_region(client, facts, path, status):
    assert client.put(path, json=facts.standard, headers=DESK).status_code == status


@pytest.mark.parametrize("body", [b"[]", b"3", b'{"a": NaN}', b'{"a": "\\ud800"}', b"{", b""])
def test_what_is_no_standard_at_all_is_refused(client, body):
    answer = client.put(STANDARD, data=body, content_type="application/json", headers=DESK)
    assert answer.status_code in (400, 422)
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize("path", [STANDARD, CODELIST])
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer meja-orang-lain-sekali"}])
def test_only_the_desk_adopts(client, path, headers):
    assert client.put(path, json={}, headers=headers).status_code == 401


def test_a_code_list_is_adopted_and_its_rows_are_a_payload(client, house, codelist):
    answer = client.put(CODELIST, json=codelist, headers=DESK)
    assert answer.json == {"codelist": "jenis-rumah-sakit", "revision": 1, "count": 2}
    (event,) = announced(house)
    assert isinstance(event, CodelistAdopted)
    rows = b"kode,nama\nA,Umum\nB,Jiwa\n"
    assert event.entries == hashlib.sha256(rows).hexdigest()
    assert house.ground.payloads.open(event.entries).read() == rows


def test_the_order_of_the_entries_makes_no_new_revision(client, codelist):
    client.put(CODELIST, json=codelist, headers=DESK)
    codelist["entries"].reverse()
    again = client.put(CODELIST, json=codelist, headers=DESK)
    assert (again.status_code, again.json["revision"]) == (200, 1)
    codelist["version"] = "2"
    assert client.put(CODELIST, json=codelist, headers=DESK).json["revision"] == 2
    assert client.get(f"{CODELIST}?revision=1").json["version"] == "1"


def test_a_code_list_is_read_back_with_its_entries(client, codelist):
    client.put(CODELIST, json=codelist, headers=DESK)
    told = client.get(CODELIST).json
    assert told["entries"] == [{"kode": "A", "nama": "Umum"}, {"kode": "B", "nama": "Jiwa"}]
    assert (told["decree"], told["revision"], told["count"]) == ("belum ditetapkan", 1, 2)


@pytest.mark.parametrize(
    "entries",
    [
        [],
        [{"kode": "A", "nama": "Umum"}, {"kode": "A", "nama": "Jiwa"}],
        [{"kode": "", "nama": "Umum"}],
        [{"nama": "Umum"}],
    ],
)
def test_a_bad_code_list_is_refused_with_the_places(client, codelist, entries):
    answer = client.put(CODELIST, json=codelist | {"entries": entries}, headers=DESK)
    assert answer.status_code == 422
    assert answer.json["errors"]


def test_lists_are_paged_by_id(client, codelist, facts):
    for name in ("a", "b", "c"):
        client.put(f"/v1/codelists/{name}", json=codelist, headers=DESK)
        client.put(f"/v1/standards/35.08/{name}", json=facts.standard, headers=DESK)
    client.put("/v1/codelists/b", json=codelist | {"version": "2"}, headers=DESK)
    first = client.get("/v1/codelists?limit=2").json
    assert [(each["codelist"], each["revision"]) for each in first["items"]] == [("a", 1), ("b", 2)]
    rest = client.get(f"/v1/codelists?limit=2&after={first['next']}").json
    assert ([each["codelist"] for each in rest["items"]], rest["next"]) == (["c"], None)
    assert [each["dataset"] for each in client.get("/v1/standards").json["items"]] == [
        "35.08/a",
        "35.08/b",
        "35.08/c",
    ]


def test_a_report_is_there_for_whoever_knows_its_address(client, house):
    (stored,) = house.ground.payloads.put_many([b'{"verdict":"lulus"}'])
    unit = house.ground.unit()
    unit.now = lambda: datetime.now(UTC)
    check = Check(house.received("S-1"))
    check.conclude(Outcome("lulus", stored))
    DocumentChecks(unit).save(check)
    unit.flush()
    answer = client.get(f"/v1/reports/{stored}")
    assert (answer.status_code, answer.json) == (200, {"verdict": "lulus"})


def test_what_an_opd_sent_is_not_to_be_had_as_a_report(client, house):
    received = house.received("S-1")
    house.hear(received)
    for name in (received.payload, "ab" * 32, "bukan-laporan"):
        assert client.get(f"/v1/reports/{name}").status_code == 404
