from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask, render_template_string

from muara_kernel.web import pages
from muara_kernel.web.language import language
from muara_kernel.web.pages import angka, waktu

ENGLISH = {"Accept-Language": "en"}


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1234.5, "1.234,5"),
        (1104759, "1.104.759"),
        (0, "0"),
        (-12, "-12"),
        (Decimal("0.10"), "0,10"),
        (None, "\N{EN DASH}"),
        (1e-7, "0,0000001"),
    ],
)
def test_numbers_are_written_the_indonesian_way(value: float | None, written: str) -> None:
    assert angka(value) == written


def test_digits_can_be_fixed() -> None:
    assert angka(1234, 2) == "1.234,00"


def test_numbers_and_times_follow_the_reader(app: Flask) -> None:
    with app.test_request_context(headers=ENGLISH):
        assert angka(1234.5) == "1,234.5"
        assert waktu("2026-11-21T06:05:00Z") == "21 November 2026, 13:05 WIB"


def test_times_are_local() -> None:
    assert waktu(datetime(2026, 8, 16, 23, 30, tzinfo=UTC)) == "17 Agustus 2026 pukul 06.30 WIB"
    assert waktu("2026-08-17T00:00:00+07:00", "WIT") == "17 Agustus 2026 pukul 02.00 WIT"


def test_a_time_without_offset_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="without offset"):
        waktu("2026-11-21T06:05:00")


@pytest.mark.parametrize(
    ("wanted", "spoken"),
    [
        ("", "id"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("en-US, id;q=0.8", "en"),
        ("id, en;q=0.9", "id"),
        ("en;q=0.5, id", "id"),
        ("de, fr;q=0.9, en;q=0.1", "en"),
        ("jv", "id"),
        ("*", "id"),
        ("en;q=0", "id"),
    ],
)
def test_the_language_is_the_one_preferred(app: Flask, wanted: str, spoken: str) -> None:
    with app.test_request_context(headers={"Accept-Language": wanted}):
        assert language() == spoken


def test_the_base_template_names_the_region_and_needs_no_script(app: Flask) -> None:
    pages.install(app, "Kabupaten Lumajang")
    page = '{% extends "base.html" %}{% block main %}<h1>{{ 7|angka }}</h1>{% endblock %}'
    with app.test_request_context():
        written = render_template_string(page)

    assert "Satu Data Kabupaten Lumajang" in written
    assert '<html lang="id">' in written
    assert 'href="#isi"' in written and 'id="isi"' in written
    assert "<script" not in written and "style=" not in written


def test_a_region_may_live_by_another_clock(app: Flask) -> None:
    pages.install(app, "Kota Jayapura", zone="WIT")
    with app.test_request_context():
        assert (
            render_template_string("{{ '2026-11-21T06:05:00Z'|waktu }}") == "21 November 2026 pukul 15.05 WIT"
        )


def test_the_style_sheet_is_served_and_asks_nobody_else(app: Flask) -> None:
    sheet = app.test_client().get("/static/muara/muara.css")

    assert sheet.status_code == 200
    assert sheet.content_type.startswith("text/css")
    text = (Path(pages.__file__).parent / "static" / "muara.css").read_text()
    assert "url(" not in text and "@import" not in text


def test_every_page_names_its_icon_and_who_asks_at_the_old_place_is_sent_there(app: Flask) -> None:
    with app.test_request_context():
        page = render_template_string('{% extends "base.html" %}')
    assert '<link rel="icon" type="image/svg+xml" href="/static/muara/muara.svg">' in page

    icon = app.test_client().get("/favicon.ico", follow_redirects=True)

    assert (icon.status_code, icon.mimetype) == (200, "image/svg+xml")
    assert "<script" not in icon.text and "style" not in icon.text
