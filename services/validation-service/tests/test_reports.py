"""A report, its files, its page and its certificate, as they are had over HTTP."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from typing import get_args

import pytest

from muara_kernel.events.base import dump
from validation_service.app import create_app
from validation_service.jobs.checker import Checker
from validation_service.jobs.request import to_request
from validation_service.model.life import Check, Outcome, References
from validation_service.model.reading.grid import Skipped
from validation_service.pages.reports import understood
from validation_service.pages.words import VALUES
from validation_service.storage.checks import DocumentChecks

GOOD = b"kode,jumlah\nA,3\nB,5\n"
BAD = b"kode,jumlah\nA,tiga\nB,5\nC,\n"
HOSTILE = '<script>alert("A")</script>'
PARTS = ("<table>", "</details>", "onerror")


@pytest.fixture
def client(house):
    return create_app(house.settings).test_client()


@pytest.fixture
def checked(house, facts):
    """Have a file checked, in this very process, and give back the address of its report."""

    def check(data: bytes, submission: str = "S-1", sequence: int = 1, filename: str = "rs.csv") -> str:
        received = house.received(submission, data, sequence=sequence, filename=filename)
        house.library.adopt_standard(received.dataset, facts.standard, ())
        references = References(facts.dataset(), facts.opd(), house.library.standard(received.dataset))
        answer = Checker(house.ground.payloads).answer(to_request(received, references, region="35.08"))
        assert "outcome" in answer, answer
        return keep(house, received, answer["outcome"])

    return check


def keep(house, received, outcome) -> str:
    check = Check(received)
    named = {name: outcome[name] for name in ("verdict", "report", "rows", "errors", "warnings")}
    check.conclude(Outcome(**named))
    check.concluded = "2026-03-02T05:00:03+00:00"
    unit = house.ground.unit()
    DocumentChecks(unit).save(check)
    unit.flush()
    return check.report


def old_report(house, findings=()) -> str:
    """As it was written before reports had files, excerpts and a word about the standard."""
    body = {
        "verdict": "gagal",
        "rows": 2,
        "columns": 2,
        "errors": 1,
        "warnings": 0,
        "counts": {"SD-01": 1},
        "principles": {"standar_data": "gagal"},
        "understood": {"format": "csv", "delimiter": ","},
        "findings": [dump(finding) for finding in findings],
    }
    (sha256,) = house.ground.payloads.put_many([json.dumps(body).encode()])
    keep(house, house.received("S-0"), {**body, "report": sha256})
    return sha256


# --- files ------------------------------------------------------------------------------------------------


def test_all_findings_are_downloaded_packed_or_not(client, checked):
    address = f"/v1/reports/{checked(BAD)}/findings"
    plain = client.get(address)
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    lines = list(csv.reader(io.StringIO(plain.data.decode("utf-8-sig"))))
    assert [line[:3] for line in lines[-2:]] == [["2", "jumlah", "SD-01"], ["4", "jumlah", "NL-01"]]


def test_the_senders_table_is_downloaded_with_reasons_and_no_browser_runs_it(client, checked):
    answer = client.get(f"/v1/reports/{checked(BAD)}/annotated")
    assert answer.data.decode("utf-8-sig").splitlines()[1].startswith('A,tiga,"Baris 2: [SD-01 jumlah]')
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_report_names_its_files_with_exact_counts(client, checked):
    report = client.get(f"/v1/reports/{checked(BAD)}").json
    files, total = report["files"], sum(report["counts"].values())
    assert (files["findings"]["count"], files["findings"]["listed"]) == (total, total)
    assert (files["annotated"]["rows"], files["annotated"]["whole"]) == (3, True)


def test_a_report_without_findings_or_from_long_ago_has_no_files(client, checked, house):
    for report in (checked(GOOD), old_report(house)):
        assert client.get(f"/v1/reports/{report}").status_code == 200
        for name in ("findings", "annotated"):
            assert client.get(f"/v1/reports/{report}/{name}").status_code == 404


def test_a_payload_that_is_no_report_is_not_to_be_had(client, house):
    (payload,) = house.ground.payloads.put_many([b'{"files":{}}'])
    for address in (
        f"/v1/reports/{payload}/findings",
        f"/v1/reports/{payload}/certificate",
        f"/laporan/{payload}",
        f"/laporan/{payload}/sertifikat",
        "/laporan/..%2f..%2fetc",
        f"/laporan/{payload.upper()}",
    ):
        assert client.get(address).status_code == 404, address


def test_the_same_data_by_the_same_standard_gives_the_same_report(checked):
    assert checked(BAD, "S-1") == checked(BAD, "S-2", sequence=2)


# --- pages ------------------------------------------------------------------------------------------------


def test_the_page_shows_verdict_principles_counts_and_the_table_with_its_bad_cells(client, checked):
    page = client.get(f"/laporan/{checked(BAD)}").text
    assert "Putusan: gagal" in page and "Kode referensi" in page
    assert "Perpres 39/2019 Pasal 3 huruf a" in page
    bad = re.search(r"<td>\s*<details>\s*<summary>(.*?)</details>", page, re.DOTALL)[1]
    assert "tiga" in bad and "bukan bilangan bulat" in bad and '<span class="unseen">galat:' in bad
    assert "<td>5</td>" not in page, "a row without findings is not shown"
    assert "(kosong)" in page, "an empty cell can be seen and opened"


def test_how_the_file_was_read_is_told_in_words_and_never_as_code():
    told = {
        "delimiter": ";",
        "skipped": {"above header": 2, "blank": 1},
        "columns": "by position",
        "hidden_columns": ["by position"],
        "side_tables": [["a", "b"], ["c"]],
        "sheet": None,
        "other_sheets": [],
        "wide": {},
        "of_tomorrow": 3,
    }
    assert understood(told) == [
        ("Pemisah kolom", "titik koma"),
        ("Baris yang dilewati", "di atas judul kolom: 2, kosong: 1"),
        ("Kolom dikenali", "menurut urutannya"),
        ("Kolom tersembunyi, ikut dibaca", "by position"),
        ("Tabel di samping yang disisihkan", "a, b; c"),
        ("of_tomorrow", "3"),
    ]


def test_each_kind_of_rows_that_were_left_out_has_words_of_its_own():
    words = [VALUES[kind] for kind in get_args(Skipped)]
    assert len({each.id for each in words}) == len({each.en for each in words}) == len(words)


def test_the_page_speaks_english_to_who_asks(client, checked):
    page = client.get(f"/laporan/{checked(BAD)}", headers={"Accept-Language": "en"}).text
    assert "Verdict: failed" in page and "is not a whole number" in page


def test_what_a_stranger_wrote_is_text_on_the_page(client, checked):
    header = f'kode,jumlah,"{HOSTILE.replace(chr(34), chr(34) * 2)}"'.encode()
    rows = b'A,"<img src=x onerror=alert(1)>",1\n"</td></table><b>B",5,"{{ 70007 * 7 }}"\n'
    page = client.get(f"/laporan/{checked(header + chr(10).encode() + rows, filename='<i>.csv')}").text
    assert "<script>" not in page and "<img" not in page and "<b>B" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page and "490049" not in page


def test_pages_are_kept_from_search_engines_other_sites_and_caches(client, checked):
    report = checked(GOOD)
    for address in (f"/laporan/{report}", f"/laporan/{report}/sertifikat"):
        answer = client.get(address)
        assert "noindex" in answer.headers["X-Robots-Tag"] and 'content="noindex' in answer.text
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert "<script" not in answer.text and " style=" not in answer.text


def test_a_report_of_long_ago_is_still_shown(client, house, checked):
    checked(BAD)
    findings = checked_findings(client, checked(BAD))
    page = client.get(f"/laporan/{old_report(house, findings)}").text
    assert "Putusan: gagal" in page and "bukan bilangan bulat" in page


def checked_findings(client, report):
    from muara_kernel.events import Finding
    from muara_kernel.events.base import load

    return [load(Finding, each) for each in client.get(f"/v1/reports/{report}").json["findings"]]


def test_a_file_without_a_table_has_a_page_too(client, checked):
    assert "Putusan" in client.get(f"/laporan/{checked(b'PK' + bytes(40))}").text


# --- certificates -----------------------------------------------------------------------------------------


def test_what_passed_has_a_certificate_for_programs_and_for_people(client, checked, house):
    report = checked(GOOD)
    told = client.get(f"/v1/reports/{report}/certificate").json
    assert (told["submission"], told["dataset"], told["standard"]) == ("S-1", "35.08/rumah-sakit", 1)
    assert told["checked_at"] == "2026-03-02T05:00:03+00:00"
    assert told["data"] == house.received("S-1", GOOD).payload
    page = client.get(f"/laporan/{report}/sertifikat").text
    assert told["data"] in page and "S-1" in page and "SD-01" in page
    assert f"/laporan/{report}/sertifikat" in client.get(f"/laporan/{report}").text


def test_the_same_file_sent_twice_has_a_certificate_for_each_submission(client, checked):
    report = checked(GOOD, "S-1")
    assert checked(GOOD, "S-2", sequence=2) == report
    address = f"/v1/reports/{report}/certificate"
    assert client.get(address).json["submission"] == "S-1"
    assert client.get(f"{address}?submission=S-2").json["submission"] == "S-2"
    assert client.get(f"{address}?submission=S-3").status_code == 404


def test_what_did_not_pass_has_no_certificate(client, checked, house):
    for report in (checked(BAD), old_report(house)):
        assert client.get(f"/v1/reports/{report}/certificate").status_code == 404
        assert client.get(f"/laporan/{report}/sertifikat").status_code == 404
        assert "/sertifikat" not in client.get(f"/laporan/{report}").text
