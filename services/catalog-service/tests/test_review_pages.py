"""The walidata at the desk: nothing is approved that nobody looked at, nothing returned without a reason."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalog_service.storage import DocumentShelf

ENGLISH = {"Accept-Language": "en"}
BROWSER = {"Accept": "text/html"}
CSV = b"kode_kecamatan,jumlah\n35.08.01,60123\n"


def finding(row: int, severity: str = "peringatan", column: str = "jumlah") -> dict[str, Any]:
    return {
        "rule": "SD-07",
        "principle": "standar_data",
        "severity": severity,
        "legal": "Perpres 39/2019 Pasal 5",
        "message": {"id": f"Angka pada baris {row} melonjak.", "en": f"The number in row {row} leaps."},
        "hint": {"id": "Periksa sumbernya.", "en": "Look at the source."},
        "row": row,
        "column": column,
        "value": "60123",
    }


def report(*findings: dict[str, Any]) -> bytes:
    principles = {"standar_data": "lulus", "metadata": "tidak_dapat_diperiksa"}
    told = {"verdict": "lulus", "principles": principles, "counts": {"SD-07": len(findings)}}
    return json.dumps({**told, "findings": findings}).encode()


@pytest.fixture
def walidata(flask_app: Flask) -> FlaskClient:
    """A person signed in at the desk."""
    client = flask_app.test_client()
    assert client.post("/masuk", data={"token": "meja-walidata-lumajang"}).status_code == 303
    return client


@pytest.fixture
def waits(world: Any) -> Callable[..., str]:
    """A submission waits under its number; returns the hash of its report."""
    world.registers(publication="pemeriksaan")

    def wait(number: int, *findings: dict[str, Any], **changes: Any) -> str:
        kept: str = world.ground.payloads.put(BytesIO(report(*findings)))
        world.publishes(number, **({"report": kept} | changes))
        return kept

    return wait


def state(world: Any, number: int = 1) -> str:
    edition = DocumentShelf(world.ground.documents).edition("35.08/jumlah-penduduk", "2024-S1")
    return str(edition.entries[f"S{number}"]["state"])


@pytest.mark.parametrize("path", ["/pemeriksaan", "/pemeriksaan/S1", "/pemeriksaan/S1/data"])
def test_strangers_are_sent_to_sign_in(client: FlaskClient, waits: Callable[..., str], path: str) -> None:
    waits(1)
    answer = client.get(path)
    assert (answer.status_code, answer.location) == (303, f"/masuk?next={path}")


def test_what_changed_since_the_page_was_shown_is_not_approved_unseen(
    walidata: FlaskClient, world: Any, waits: Callable[..., str]
) -> None:
    seen = waits(1)
    shown = re.findall(r'name="as_of" value="([^"]+)"', walidata.get("/pemeriksaan/S1").text)
    assert len(set(shown)) == 1 and len(shown) == 2
    waits(2)
    answer = walidata.post("/pemeriksaan/S1", data={"decision": "setuju", "seen": seen, "as_of": shown[0]})
    assert answer.status_code == 409
    assert state(world) == "menunggu_pemeriksaan"


def test_a_stranger_decides_nothing(client: FlaskClient, world: Any, waits: Callable[..., str]) -> None:
    seen = waits(1)
    assert client.post("/pemeriksaan/S1", data={"decision": "setuju", "seen": seen}).status_code == 303
    assert state(world) == "menunggu_pemeriksaan"


def test_what_waits_is_listed_with_the_names_people_know(
    walidata: FlaskClient, waits: Callable[..., str]
) -> None:
    assert "Tidak ada yang menunggu Anda." in walidata.get("/pemeriksaan").text
    waits(1)
    page = walidata.get("/pemeriksaan").text
    assert "Jumlah Penduduk" in page
    assert "Dinas Kependudukan dan Pencatatan Sipil" in page
    assert "6 Januari 2025 pukul 19.00 WIB" in page
    assert 'href="/pemeriksaan/S1"' in page
    assert "<script" not in page


def test_the_list_goes_on(walidata: FlaskClient, waits: Callable[..., str]) -> None:
    for number in range(1, 22):
        waits(number)
    first = walidata.get("/pemeriksaan").text
    assert "S20<" in first and "S21<" not in first
    second = walidata.get("/pemeriksaan?after=S20").text
    assert "S21<" in second and "S20<" not in second and 'rel="next"' not in second


def test_a_review_leads_to_the_whole_report(walidata: FlaskClient, waits: Callable[..., str]) -> None:
    report = waits(1, finding(2))
    assert f'href="/laporan/{report}"' in walidata.get("/pemeriksaan/S1").text


def test_only_those_at_the_desk_see_the_way_there(walidata: FlaskClient, client: FlaskClient) -> None:
    assert 'href="/pemeriksaan"' in walidata.get("/").text
    stranger = client.get("/").text
    assert 'href="/pemeriksaan"' not in stranger and 'href="/masuk?next=/pemeriksaan"' in stranger


def test_the_page_shows_the_verdict_on_each_principle_and_the_gravest_findings_first(
    walidata: FlaskClient, waits: Callable[..., str]
) -> None:
    waits(1, *(finding(row) for row in range(2, 30)), finding(99, "galat"))
    page = walidata.get("/pemeriksaan/S1").text
    assert "Standar data" in page and "lulus" in page
    assert "Metadata" in page and "tidak dapat diperiksa" in page
    assert page.index("baris 99 melonjak") < page.index("baris 2 melonjak")
    assert "baris 20 melonjak" in page and "baris 21 melonjak" not in page
    assert "selebihnya ada dalam laporan" in page
    assert "Periksa sumbernya." in page and "SD-07" in page


def test_the_page_speaks_english_when_asked(walidata: FlaskClient, waits: Callable[..., str]) -> None:
    waits(1, finding(2))
    page = walidata.get("/pemeriksaan/S1", headers=ENGLISH).text
    assert "The number in row 2 leaps." in page and "could not be checked" in page
    assert "6 January 2025, 19:00 WIB" in page
    assert "Waiting for review" in walidata.get("/pemeriksaan", headers=ENGLISH).text


def test_the_data_itself_can_be_looked_at(walidata: FlaskClient, waits: Callable[..., str]) -> None:
    waits(1)
    answer = walidata.get("/pemeriksaan/S1/data")
    assert answer.data == CSV
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_pages_escape_what_the_file_held(walidata: FlaskClient, waits: Callable[..., str]) -> None:
    evil = "<script>alert(1)</script>"
    waits(1, finding(2, column=evil), filename=evil, period=evil)
    page = walidata.get("/pemeriksaan/S1").text
    assert "<script" not in page and "&lt;script&gt;" in page


def test_who_has_looked_approves(walidata: FlaskClient, world: Any, waits: Callable[..., str]) -> None:
    seen = waits(1)
    assert f'name="seen" value="{seen}"' in walidata.get("/pemeriksaan/S1").text
    answer = walidata.post("/pemeriksaan/S1", data={"decision": "setuju", "seen": seen})
    assert (answer.status_code, answer.location) == (303, "/pemeriksaan")
    assert state(world) == "diterbitkan"


@pytest.mark.parametrize("seen", [{}, {"seen": ""}, {"seen": "on"}])
def test_nothing_is_approved_that_was_not_looked_at(
    walidata: FlaskClient, world: Any, waits: Callable[..., str], seen: dict[str, str]
) -> None:
    waits(1)
    answer = walidata.post("/pemeriksaan/S1", data={"decision": "setuju", **seen})
    assert answer.status_code == 422
    assert 'role="alert">Lihat hasil pemeriksaan dan datanya' in answer.text
    assert state(world) == "menunggu_pemeriksaan"


@pytest.mark.parametrize("kept", [b"", b"[]", b'{"findings": [{}]}', None])
def test_what_has_no_report_to_look_at_can_only_be_returned(
    walidata: FlaskClient, world: Any, waits: Callable[..., str], kept: bytes | None
) -> None:
    broken = "f" * 64 if kept is None else world.ground.payloads.put(BytesIO(kept))
    waits(1, report=broken)
    page = walidata.get("/pemeriksaan/S1").text
    assert 'value="setuju"' not in page and 'value="kembalikan"' in page
    answer = walidata.post("/pemeriksaan/S1", data={"decision": "setuju", "seen": broken})
    assert (answer.status_code, state(world)) == (422, "menunggu_pemeriksaan")


def test_a_return_tells_its_reason(walidata: FlaskClient, world: Any, waits: Callable[..., str]) -> None:
    waits(1)
    form = {"decision": "kembalikan", "reason": "Angka 2023 terbawa."}
    assert walidata.post("/pemeriksaan/S1", data=form).status_code == 303
    edition = DocumentShelf(world.ground.documents).edition("35.08/jumlah-penduduk", "2024-S1")
    entry = edition.entries["S1"]
    assert (entry["state"], entry["reason"]) == ("dikembalikan", "Angka 2023 terbawa.")
    assert entry["decided_by"] == "walidata"


@pytest.mark.parametrize(
    "form",
    [
        {"decision": "kembalikan"},
        {"decision": "kembalikan", "reason": " \n"},
        {"decision": "kembalikan", "reason": "x" * 2001},
        {"decision": "hapus", "reason": "Salah."},
        {},
    ],
)
def test_a_form_that_decides_nothing_changes_nothing_and_keeps_what_was_written(
    walidata: FlaskClient, world: Any, waits: Callable[..., str], form: dict[str, str]
) -> None:
    waits(1)
    answer = walidata.post("/pemeriksaan/S1", data=form)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert form.get("reason", "").strip() in answer.text
    assert state(world) == "menunggu_pemeriksaan"


def test_a_form_sent_from_elsewhere_decides_nothing(
    walidata: FlaskClient, world: Any, waits: Callable[..., str]
) -> None:
    seen = waits(1)
    form = {"decision": "setuju", "seen": seen}
    answer = walidata.post("/pemeriksaan/S1", data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert (answer.status_code, state(world)) == (403, "menunggu_pemeriksaan")


def test_the_same_decision_twice_is_one_and_another_is_told_what_became_of_it(
    walidata: FlaskClient, world: Any, waits: Callable[..., str]
) -> None:
    approving = {"decision": "setuju", "seen": waits(1)}
    assert walidata.post("/pemeriksaan/S1", data=approving).status_code == 303
    assert walidata.post("/pemeriksaan/S1", data=approving).status_code == 303
    returning = {"decision": "kembalikan", "reason": "Salah."}
    answer = walidata.post("/pemeriksaan/S1", data=returning, headers=BROWSER)
    assert answer.status_code == 409
    assert "sudah diterbitkan" in answer.text
    assert state(world) == "diterbitkan"


def test_what_does_not_wait_has_no_page(walidata: FlaskClient, waits: Callable[..., str]) -> None:
    for method in ("GET", "POST"):
        answer = walidata.open("/pemeriksaan/S9", method=method, headers=BROWSER)
        assert answer.status_code == 404
        assert "Tidak ada yang menunggu dengan nomor S9." in answer.text
