"""Settings are read once; what is missing, wrong or unknown stops the process with a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from muara_kernel.settings import SettingsError, Shared, read, setting

LEAST = {
    "MUARA_REGION": "35.08",
    "MUARA_BUS": "sqlite:///bus.db",
    "MUARA_DOCUMENTS": "sqlite:///documents.db",
    "MUARA_PAYLOADS": "file:///payloads",
    "MUARA_DESK_TOKEN": "meja-walidata-lumajang",
}


@dataclass(frozen=True, kw_only=True)
class Lanes(Shared):
    width: int = setting("MUARA_INGEST_WIDTH", "releases of one OPD at a time", default=4)
    paused: bool = setting("MUARA_INGEST_PAUSED", "true or false", default=False)


def problems(environ: dict[str, str], cls: type = Shared) -> str:
    with pytest.raises(SettingsError) as raised:
        read(cls, environ)
    return str(raised.value)


def test_what_is_needed_is_enough() -> None:
    settings = read(Shared, LEAST)
    assert (settings.region, settings.bind, settings.threads) == ("35.08", "127.0.0.1:8080", 16)


def test_every_value_has_the_type_of_its_field() -> None:
    settings = read(
        Lanes,
        {**LEAST, "MUARA_INGEST_WIDTH": "7", "MUARA_INGEST_PAUSED": "TRUE", "MUARA_LEASE_SECONDS": "0.5"},
    )
    assert (settings.width, settings.paused, settings.lease) == (7, True, 0.5)


def test_settings_do_not_change_afterwards() -> None:
    with pytest.raises(AttributeError):
        read(Shared, LEAST).region = "35.71"  # type: ignore[misc]


def test_everything_that_is_wrong_is_said_at_once() -> None:
    told = problems({"MUARA_BUS": "x", "MUARA_WEB_THREADS": "many", "MUARA_REGOIN": "35.08"})
    for name in (
        "MUARA_REGION belum diisi / is not set",
        "MUARA_DOCUMENTS belum diisi / is not set",
        "MUARA_WEB_THREADS",
        "MUARA_REGOIN",
    ):
        assert name in told


def test_an_empty_value_is_none() -> None:
    assert "MUARA_DESK_TOKEN belum diisi" in problems({**LEAST, "MUARA_DESK_TOKEN": ""})
    assert read(Shared, {**LEAST, "MUARA_WEB_THREADS": ""}).threads == 16


@pytest.mark.parametrize(
    "name", ["MUARA_REGOIN", "MUARA_BUS_TYPO", "MUARA_BUSXXXXX", "MUARA_INGEST_WIDTH", "MUARA_BUS_FILE_FILE"]
)
def test_a_name_nobody_knows_stops_the_process(name: str) -> None:
    assert f"{name} tidak dikenal / is unknown" in problems({**LEAST, name: "1"})


def test_other_peoples_variables_are_left_alone() -> None:
    read(Shared, {**LEAST, "HOME": "/root", "XMUARA_BUS": "x", "MUARA_FAILPOINTS": "worker.after_mark=kill"})


def test_a_secret_may_come_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("meja-walidata-kediri\n")
    environ = {**LEAST, "MUARA_DESK_TOKEN_FILE": str(tmp_path / "token")}
    del environ["MUARA_DESK_TOKEN"]
    assert read(Shared, environ).desk_token == "meja-walidata-kediri"


def test_a_file_that_is_missing_or_empty_is_said(tmp_path: Path) -> None:
    environ = {**LEAST, "MUARA_DESK_TOKEN_FILE": str(tmp_path / "token")}
    assert "MUARA_DESK_TOKEN tidak dapat dipakai" in problems(environ)
    (tmp_path / "token").write_text("\n")
    assert "MUARA_DESK_TOKEN belum diisi" in problems(environ)


@pytest.mark.parametrize("raw", ["yes", "2", "wahr"])
def test_a_switch_is_true_or_false(raw: str) -> None:
    assert "MUARA_INGEST_PAUSED" in problems({**LEAST, "MUARA_INGEST_PAUSED": raw}, Lanes)


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("MUARA_BIND", "8080"),
        ("MUARA_HEALTH_BIND", "127.0.0.1:http"),
        ("MUARA_WEB_THREADS", "0"),
        ("MUARA_TRUSTED_PROXIES", "-1"),
        ("MUARA_SESSION_SECONDS", "0"),
        ("MUARA_LEASE_SECONDS", "nan"),
        ("MUARA_REGION", "lumajang"),
        ("MUARA_REGION", "35.8"),
        ("MUARA_REGION", "35.08.01"),
    ],
)
def test_a_value_that_makes_no_sense_is_shown_with_its_name(name: str, raw: str) -> None:
    told = problems({**LEAST, name: raw})
    assert told.startswith(f"{name} tidak dapat dipakai / cannot be used: ")
    assert raw in told


@pytest.mark.parametrize("region", ["35", "35.08"])
def test_a_region_is_a_province_or_one_of_its_parts(region: str) -> None:
    assert read(Shared, {**LEAST, "MUARA_REGION": region}).region == region


@pytest.mark.parametrize("bind", ["fd://3", "0.0.0.0:8080", "[::1]:0"])
def test_a_socket_is_a_place_or_a_number(bind: str) -> None:
    assert read(Shared, {**LEAST, "MUARA_BIND": bind}).bind == bind
