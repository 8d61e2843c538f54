"""POST /v1/checks and /periksa: everything is checked, nothing is kept, and nobody gets more than a share."""

from __future__ import annotations

import dataclasses
import io
import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from muara_kernel.events import Text
from validation_service.api.trial_form import LARGEST, MIB
from validation_service.app import create_app
from validation_service.jobs.checker import Checker
from validation_service.jobs.request import to_trial
from validation_service.model.problem import Problem
from validation_service.model.standard import BadStandard
from validation_service.model.trial import Busy, Tried
from validation_service.storage import CHECKS

GOOD = b"kode,jumlah\nA,3\nB,5\n"
BAD = b"kode,jumlah\nA,tiga\nB,5\n"
DATASET = "35.08/rumah-sakit"
TOKEN = {"Authorization": "Bearer meja-walidata-lumajang"}


class HereAndNow:
    """A sandbox that checks in this very process."""

    def __init__(self, payloads):
        self._checker = Checker(payloads)
        self.trials = []

    def check(self, trial, data):
        self.trials.append(trial)
        answer = self._checker.answer(json.loads(json.dumps(to_trial(trial))), data)
        if "refused" in answer:
            raise BadStandard([Problem(place, Text(id, en)) for place, id, en in answer["refused"]])
        return Tried(answer["report"].encode(), answer.get("table"), answer.get("format", ""))


class Occupied:
    def check(self, trial, data):
        raise Busy


@pytest.fixture
def sandbox(house):
    return HereAndNow(house.ground.payloads)


@pytest.fixture
def client(house, sandbox):
    return create_app(house.settings, sandbox=sandbox).test_client()


def form(data=GOOD, name="rs.csv", **fields):
    return {"file": (io.BytesIO(data), name), **fields}


def listed(house, facts, *, access="terbuka", publication="langsung", **standard):
    """The dataset stands in the catalogue and has its standard."""
    entry = dataclasses.replace(facts.dataset(), access=access, publication=publication)
    house.hear(entry, facts.opd())
    house.library.adopt_standard(DATASET, facts.standard | standard, ())


# --- POST /v1/checks ----------------------------------------------------------------------------------------


def test_a_file_is_checked_by_the_standard_of_its_dataset_without_any_key(client, house, facts):
    listed(house, facts)
    answer = client.post("/v1/checks", data=form(BAD, dataset=DATASET, period="2024"))
    assert answer.status_code == 200
    assert (answer.json["verdict"], answer.json["counts"]) == ("gagal", {"MD-01": 1, "SD-01": 1})
    assert answer.json["principles"]["standar_data"] == "gagal"
    assert answer.json["principles"]["kode_referensi"] == "lulus"
    assert answer.json["checked"]["standard"] == 1
    assert answer.json["excerpt"]["rows"] == [{"row": 2, "cells": ["A", "tiga"]}]


def test_a_file_is_checked_by_a_standard_of_the_senders_own(client, facts):
    answer = client.post("/v1/checks", data=form(BAD, standard=json.dumps(facts.standard)))
    assert (answer.status_code, answer.json["verdict"]) == (200, "gagal")
    assert answer.json["checked"]["standard"] is None


def test_nothing_is_kept_and_nothing_is_said(client, house, facts, tmp_path):
    listed(house, facts)
    files = sorted(path for path in (tmp_path / "payloads").rglob("*") if path.is_file())
    answer = client.post("/v1/checks", data=form(BAD, dataset=DATASET))
    assert answer.status_code == 200 and "files" not in answer.json
    assert sorted(path for path in (tmp_path / "payloads").rglob("*") if path.is_file()) == files
    assert house.ground.documents.find(CHECKS) == []
    assert house.said() == []


def test_a_code_list_of_the_house_serves_a_standard_of_the_senders_own(client, house, facts):
    about = {"title": "Jenis", "version": "1", "source": "-", "decree": "-", "valid_from": "2015-01-01"}
    house.library.adopt_codelist("jenis", about, b"kode,nama\nA,Umum\n", 1)
    fields = [dict(facts.standard["fields"][0], **{"satudata:kodeReferensi": {"daftar": "jenis"}})]
    standard = facts.standard | {"fields": [*fields, facts.standard["fields"][1]]}
    answer = client.post("/v1/checks", data=form(GOOD, standard=json.dumps(standard)))
    assert answer.json["counts"]["KR-01"] == 1
    assert [each["version"] for each in answer.json["checked"]["codelists"]] == ["1"]


