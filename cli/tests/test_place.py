"""Where a region lives: nothing of somebody's is ever thrown away, and secrets stay secret."""

from __future__ import annotations

import socket
import stat
from contextlib import closing
from pathlib import Path

import pytest

from muara.place import InUse, Place, PortTaken, address
from muara_kernel.addresses import Addresses


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "lumajang", "35.08", "Kabupaten Lumajang", base=0)


def test_one_directory_has_one_muara(place: Place) -> None:
    with place.occupy(), pytest.raises(InUse, match="lumajang"):
        place.occupy()
    place.occupy().close()


def test_the_desk_token_is_made_once_and_read_by_its_owner_only(place: Place) -> None:
    with place.occupy():
        token = place.desk_token()
        assert len(token) > 40
        assert place.desk_token() == token
    assert stat.S_IMODE(place.token_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.root.stat().st_mode) == 0o700


def test_credentials_are_to_be_shown_until_they_were(place: Place) -> None:
    with place.occupy():
        assert place.shows_credentials()
        place.has_shown_credentials()
        assert not place.shows_credentials()


def test_what_a_demo_left_is_removed_and_anything_else_is_set_aside(place: Place) -> None:
    assert place.empty() is None
    place.occupy().close()
    place.mark_as_demo()
    assert place.empty() is None
    assert not place.root.exists()
    place.occupy().close()
    aside = place.empty()
    assert aside == place.root.with_name("lumajang.1")
    assert aside.is_dir()


def test_what_was_kept_is_no_longer_a_demos(place: Place) -> None:
    place.occupy().close()
    place.mark_as_demo()
    place.keep()
    assert place.empty() is not None


def test_a_taken_port_is_refused_since_keys_would_go_to_a_stranger(place: Place) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        place.base = taken.getsockname()[1]
        with place.occupy(), pytest.raises(PortTaken, match=str(place.base)):
            place.listen()


def test_the_services_are_told_where_people_find_each_of_them(place: Place) -> None:
    assert place.environment("catalog", "fd://3", "web", {})["MUARA_PUBLIC_URL"] == ""
    with place.occupy():
        sockets = place.listen()
    told = Addresses.of(place.environment("catalog", "fd://3", "web", {})["MUARA_PUBLIC_URL"])
    for service in ("catalog", "validation", "notification"):
        assert told.page(service, "") == address(sockets[f"{service}-web"])
    for each in sockets.values():
        each.close()


def test_each_process_is_told_its_own_settings_only(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUARA_STRAY", "1")
    settings = {"MUARA_INGEST_WIDTH": "4", "MUARA_DOCUMENTS": "mongodb://localhost/muara_{service}"}
    ingest = place.environment("ingest", "fd://3", "web", settings)
    catalog = place.environment("catalog", "fd://4", "worker", settings)
    assert ingest["MUARA_INGEST_WIDTH"] == "4"
    assert "MUARA_INGEST_WIDTH" not in catalog
    assert catalog["MUARA_DOCUMENTS"] == "mongodb://localhost/muara_catalog"
    assert (ingest["MUARA_BIND"], catalog["MUARA_HEALTH_BIND"]) == ("fd://3", "fd://4")
    assert "MUARA_STRAY" not in ingest
