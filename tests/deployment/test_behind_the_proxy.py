"""The embedded services behind the proxy of docker-compose.yml: one address is all that anybody needs."""

from __future__ import annotations

import http.client
import http.cookiejar
import re
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from system import PEMDA, System, small_region, table, until

from deployment.proxy import proxy
from deployment.reading import ROOT
from muara.http import Door
from muara.place import SERVICES


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    root = tmp_path_factory.mktemp("behind-the-proxy")
    region = small_region(root / "region", ["dinkes"])
    settings = {"MUARA_TRUSTED_PROXIES": "1", "MUARA_PUBLIC_URL": "https://data.daerah.example"}
    with System.started(root / "data", region, settings) as system:
        yield system


@contextmanager
def one_address(system: System, directory: Path) -> Iterator[str]:
    doors = {service: system.live.addresses[f"{service}-web"] for service in SERVICES}
    upstreams = {service: address.removeprefix("http://") for service, address in doors.items()}
    with proxy(directory / "proxy", upstreams) as running:
        yield running.address


def test_push_status_report_page_download_and_inbox_at_one_address(system: System, tmp_path: Path) -> None:
    with one_address(system, tmp_path) as address:
        door, desk = Door(address, system.keys["dinkes"]), Door(address, system.live.desk_token)
        receipt = push(door, table(1, 2, 3), "2024")
        until(lambda: door.get(receipt["status"])["state"] == "diterbitkan", 30)

        page = read(f"{address}/datasets/{PEMDA}/dinkes-angka")
        assert "Angka dinkes" in page and "Angka dinkes" in read(f"{address}/")
        assert "--" in read(f"{address}/static/muara/muara.css")
        version = f"/v1/datasets/{PEMDA}/dinkes-angka/editions/2024/versions/1/data"
        assert version in page
        assert read(f"{address}{version}").encode() == table(1, 2, 3)

        bad = push(door, table("buruk"), "2025")
        until(lambda: door.get(bad["status"])["state"] == "dikembalikan", 30)
        report = door.get(bad["status"])["outcome"]["report"]
        assert door.get(f"/v1/reports/{report}")["findings"]
        until(lambda: len(desk.get("/v1/inbox?recipient=walidata")["items"]) > 0, 30)


def test_the_walidata_signs_in_once_for_pages_of_two_services(system: System, tmp_path: Path) -> None:
    with one_address(system, tmp_path) as address:
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        with opener.open(f"{address}/kabar") as answer:
            assert urllib.parse.urlsplit(answer.url).path == "/masuk"
            onward = urllib.parse.parse_qs(urllib.parse.urlsplit(answer.url).query)["next"][0]
        form = {"token": system.live.desk_token, "next": onward}
        asked = urllib.request.Request(
            f"{address}/masuk", urllib.parse.urlencode(form).encode(), {"Origin": address}
        )
        with opener.open(asked) as answer:
            assert "Kotak masuk" in answer.read().decode()
            assert answer.url == f"{address}/?recipient=walidata"
        with opener.open(f"{address}/") as answer:
            page = answer.read().decode()
            assert "Data yang diterbitkan" in page and "/keluar" in page
        titles = ["Data yang diterbitkan", "Coba periksa berkas", "Menunggu pemeriksaan", "Kotak masuk"]
        for link, title in zip(navigation(page), titles, strict=True):
            with opener.open(f"{address}{link}") as answer:
                there = answer.read().decode()
            assert f"<h1>{title}" in there and navigation(there) == navigation(page)


def navigation(page: str) -> list[str]:
    """Where the first navigation of the page leads."""
    return re.findall(r'<a href="([^"]*)"', page.partition("<nav")[2].partition("</nav>")[0])


def test_every_link_of_the_inbox_stays_in_the_inbox() -> None:
    """The proxy tells the two first pages apart by whose inbox is asked for, so each link must say it."""
    page = (ROOT / "services/notification-service/notification_service/templates/inbox.html").read_text()
    assert page.count("url_for('pages.first'") == page.count("url_for('pages.first', recipient=recipient")
    assert '<select id="recipient" name="recipient">' in page


def test_who_guesses_is_slowed_down_alone(system: System) -> None:
    """Behind a proxy all come from one address, unless the services believe what it says about them."""
    direct = system.live.addresses["catalog-web"]

    def guess(who: str) -> int:
        asked = urllib.request.Request(f"{direct}/masuk", b"token=salah", {"X-Forwarded-For": who})
        try:
            with urllib.request.urlopen(asked) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refused:
            return refused.code

    assert [guess("192.0.2.1") for _ in range(6)] == [401] * 5 + [429]
    assert guess("192.0.2.2") == 401


def test_a_wrong_key_is_refused_before_the_file_is_sent(system: System, tmp_path: Path) -> None:
    with one_address(system, tmp_path) as address:
        connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=20)
        connection.putrequest("POST", "/v1/submissions")
        connection.putheader("Authorization", "Bearer muara_bukan_kunci")
        connection.putheader("Content-Type", "text/csv")
        connection.putheader("Content-Length", str(50 * 1024 * 1024))
        connection.endheaders(b"kode,jumlah\n")
        assert connection.getresponse().status == 401
        connection.close()


def push(door: Door, data: bytes, period: str) -> Mapping[str, str]:
    metadata = {"dataset": f"{PEMDA}/dinkes-angka", "period": period}
    receipt: Mapping[str, str] = door.submit(metadata, "angka.csv", data, "text/csv", key=uuid.uuid4().hex)
    return receipt


def read(url: str) -> str:
    with urllib.request.urlopen(url) as answer:
        return str(answer.read().decode())