def test_without_a_period_nothing_is_early_or_late(client, house, facts):
    listed(house, facts, **{"satudata:jadwal": {"hariSetelahPeriode": 1}})
    answer = client.post("/v1/checks", data=form(dataset=DATASET))
    assert answer.json["verdict"] == "lulus" and not answer.json["counts"].keys() & {
        "PD-01",
        "PD-02",
        "JD-01",
    }
    late = client.post("/v1/checks", data=form(dataset=DATASET, period="2020"))
    assert "JD-01" in late.json["counts"]
    wrong = client.post("/v1/checks", data=form(dataset=DATASET, period="2024-13"))
    assert "PD-01" in wrong.json["counts"]


def test_a_standard_that_contradicts_itself_is_refused_with_its_places(client):
    answer = client.post("/v1/checks", data=form(standard='{"fields": [{"name": "kode", "type": "kode"}]}'))
    assert (answer.status_code, answer.json["code"]) == (422, "standar-tidak-sesuai")
    assert {"$.fields[0].type", "$['satudata:konsep']"} <= {each["field"] for each in answer.json["errors"]}


def test_a_standard_that_names_a_key_twice_is_refused_with_the_place(client):
    answer = client.post("/v1/checks", data=form(standard='{"fields": [], "fields": []}'))
    assert (answer.status_code, answer.json["code"]) == (422, "standar-tidak-sesuai")
    assert "fields" in answer.json["errors"][0]["field"]


@pytest.mark.parametrize("text", ["{", "[1]", "[" * 100_000, '"a"', '{"a": NaN}', '{"fields": [1, {}, [2]]}'])
def test_what_is_no_standard_is_refused(client, text):
    answer = client.post("/v1/checks", data=form(standard=text))
    assert (answer.status_code, answer.json["code"]) == (422, "standar-tidak-sesuai")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "dataset"),
        ({"dataset": DATASET, "standard": "{}"}, "dataset"),
        ({"dataset": DATASET, "opd": "dinkes"}, "opd"),
        ({"dataset": [DATASET, DATASET]}, "dataset"),
        ({"dataset": DATASET, "period": "2" * 21}, "period"),
        ({"dataset": DATASET, "answer": "peta"}, "answer"),
    ],
)
def test_wrong_fields_are_named(client, fields, field):
    answer = client.post("/v1/checks", data=form(**fields))
    assert (answer.status_code, answer.json["code"]) == (422, "metadata-salah")
    assert field in {each["field"] for each in answer.json["errors"]}


def test_what_is_not_exactly_one_file_is_refused(client, house, facts):
    listed(house, facts)
    for data, code in (
        ({"dataset": DATASET}, "satu-berkas"),
        ({"file": [(io.BytesIO(GOOD), "a.csv"), (io.BytesIO(GOOD), "b.csv")]}, "satu-berkas"),
        ({"berkas": (io.BytesIO(GOOD), "a.csv")}, "satu-berkas"),
        ({"file": (io.BytesIO(b""), "a.csv")}, "kosong"),
    ):
        answer = client.post(
            "/v1/checks", data=data | {"dataset": DATASET}, content_type="multipart/form-data"
        )
        assert (answer.status_code, answer.json["code"]) == (422, code), data
    assert client.post("/v1/checks", json={"dataset": DATASET}).status_code == 415


@pytest.mark.parametrize("size", [LARGEST + 1, LARGEST + 3 * MIB])
def test_a_file_of_more_than_10_mib_is_refused(client, house, facts, size):
    listed(house, facts)
    answer = client.post("/v1/checks", data=form(b"x" * size, dataset=DATASET))
    assert (answer.status_code, answer.json["code"], answer.json["limit"]) == (413, "terlalu-besar", LARGEST)


def test_a_dataset_without_standard_is_not_there(client, house, facts):
    house.hear(facts.dataset(), facts.opd())
    answer = client.post("/v1/checks", data=form(dataset=DATASET))
    assert (answer.status_code, answer.json["code"]) == (404, "belum-ditetapkan")


def test_a_tertutup_dataset_is_there_for_the_desk_alone(client, house, facts):
    listed(house, facts, access="tertutup")
    hidden = client.post("/v1/checks", data=form(dataset=DATASET))
    assert (hidden.status_code, hidden.json["code"]) == (404, "belum-ditetapkan")
    assert client.post("/v1/checks", data=form(dataset=DATASET), headers=TOKEN).status_code == 200


