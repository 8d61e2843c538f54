from __future__ import annotations

import re

import pytest

from muara_kernel.addresses import PUBLIC_URL, Addresses

EACH = "catalog=http://127.0.0.1:8703,validation=http://127.0.0.1:8702"


def test_one_address_is_that_of_every_service() -> None:
    addresses = Addresses.of("https://data.example/")
    assert addresses.page("validation", "/laporan/x") == "https://data.example/laporan/x"
    assert addresses.link("validation", "/periksa") == "/periksa"
    assert addresses.are_known("catalog")


def test_each_service_may_have_an_address_of_its_own() -> None:
    addresses = Addresses.of(EACH)
    assert addresses.page("validation", "/laporan/x") == "http://127.0.0.1:8702/laporan/x"
    assert addresses.link("catalog", "/") == "http://127.0.0.1:8703/"
    assert not addresses.are_known("notification")


def test_where_nobody_told_it_a_path_is_all_there_is() -> None:
    addresses = Addresses.of("")
    assert addresses.page("catalog", "/pemeriksaan/K-1") == "/pemeriksaan/K-1"
    assert addresses.link("catalog", "/") == "/"
    assert not addresses.are_known("catalog")


@pytest.mark.parametrize("told", ["http://localhost:8080", "https://data.example/", "http://[::1]:80", EACH])
def test_what_can_be_a_public_address(told: str) -> None:
    assert re.fullmatch(PUBLIC_URL, told)


@pytest.mark.parametrize(
    "told",
    [
        "data.example",
        "ftp://data.example",
        "https://data.example/muara",
        "https://walidata:sandi@data.example",
        "javascript:alert(1)",
        "catalog=data.example",
        f"{EACH},",
        'https://data.example"onload',
    ],
)
def test_what_cannot(told: str) -> None:
    assert not re.fullmatch(PUBLIC_URL, told)
