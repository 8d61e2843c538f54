"""Code lists over HTTP as files, in time, and compared."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta

import pytest

from muara_kernel.events.moments import WIB
from validation_service.app import create_app
from validation_service.jobs.checker import Checker
from validation_service.jobs.request import to_request
from validation_service.model.life import Lacks
from validation_service.storage.shelf import DocumentShelf

DESK = {"Authorization": "Bearer meja-walidata-lumajang"}
WILAYAH = "/v1/codelists/wilayah-kemendagri"
ROWS = "kode,nama,induk,kode_bps\n35.08,Kabupaten Lumajang,,3508\n35.08.01,Tempursari,35.08,3508010\n"
ABOUT = {
    "title": "Kode wilayah",
    "version": "050-145/2022",
    "source": "Kementerian Dalam Negeri",
    "decree": "Kepmendagri 050-145 Tahun 2022",
    "valid_from": "2022-02-14",
}
LATER = {"version": "2138/2025", "decree": "Kepmendagri 2138 Tahun 2025", "valid_from": "2025-04-25"}


@pytest.fixture
def client(house):
    return create_app(house.settings).test_client()


@pytest.fixture
def put(client):
    def put(rows=ROWS, *, to=WILAYAH, headers=DESK, **about):
        body = rows if isinstance(rows, bytes) else rows.encode()
        return client.put(to, query_string=ABOUT | about, data=body, content_type="text/csv", headers=headers)

    return put


def test_a_list_is_adopted_as_a_file_with_its_facts_in_the_address(client, put):
    answer = put(valid_until="2026-12-31")
    assert (answer.status_code, answer.json["revision"], answer.json["count"]) == (201, 1, 2)
    told = client.get(WILAYAH).json
    assert {name: told[name] for name in ABOUT} == ABOUT
    assert told["valid_until"] == "2026-12-31"
    assert told["entries"][1] == {
        "kode": "35.08.01",
        "nama": "Tempursari",
        "induk": "35.08",
        "kode_bps": "3508010",
    }


def test_a_file_and_the_same_as_json_are_one_revision(client, put):
    put()
    entries = [
        {"kode": "35.08.01", "nama": "Tempursari", "induk": "35.08", "kode_bps": "3508010"},
        {"kode": "35.08", "nama": "Kabupaten Lumajang", "induk": None, "kode_bps": "3508"},
    ]
    again = client.put(WILAYAH, json=ABOUT | {"entries": entries}, headers=DESK)
    assert (again.status_code, again.json["revision"]) == (200, 1)


def test_a_list_is_read_as_the_file_it_is(client, put):
    put()
    put(ROWS + "35.08.02,Pronojiwo,35.08,3508020\n", **LATER)
    newest, first = client.get(f"{WILAYAH}.csv"), client.get(f"{WILAYAH}.csv?revision=1")
    assert newest.text.splitlines()[-1] == "35.08.02,Pronojiwo,35.08,3508020"
    assert first.text == ROWS
    assert first.content_type.startswith("text/csv; charset=utf-8")
    assert 'filename="wilayah-kemendagri-1.csv"' in first.headers["Content-Disposition"]
    assert client.get(f"{WILAYAH}.csv?revision=3").status_code == 404


def test_the_desk_alone_sends_files(put):
    assert put(headers={}).status_code == 401


@pytest.mark.parametrize(
    ("rows", "field"),
    [
        ("kode,nama\nA,a\nA,b\n", "baris 3, kolom kode"),
        ("kode,nama\n35 08,a\n", "baris 2, kolom kode"),
        ("kode,nama,induk\nA,a,B\n", "baris 2, kolom induk"),
        ("kode,nama,induk\nA,a,B\nB,b,A\n", "baris 2, kolom induk"),
        (b"PK\x03\x04\xff", "baris 1"),
        ("", "baris 1"),
    ],
)
def test_a_bad_file_is_refused_with_line_and_reason(client, put, rows, field):
    answer = put(rows)
    assert (answer.status_code, answer.json["code"]) == (422, "kode-referensi-tidak-sesuai")
    assert answer.json["errors"][0]["field"] == field
    assert client.get(WILAYAH).status_code == 404


@pytest.mark.parametrize("wrong", [{"valid_from": "kemarin"}, {"version": ""}, {"warna": "biru"}])
def test_facts_that_cannot_be_are_refused(put, wrong):
    answer = put(**wrong)
    assert answer.status_code == 422 and next(iter(wrong)) in str(answer.json["errors"])


def test_a_version_keeps_its_content_and_the_refusal_says_so_in_both_languages(client, put):
    put()
    changed = put(ROWS + "35.08.02,Pronojiwo,35.08,3508020\n")
    assert [each["field"] for each in changed.json["errors"]] == ["version"]
    assert "isi lain" in changed.json["errors"][0]["message"]
    english = put("kode,nama\nA,a\n", headers=DESK | {"Accept-Language": "en"})
    assert "other entries" in english.json["errors"][0]["message"]
    assert client.get(f"{WILAYAH}/revisions").json["items"][-1]["revision"] == 1


def test_the_days_of_the_versions_must_fit_each_other(put):
    assert put(valid_until="2022-02-13").json["errors"][0]["field"] == "valid_until"
    assert put(**LATER).status_code == 201
    assert put().json["errors"][0]["field"] == "valid_until"
    assert put(valid_until="2025-04-24").json["revision"] == 2


def test_the_revisions_say_which_is_in_force_today(client, put):
    tomorrow = (datetime.now(WIB) + timedelta(days=2)).date().isoformat()
    put()
    put(**LATER)
    put(version="tahun depan", valid_from=tomorrow)
    told = client.get(f"{WILAYAH}/revisions").json["items"]
    assert [(each["revision"], each["in_force"]) for each in told] == [(1, False), (2, True), (3, False)]
    assert client.get("/v1/codelists/tidak-ada/revisions").status_code == 404


def test_two_revisions_are_compared(client, put):
    put()
    put("kode,nama,induk\n35.08,Lumajang,\n35.08.02,Pronojiwo,35.08\n", **LATER)
    told = client.get(f"{WILAYAH}/diff?from=1&to=2").json
    changed = ("added", "removed", "renamed", "moved", "rebridged", "recoded")
    assert told["counts"] == dict(zip(changed, (1, 1, 1, 0, 1, 0), strict=True))
    assert told["renamed"] == [{"kode": "35.08", "from": "Kabupaten Lumajang", "to": "Lumajang"}]
    assert (told["from"]["decree"], told["to"]["version"]) == (ABOUT["decree"], LATER["version"])
    assert client.get(f"{WILAYAH}/diff").json == told
    backwards = client.get(f"{WILAYAH}/diff?from=2&to=1").json
    assert backwards["added"] == told["removed"]
    assert client.get(f"{WILAYAH}/diff?from=1&to=7").status_code == 404


# --- what a check is held against --------------------------------------------------------------------


def test_a_check_uses_what_was_in_force_when_its_file_came(house, put, facts):
    put()
    put(ROWS + "35.08.02,Pronojiwo,35.08,3508020\n", **LATER)
    used = references(house, facts)
    received = datetime(2025, 4, 24, 16, 59, tzinfo=UTC)  # one minute before the 25th in Lumajang
    assert [used(received), used(received + timedelta(minutes=1))] == ["050-145/2022", "2138/2025"]


def test_a_check_that_no_list_is_in_force_for_waits_for_one(house, put, facts):
    put(**LATER)
    used, shelf = references(house, facts), DocumentShelf(house.library, house.ground.copies())
    early = datetime(2023, 3, 2, tzinfo=UTC)
    with pytest.raises(Lacks, match=r"^codelist wilayah-kemendagri 2023-03-02$") as lack:
        used(early)
    assert not shelf.has(str(lack.value))
    put(valid_until="2025-04-24")
    assert shelf.has(str(lack.value))
    assert used(early) == "050-145/2022"


def references(house, facts):
    """The version of the list that a submission received at a moment is checked against."""
    house.knows_everything()
    house.library.adopt_standard("35.08/rumah-sakit", facts.standard | {"x": 1}, ("wilayah-kemendagri",))
    shelf = DocumentShelf(house.library, house.ground.copies())

    def used(received_at):
        submission = house.received("S-1")
        moved = type(submission)(**{**vars(submission), "received_at": received_at})
        (codelist,) = shelf.references(moved).codelists
        return codelist.version

    return used


def test_the_report_names_the_list_with_its_version_and_decree(house, put, facts):
    put()
    house.knows_everything()
    house.library.adopt_standard("35.08/rumah-sakit", facts.standard | {"x": 1}, ("wilayah-kemendagri",))
    submission = house.received("S-1")
    references = DocumentShelf(house.library, house.ground.copies()).references(submission)
    request = to_request(submission, references, region="35.08")
    answer = Checker(house.ground.payloads).answer(request)
    with house.ground.payloads.open(answer["outcome"]["report"]) as stream:
        (told,) = json.loads(stream.read())["checked"]["codelists"]
    assert told == {
        "id": "wilayah-kemendagri",
        "title": ABOUT["title"],
        "version": ABOUT["version"],
        "decree": ABOUT["decree"],
        "revision": 1,
    }


# --- as many as there are ----------------------------------------------------------------------------


def test_all_desa_are_adopted_and_read_back_within_seconds(client, put):
    rows = ["kode,nama,induk"]
    for kecamatan in range(8_300):
        above = f"{11 + kecamatan // 500}.{kecamatan // 50 % 10:02d}.{kecamatan % 50 + 1:02d}"
        rows.append(f"{above},Kecamatan {kecamatan},")
        rows += [f"{above}.{2001 + n},Sumber Makmur {n},{above}" for n in range(10)]
    file, until = "\n".join(rows) + "\n", time.monotonic() + 30
    assert put(file).json["count"] == 91_300
    assert client.get(f"{WILAYAH}.csv").text.count("\n") == 91_301
    assert put(file.replace("Sumber Makmur 9", "Makmur Sumber 9"), **LATER).json["revision"] == 2
    assert client.get(f"{WILAYAH}/diff").json["counts"]["renamed"] == 8_300
    assert time.monotonic() < until