@pytest.mark.parametrize(
    ("access", "publication", "headers", "looks_back"),
    [
        ("terbuka", "langsung", {}, True),
        ("terbuka", "pemeriksaan", {}, False),
        ("terbatas", "langsung", {}, False),
        ("terbatas", "langsung", TOKEN, True),
    ],
)
def test_strangers_learn_no_numbers_that_are_not_out(
    client, house, sandbox, facts, access, publication, headers, looks_back
):
    fields = [
        facts.standard["fields"][0],
        facts.standard["fields"][1] | {"satudata:perubahan": {"naikMaks": 5}},
    ]
    listed(house, facts, access=access, publication=publication, fields=fields)
    house.hear(house.received("S-1", b"kode,jumlah\nA,1\n"))
    house.answers(1)
    answer = client.post(
        "/v1/checks", data=form(b"kode,jumlah\nA,9\n", dataset=DATASET, period="2025"), headers=headers
    )
    assert ("YY-01" in answer.json["counts"]) == looks_back
    assert (sandbox.trials[-1].previous is not None) == looks_back


def test_when_every_place_is_taken_the_sender_is_told_when_to_come_again(house, facts):
    listed(house, facts)
    client = create_app(house.settings, sandbox=Occupied()).test_client()
    answer = client.post("/v1/checks", data=form(dataset=DATASET))
    assert (answer.status_code, answer.json["code"], answer.headers["Retry-After"]) == (
        503,
        "pemeriksa-penuh",
        "5",
    )


def test_one_address_that_asks_too_often_waits_and_another_does_not(house, facts, sandbox):
    listed(house, facts)
    settings = dataclasses.replace(house.settings, sandbox_per_minute=2, proxies=1)
    client = create_app(settings, sandbox=sandbox).test_client()

    def post(address):
        return client.post("/v1/checks", data=form(dataset=DATASET), headers={"X-Forwarded-For": address})

    assert [post("198.51.100.7").status_code for _ in range(3)] == [200, 200, 429]
    refused = post("198.51.100.7")
    assert refused.json["code"] == "terlalu-sering-mencoba" and 0 < int(refused.headers["Retry-After"]) <= 30
    assert post("198.51.100.8").status_code == 200


def test_what_one_address_is_still_trying_holds_up_its_next_file_and_nobody_elses(house, facts, sandbox):
    listed(house, facts)
    settings = dataclasses.replace(house.settings, proxies=1)
    inside, meanwhile = [], []

    class Slow:
        def check(self, trial, data):
            if not inside:
                inside.append(trial)
                with ThreadPoolExecutor(1) as elsewhere:
                    meanwhile.extend(elsewhere.map(post, ("198.51.100.7", "198.51.100.8")))
            return sandbox.check(trial, data)

    app = create_app(settings, sandbox=Slow())

    def post(address):
        headers = {"X-Forwarded-For": address}
        return app.test_client().post("/v1/checks", data=form(dataset=DATASET), headers=headers)

    assert post("198.51.100.7").status_code == 200
    assert [answer.status_code for answer in meanwhile] == [429, 200]
    assert (
        meanwhile[0].json["code"] == "terlalu-sering-mencoba" and meanwhile[0].headers["Retry-After"] == "5"
    )
    assert post("198.51.100.7").status_code == 200


def test_the_senders_own_table_comes_back_and_nothing_of_it_is_kept(client, house, facts, tmp_path):
    listed(house, facts)
    files = sorted(path for path in (tmp_path / "payloads").rglob("*") if path.is_file())
    answer = client.post(
        "/v1/checks", data=form(BAD, "r s (2024).csv", dataset=DATASET, answer="tabel", period="2024")
    )
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    assert answer.headers["Content-Disposition"] == "attachment; filename=diperiksa_r_s_2024_.csv"
    lines = answer.data.decode("utf-8-sig").splitlines()
    assert lines[0] == "kode,jumlah,hasil_pemeriksaan" and "SD-01" in lines[1] and len(lines) == 3
    assert sorted(path for path in (tmp_path / "payloads").rglob("*") if path.is_file()) == files


def test_where_there_is_no_table_to_give_back_the_report_comes(client, house, facts):
    listed(house, facts)
    for data in (GOOD, b"\x00\x01\x02"):
        answer = client.post("/v1/checks", data=form(data, dataset=DATASET, answer="tabel", period="2024"))
        assert (answer.status_code, answer.mimetype) == (200, "application/json")


# --- /periksa ---------------------------------------------------------------------------------------------


def test_the_page_lists_what_has_a_standard_and_hides_what_is_tertutup(client, house, facts):
    listed(house, facts)
    assert "Rumah sakit (35.08/rumah-sakit)" in client.get("/periksa").text
    listed(house, facts, access="tertutup")
    hidden = client.get("/periksa").text
    assert "rumah-sakit" not in hidden and "Belum ada dataset" in hidden


