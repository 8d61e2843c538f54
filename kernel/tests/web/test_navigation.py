from __future__ import annotations

import re

import pytest
from flask import Flask, render_template_string

from muara_kernel.addresses import Addresses
from muara_kernel.web import navigation

PORTS = "catalog=http://127.0.0.1:8703,validation=http://127.0.0.1:8702,notification=http://127.0.0.1:8704"


def links(app: Flask, path: str, *, service: str, told: str = "", signed_in: bool = False) -> dict[str, str]:
    navigation.install(app, service, Addresses.of(told), lambda: signed_in)
    with app.test_request_context(path):
        page = render_template_string('{% extends "base.html" %}')
    (nav,) = re.findall(r"<nav.*?</nav>", page, re.DOTALL)
    return {name: href for href, name in re.findall(r'<a href="([^"]*)"[^>]*>([^<]*)</a>', nav)}


@pytest.mark.parametrize("service", ["catalog", "validation", "notification"])
@pytest.mark.parametrize("told", ["", "https://data.example"])
def test_at_one_address_every_page_leads_to_the_same_places(app: Flask, service: str, told: str) -> None:
    assert links(app, "/apa-saja", service=service, told=told) == {
        "Data": "/",
        "Coba berkas": "/periksa",
        "Meja walidata": "/masuk?next=/pemeriksaan",
    }


def test_at_the_desk_there_are_the_reviews_and_the_inbox(app: Flask) -> None:
    assert links(app, "/", service="catalog", signed_in=True) == {
        "Data": "/",
        "Coba berkas": "/periksa",
        "Pemeriksaan": "/pemeriksaan",
        "Kotak masuk": "/?recipient=walidata",
    }


def test_without_a_proxy_the_pages_of_others_have_whole_links(app: Flask) -> None:
    assert links(app, "/periksa", service="validation", told=PORTS, signed_in=True) == {
        "Data": "http://127.0.0.1:8703/",
        "Coba berkas": "/periksa",
        "Pemeriksaan": "http://127.0.0.1:8703/pemeriksaan",
        "Kotak masuk": "http://127.0.0.1:8704/?recipient=walidata",
    }


@pytest.mark.parametrize(
    ("service", "path", "current"),
    [
        ("catalog", "/", "Data"),
        ("notification", "/", "Kotak masuk"),
        ("validation", "/periksa", "Coba berkas"),
    ],
)
def test_the_page_one_is_at_is_marked(app: Flask, service: str, path: str, current: str) -> None:
    navigation.install(app, service, Addresses(), lambda: True)
    with app.test_request_context(path):
        page = render_template_string('{% extends "base.html" %}')
    assert re.findall(r'aria-current="page">([^<]*)<', page) == [current]


def test_the_name_of_the_house_leads_to_its_data(app: Flask) -> None:
    navigation.install(app, "validation", Addresses.of(PORTS), lambda: False)
    with app.test_request_context("/periksa"):
        page = render_template_string('{% extends "base.html" %}')
    assert '<a class="brand" href="http://127.0.0.1:8703/">' in page
