"""POST /v1/standards/proposals: a standard to begin with; the desk asks, and nothing is adopted or kept."""

from __future__ import annotations

import io
import json

import pytest

from muara_kernel.events import Text
from validation_service.app import create_app
from validation_service.jobs.checker import Checker
from validation_service.jobs.request import to_sample
from validation_service.model.sample_file import NoProposal
from validation_service.model.trial import Busy

DESK = {"Authorization": "Bearer meja-walidata-lumajang"}
SAMPLE = b"kode,nama,jumlah\n010,Tempursari,7\n020,Pronojiwo,6\n030,Candipuro,10\n"
ROUTE = "/v1/standards/proposals"


class HereAndNow:
    """A sandbox that proposes in this very process."""

    def __init__(self, payloads):
        self._checker = Checker(payloads)

    def propose(self, sample, data):
        answer = self._checker.answer(json.loads(json.dumps(to_sample(sample))), data)
        if "unreadable" in answer:
            raise NoProposal(Text(*answer["unreadable"]))
        return json.loads(json.dumps(answer["proposal"]))


class Occupied:
    def propose(self, sample, data):
        raise Busy


@pytest.fixture
def client(house):
    return create_app(house.settings, sandbox=HereAndNow(house.ground.payloads)).test_client()


def file(data=SAMPLE, name="desa.csv", **fields):
    return {"file": (io.BytesIO(data), name), **fields}


def test_a_standard_is_proposed_from_a_sample_and_not_adopted(client, house):
    answer = client.post(ROUTE, data=file(), headers=DESK)
    assert answer.status_code == 200
    fields = {each["name"]: each["type"] for each in answer.json["standard"]["fields"]}
    assert fields == {"kode": "string", "nama": "string", "jumlah": "integer"}
    assert "$['satudata:konsep']" in answer.json["to_fill_in"]
    assert house.library.standards("", 10) == []


def test_code_lists_of_the_house_are_looked_through(client, house):
    about = {"title": "Kecamatan", "version": "1", "source": "-", "decree": "-", "valid_from": "2015-01-01"}
    rows = b"kode,nama\n010,Tempursari\n020,Pronojiwo\n030,Candipuro\n"
    house.library.adopt_codelist("kecamatan", about, rows, 3)
    answer = client.post(ROUTE, data=file(), headers=DESK)
    assert answer.json["standard"]["fields"][0]["satudata:kodeReferensi"]["daftar"] == "kecamatan"


def test_a_proposal_is_refused_by_the_desk_until_it_is_filled_in(client):
    document = client.post(ROUTE, data=file(), headers=DESK).json["standard"]
    refused = client.put("/v1/standards/35.08/jumlah-desa", json=document, headers=DESK)
    assert refused.status_code == 422
    assert {"$['satudata:konsep']", "$['satudata:definisi']"} <= {
        each["field"] for each in refused.json["errors"]
    }
    filled = document | {
        "satudata:konsep": "Desa",
        "satudata:definisi": "Kesatuan masyarakat hukum.",
        "satudata:klasifikasi": "1. Wilayah",
        "satudata:ukuran": "Jumlah",
        "satudata:satuan": "Desa",
    }
    assert client.put("/v1/standards/35.08/jumlah-desa", json=filled, headers=DESK).status_code == 201


def test_only_the_desk_may_ask(client):
    assert client.post(ROUTE, data=file()).status_code == 401


def test_what_is_no_table_is_told_so(client):
    answer = client.post(ROUTE, data=file(b"%PDF-1.7", "laporan.pdf"), headers=DESK)
    assert (answer.status_code, answer.json["code"]) == (422, "tidak-dapat-diusulkan")
    assert "PDF" in answer.json["detail"]


@pytest.mark.parametrize("sent", [{}, {"sheet": "Sosial"}])
def test_without_a_file_there_is_nothing_to_propose_from(client, sent):
    answer = client.post(ROUTE, data=sent, headers=DESK, content_type="multipart/form-data")
    assert (answer.status_code, answer.json["code"]) == (422, "satu-berkas")


def test_a_full_house_says_when_to_come_again(house):
    client = create_app(house.settings, sandbox=Occupied()).test_client()
    answer = client.post(ROUTE, data=file(), headers=DESK)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


def test_a_table_schema_becomes_a_standard_that_asks_for_its_parts(client):
    schema = {"fields": [{"name": "kode", "type": "string", "constraints": {"required": True}}]}
    answer = client.post(f"{ROUTE}?konsep=Desa", json=schema, headers=DESK)
    assert answer.status_code == 200
    assert answer.json["standard"]["satudata:konsep"] == "Desa"
    assert answer.json["standard"]["satudata:satuan"].startswith("ISI:")
    assert "$['satudata:konsep']" not in answer.json["to_fill_in"]


@pytest.mark.parametrize(
    ("body", "kind", "status"), [("[]", "application/json", 422), ("kode", "text/csv", 415)]
)
def test_anything_else_is_turned_away(client, body, kind, status):
    assert client.post(ROUTE, data=body, content_type=kind, headers=DESK).status_code == status