def test_the_page_shows_the_report_and_says_that_it_was_a_try(client, house, facts):
    listed(house, facts)
    page = client.post("/periksa", data=form(BAD, dataset=DATASET, period=""))
    assert page.status_code == 200
    assert "Ini percobaan" in page.text and "SD-01" in page.text and "Putusan: gagal" in page.text
    assert "/v1/reports/" not in page.text and "<script" not in page.text
    assert page.headers["Cache-Control"] == "no-store" and "noindex" in page.headers["X-Robots-Tag"]


def test_the_page_gives_the_table_back_to_who_sends_the_same_file_again(client, house, facts):
    listed(house, facts)
    page = client.post("/periksa", data=form(BAD, dataset=DATASET, period="2024"))
    assert 'name="answer" value="tabel"' in page.text and 'name="period" value="2024"' in page.text
    table = client.post("/periksa", data=form(BAD, dataset=DATASET, period="2024", answer="tabel"))
    assert table.mimetype == "text/csv" and table.headers["Cache-Control"] == "no-store"
    assert "hasil_pemeriksaan" in table.text and "SD-01" in table.text


def test_where_there_is_no_table_to_give_back_the_page_offers_none(client, house, facts):
    listed(house, facts)
    for data in (GOOD, b"\x00\x01\x02"):
        page = client.post("/periksa", data=form(data, dataset=DATASET, period="2024"))
        assert page.status_code == 200 and "tabel" not in page.text.lower()


def test_the_page_says_why_no_table_comes_back(client, house, facts):
    listed(house, facts)
    page = client.post("/periksa", data=form(GOOD, dataset=DATASET, period="2024", answer="tabel"))
    assert page.mimetype == "text/html" and "Tidak ada tabel untuk dikembalikan" in page.text


def test_a_browser_that_knows_no_sec_fetch_may_send_the_form(client, house, facts):
    listed(house, facts)
    page = client.get("/periksa")
    assert page.headers["Referrer-Policy"] == "same-origin" and "no-referrer" not in page.text


def test_a_refusal_stands_over_the_form_and_what_was_chosen_stays_chosen(client, house, facts):
    listed(house, facts)
    empty = {"dataset": DATASET, "period": "2024", "file": (io.BytesIO(b""), "")}
    page = client.post("/periksa", data=empty, content_type="multipart/form-data")
    assert page.status_code == 422 and "tepat satu berkas" in page.text
    assert f'value="{DATASET}" selected' in page.text and 'value="2024"' in page.text


def test_a_refusal_on_the_page_is_in_words_of_the_form(client, house, facts):
    listed(house, facts)
    page = client.post("/periksa", data=form(GOOD, dataset=DATASET, period="Tahun dua ribu dua puluh"))
    assert page.status_code == 422 and "`" not in page.text
    assert "Perbaiki isian berikut" in page.text and "Periode: Tulis seperti 2024," in page.text


def test_a_page_says_that_a_file_is_too_large(client, house, facts):
    listed(house, facts)
    page = client.post("/periksa", data=form(b"x" * (LARGEST + 3 * MIB), dataset=DATASET))
    assert page.status_code == 413 and "10 MiB. Yang lebih besar" in page.text


def test_a_form_of_another_site_is_refused(client, house, facts):
    listed(house, facts)
    headers = {"Sec-Fetch-Site": "cross-site", "Accept": "text/html"}
    page = client.post("/periksa", data=form(dataset=DATASET), headers=headers)
    assert page.status_code == 403 and "situs lain" in page.text


def test_what_is_in_the_file_is_shown_and_never_run(client, house, facts):
    listed(house, facts)
    page = client.post("/periksa", data=form(b"kode,jumlah\n<script>alert(1)</script>,x\n", dataset=DATASET))
    assert "&lt;script&gt;alert(1)" in page.text and "<script>alert" not in page.text


def test_a_page_when_it_is_full_keeps_the_form(house, facts):
    listed(house, facts)
    client = create_app(house.settings, sandbox=Occupied()).test_client()
    page = client.post("/periksa", data=form(dataset=DATASET))
    assert page.status_code == 503 and "sedang terpakai" in page.text and "selected" in page.text


def test_the_page_speaks_english_where_it_is_preferred(client, house, facts):
    listed(house, facts)
    assert "Try a file before you send it" in client.get("/periksa", headers={"Accept-Language": "en"}).text
